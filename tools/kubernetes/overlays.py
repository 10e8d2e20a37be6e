"""Every overlay as kubectl renders it: the documents that a cluster would be given."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Json = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
MANIFESTS = ROOT / "deploy" / "k8s"
FOLDERS = ("overlays", "tests")
KUBECTL = Path(sys.executable).with_name("kubectl")
AT_ONCE = 2


class CannotRender(Exception):
    """What kubectl says of a folder that it cannot render."""


class NoOverlays(Exception):
    """A folder without anything to check: a wrong path is no success."""


@dataclass(frozen=True)
class Overlay:
    """One render. `documents` are in kubectl's order."""

    name: str
    documents: tuple[Json, ...]

    def of(self, *kinds: str) -> list[Json]:
        return [document for document in self.documents if document["kind"] in kinds]


def title(document: Json) -> str:
    """`Deployment/orders-api`, as findings name it."""
    return f"{document['kind']}/{document['metadata'].get('name', '?')}"


def folders(manifests: Path = MANIFESTS) -> list[Path]:
    """What is rendered: each folder of overlays/ and tests/ that holds a kustomization. Raises NoOverlays."""
    found = sorted(path.parent for name in FOLDERS for path in manifests.glob(f"{name}/*/kustomization.yaml"))
    if not found:
        raise NoOverlays(f"{manifests} holds no overlay")
    return found


def render(folder: Path) -> Overlay:
    """Raises CannotRender."""
    command = [str(KUBECTL), "kustomize", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode:
        raise CannotRender(f"{folder.name} does not render: {done.stderr.strip()}")
    return Overlay(f"{folder.parent.name}/{folder.name}", tuple(parse(done.stdout)))


def parse(text: str) -> Iterator[Json]:
    """The documents of a YAML stream, empty ones left out."""
    yield from (document for document in yaml.load_all(text, Loader=yaml.CSafeLoader) if document)


def render_all(found: Sequence[Path]) -> list[Overlay]:
    """Each folder once, two at a time. Raises CannotRender."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(render, found))
