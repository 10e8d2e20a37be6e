"""Random draws in which every rule can meet every other.

Stages, masks, tags that overlap, fallback, ties of credits; events without stalls, with too many, with too few.
"""

from collections.abc import Sequence

from hypothesis import strategies as st

from services.stalls.draw.order import line_up
from services.stalls.draw.plan import Applicant, Event, Instance, Line, Mask
from tests.properties.dice import Dice, thrown
from tests.unit.stalls.draw.instances import PRODUCTS, SEED, tickets

TAGS, VERTICAL, DISTRICTS = ("umed", "rural", "first_stall"), ("sc", "st"), ("490", "482")
OF_GROUP, OF_EVENT = 12, 30
"""Throws that one needs."""


def mask(dice: Dice) -> Mask:
    return None if dice.below(3) == 0 else dice.one_or_more(PRODUCTS)


def line(dice: Dice) -> Line:
    return Line(
        stage=dice.of(("open", "open", *VERTICAL)),
        categories=mask(dice),
        fallback=dice.of((mask(dice), frozenset())),
        tags=dice.some(TAGS) if dice.below(2) else frozenset(),
        district=dice.of((None, None, *DISTRICTS)),
        count=dice.of((1, 1, 2)),
    )


def event(dice: Dice, number: int = 1, most_lines: int = 4) -> Event:
    """One in some has no stall at all."""
    return Event(number=number, lines=tuple(line(dice) for _ in range(dice.below(most_lines + 1))))


def group(dice: Dice, ticket: str, choices: Sequence[int]) -> Applicant:
    return Applicant(
        ticket=ticket,
        tier=dice.below(3),
        district=dice.of(DISTRICTS),
        stages=dice.some(VERTICAL) if dice.below(2) else frozenset(),
        tags=dice.some(TAGS),
        categories=dice.one_or_more(PRODUCTS) if dice.below(3) else frozenset({dice.of(PRODUCTS)}),
        upgrade=dice.below(3) > 0,
        choices=tuple(dice.shuffled(choices)[: 1 + dice.below(len(choices))]),
    )


def in_line(people: Sequence[Applicant]) -> tuple[Applicant, ...]:
    """As the lots of SEED place them, so that a draw of one event sees them in this order."""
    return line_up(SEED, people)


def pool(dice: Dice, most: int = 7) -> tuple[Applicant, ...]:
    """By place."""
    return in_line([group(dice, ticket, (1,)) for ticket in tickets(many(dice, most))])


def many(dice: Dice, most: int) -> int:
    """Mostly more than there are stalls for."""
    return max(dice.below(most + 1), dice.below(most + 1))


def instance(dice: Dice, most: int = 8, most_events: int = 3) -> Instance:
    numbers = range(1, 2 + dice.below(most_events))
    people = tickets(1 + many(dice, most - 1))
    return Instance(
        applicants=tuple(group(dice, ticket, numbers) for ticket in people),
        events=tuple(event(dice, number) for number in numbers),
    )


def seed(dice: Dice) -> str:
    return f"{dice.below(251):064x}"


events = thrown(event, OF_EVENT)
pools = thrown(pool, 2 + 7 * OF_GROUP)
small_pools = thrown(lambda dice: pool(dice, 5), 2 + 5 * OF_GROUP)
instances = thrown(instance, 3 + 8 * OF_GROUP + 3 * OF_EVENT)
seeds = thrown(seed, 1)
dices = st.binary(min_size=24, max_size=24).map(Dice)
"""For what a property itself leaves to chance."""


def tiny_instance(dice: Dice) -> Instance:
    """Few enough that all outcomes there are can be tried."""
    return instance(dice, most=4, most_events=2)


tiny_instances = thrown(tiny_instance, 3 + 4 * OF_GROUP + 2 * OF_EVENT)


def large_instance(dice: Dice) -> Instance:
    """Up to forty groups, twelve events of up to eight lines, and as long lists."""
    numbers = range(1, 3 + dice.below(11))
    return Instance(
        applicants=tuple(group(dice, ticket, numbers) for ticket in tickets(10 + dice.below(31))),
        events=tuple(event(dice, number, most_lines=8) for number in numbers),
    )


large_instances = thrown(large_instance, 2 + 40 * (OF_GROUP + 9) + 12 * 2 * OF_EVENT)
