"""How long the parts of a draw take, each the median of some rounds, and the sort that they are measured by."""

import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from bench.lines import Line, middle
from services.stalls.draw.engine.accept import matched
from services.stalls.draw.engine.order import places
from services.stalls.draw.engine.tables import I32, U64, Tables

T = TypeVar("T")


def timed(work: Callable[[], T], rounds: int) -> tuple[float, T]:
    """Seconds, and what the last round gave."""
    began = time.perf_counter()
    given = work()
    found = [time.perf_counter() - began]
    for _ in range(rounds - 1):
        began = time.perf_counter()
        given = work()
        found.append(time.perf_counter() - began)
    return middle(found), given


def milliseconds(work: Callable[[], object], rounds: int) -> float:
    return timed(work, rounds)[0] * 1000


def allocated(tables: Tables, seed: str, threads: int = 1) -> I32:
    """From the seed to the event of each, by place; reasons are not in it."""
    return matched(tables, places(tables, seed, threads), threads).event


def application_keys(tables: Tables, seed: str) -> U64:
    """[m]: of each application, a group at an event, the group's tier and 61 bits of a lot."""
    chance = np.random.default_rng(int(seed[:16], 16)).integers(0, 1 << 61, len(tables.tickets), dtype=np.uint64)
    own = tables.tier.astype(np.uint64) << np.uint64(61) | chance
    return np.repeat(own, np.diff(tables.start))


def times_over(
    measure: str, seconds: float, limit: str, limit_seconds: float, most: float | None = None, note: str = ""
) -> Line:
    """`most`: how many times its limit it may take, where there is a goal."""
    times = seconds / limit_seconds
    return Line(
        name="draw",
        measure=measure,
        value=seconds * 1000,
        unit="ms",
        limit=limit,
        limit_value=limit_seconds * 1000,
        ratio=limit_seconds / seconds,
        goal="" if most is None else f"≤ {most:g} ×",
        met=None if most is None else times <= most,
        note=f"{times:,.1f} × its limit" + (f"; {note}" if note else ""),
    )


def beats(measure: str, seconds: float, rival: str, rival_seconds: float, least: float, note: str = "") -> Line:
    """`least`: how many times as long the other has to take."""
    return Line(
        name="draw",
        measure=measure,
        value=seconds * 1000,
        unit="ms",
        limit=rival,
        limit_value=rival_seconds * 1000,
        ratio=rival_seconds / seconds,
        goal=f"≥ {least:,g} ×",
        met=rival_seconds / seconds >= least,
        note=note,
    )
