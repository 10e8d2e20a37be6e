"""One event after the other: its holders chosen from scratch, and everybody it refused shown what they have.

After a pass every cell has a worst place behind which nobody has a chance there. Who was refused must be behind it in
every cell she may be in. As the rule has substitutes, looking at each alone is enough.
"""

from typing import NamedTuple

import numpy as np

from services.stalls.draw.engine.caching import bits, lean, part, whole
from services.stalls.draw.engine.choose import OPEN_TO_ALL, People, may
from services.stalls.draw.engine.compiled import Plan
from services.stalls.draw.engine.tables import I32, I64, U64, Tables

LINES, WASTE, ENVY, REASON = 1, 2, 3, 4


class Claims(NamedTuple):
    """What an outcome says: holders of an event are `held[begin[j]:begin[j + 1]]`, `refused` is cut by `first`."""

    held: I32
    """[holders]: places, the best first within an event."""
    begin: I32
    """[e + 1]."""
    refused: I32
    """[r]: indices into the next ones."""
    first: I32
    """[e + 1]."""
    who: I32
    """[r]: place."""
    stalls: I32
    """[r]."""
    products: I32
    """[r]."""
    reservation: I32
    """[r]."""
    better: I32
    """[r]."""
    last: I32
    """[r]: from 1; 0 for none."""


class Table(NamedTuple):
    """What is written to; h: the most stalls of an event."""

    takes: U64
    """[l]."""
    stalls: I32
    """[l]."""
    spare: I32
    """[c]: stalls nobody has taken in this pass or before."""
    given: I32
    """[c]: stalls taken in this pass."""
    limit: I32
    """[c]: the worst place that could be replaced from here; OPEN_TO_ALL where something is spare."""
    step: I32
    """[h]: the pass each holder is seated in, or -1."""
    cell: I32
    """[h]: where, from the first of the pass."""
    may: U64
    """[h, width]: where she may be in that pass."""
    queue: I32
    """[64 * width]."""
    via: I32
    """[64 * width]: the holder who would move here, or -1."""
    words: U64
    """[width]."""


def table_for(plan: Plan, tables: Tables) -> Table:
    most, cells = int(tables.stalls().max(initial=0)), len(plan.line)
    return Table(
        takes=tables.takes,
        stalls=tables.count,
        spare=plan.stalls.copy(),
        given=np.zeros(cells, np.int32),
        limit=np.empty(cells, np.int32),
        step=np.empty(most, np.int32),
        cell=np.empty(most, np.int32),
        may=np.empty((most, plan.width), np.uint64),
        queue=np.empty(64 * plan.width, np.int32),
        via=np.empty(64 * plan.width, np.int32),
        words=np.empty(plan.width, np.uint64),
    )


@lean
def examine(plan: Plan, people: People, claims: Claims, table: Table, line_start: I64) -> tuple[int, int, int]:
    """What is wrong first (0 for nothing), at which event, and whose place from 0 it is about."""
    for event in range(len(claims.begin) - 1):
        first, holders = whole(claims.begin[event]), whole(claims.begin[event + 1] - claims.begin[event])
        fetched = bits(0)
        for holder in range(holders):
            table.step[holder] = -1
            fetched |= people.stages[claims.held[first + holder]]
        for at in range(claims.first[event], claims.first[event + 1]):
            fetched |= people.stages[claims.who[claims.refused[at]]]
        table.words[0] = fetched
        for step in range(plan.passes[event], plan.passes[event + 1]):
            for holder in range(holders):
                who = whole(claims.held[first + holder])
                if table.step[holder] < 0 and people.stages[who] >> bits(plan.stage[step]) & bits(1):
                    _seat(plan, people, table, step, holder, who)
            if claims.first[event] < claims.first[event + 1]:
                _limits(plan, claims, table, step, first, holders)
        for holder in range(holders):
            if table.step[holder] < 0:
                return LINES, event, whole(claims.held[first + holder])
        for at in range(claims.first[event], claims.first[event + 1]):
            refusal = whole(claims.refused[at])
            wrong = _refusal(plan, people, claims, table, line_start, event, refusal)
            if wrong:
                return wrong, event, whole(claims.who[refusal])
    return 0, 0, 0


@part
def _seat(plan: Plan, people: People, table: Table, step: int, holder: int, who: int) -> None:
    """On the first spare cell to be reached from hers; those before her have better places and stay seated."""
    first, end = whole(plan.cells[step]), whole(plan.cells[step + 1])
    lowest = first
    while lowest < end and table.spare[lowest] == 0:
        lowest += 1
    if lowest == end:
        return
    for at in range(len(table.words)):
        table.words[at] = 0
        table.may[holder, at] = 0
    reached, found = 0, end
    for cell in range(first, end):
        if may(plan, people, cell, who):
            at = cell - first
            table.may[holder, at >> 6] |= bits(1) << bits(at & 63)
            table.words[at >> 6] |= bits(1) << bits(at & 63)
            table.queue[reached], table.via[at] = at, -1
            reached += 1
            if table.spare[cell] > 0 and cell < found:
                found = cell
    done = 0
    while done < reached and found > lowest:
        for other in range(holder):
            if table.step[other] != step or table.cell[other] != table.queue[done]:
                continue
            for cell in range(first, end):
                at = cell - first
                bit = bits(1) << bits(at & 63)
                if table.may[other, at >> 6] & bit and not table.words[at >> 6] & bit:
                    table.words[at >> 6] |= bit
                    table.queue[reached], table.via[at] = at, other
                    reached += 1
                    if table.spare[cell] > 0 and cell < found:
                        found = cell
        done += 1
    if found < end:
        _sit(plan, table, step, holder, first, found)


@part
def _sit(plan: Plan, table: Table, step: int, holder: int, first: int, found: int) -> None:
    table.given[found] += 1
    cell = found
    while cell >= 0:
        table.spare[cell] -= 1
        cell = whole(plan.after[cell])
    at = found - first
    while table.via[at] >= 0:
        other = whole(table.via[at])
        before = whole(table.cell[other])
        table.cell[other] = at
        at = before
    table.step[holder], table.cell[holder] = step, at


@part
def _limits(plan: Plan, claims: Claims, table: Table, step: int, held: int, holders: int) -> None:
    """Each cell's own, then what can be reached from it, until nothing changes."""
    first, end = whole(plan.cells[step]), whole(plan.cells[step + 1])
    for cell in range(first, end):
        table.limit[cell] = OPEN_TO_ALL if table.spare[cell] > 0 else -1
    for holder in range(holders):
        if table.step[holder] == step:
            cell = first + table.cell[holder]
            table.limit[cell] = max(table.limit[cell], claims.held[held + holder])
    changed = True
    while changed:
        changed = False
        for holder in range(holders):
            if table.step[holder] != step:
                continue
            mine = first + table.cell[holder]
            if table.limit[mine] == OPEN_TO_ALL:
                continue
            for cell in range(first, end):
                at = cell - first
                if table.limit[cell] > table.limit[mine] and table.may[holder, at >> 6] & bits(1) << bits(at & 63):
                    table.limit[mine] = table.limit[cell]
                    changed = True


@part
def _refusal(
    plan: Plan, people: People, claims: Claims, table: Table, line_start: I64, event: int, refusal: int
) -> int:
    """Whether she might have had a stall here, and whether she was told the right counts."""
    who = whole(claims.who[refusal])
    better, fits, last = 0, 0, 0
    for step in range(plan.passes[event], plan.passes[event + 1]):
        if not people.stages[who] >> bits(plan.stage[step]) & bits(1):
            continue
        first, some = whole(plan.cells[step]), False
        for at in range(len(table.words)):
            table.words[at] = 0
        for cell in range(first, plan.cells[step + 1]):
            if not may(plan, people, cell, who):
                continue
            if table.limit[cell] > who:
                return WASTE if table.limit[cell] == OPEN_TO_ALL else ENVY
            if table.given[cell] > 0:
                some = True
                better += table.given[cell]
                table.words[cell - first >> 6] |= bits(1) << bits(cell - first & 63)
                if not people.categories[who] & ~table.takes[plan.line[cell]]:
                    fits += table.given[cell]
        if some:
            last = max(last, _last(claims, table, event, step, who))
    stalls, reservation = 0, -fits
    for line in range(line_start[event], line_start[event + 1]):
        stalls += table.stalls[line]
        if not people.categories[who] & ~table.takes[line]:
            reservation += table.stalls[line]
    right = (
        claims.stalls[refusal] == stalls
        and claims.better[refusal] == better
        and claims.reservation[refusal] == reservation
        and claims.products[refusal] == stalls - better - reservation
        and claims.last[refusal] == last
    )
    return 0 if right else REASON


@part
def _last(claims: Claims, table: Table, event: int, step: int, who: int) -> int:
    """The last place before hers, from 1, that sits where one of her cells could have been had; 0 for none."""
    first, holder = whole(claims.begin[event]), whole(claims.begin[event + 1] - claims.begin[event]) - 1
    while holder >= 0:
        if table.step[holder] == step and claims.held[first + holder] < who:
            for at in range(len(table.words)):
                if table.may[holder, at] & table.words[at]:
                    return whole(claims.held[first + holder]) + 1
        holder -= 1
    return 0
