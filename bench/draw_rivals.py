"""What others need for the same draw: the specification, the package `matching`, OR-tools' min-cost flow."""

import json
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread, stack_size

import numpy as np
from matching.games import HospitalResident

from bench.draw_timing import allocated, beats, timed
from bench.lines import Line
from bench.processes import ROOT
from bench.settings import BenchSettings
from services.stalls.draw.accept import accept
from services.stalls.draw.engine.allocate import allocate
from services.stalls.draw.engine.order import places
from services.stalls.draw.engine.tables import ANY, I32, Tables, outcome_of
from services.stalls.draw.running import MOST_THREADS
from tools.draw import instances
from tools.draw.tabled import instance_of

SEED = "5eed" * 16
LEAST_SPECIFICATION, LEAST_MATCHING, LEAST_FLOW = 25, 1500, 50
DEEP, STACK_BYTES = 10**6, 1 << 29
RIVALS = ROOT / ".cache" / "bench" / "bin" / "python"
ABSENT = "not measured: deploy/local/install.py bench brings OR-tools"


def measured(folder: Path, sizes: BenchSettings) -> list[Line]:
    return [
        _specified(sizes.draw_specified, sizes.draw_rounds),
        _matched(sizes.draw_matched, sizes.draw_rounds),
        *_flowed(folder, sizes.draw_groups, sizes.draw_rounds),
    ]


def plain(tables: Tables) -> Tables:
    """The same groups and wishes; every event one line, for anybody with anything."""
    events = len(tables.events)
    every = np.full(events, ANY, np.uint64)
    return replace(
        tables,
        line_start=np.arange(events + 1),
        stage=np.zeros(events, np.int32),
        takes=every,
        fallback=every,
        tags_of=np.zeros(events, np.uint64),
        district_of=np.full(events, -1, np.int32),
        count=np.maximum(tables.stalls(), 1).astype(np.int32),
    )


def _specified(groups: int, rounds: int) -> Line:
    tables = instances.tables(groups)
    instance = instance_of(tables)
    ours, result = timed(lambda: allocate(tables, SEED), rounds)
    theirs, outcome = timed(lambda: accept(instance, SEED), 1)
    line = beats(
        f"engine, {groups:,} groups, reasons too",
        ours,
        "specification",
        theirs,
        LEAST_SPECIFICATION,
        "the same outcome, reason by reason",
    )
    return line if outcome_of(tables, result) == outcome else line.missed("another outcome")


def _matched(groups: int, rounds: int) -> Line:
    tables = plain(instances.tables(groups))
    ours, event = timed(lambda: allocated(tables, SEED), rounds)
    order = places(tables, SEED)
    found: dict[str, tuple[float, dict[int, int]]] = {}
    with _deep():
        work = Thread(target=lambda: found.update(game=timed(lambda: _game(tables, order), 1)))
        work.start()
        work.join()
    theirs, seats = found["game"]
    line = beats(f"engine, {groups:,} groups, no reserves", ours, "matching 1.4.3", theirs, LEAST_MATCHING)
    same = {int(who): int(at) for who, at in zip(order, event, strict=True) if at >= 0} == seats
    return line if same else line.missed("another outcome")


@contextmanager
def _deep() -> Iterator[None]:
    """For a package that copies its players, who know each other, by recursion; afterwards as it was."""
    before, small = sys.getrecursionlimit(), stack_size(STACK_BYTES)
    sys.setrecursionlimit(DEEP)
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    finally:
        sys.setrecursionlimit(before)
        stack_size(small)


def _game(tables: Tables, order: I32) -> dict[int, int]:
    """Applicant → event, both by index."""
    start, choices = tables.start.tolist(), tables.choices.tolist()
    wishes = {who: choices[start[who] : start[who + 1]] for who in range(len(order))}
    liking: dict[int, list[int]] = {}
    for who in order.tolist():
        for event in wishes[who]:
            liking.setdefault(event, []).append(who)
    room = {event: int(tables.count[event]) for event in liking}
    game = HospitalResident.create_from_dictionaries(wishes, liking, room)
    return {one.name: hospital.name for hospital, residents in game.solve().items() for one in residents}


def _flowed(folder: Path, groups: int, rounds: int) -> list[Line]:
    """The most groups placed with the least sum of ranks; it lets people gain by lying."""
    if not RIVALS.exists():
        print(f"draw: {ABSENT}", file=sys.stderr)
        return []
    tables = plain(instances.tables(groups))
    threads = min(MOST_THREADS, len(os.sched_getaffinity(0)))
    ours, event = timed(lambda: allocated(tables, SEED, threads), rounds)
    path = folder / "flow.npz"
    np.savez(path, start=tables.start, choices=tables.choices, room=tables.count)
    said = subprocess.run(
        [RIVALS, ROOT / "bench" / "draw_flow.py", path], stdout=subprocess.PIPE, check=True, timeout=1800
    )
    theirs = json.loads(said.stdout)
    placed = int((event >= 0).sum())
    more = f"it places {theirs['placed']:,}, the draw {placed:,}; its arcs made in {theirs['built']:.1f} s besides"
    measure = f"engine, {groups:,} groups, no reserves, {threads} threads"
    return [beats(measure, ours, f"OR-tools {theirs['version']}, min-cost flow", theirs["solved"], LEAST_FLOW, more)]
