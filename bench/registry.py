"""A state's lists into the registry: beside a plain bulk upsert of the same documents, and beside the same lists again.

The rate of each part of the state shows whether a fuller registry takes longer.
"""

import asyncio
import json
import secrets
import sys
from collections.abc import Sequence
from typing import Any

from bench.lines import Line, rate
from bench.place import Place, place
from bench.processes import ROOT
from bench.registry_state import SEED, STATE, WHOLE
from bench.settings import BenchSettings
from services.catalog.wiring import SERVICE as CATALOG
from shared.service import Running
from tools.seed.state.making import made

NAME = "registry"
MOST_MIB = 300
PARTS = 8
Marks = Sequence[Sequence[float]]


async def measured(sizes: BenchSettings) -> list[Line]:
    """Import, plain upserts, import again: each in a process of its own."""
    async with place() as here:
        catalog = await here.running(CATALOG)
        lists = here.folder / "lists"
        answers = await asyncio.to_thread(made, STATE, sizes.registry_groups / WHOLE, SEED, lists)
        keys = f"k1:{secrets.token_hex(32)}"
        first = await _child(here, catalog, keys, folder=str(lists))
        plain = await _child(here, catalog, keys)
        again = await _child(here, catalog, keys, folder=str(lists))
    if first["counts"]["new"] != answers.groups or again["counts"]["unchanged"] != answers.groups:
        raise RuntimeError(f"of {answers.groups}: first {first['counts']}, again {again['counts']}")
    return [*_imports(first, plain, again), _memory(first, again), *_growth(first["marks"], plain["marks"])]


async def _child(here: Place, catalog: Running, keys: str, **more: str) -> dict[str, Any]:
    spec = {"uri": catalog.settings.mongodb_uri, "database": catalog.database.db.name, "keys": keys, **more}
    command = [sys.executable, "-m", "bench.registry_importing", json.dumps(spec)]
    child = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=here.environment(), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await child.communicate()
    if child.returncode:
        raise RuntimeError("bench.registry_importing failed")
    found: dict[str, Any] = json.loads(said)
    return found


def _per_second(found: dict[str, Any]) -> float:
    return float(found["rows"] / found["seconds"])


def _imports(first: dict[str, Any], plain: dict[str, Any], again: dict[str, Any]) -> list[Line]:
    fresh = _per_second(first)
    note = f"{first['rows']:,} rows in {first['seconds']:.0f} s, then doubles looked for in {first['compared']:.0f} s"
    limit = "plain bulk upserts of the same documents"
    lines = [rate(NAME, "rows of a state's lists imported", fresh, limit, _per_second(plain), least=0.7, note=note)]
    note = f"{again['counts']['unchanged']:,} unchanged, none written"
    lines.append(rate(NAME, "the same lists again", _per_second(again), "the first time", fresh, least=3, note=note))
    return lines


def _memory(*found: dict[str, Any]) -> Line:
    value = max(one["resident"] for one in found)
    return Line(
        name=NAME,
        measure="memory of the importer, at most",
        value=value,
        unit="MiB",
        limit="what it may have",
        limit_value=MOST_MIB,
        ratio=MOST_MIB / value,
        goal=f"≤ {MOST_MIB} MiB",
        met=value <= MOST_MIB,
        note=f"{found[0]['rows']:,} rows",
    )


def _growth(first: Marks, plain: Marks) -> list[Line]:
    """Of each part of the rows, from the first to the last."""
    pairs = zip(_rates(first), _rates(plain), strict=True)
    return [
        rate(NAME, f"rows imported, part {part} of {PARTS}", value, "upserts then", limit)
        for part, (value, limit) in enumerate(pairs, 1)
    ]


def _rates(marks: Marks) -> list[float]:
    ends = [marks[-1 + len(marks) * part // PARTS] for part in range(1, PARTS + 1)]
    starts = [(0.0, 0.0), *ends[:-1]]
    return [(end[0] - start[0]) / (end[1] - start[1] or 1e-9) for start, end in zip(starts, ends, strict=True)]
