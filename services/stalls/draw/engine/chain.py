"""After the draw, compiled: a stall is given back, who takes it, and the stall she leaves for it, until nobody moves.

An event chooses anew among its holders and those who would rather be there; no other event is touched.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from services.stalls.draw.chain import Phase
from services.stalls.draw.engine.accept import people_of
from services.stalls.draw.engine.caching import lean, njit, part, whole
from services.stalls.draw.engine.choose import OPEN_TO_ALL, Floor, People, Search, empty_floor, may, offer, searching
from services.stalls.draw.engine.compiled import Plan, compile_plan
from services.stalls.draw.engine.tables import I32, I64, Flags, Result, Tables

PHASES = tuple(Phase)
"""A phase's number, as the engine takes it, is its position."""
UPGRADES, STANDBY, OVER = (PHASES.index(phase) for phase in (Phase.UPGRADES, Phase.STANDBY, Phase.OVER))
WORD = 64
NEVER = np.int32(2**31 - 1)
LONGEST = 4096
"""Steps that one call of the kernel writes; a longer chain is gone on with."""

Phases = npt.NDArray[np.int8]


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


class Scratch(NamedTuple):
    """What one choice needs; as long as most wishes of an event."""

    best: I32
    """By kind: the best place that was refused."""
    asked: I32
    """Wishes whose group asked and was not refused at once; `counts[0]` of them."""
    gone: I32
    """Places that were refused; `counts[1]` of them."""
    refused: Flags
    """[n], by place; all false between two choices."""
    counts: I32


class Chain:
    """The live state after a draw. Applicants are named by place from 0, events by index, stalls from 1."""

    def __init__(self, tables: Tables, result: Result) -> None:
        self.plan = compile_plan(tables)
        self.people = people_of(tables, result.order)
        self.floor = empty_floor(self.plan)
        self.search = searching(self.plan.width)
        self.hall = _hall(tables, result, self.plan, self.people)
        most = int(np.diff(self.hall.begin).max(initial=0)) + 1
        self._scratch = Scratch(
            best=np.empty(most, np.int32),
            asked=np.empty(most, np.int32),
            gone=np.empty(most, np.int32),
            refused=np.zeros(len(result.order), np.bool_),
            counts=np.zeros(2, np.int32),
        )
        self._steps = np.empty((LONGEST, 6), np.int32)

    def cancel(self, place: int, phases: Phases) -> I32:
        """[k, 6]: leaver (or -1), event, stall, taker (or -1), the event (or -1) and stall she left for it.

        `phases`: of each event, its position in PHASES. Who has no stall only leaves the line.
        """
        event, stall = int(self.hall.event[place]), int(self.hall.stall[place])
        self.hall.out[place] = True
        if event < 0:
            return self._steps[:0]
        leave(self.hall, place)
        return self._chain(place, event, stall, phases)

    def stand_by(self, place: int, event: int, phases: Phases) -> I32:
        """As `cancel`: a stall there that stands empty may be hers, or of another who stands there."""
        low, high = self.hall.begin[event], self.hall.begin[event + 1]
        self.hall.stands[low + np.searchsorted(self.hall.who[low:high], place)] = True
        empty = np.flatnonzero(~self.hall.taken[self.hall.first[event] : self.hall.first[event + 1]])
        steps = self._chain(-1, event, int(empty[0]) + 1, phases) if len(empty) else self._steps[:0]
        return steps[steps[:, 3] >= 0]

    def _chain(self, leaver: int, event: int, stall: int, phases: Phases) -> I32:
        found: list[I32] = []
        while True:
            at = (leaver, event, stall)
            count = follow(
                self.plan, self.people, self.floor, self.search, self.hall, self._scratch, phases, *at, self._steps
            )
            if count < LONGEST or self._steps[-1, 4] < 0:
                return np.concatenate([*found, self._steps[:count]]) if found else self._steps[:count].copy()
            found.append(self._steps.copy())
            leaver, event, stall = (int(self._steps[-1, column]) for column in (3, 4, 5))


def _hall(tables: Tables, result: Result, plan: Plan, people: People) -> Hall:
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


@lean
def leave(hall: Hall, place: int) -> None:
    """Her stall is free."""
    hall.taken[hall.first[hall.event[place]] + hall.stall[place] - 1] = False
    hall.event[place] = -1
    hall.stall[place] = 0


@lean
def follow(
    plan: Plan,
    people: People,
    floor: Floor,
    search: Search,
    hall: Hall,
    scratch: Scratch,
    phases: Phases,
    leaver: int,
    event: int,
    stall: int,
    steps: I32,
) -> int:
    """The chain from this free stall on, written to `steps`; how many there are."""
    count = 0
    while count < len(steps):
        at = _taker(plan, people, floor, search, hall, scratch, phases, event)
        taker, from_event, from_stall = whole(hall.who[at]) if at >= 0 else whole(-1), whole(-1), whole(0)
        if taker >= 0:
            from_event, from_stall = whole(hall.event[taker]), whole(hall.stall[taker])
            if from_event >= 0:
                hall.taken[hall.first[from_event] + from_stall - 1] = False
            hall.event[taker], hall.stall[taker], hall.rank[taker] = event, stall, hall.wish[at]
            hall.taken[hall.first[event] + stall - 1] = True
        steps[count, 0], steps[count, 1], steps[count, 2] = leaver, event, stall
        steps[count, 3], steps[count, 4], steps[count, 5] = taker, from_event, from_stall
        count += 1
        if from_event < 0:
            return count
        leaver, event, stall = taker, from_event, from_stall
    return count


@lean
def _taker(
    plan: Plan, people: People, floor: Floor, search: Search, hall: Hall, scratch: Scratch, phases: Phases, event: int
) -> int:
    """The wish of who takes a free stall there, or -1: the best placed of those the event would take."""
    if phases[event] == OVER or not _wanted(hall, phases, event):
        return -1
    dropped = _choose(plan, people, floor, search, hall, scratch, phases, event)
    best = whole(-1)
    for found in range(scratch.counts[0]):
        at = whole(scratch.asked[found])
        if not scratch.refused[hall.who[at]] and (
            not dropped or _seats_all(plan, people, floor, search, hall, event, at)
        ):
            best = at
            break
    for found in range(scratch.counts[1]):
        scratch.refused[scratch.gone[found]] = False
    return best


@lean
def _choose(
    plan: Plan, people: People, floor: Floor, search: Search, hall: Hall, scratch: Scratch, phases: Phases, event: int
) -> bool:
    """Marks whom the event refuses of its holders and all who would take a stall; whether a holder is among them.

    Who may sit where another was refused, and stands behind her, need not ask: the rule has substitutes.
    """
    _clear(plan, floor, event)
    low, high = hall.begin[event], hall.begin[event + 1]
    for kind in range(high - low):
        scratch.best[kind] = NEVER
    asked, gone_, dropped = 0, 0, False
    for at in range(low, high):
        who, kind, new = whole(hall.who[at]), whole(hall.kind[at]), False
        if hall.event[who] != event:
            if (kind >= 0 and scratch.best[kind] < who) or not _may_take(hall, phases, event, at):
                continue
            new = True
        gone = offer(plan, people, floor, search, event, who)
        if gone >= 0:
            scratch.refused[gone] = True
            scratch.gone[gone_] = gone
            gone_ += 1
            dropped |= hall.event[gone] == event
        if gone != who and new:
            scratch.asked[asked] = at
            asked += 1
        elif gone == who and kind >= 0:
            scratch.best[kind] = min(scratch.best[kind], who)
    scratch.counts[0], scratch.counts[1] = asked, gone_
    return dropped


@part
def _may_take(hall: Hall, phases: Phases, event: int, at: int) -> bool:
    """Whether she competes for a stall of an event of hers whose holder she is not."""
    who = hall.who[at]
    if hall.out[who]:
        return False
    if hall.event[who] < 0:
        return phases[event] != STANDBY or hall.stands[at]
    if phases[event] != UPGRADES or not hall.upgrade[who] or hall.wish[at] >= hall.rank[who]:
        return False
    return phases[hall.event[who]] == UPGRADES


@part
def _wanted(hall: Hall, phases: Phases, event: int) -> bool:
    for at in range(hall.begin[event], hall.begin[event + 1]):
        if hall.event[hall.who[at]] != event and _may_take(hall, phases, event, at):
            return True
    return False


@lean
def _seats_all(plan: Plan, people: People, floor: Floor, search: Search, hall: Hall, event: int, new: int) -> bool:
    """Whether the event seats all its holders and her."""
    _clear(plan, floor, event)
    for at in range(hall.begin[event], hall.begin[event + 1]):
        who = whole(hall.who[at])
        if (at == new or hall.event[who] == event) and offer(plan, people, floor, search, event, who) >= 0:
            return False
    return True


@part
def _clear(plan: Plan, floor: Floor, event: int) -> None:
    """Nobody has asked it yet."""
    for cell in range(plan.cells[plan.passes[event]], plan.cells[plan.passes[event + 1]]):
        floor.spare[cell] = plan.stalls[cell]
        floor.limit[cell] = OPEN_TO_ALL
        floor.head[cell] = -1
    last = plan.seats[event + 1] - 1
    for seat in range(plan.seats[event], last):
        floor.next[seat] = seat + 1
    floor.next[last] = -1
    floor.vacant[event] = plan.seats[event]
