"""Why each was refused, where those without a stall wait, and which number a stall has."""

import numpy as np

from services.stalls.draw.engine.accept import Matched
from services.stalls.draw.engine.caching import bits, lean, njit, part
from services.stalls.draw.engine.choose import Floor, People
from services.stalls.draw.engine.compiled import ANYBODY, Plan
from services.stalls.draw.engine.order import in_slices
from services.stalls.draw.engine.tables import I32, I64, U64, Result, Tables

COUNTS = 6


def explained(tables: Tables, order: I32, found: Matched, threads: int = 1) -> Result:
    """The whole result."""
    starts = tables.start[order]
    lengths = np.where(found.event < 0, tables.start[order + 1] - starts, found.choice - 1)
    refusal_start = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
    refusals = np.zeros((COUNTS, int(refusal_start[-1])), np.int32)
    stalls = tables.stalls().astype(np.int32)
    given = filled(found.plan, found.floor)

    def work(low: int, high: int) -> None:
        refuse(
            found.plan,
            found.people,
            found.floor,
            given,
            tables.takes,
            tables.count,
            tables.line_start,
            stalls,
            tables.choices,
            starts,
            refusal_start,
            low,
            high,
            np.zeros(found.plan.width, np.uint64),
            refusals,
        )

    in_slices(work, len(order), threads)
    stall, waiting = numbered(found.event, starts, tables.start[order + 1], tables.choices, stalls)
    return Result(
        order=order,
        event=found.event,
        stall=stall,
        choice=found.choice,
        waiting=waiting,
        refusal_start=refusal_start,
        refusal_event=refusals[0],
        refusal_stalls=refusals[1],
        refusal_products=refusals[2],
        refusal_reservation=refusals[3],
        refusal_better=refusals[4],
        refusal_last=refusals[5],
    )


@njit
def filled(plan: Plan, floor: Floor) -> I32:
    """[c]: how many stalls each cell gave out."""
    found = np.zeros(len(plan.line), np.int32)
    for cell in range(len(plan.line)):
        seat = floor.head[cell]
        while seat >= 0:
            found[cell] += 1
            seat = floor.next[seat]
    return found


@njit
def numbered(event: I32, start: I64, end: I64, choices: I32, stalls: I32) -> tuple[I32, I32]:
    """Stalls by their holders' places; positions of those without one. Nobody waits for what was struck out."""
    stall, waiting = np.zeros(len(event), np.int32), np.zeros(len(choices), np.int32)
    holders, length = np.zeros(len(stalls), np.int32), np.zeros(len(stalls), np.int32)
    for who in range(len(event)):
        if event[who] >= 0:
            holders[event[who]] += 1
            stall[who] = holders[event[who]]
            continue
        for at in range(start[who], end[who]):
            if stalls[choices[at]]:
                length[choices[at]] += 1
                waiting[at] = length[choices[at]]
    return stall, waiting


@lean
def refuse(
    plan: Plan,
    people: People,
    floor: Floor,
    given: I32,
    takes: U64,
    count: I32,
    line_start: I64,
    stalls: I32,
    choices: I32,
    start: I64,
    refusal_start: I64,
    low: int,
    high: int,
    mine: U64,
    refusals: I32,
) -> None:
    """The refusals of the places from `low` to `high`, a column each. `mine` [width] is written to."""
    for who in range(low, high):
        for at in range(refusal_start[who], refusal_start[who + 1]):
            event = choices[start[who] + at - refusal_start[who]]
            fitting = 0
            for line in range(line_start[event], line_start[event + 1]):
                if not people.categories[who] & ~takes[line]:
                    fitting += count[line]
            better, fits, last = _barred(plan, people, floor, given, takes, event, who, mine)
            refusals[0, at] = event
            refusals[1, at] = stalls[event]
            refusals[2, at] = stalls[event] - better - (fitting - fits)
            refusals[3, at] = fitting - fits
            refusals[4, at] = better
            refusals[5, at] = last


@part
def _barred(
    plan: Plan, people: People, floor: Floor, given: I32, takes: U64, event: int, who: int, mine: U64
) -> tuple[int, int, int]:
    """Stalls given where she might have been; how many of these take her products; the last place before hers there.

    The place counts from 1; 0 for none.
    """
    better, fits, last = 0, 0, -1
    for step in range(plan.passes[event], plan.passes[event + 1]):
        if not people.stages[who] >> bits(plan.stage[step]) & bits(1):
            continue
        first, some = plan.cells[step], False
        for at in range(len(mine)):
            mine[at] = 0
        for cell in range(first, plan.cells[step + 1]):
            if given[cell] == 0 or people.categories[who] & ~plan.takes[cell]:
                continue
            district = plan.district[cell]
            kept = people.tags[who] & plan.tags[cell] != 0 or district == people.district[who]
            if kept or district == ANYBODY:
                some = True
                mine[cell - first >> 6] |= bits(1) << bits(cell - first & 63)
                better += given[cell]
                if not people.categories[who] & ~takes[plan.line[cell]]:
                    fits += given[cell]
        if some:
            last = max(last, _last_rival(plan, floor, step, who, mine))
    return better, fits, last + 1


@part
def _last_rival(plan: Plan, floor: Floor, step: int, who: int, mine: U64) -> int:
    """Among those seated in this pass who may be in one of her cells: the last before her, or -1."""
    last = -1
    for cell in range(plan.cells[step], plan.cells[step + 1]):
        seat = floor.head[cell]
        while seat >= 0:
            if last < floor.who[seat] < who:
                for word in range(len(mine)):
                    if floor.may[seat, word] & mine[word]:
                        last = floor.who[seat]
            seat = floor.next[seat]
    return last
