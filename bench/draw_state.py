"""A whole state drawn by the engine: against one sort of its keys, on threads; its certificate, a cancellation."""

import os
import time

import numpy as np

from bench.draw_timing import allocated, application_keys, timed, times_over
from bench.lines import Line, percentile, times
from bench.settings import BenchSettings
from services.stalls.draw.chain import Phase
from services.stalls.draw.engine.allocate import allocate
from services.stalls.draw.engine.certificate import certify
from services.stalls.draw.engine.chain import PHASES, Chain
from services.stalls.draw.engine.tables import Result, Tables
from tools.draw import instances
from tools.draw.lots import below, words

THREADS = 4
MOST_ALONE, MOST_TOGETHER, MOST_PROVEN = 40, 12, 1
MOST_MICROSECONDS = (50, 500)


def measured(seed: str, digests: str, sizes: BenchSettings) -> list[Line]:
    tables = instances.tables(sizes.draw_groups)
    size = f"{len(tables.tickets):,} groups, {len(tables.choices):,} choices, {len(tables.events):,} events, "
    size += f"{int(tables.stalls().sum()):,} stalls"
    result = allocate(tables, seed)
    keys = application_keys(tables, seed)
    sort, _ = timed(lambda: np.sort(keys), sizes.draw_rounds)
    alone, _ = timed(lambda: allocated(tables, seed), sizes.draw_rounds)
    whole, _ = timed(lambda: allocate(tables, seed), sizes.draw_rounds)
    together, _ = timed(lambda: allocated(tables, seed, THREADS), sizes.draw_rounds)
    proven, finding = timed(lambda: certify(tables, seed, result), sizes.draw_rounds)
    limit = f"one sort of {len(keys):,} keys"
    cores = len(os.sched_getaffinity(0))
    few = f"only {cores} cores here: this goal is for {THREADS}" if cores < THREADS else f"{cores} cores"
    right = times_over("its certificate checked, every cell", proven, "drawing it, every reason", whole, MOST_PROVEN)
    return [
        times_over("a state allocated, one thread", alone, limit, sort, MOST_ALONE, f"stretch 30 ×; {size}; {digests}"),
        times_over(f"the same, {THREADS} threads", together, limit, sort, MOST_TOGETHER, few),
        times_over("the same with every reason, one thread", whole, limit, sort),
        right if finding is None else right.missed(f"{finding}"),
        *_cancelled(tables, result, alone, sizes.draw_cancellations),
    ]


def _cancelled(tables: Tables, result: Result, again: float, count: int) -> list[Line]:
    """So many holders, pinned, give their stalls back one after the other, everybody who asked for it moving up."""
    chain = Chain(tables, result)
    phases = np.full(len(tables.events), PHASES.index(Phase.UPGRADES), np.int8)
    holders = np.flatnonzero(result.event >= 0)
    chosen = np.unique(holders[below(words(instances.SEED, "cancellations", count), len(holders))])
    leavers = np.random.default_rng(instances.SEED).permutation(chosen).tolist()
    chain.cancel(leavers.pop(), phases)
    found, busy, steps = [], [], 0
    for place in leavers:
        began, used = time.perf_counter(), time.thread_time()
        made = chain.cancel(place, phases)
        busy.append(time.thread_time() - used)
        found.append(time.perf_counter() - began)
        steps += len(made)
    most = (MOST_MICROSECONDS[0] / 1000, MOST_MICROSECONDS[1] / 1000)
    lines = times("draw", "one cancellation", found, "drawing again", [again] * len(found), most)
    events = f"{steps / len(found):.2f} events a cancellation"
    return [
        line.noted(f"{percentile(busy, percent) * 1e6:,.0f} µs of processor time; {events}")
        for line, percent in zip(lines, (50, 99), strict=True)
    ]
