"""Why each was refused, where those without a stall wait, and which number a stall has."""

from typing import NamedTuple

import numpy as np

from services.stalls.draw.engine.accept import Matched, bounds_of
from services.stalls.draw.engine.caching import bits, lean, njit, part, whole
from services.stalls.draw.engine.choose import Floor, People, may
from services.stalls.draw.engine.compiled import Plan
from services.stalls.draw.engine.order import in_slices
from services.stalls.draw.engine.tables import I32, I64, U64, Result, Tables


class Refused(NamedTuple):
    """r refusals, in the order of places and ranks; those of an event are `of[begin[j]:begin[j + 1]]`, by place."""

    of: I32
    """[r]."""
    begin: I32
    """[e + 1]."""
    who: I32
    """[r]: place."""
    products: I32
    """[r]: written to, as all that follow."""
    reservation: I32
    """[r]."""
    better: I32
    """[r]."""
    last: I32
    """[r]."""


class Seated(NamedTuple):
    """One event's holders, by place: written to. h: the most stalls of an event, p: the most passes."""

    who: I32
    """[h]."""
    step: I32
    """[h]: which of the event's passes she is seated in."""
    may: U64
    """[h, width]: where she may be in that pass."""
    given: I32
    """[c]: how many stalls each cell gave out."""
    mine: U64
    """[p, width]: the cells that gave out something, and where she who was refused might have been."""


def explained(tables: Tables, order: I32, found: Matched, threads: int = 1) -> Result:
    """The whole result."""
    start, end = bounds_of(tables, order)
    lengths = np.where(found.event < 0, end - start, found.choice - 1)
    refusal_start = np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)))
    event, who = listed(tables.choices, start, refusal_start)
    stalls = tables.stalls().astype(np.int32)
    of, begin = sorted_by_event(event, len(stalls))
    counts = [np.zeros(len(event), np.int32) for _ in range(4)]
    refused = Refused(of, begin, who, *counts)
    given = np.zeros(len(found.plan.line), np.int32)

    def work(low: int, high: int) -> None:
        seated = _seated(found.plan, stalls, given)
        refuse(
            found.plan,
            found.people,
            found.floor,
            refused,
            seated,
            tables.takes,
            tables.count,
            tables.line_start,
            low,
            high,
        )

    in_slices(work, len(stalls), threads)
    stall, waiting = numbered(found.event, start, end, tables.choices, stalls)
    return Result(
        order=order,
        event=found.event,
        stall=stall,
        choice=found.choice,
        waiting=waiting,
        refusal_start=refusal_start,
        refusal_event=event,
        refusal_stalls=stalls[event],
        refusal_products=refused.products,
        refusal_reservation=refused.reservation,
        refusal_better=refused.better,
        refusal_last=refused.last,
    )


def _seated(plan: Plan, stalls: I32, given: I32) -> Seated:
    most, passes = int(stalls.max(initial=0)), int(np.diff(plan.passes).max(initial=0))
    return Seated(
        who=np.empty(most, np.int32),
        step=np.empty(most, np.int32),
        may=np.empty((most, plan.width), np.uint64),
        given=given,
        mine=np.empty((passes, plan.width), np.uint64),
    )


@njit
def listed(choices: I32, start: I32, refusal_start: I64) -> tuple[I32, I32]:
    """The event and the place of every refusal."""
    event = np.empty(refusal_start[-1], np.int32)
    whose = np.empty(refusal_start[-1], np.int32)
    for who in range(len(start)):
        for at in range(refusal_start[who], refusal_start[who + 1]):
            event[at] = choices[start[who] + at - refusal_start[who]]
            whose[at] = who
    return event, whose


@njit
def sorted_by_event(of: I32, events: int) -> tuple[I32, I32]:
    """The indices of those that have an event, by event; where each event begins."""
    begin = np.zeros(events + 2, np.int32)
    for event in of:
        if event >= 0:
            begin[event + 2] += 1
    for event in range(events):
        begin[event + 2] += begin[event + 1]
    found = np.empty(begin[events + 1], np.int32)
    for at in range(len(of)):
        if of[at] >= 0:
            found[begin[of[at] + 1]] = at
            begin[of[at] + 1] += 1
    return found, begin[: events + 1]


@njit
def numbered(event: I32, start: I32, end: I32, choices: I32, stalls: I32) -> tuple[I32, I32]:
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
    refused: Refused,
    seated: Seated,
    takes: U64,
    count: I32,
    line_start: I64,
    low: int,
    high: int,
) -> None:
    """The refusals of the events from `low` to `high`."""
    for event in range(low, high):
        if refused.begin[event] == refused.begin[event + 1]:
            continue
        holders, before, fetched = _line_up(plan, floor, seated, event), 0, bits(0)
        for at in range(refused.begin[event], refused.begin[event + 1]):
            fetched |= people.stages[refused.who[refused.of[at]]]
        seated.mine[0, 0] = fetched
        for at in range(refused.begin[event], refused.begin[event + 1]):
            refusal = whole(refused.of[at])
            who = whole(refused.who[refusal])
            while before < holders and seated.who[before] < who:
                before += 1
            better, fits = _barred(plan, people, seated, takes, event, who)
            fitting, stalls = _fitting(people, takes, count, line_start, event, who)
            refused.better[refusal] = better
            refused.reservation[refusal] = fitting - fits
            refused.products[refusal] = stalls - better - fitting + fits
            refused.last[refusal] = _last(seated, before) + 1


@part
def _line_up(plan: Plan, floor: Floor, seated: Seated, event: int) -> int:
    """Its holders by place, and how many each cell has; how many in all."""
    count = 0
    for step in range(plan.passes[event], plan.passes[event + 1]):
        for cell in range(plan.cells[step], plan.cells[step + 1]):
            seat = floor.head[cell]
            while seat >= 0:
                seated.given[cell] += 1
                at = count
                while at > 0 and seated.who[at - 1] > floor.who[seat]:
                    _copy(seated, at - 1, at)
                    at -= 1
                seated.who[at], seated.step[at] = floor.who[seat], step - plan.passes[event]
                for word in range(seated.may.shape[1]):
                    seated.may[at, word] = floor.may[seat, word]
                count += 1
                seat = floor.next[seat]
    return count


@part
def _copy(seated: Seated, source: int, target: int) -> None:
    seated.who[target], seated.step[target] = seated.who[source], seated.step[source]
    for word in range(seated.may.shape[1]):
        seated.may[target, word] = seated.may[source, word]


@part
def _barred(plan: Plan, people: People, seated: Seated, takes: U64, event: int, who: int) -> tuple[int, int]:
    """Stalls given where she might have been, and how many of these take her products at first."""
    better, fits = 0, 0
    for step in range(plan.passes[event], plan.passes[event + 1]):
        first, mine = plan.cells[step], step - plan.passes[event]
        for word in range(seated.mine.shape[1]):
            seated.mine[mine, word] = 0
        if not people.stages[who] >> bits(plan.stage[step]) & bits(1):
            continue
        for cell in range(first, plan.cells[step + 1]):
            given = whole(seated.given[cell])
            if given and may(plan, people, cell, who):
                seated.mine[mine, cell - first >> 6] |= bits(1) << bits(cell - first & 63)
                better += given
                if not people.categories[who] & ~takes[plan.line[cell]]:
                    fits += given
    return better, fits


@part
def _fitting(people: People, takes: U64, count: I32, line_start: I64, event: int, who: int) -> tuple[int, int]:
    """Stalls that take her products at first; all stalls."""
    found, stalls = 0, 0
    for line in range(line_start[event], line_start[event + 1]):
        stalls += whole(count[line])
        if not people.categories[who] & ~takes[line]:
            found += whole(count[line])
    return found, stalls


@part
def _last(seated: Seated, before: int) -> int:
    """The last of the first `before` holders who may be in one of her cells, or -1."""
    while before > 0:
        before -= 1
        for word in range(seated.may.shape[1]):
            if seated.may[before, word] & seated.mine[seated.step[before], word]:
                return whole(seated.who[before])
    return -1
