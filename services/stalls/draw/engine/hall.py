"""Who has which stall after a draw, as arrays: by place, by event and wish, by event and stall."""

from typing import Any, NamedTuple

import numpy as np

from services.stalls.draw.engine.caching import njit, part, whole
from services.stalls.draw.engine.choose import People, may
from services.stalls.draw.engine.compiled import Plan
from services.stalls.draw.engine.tables import I32, I64, Flags, Result, Tables

WORD = 64


class Hall(NamedTuple):
    """Who has what; n by place, m wishes by event and place, s stalls by event."""

    event: I32
    """[n]: index of the event she is at, or -1."""
    stall: I32
    """[n]: from 1."""
    rank: I32
    """[n]: which of her choices that is, from 0."""
    upgrade: Flags
    """[n]."""
    out: Flags
    """[n]: wants nothing more."""
    begin: I64
    """[e + 1]: where an event's wishes begin."""
    who: I32
    """[m]: place."""
    wish: I32
    """[m]: which of her choices it is, from 0."""
    stands: Flags
    """[m]: she stands at that ground."""
    kind: I32
    """[m]: two wishes of an event are of one kind if they open the same cells of its plan; -1 where none are alike."""
    first: I64
    """[e + 1]: where an event's stalls begin."""
    taken: Flags
    """[s]."""


def hall_of(tables: Tables, result: Result, plan: Plan, people: People) -> Hall:
    n, stalls = len(result.order), tables.stalls()
    first = np.concatenate((np.zeros(1, np.int64), np.cumsum(stalls)))
    begin, who, wish = by_wish(tables.start, tables.choices, result.order, len(tables.events))
    sits = result.event >= 0
    taken = np.zeros(int(first[-1]), np.bool_)
    taken[first[result.event[sits]] + result.stall[sits] - 1] = True
    return Hall(
        event=result.event.copy(),
        stall=result.stall.copy(),
        rank=(result.choice - 1).astype(np.int32),
        upgrade=tables.upgrade[result.order],
        out=np.zeros(n, np.bool_),
        begin=begin,
        who=who,
        wish=wish,
        stands=np.zeros(len(who), np.bool_),
        kind=kinds(plan, people, begin, who),
        first=first,
        taken=taken,
    )


@njit
def by_wish(start: I64, choices: I32, order: I32, events: int) -> tuple[I64, I32, I32]:
    """Who listed each event, by place, and as which of her choices."""
    begin = np.zeros(events + 2, np.int64)
    for event in choices:
        begin[event + 2] += 1
    for event in range(events):
        begin[event + 2] += begin[event + 1]
    who, wish = np.empty(len(choices), np.int32), np.empty(len(choices), np.int32)
    for place in range(len(order)):
        low = start[order[place]]
        for at in range(low, start[order[place] + 1]):
            to = begin[choices[at] + 1]
            who[to], wish[to] = place, at - low
            begin[choices[at] + 1] += 1
    return begin[: events + 1], who, wish


@njit
def kinds(plan: Plan, people: People, begin: I64, who: I32) -> I32:
    """[m]: who may sit where, as a number from 0 in each event; -1 where a plan has more cells than a word has bits."""
    kind, opens = np.full(len(who), -1, np.int32), np.empty(len(who), np.uint64)
    for event in range(len(begin) - 1):
        low, high = begin[event], begin[event + 1]
        if plan.cells[plan.passes[event + 1]] - plan.cells[plan.passes[event]] > WORD:
            continue
        for at in range(low, high):
            opens[at] = _opens(plan, people, event, whole(who[at]))
        number, before = -1, np.uint64(0)
        for at in np.argsort(opens[low:high]):
            if number < 0 or opens[low + at] != before:
                number, before = number + 1, opens[low + at]
            kind[low + at] = number
    return kind


@part
def _opens(plan: Plan, people: People, event: int, who: int) -> int:
    """The cells of an event that she may be in, by bit."""
    found: Any = np.uint64(0)
    first = plan.cells[plan.passes[event]]
    for step in range(plan.passes[event], plan.passes[event + 1]):
        if people.stages[who] >> np.uint64(plan.stage[step]) & np.uint64(1):
            for cell in range(plan.cells[step], plan.cells[step + 1]):
                if may(plan, people, cell, who):
                    found |= np.uint64(1) << np.uint64(cell - first)
    return found
