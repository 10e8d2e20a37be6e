"""After the draw, compiled: a stall is given back, who takes it, and the stall she leaves for it, until nobody moves.

An event chooses anew among its holders and those who would rather be there; no other event is touched.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from services.stalls.draw.chain import Phase
from services.stalls.draw.engine.accept import people_of
from services.stalls.draw.engine.caching import lean, part, whole
from services.stalls.draw.engine.choose import OPEN_TO_ALL, Floor, People, Search, empty_floor, offer, searching
from services.stalls.draw.engine.compiled import Plan, compile_plan
from services.stalls.draw.engine.hall import Hall, hall_of
from services.stalls.draw.engine.tables import I32, Flags, Result, Tables

PHASES = tuple(Phase)
"""A phase's number, as the engine takes it, is its position."""
UPGRADES, STANDBY, OVER = (PHASES.index(phase) for phase in (Phase.UPGRADES, Phase.STANDBY, Phase.OVER))
NEVER = np.int32(2**31 - 1)
LONGEST = 4096
"""Steps that one call of the kernel writes; a longer chain is gone on with."""

Phases = npt.NDArray[np.int8]


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
        self.hall = hall_of(tables, result, self.plan, self.people)
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
