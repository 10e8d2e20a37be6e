"""Deferred acceptance for a whole state: each asks the best event that has not refused her, until nobody asks.

All who ask in one round are brought together by event: so an event is worked on while it lies at hand, and different
threads may work on different events. Neither shows in the result.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from services.stalls.draw.engine.caching import bits, lean, njit, whole
from services.stalls.draw.engine.choose import Floor, People, Search, empty_floor, offer, searching
from services.stalls.draw.engine.compiled import Plan, compile_plan
from services.stalls.draw.engine.tables import I32, Tables

Progress = Callable[[str, int, int], None]
FEW = 8
"""Where fewer ask than one for so many events, they are not worth bringing together."""


class Wishes(NamedTuple):
    """By place, n: `choices[wish]` is whom she asks now, up to `end`."""

    choices: I32
    """[m]."""
    wish: I32
    """[n]."""
    end: I32
    """[n]."""


class Matched(NamedTuple):
    """What each gets and what it came from."""

    event: I32
    """[n], by place: index of the event, or -1."""
    choice: I32
    """[n], by place: from 1; 0 for none."""
    plan: Plan
    people: People
    floor: Floor


def matched(tables: Tables, order: I32, threads: int = 1, progress: Progress | None = None) -> Matched:
    """`order`: the index of the applicant who has each place."""
    plan, people = compile_plan(tables), people_of(tables, order)
    floor = empty_floor(plan)
    start, end = bounds_of(tables, order)
    wishes = Wishes(tables.choices, start.copy(), end)
    asking = np.arange(len(order), dtype=np.int32)
    searches = [searching(plan.width) for _ in range(max(threads, 1))]
    with ThreadPoolExecutor(len(searches)) as pool:
        while len(asking) * FEW > len(tables.events):
            if progress:
                progress("allocate", len(order) - len(asking), len(order))
            asking = _round(plan, people, floor, wishes, asking, searches, pool)
    one_by_one(plan, people, floor, searches[0], wishes, asking)
    if progress:
        progress("allocate", len(order), len(order))
    event, choice = seated(wishes, start)
    return Matched(event, choice, plan, people, floor)


def bounds_of(tables: Tables, order: I32) -> tuple[I32, I32]:
    """[n], by place: where her choices begin and where they end."""
    start = tables.start.astype(np.int32)
    return start[order], start[order + 1]


def people_of(tables: Tables, order: I32) -> People:
    """All words of one lie side by side: who asks is somebody else each time, and so far away."""
    rows = np.empty((len(order), 4), np.uint64)
    found = People(rows[:, 0], rows[:, 1], rows[:, 2], rows.view(np.int32)[:, 6])
    for name in People._fields:
        np.take(getattr(tables, name), order, out=getattr(found, name), mode="clip")
    return found


def _round(
    plan: Plan,
    people: People,
    floor: Floor,
    wishes: Wishes,
    asking: I32,
    searches: list[Search],
    pool: ThreadPoolExecutor,
) -> I32:
    """Everybody asks once; who was refused, to ask again."""
    queue, begin = by_event(wishes, asking, len(plan.seats) - 1)
    refused = np.empty(len(queue), np.int32)
    bounds = np.searchsorted(begin, [len(queue) * part // len(searches) for part in range(len(searches) + 1)])
    bounds[0], bounds[-1] = 0, len(begin) - 1

    def work(part: int) -> None:
        ask(plan, people, floor, searches[part], wishes, queue, begin, bounds[part], bounds[part + 1], refused)

    if len(searches) == 1:
        work(0)
    else:
        list(pool.map(work, range(len(searches))))
    return refused[refused >= 0]


@njit
def by_event(wishes: Wishes, asking: I32, events: int) -> tuple[I32, I32]:
    """Those who still have a wish, by event; where each event begins."""
    begin, wanted = np.zeros(events + 2, np.int32), np.empty(len(asking), np.int32)
    for at in range(len(asking)):
        who = asking[at]
        wanted[at] = wishes.choices[wishes.wish[who]] if wishes.wish[who] < wishes.end[who] else -1
        if wanted[at] >= 0:
            begin[wanted[at] + 2] += 1
    for event in range(events):
        begin[event + 2] += begin[event + 1]
    queue = np.empty(begin[events + 1], np.int32)
    for at in range(len(asking)):
        if wanted[at] >= 0:
            queue[begin[wanted[at] + 1]] = asking[at]
            begin[wanted[at] + 1] += 1
    return queue, begin[: events + 1]


@lean
def ask(
    plan: Plan,
    people: People,
    floor: Floor,
    search: Search,
    wishes: Wishes,
    queue: I32,
    begin: I32,
    low: int,
    high: int,
    refused: I32,
) -> None:
    """The events from `low` to `high` hear those who ask them; `refused`: for each who asks a place, or -1.

    Their words are looked at once before: so they come from far away together, not one after the other.
    """
    for event in range(low, high):
        fetched = bits(0)
        for at in range(begin[event], begin[event + 1]):
            fetched |= people.stages[queue[at]]
        search.seen[0] = fetched
        for at in range(begin[event], begin[event + 1]):
            gone = offer(plan, people, floor, search, event, whole(queue[at]))
            refused[at] = gone
            if gone >= 0:
                wishes.wish[gone] += 1


@lean
def one_by_one(plan: Plan, people: People, floor: Floor, search: Search, wishes: Wishes, asking: I32) -> None:
    """Each asks until she is seated; then whoever had to go."""
    for first in asking:
        who = whole(first)
        while who >= 0 and wishes.wish[who] < wishes.end[who]:
            who = offer(plan, people, floor, search, whole(wishes.choices[wishes.wish[who]]), who)
            if who >= 0:
                wishes.wish[who] += 1


@njit
def seated(wishes: Wishes, start: I32) -> tuple[I32, I32]:
    event, choice = np.full(len(start), -1, np.int32), np.zeros(len(start), np.int32)
    for who in range(len(start)):
        if wishes.wish[who] < wishes.end[who]:
            event[who] = wishes.choices[wishes.wish[who]]
            choice[who] = wishes.wish[who] - start[who] + 1
    return event, choice
