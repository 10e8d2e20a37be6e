"""Draws that name as many words as there may be, so that every bit of every mask means something."""

from collections.abc import Sequence

from hypothesis import strategies as st

from services.stalls.draw.engine.tables import MOST_CATEGORIES, MOST_STAGES, MOST_TAGS
from services.stalls.draw.plan import OPEN, Applicant, Event, Instance, Line
from tests.properties.dice import Dice, thrown
from tests.unit.stalls.draw.instances import tickets

TAGS = tuple(f"t{number:02}" for number in range(MOST_TAGS))
PRODUCTS = tuple(f"p{number:02}" for number in range(MOST_CATEGORIES))
VERTICAL = tuple(f"v{number:02}" for number in range(MOST_STAGES - 1))
GROUPS, LINES = 12, 6
OF_GROUP, OF_LINE = 18, 16
"""Throws that one needs."""


def few(dice: Dice, words: Sequence[str], most: int) -> frozenset[str]:
    """From anywhere in the order of words; at most so many."""
    return frozenset(dice.of(words) for _ in range(dice.below(most + 1)))


def line(dice: Dice) -> Line:
    fallback = few(dice, PRODUCTS, 2)
    return Line(
        stage=dice.of((OPEN, dice.of(VERTICAL))),
        categories=None if dice.below(3) else frozenset(PRODUCTS) - few(dice, PRODUCTS, 3),
        fallback=dice.of((None, fallback, frozenset(PRODUCTS) - fallback)),
        tags=few(dice, TAGS, 3),
        district=dice.of((None, None, None, "490")),
        count=1,
    )


def group(dice: Dice, ticket: str) -> Applicant:
    return Applicant(
        ticket=ticket,
        tier=dice.below(2),
        district=dice.of(("482", "490")),
        stages=frozenset(VERTICAL) - few(dice, VERTICAL, 2) if dice.below(2) else few(dice, VERTICAL, 2),
        tags=few(dice, TAGS, 3),
        categories=few(dice, PRODUCTS, 3) or frozenset(PRODUCTS[:1]),
        choices=dice.of(((1, 2), (2, 1), (1,))),
    )


def one(ticket: str, *, stages: frozenset[str], tags: frozenset[str], sold: frozenset[str]) -> Applicant:
    """Behind all others."""
    return Applicant(ticket=ticket, tier=2, district="482", stages=stages, tags=tags, categories=sold, choices=(1,))


def wide(dice: Dice) -> Instance:
    """Two events. One group has every tag and uses every stage, and one sells everything."""
    everything = one("9" * 15 + "1", stages=frozenset(VERTICAL), tags=frozenset(TAGS), sold=frozenset(PRODUCTS[-1:]))
    seller = one("9" * 15 + "2", stages=frozenset(), tags=frozenset(), sold=frozenset(PRODUCTS))
    people = (*(group(dice, ticket) for ticket in tickets(GROUPS)), everything, seller)
    events = (Event(number=number, lines=tuple(line(dice) for _ in range(LINES))) for number in (1, 2))
    return Instance(applicants=people, events=tuple(events))


wide_instances: st.SearchStrategy[Instance] = thrown(wide, GROUPS * OF_GROUP + 2 * LINES * OF_LINE)
