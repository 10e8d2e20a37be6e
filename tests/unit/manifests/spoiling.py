"""Ways to spoil a sound overlay, one place at a time."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from tools.kubernetes.overlays import Overlay

Spoil = Callable[[Overlay], Overlay]
Path = Sequence[str | int]
POD: Path = ("spec", "template", "spec")
CONTAINER: Path = (*POD, "containers", 0)


def put(title: str, path: Path, value: Any) -> Spoil:
    """The field at `path` of one document, such as `Deployment/orders-api`, becomes `value`."""

    def spoil(overlay: Overlay) -> Overlay:
        holder = _at(overlay, title, path[:-1])
        holder[path[-1]] = value
        return overlay

    return spoil


def drop(title: str, path: Path) -> Spoil:
    """The field at `path` is not there."""

    def spoil(overlay: Overlay) -> Overlay:
        del _at(overlay, title, path[:-1])[path[-1]]
        return overlay

    return spoil


def add(title: str, path: Path, value: Any) -> Spoil:
    """The list at `path` gains `value`."""

    def spoil(overlay: Overlay) -> Overlay:
        _at(overlay, title, path).append(value)
        return overlay

    return spoil


def without(title: str) -> Spoil:
    """The document is not there."""
    return lambda overlay: replace(overlay, documents=tuple(d for d in overlay.documents if _title(d) != title))


def twice(title: str, name: str) -> Spoil:
    """There is a second one under another name."""

    def spoil(overlay: Overlay) -> Overlay:
        found = next(document for document in overlay.documents if _title(document) == title)
        second = {**found, "metadata": {**found["metadata"], "name": name}}
        return replace(overlay, documents=(*overlay.documents, second))

    return spoil


def _at(overlay: Overlay, title: str, path: Path) -> Any:
    place: Any = next(document for document in overlay.documents if _title(document) == title)
    for step in path:
        place = place[step]
    return place


def _title(document: dict[str, Any]) -> str:
    return f"{document['kind']}/{document['metadata']['name']}"
