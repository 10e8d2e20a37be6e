import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.kubernetes.overlays import Json, Overlay, folders, render_all
from tools.kubernetes.workloads import workloads

ROOT = Path(__file__).parents[3]
ROW = re.compile(r"^\| (`[^|]*) \| [^|]* \| [^|]* \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def overlays() -> list[Overlay]:
    return render_all(folders())


def asked(pod: Json) -> Iterator[str]:
    """The Secrets that a pod cannot start without."""
    for container in [*pod.get("initContainers", []), *pod["containers"]]:
        sources = [each.get("valueFrom", {}).get("secretKeyRef") for each in container.get("env", [])]
        sources += [each.get("secretRef") for each in container.get("envFrom", [])]
        yield from (source["name"] for source in sources if source and not source.get("optional"))
    for volume in pod.get("volumes", []):
        if "secret" in volume and not volume["secret"].get("optional"):
            yield volume["secret"]["secretName"]


def test_every_secret_a_pod_needs_is_brought_or_stands_in_the_table_of_who_makes_it(overlays: list[Overlay]) -> None:
    text = (ROOT / "docs" / "kubernetes.md").read_text(encoding="utf-8")
    table = text[text.index("| Secret | who makes it |") :].partition("\n\n")[0]
    names = [name for row in ROW.findall(table) for name in re.findall(r"`([^`]+)`", row)]
    told = [re.sub(r"<service>", "(catalog|orders|stalls|notify)", name) for name in names]
    for overlay in overlays:
        brought = {each["metadata"]["name"] for each in overlay.of("Secret", "ExternalSecret")}
        wanted = {name for workload in workloads(overlay) for name in asked(workload.spec)} - brought
        assert wanted
        assert {name for name in wanted if not any(re.fullmatch(each, name) for each in told)} == set()
