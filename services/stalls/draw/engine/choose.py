"""One event's choice, one applicant at a time: who is refused when one more asks.

A pass seats a set S on a set B of stalls; `Floor` keeps a matching of just these. When somebody asks, every pass hands
on to the next at most one thing: somebody it does not seat, or the loss of one stall. Therefore at most one is refused
in the end, and who has asked before, and in which order, does not matter.
"""

from typing import NamedTuple

import numpy as np

from services.stalls.draw.engine.caching import bits, part, whole
from services.stalls.draw.engine.compiled import ANYBODY, Plan
from services.stalls.draw.engine.tables import I32, U64

OPEN_TO_ALL = np.int32(2**31 - 1)


class People(NamedTuple):
    """By place, n."""

    stages: U64
    tags: U64
    categories: U64
    district: I32


class Floor(NamedTuple):
    """Who sits where. A cell's seats are a list that begins at `head`."""

    spare: I32
    """[c]: stalls of the cell nobody has taken, in this pass or before."""
    limit: I32
    """[c]: no worse place has a chance here: from here one reaches nothing spare and nobody worse."""
    head: I32
    """[c]: a seat, or -1."""
    next: I32
    """[seats]: the next one of its list, or -1."""
    who: I32
    """[seats]: place."""
    may: U64
    """[seats, width]: the cells of the pass she may be in, by bit."""
    vacant: I32
    """[e]: the first seat of the event that is in no cell's list."""


class Search(NamedTuple):
    """What a search through one pass has found; each thread has its own. Cells count from the first of the pass."""

    queue: I32
    """[64 * width]: cells reached."""
    via: I32
    """[64 * width]: the seat whose holder would move to this cell; -1 at the first."""
    source: I32
    """[64 * width]: the cell that holder is in."""
    seen: U64
    """[width]."""
    found: I32
    """[5]: cells in the queue; the first spare cell or -1; the seat of the worst place or -1; its cell; the highest
    limit among cells that were left out, or -1.
    """


def searching(width: int) -> Search:
    most = 64 * width
    return Search(
        queue=np.empty(most, np.int32),
        via=np.empty(most, np.int32),
        source=np.empty(most, np.int32),
        seen=np.empty(width, np.uint64),
        found=np.empty(5, np.int32),
    )


def empty_floor(plan: Plan) -> Floor:
    """Nobody has asked yet."""
    seats = int(plan.seats[-1])
    following = np.arange(1, seats + 1, dtype=np.int32)
    following[plan.seats[1:] - 1] = -1
    return Floor(
        spare=plan.stalls.copy(),
        limit=np.full(len(plan.stalls), OPEN_TO_ALL, np.int32),
        head=np.full(len(plan.stalls), -1, np.int32),
        next=following,
        who=np.empty(seats, np.int32),
        may=np.empty((seats, plan.width), np.uint64),
        vacant=plan.seats[:-1].copy(),
    )


@part
def offer(plan: Plan, people: People, floor: Floor, search: Search, event: int, asking: int) -> int:
    """She asks; who is refused (a place), or -1."""
    who, lost = asking, whole(-1)
    step, end = whole(plan.passes[event]), whole(plan.passes[event + 1])
    while True:
        if lost >= 0:
            if floor.spare[lost] > 0:
                floor.spare[lost] -= 1
                lost = whole(plan.after[lost])
            else:
                step = whole(plan.pass_of[lost])
                who, lost = _lose(plan, floor, search, event, step, lost)
                step += 1
        elif who >= 0 and step < end:
            if people.stages[who] >> bits(plan.stage[step]) & bits(1) and _knock(
                plan, people, floor, search, step, who
            ):
                who, lost = _seat(plan, people, floor, search, event, step, who)
            step += 1
        else:
            return who


@part
def _knock(plan: Plan, people: People, floor: Floor, search: Search, step: int, who: int) -> bool:
    """Begins a search from the cells where she has a chance; whether there are any."""
    first, reached = plan.cells[step], 0
    for cell in range(first, plan.cells[step + 1]):
        if floor.limit[cell] >= who and may(plan, people, cell, who):
            search.queue[reached] = cell - first
            reached += 1
    search.found[0] = reached
    return reached > 0


@part
def may(plan: Plan, people: People, cell: int, who: int) -> bool:
    """Whether she may take a stall of this cell, if she may use the stage."""
    if people.categories[who] & ~plan.takes[cell]:
        return False
    district = plan.district[cell]
    if district == ANYBODY or district == people.district[who]:
        return True
    return people.tags[who] & plan.tags[cell] != bits(0)


@part
def _explore(plan: Plan, floor: Floor, search: Search, step: int, least: int) -> None:
    """From the cells in the queue to all that holders can move on to, if somebody of place `least` has a chance there.

    Finds the first spare cell; if there is none, the worst place.
    """
    first, end = plan.cells[step], plan.cells[step + 1]
    best = first
    while best < end and floor.spare[best] == 0:
        best += 1
    reached, done, spare, worst, worst_at, beyond = search.found[0], 0, end, -1, -1, -1
    for word in range(len(search.seen)):
        search.seen[word] = 0
    for at in range(reached):
        cell = search.queue[at]
        search.via[cell] = -1
        search.seen[cell >> 6] |= bits(1) << bits(cell & 63)
        if floor.spare[first + cell] > 0 and first + cell < spare:
            spare = first + cell
    while done < reached and (spare == end or spare > best):
        cell = search.queue[done]
        done += 1
        seat = floor.head[first + cell]
        while seat >= 0:
            if worst < 0 or floor.who[seat] > floor.who[worst]:
                worst, worst_at = seat, cell
            for word in range(len(search.seen)):
                new = floor.may[seat, word] & ~search.seen[word]
                search.seen[word] |= new
                while new:
                    lowest = new & (~new + bits(1))
                    other = 64 * word + _position(lowest)
                    new ^= lowest
                    if floor.limit[first + other] < least:
                        beyond = max(beyond, floor.limit[first + other])
                        continue
                    search.via[other], search.source[other] = seat, cell
                    search.queue[reached] = other
                    reached += 1
                    if floor.spare[first + other] > 0 and first + other < spare:
                        spare = first + other
            seat = floor.next[seat]
    search.found[0] = reached
    search.found[1] = spare - first if spare < end else -1
    search.found[2] = worst
    search.found[3] = worst_at
    search.found[4] = beyond


@part
def _position(bit: int) -> int:
    """Of the only bit that is set."""
    found = 0
    for half in (32, 16, 8, 4, 2, 1):
        if bit >> bits(half):
            found += half
            bit >>= bits(half)
    return found


@part
def _seat(plan: Plan, people: People, floor: Floor, search: Search, event: int, step: int, who: int) -> tuple[int, int]:
    """She sits down where something is spare, or instead of somebody worse: a place refused here, or a cell lost later.

    Either is -1; if nobody is refused and the line is in no later pass, both.
    """
    _explore(plan, floor, search, step, who)
    first, spare, worst = whole(plan.cells[step]), whole(search.found[1]), whole(search.found[2])
    if spare < 0 and (worst < 0 or floor.who[worst] < who):
        nearest = whole(floor.who[worst]) if worst >= 0 else -1
        _bound(floor, search, first, max(nearest, whole(search.found[4])))
        return who, -1
    refused = whole(-1)
    if spare < 0:
        refused, spare = whole(floor.who[worst]), whole(search.found[3])
        _leave(floor, search, event, first)
    else:
        floor.spare[first + spare] -= 1
    cell = _shift(floor, search, first, spare)
    seat = whole(floor.vacant[event])
    floor.vacant[event] = floor.next[seat]
    floor.who[seat] = who
    floor.next[seat] = floor.head[first + cell]
    floor.head[first + cell] = seat
    _note(plan, people, floor, step, seat)
    return refused, whole(plan.after[first + spare]) if refused < 0 else -1


@part
def _lose(plan: Plan, floor: Floor, search: Search, event: int, step: int, lost: int) -> tuple[int, int]:
    """A cell that is full loses a stall: its holders find another, which is lost instead, or the worst place goes."""
    first = whole(plan.cells[step])
    search.queue[0], search.found[0] = lost - first, 1
    _explore(plan, floor, search, step, -1)
    spare, refused = whole(search.found[1]), whole(-1)
    if spare < 0:
        refused, spare = whole(floor.who[search.found[2]]), whole(search.found[3])
        _leave(floor, search, event, first)
    else:
        floor.spare[first + spare] -= 1
    _shift(floor, search, first, spare)
    return refused, whole(plan.after[first + spare]) if refused < 0 else -1


@part
def _leave(floor: Floor, search: Search, event: int, first: int) -> None:
    """The worst place goes; nobody worse than that has a chance any more in any cell that was reached."""
    seat = whole(search.found[2])
    _bound(floor, search, first, whole(floor.who[seat]))
    _unlink(floor, first + search.found[3], seat)
    floor.next[seat] = floor.vacant[event]
    floor.vacant[event] = seat


@part
def _bound(floor: Floor, search: Search, first: int, place: int) -> None:
    for at in range(search.found[0]):
        cell = first + search.queue[at]
        floor.limit[cell] = min(floor.limit[cell], place)


@part
def _shift(floor: Floor, search: Search, first: int, cell: int) -> int:
    """Each on the way moves one cell on, the last one into `cell`; which cell has room now."""
    while search.via[cell] >= 0:
        seat, source = whole(search.via[cell]), whole(search.source[cell])
        _unlink(floor, first + source, seat)
        floor.next[seat] = floor.head[first + cell]
        floor.head[first + cell] = seat
        cell = source
    return cell


@part
def _unlink(floor: Floor, cell: int, seat: int) -> None:
    if floor.head[cell] == seat:
        floor.head[cell] = floor.next[seat]
        return
    before = floor.head[cell]
    while floor.next[before] != seat:
        before = floor.next[before]
    floor.next[before] = floor.next[seat]


@part
def _note(plan: Plan, people: People, floor: Floor, step: int, seat: int) -> None:
    """The cells of this pass she may be in."""
    first = plan.cells[step]
    floor.may[seat, :] = 0
    for cell in range(first, plan.cells[step + 1]):
        if may(plan, people, cell, whole(floor.who[seat])):
            floor.may[seat, cell - first >> 6] |= bits(1) << bits(cell - first & 63)
