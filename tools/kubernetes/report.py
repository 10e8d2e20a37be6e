"""All checks of all overlays, once for each different document, as lines for a person and a list of faults."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tools.kubernetes import builtin
from tools.kubernetes.crds.check import check
from tools.kubernetes.crds.definitions import Definition, Kind
from tools.kubernetes.overlays import Json, Overlay
from tools.kubernetes.rules import RULES


@dataclass(frozen=True)
class Report:
    """`lines` say what was looked at; `faults` what is wrong; `unchecked` which kinds no CRD was there for."""

    lines: tuple[str, ...]
    faults: tuple[str, ...]
    unchecked: tuple[str, ...]


def report(overlays: Sequence[Overlay], definitions: Mapping[Kind, Definition]) -> Report:
    """Overlays share most of their documents: each different one is held against its schema once."""
    different = _different(overlays)
    builtins = [document for document in different if builtin.is_builtin(document)]
    customs = check((document for document in different if not builtin.is_builtin(document)), definitions)
    schema = [fault for document in builtins for fault in builtin.faults(document)]
    own = [f"{overlay.name}: {fault}" for overlay in overlays for rule in RULES for fault in rule(overlay)]
    lines = [
        f"{len(overlays)} overlays render, {len(different)} different documents",
        f"{len(builtins)} of built-in kinds against the strict schemas of Kubernetes {builtin.VERSION}",
        *customs.lines(),
        f"{len(RULES)} rules of our own on each overlay",
    ]
    unchecked = tuple(sorted({kind for _, kind in customs.unknown}))
    return Report(tuple(lines), tuple(dict.fromkeys([*schema, *customs.faults, *own])), unchecked)


def _different(overlays: Iterable[Overlay]) -> list[Json]:
    every = (document for overlay in overlays for document in overlay.documents)
    return list({json.dumps(document, sort_keys=True, default=str): document for document in every}.values())
