"""Stall plans compiled: each event's passes in order, each pass' cells, each cell with the words that open it."""

from typing import NamedTuple

import numpy as np

from services.stalls.draw.engine.caching import njit, part
from services.stalls.draw.engine.tables import I32, I64, U8, U64, Tables

ANYBODY = -2
"""In `Plan.district`: a fill or the fallback, where neither tags nor district are asked for."""


class Plan(NamedTuple):
    """e events, p passes, c cells. A cell is a line in one of its passes; cells of a pass are in the order of lines.

    An event's passes are `passes[j]:passes[j + 1]`, a pass' cells `cells[p]:cells[p + 1]`, seats of an event (one more
    than it has stalls, for whoever is on the way from one to another) `seats[j]:seats[j + 1]`.
    """

    passes: I32
    """[e + 1]."""
    cells: I32
    """[p + 1]."""
    stage: U8
    """[p]: the bit she needs."""
    takes: U64
    """[c]: categories, of the fallback in the last pass."""
    tags: U64
    """[c]: whom it is kept for."""
    district: I32
    """[c]: or for whom from where; -1 none, ANYBODY if for all."""
    stalls: I32
    """[c]."""
    line: I32
    """[c]."""
    after: I32
    """[c]: the same line in a later pass, or -1."""
    pass_of: I32
    """[c]."""
    seats: I32
    """[e + 1]."""
    width: int
    """Words that a mask over the cells of any pass needs."""


def compile_plan(tables: Tables) -> Plan:
    """Lines without a fallback have no cell in the last pass, lines kept for nobody none in a guarantee."""
    e, cells = len(tables.events), 3 * len(tables.count)
    passes, first = np.zeros(e + 1, np.int32), np.zeros(cells + 1, np.int32)
    stage = np.zeros(cells, np.uint8)
    plan = Plan(
        passes=passes,
        cells=first,
        stage=stage,
        takes=np.empty(cells, np.uint64),
        tags=np.empty(cells, np.uint64),
        district=np.empty(cells, np.int32),
        stalls=np.empty(cells, np.int32),
        line=np.empty(cells, np.int32),
        after=np.full(cells, -1, np.int32),
        pass_of=np.empty(cells, np.int32),
        seats=_seats(tables),
        width=1,
    )
    p, c, widest = lay_out(
        tables.line_start,
        tables.stage,
        tables.takes,
        tables.fallback,
        tables.tags_of,
        tables.district_of,
        tables.count,
        plan,
    )
    return _cut(plan, p, c, max(1, (widest + 63) // 64))


def _seats(tables: Tables) -> I32:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(tables.stalls() + 1))).astype(np.int32)


def _cut(plan: Plan, p: int, c: int, width: int) -> Plan:
    """To as many passes and cells as there are."""
    of_cells = ("takes", "tags", "district", "stalls", "line", "after", "pass_of")
    cut = {name: getattr(plan, name)[:c].copy() for name in of_cells}
    return plan._replace(cells=plan.cells[: p + 1].copy(), stage=plan.stage[:p].copy(), width=width, **cut)


@njit
def lay_out(
    line_start: I64, stage: I32, takes: U64, fallback: U64, tags: U64, district: I32, count: I32, plan: Plan
) -> tuple[int, int, int]:
    """Fills `plan`; how many passes and cells there are, and the most cells of one pass."""
    p, c, widest = 0, 0, 0
    none = np.uint64(0)  # beside a mask a literal 0 makes floats of both, and those keep 53 bits
    order = np.empty(64, np.int32)
    latest = np.full(len(stage), -1, np.int32)
    for event in range(len(line_start) - 1):
        low, high = line_start[event], line_start[event + 1]
        known = _stages(stage, low, high, order)
        for step in range(2 * known + 1):
            begin = c
            guarantee, last = step % 2 == 0 and step < 2 * known, step == 2 * known
            for line in range(low, high):
                if last:
                    if fallback[line] == none:
                        continue
                elif stage[line] != order[step // 2] or (guarantee and tags[line] == none and district[line] < 0):
                    continue
                plan.takes[c] = fallback[line] if last else takes[line]
                plan.tags[c] = tags[line] if guarantee else none
                plan.district[c] = district[line] if guarantee else ANYBODY
                plan.stalls[c] = count[line]
                plan.line[c] = line
                plan.pass_of[c] = p
                if latest[line] >= 0:
                    plan.after[latest[line]] = c
                latest[line] = c
                c += 1
            if c > begin:
                plan.stage[p] = 0 if last else order[step // 2]
                p += 1
                plan.cells[p] = c
                widest = max(widest, c - begin)
        plan.passes[event + 1] = p
    return p, c, widest


@part
def _stages(stage: I32, low: int, high: int, order: I32) -> int:
    """Open, then as they first appear; how many."""
    order[0] = 0
    known, seen = 1, np.uint64(1)
    for line in range(low, high):
        bit = np.uint64(1) << np.uint64(stage[line])
        if not seen & bit:
            seen |= bit
            order[known] = stage[line]
            known += 1
    return known
