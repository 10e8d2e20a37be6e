"""Which rows of a place are groups that another programme lists too, and which only look like it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from shared.contracts.catalog import Programme
from tools.seed.state.shares import Place

DOUBLES_IN_A_HUNDRED = 6
NEAR_IN_A_HUNDRED = 2
OWNER: dict[bool, Programme] = {False: "umed", True: "mavim"}
"""Whose list has the group first, in villages and in towns; the guest lists some of them again."""
GUEST: dict[bool, Programme] = {False: "mavim", True: "nulm"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What stands in one place. `starts`: the first group's number of each programme.

    By the guest's row: `doubles` to the owner's row and the double's own number, from 0; `near` to the owner's row it
    is like.
    """

    place: Place
    starts: dict[Programme, int]
    doubles: dict[int, tuple[int, int]] = field(default_factory=dict)
    near: dict[int, int] = field(default_factory=dict)

    @property
    def owner(self) -> Programme:
        return OWNER[self.place.urban]

    @property
    def guest(self) -> Programme:
        return GUEST[self.place.urban]


def plans(places: Sequence[Place]) -> tuple[Plan, ...]:
    """One for each place, in the same order."""
    starts: dict[Programme, list[int]] = {}
    first = 0
    for programme in ("umed", "nulm", "mavim"):
        sums = list(accumulate((place.counts.get(programme, 0) for place in places), initial=first))
        starts[programme], first = sums[:-1], sums[-1]
    return tuple(_planned(places, starts))


def _planned(places: Sequence[Place], starts: dict[Programme, list[int]]) -> Iterator[Plan]:
    due = given = like = 0
    for at, place in enumerate(places):
        plan = Plan(place=place, starts={programme: starts[programme][at] for programme in place.counts})
        guests, owners = place.counts[plan.guest], place.counts[plan.owner]
        due += guests * DOUBLES_IN_A_HUNDRED
        wanted = min(-(-due // 100) - given, guests, owners)
        for row, own in _spread(wanted, guests, owners):
            plan.doubles[row] = own, given
            given += 1
        like += _near(plan, guests, owners, due * NEAR_IN_A_HUNDRED // DOUBLES_IN_A_HUNDRED // 100 - like)
        yield plan


def _spread(wanted: int, guests: int, owners: int) -> Iterator[tuple[int, int]]:
    for at in range(wanted):
        yield at * guests // wanted, at * owners // wanted


def _near(plan: Plan, guests: int, owners: int, wanted: int) -> int:
    """Gives up to so many rows that are no doubles a group to be like, and answers how many."""
    rows = [row for row in range(guests) if row not in plan.doubles]
    taken = {own for own, _ in plan.doubles.values()}
    free = [own for own in range(owners) if own not in taken]
    found = min(wanted, len(rows), len(free))
    plan.near.update((rows[at * len(rows) // found], free[at * len(free) // found]) for at in range(found))
    return max(found, 0)
