from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tests.unit.manifests.sound import overlay
from tests.unit.manifests.spoiling import POD, put
from tools.kubernetes import builtin
from tools.kubernetes.__main__ import main
from tools.kubernetes.overlays import CannotRender, NoOverlays, Overlay, folders, render, render_all
from tools.kubernetes.report import report

STALL = """\
apiVersion: haat.example/v1
kind: Stall
metadata: {name: haat}
"""
SHARED = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: haat}
data: {TITLE: बचत हाट}
"""


def kustomized(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "kustomization.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def manifests(tmp_path: Path) -> Path:
    """A base, an overlay of it that adds a prefix, and a test overlay."""
    kustomized(tmp_path / "base", "resources: [haat.yaml, stall.yaml]\n")
    (tmp_path / "base" / "stall.yaml").write_text(STALL, encoding="utf-8")
    (tmp_path / "base" / "haat.yaml").write_text(SHARED, encoding="utf-8")
    kustomized(tmp_path / "overlays" / "dev", "resources: [../../base]\nnamePrefix: dev-\n")
    kustomized(tmp_path / "tests" / "twice", "resources: [../../overlays/dev]\nnameSuffix: '-2'\n")
    return tmp_path


def test_overlays_and_test_overlays_are_rendered(manifests: Path) -> None:
    rendered = render_all(folders(manifests))
    assert [each.name for each in rendered] == ["overlays/dev", "tests/twice"]
    assert [each.documents[0]["metadata"]["name"] for each in rendered] == ["dev-haat", "dev-haat-2"]
    assert rendered[0].documents[0]["data"] == {"TITLE": "बचत हाट"}


def test_what_does_not_render_is_said_in_kubectls_words(manifests: Path) -> None:
    with pytest.raises(CannotRender, match=r"(?s)broken does not render: .*missing\.yaml"):
        render(kustomized(manifests / "overlays" / "broken", "resources: [missing.yaml]\n"))


def test_a_folder_without_overlays_is_no_success(tmp_path: Path) -> None:
    with pytest.raises(NoOverlays, match="holds no overlay"):
        folders(tmp_path)


def test_an_unknown_field_of_a_built_in_kind_is_a_fault() -> None:
    sound = overlay()
    assert [fault for document in sound.of("Deployment") for fault in builtin.faults(document)] == []
    spoilt = put("Deployment/orders-api", (*POD, "replica"), 2)(sound)
    faults = [fault for document in spoilt.of("Deployment") for fault in builtin.faults(document)]
    assert len(faults) == 1
    assert faults[0].startswith("Deployment/orders-api: spec.template.spec: ")
    assert "'replica' was unexpected" in faults[0]


def test_a_kind_that_kubernetes_does_not_have_is_a_fault() -> None:
    old = {"apiVersion": "policy/v1beta1", "kind": "PodSecurityPolicy", "metadata": {"name": "old"}}
    assert builtin.faults(old) == [
        f"PodSecurityPolicy/old: Kubernetes {builtin.VERSION} has no PodSecurityPolicy in policy/v1beta1"
    ]


def test_the_report_tells_each_fault_once_and_what_was_not_checked() -> None:
    twice = put("Deployment/orders-api", (*POD, "replica"), 2)(overlay())
    done = report([twice, Overlay("tests/again", twice.documents)], {})
    assert len(done.faults) == 1
    assert {"HTTPRoute", "Kafka", "KafkaTopic", "PerconaServerMongoDB", "PodMonitor"} <= set(done.unchecked)
    assert not {"Deployment", "NetworkPolicy", "Service"} & set(done.unchecked)


@pytest.mark.parametrize(
    ("ci", "options", "code"),
    [("true", [], 1), ("", [], 0), ("true", ["--crds-optional"], 0)],
    ids=["CI", "laptop", "check"],
)
def test_without_crds_it_says_so_and_fails_where_a_machine_decides(
    manifests: Path, ci: str, options: list[str], code: int
) -> None:
    app = typer.Typer()
    app.command()(main)
    folders = ["--crds", "nowhere", "--manifests", str(manifests)]
    done = CliRunner().invoke(app, [*folders, *options], env={"CI": ci})
    assert done.exit_code == code, done.output
    assert "NO CRDs in nowhere: structure and CEL rules of Stall are NOT CHECKED" in done.output
