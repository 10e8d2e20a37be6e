"""Sentences about an event's choice rule, one event at a time; what holds for all is in tests/properties."""

from collections.abc import Sequence

from services.stalls.draw.choose import choose
from services.stalls.draw.plan import Applicant, Event, Line
from tests.unit.stalls.draw.instances import group

FOOD, ANY_FOOD = frozenset({"food"}), frozenset({"food", "masks"})


def taken(event: Event, pool: Sequence[Applicant]) -> list[Applicant]:
    return list(choose(event, pool).holders)


def test_the_guarantee_comes_before_better_places() -> None:
    event = Event(number=1, lines=(Line(tags=frozenset({"umed"}), count=1), Line(count=1)))
    first, second, umed = group(1), group(2), group(3, tags=frozenset({"umed"}))
    assert taken(event, [first, second, umed]) == [first, umed]


def test_a_guarantee_nobody_claims_goes_by_place() -> None:
    event = Event(number=1, lines=(Line(tags=frozenset({"umed"}), count=1), Line(count=1)))
    assert taken(event, [group(1), group(2), group(3)]) == [group(1), group(2)]


def test_a_district_is_guaranteed_like_a_tag() -> None:
    event = Event(number=1, lines=(Line(district="482", count=1),))
    assert taken(event, [group(1), group(2, district="482")]) == [group(2, district="482")]


def test_a_vertical_stall_is_opened_to_others_only_by_its_fallback() -> None:
    closed = Event(number=1, lines=(Line(stage="sc", fallback=frozenset(), count=1),))
    opened = Event(number=1, lines=(Line(stage="sc", fallback=FOOD, count=1),))
    assert taken(closed, [group(1)]) == []
    assert taken(opened, [group(1), group(2, sells="masks")]) == [group(1)]
    hers = group(3, stages=frozenset({"sc"}))
    assert taken(opened, [group(1), hers]) == [hers]


def test_who_sells_two_kinds_needs_a_stall_that_takes_both() -> None:
    both = group(1, sells="food masks")
    event = Event(number=1, lines=(Line(categories=FOOD, fallback=FOOD, count=2),))
    assert taken(event, [both]) == []
    wider = Event(number=1, lines=(Line(categories=ANY_FOOD, fallback=FOOD, count=1),))
    assert taken(wider, [both]) == [both]


def test_she_who_fits_two_lines_moves_for_her_who_fits_one() -> None:
    event = Event(number=1, lines=(Line(categories=FOOD, count=1), Line(categories=ANY_FOOD, count=1)))
    people = [group(1, sells="food"), group(2, sells="food"), group(3, sells="masks")]
    assert taken(event, people) == people[:2]
    assert taken(event, [people[0], people[2]]) == [people[0], people[2]]


def test_512_groups_move_by_one_line_each_to_seat_one_more() -> None:
    """The longest augmenting path there can be: everybody holds the line that the one before her needs."""
    kinds = [f"kind{number}" for number in range(513)]
    masks = [frozenset(kinds[at : at + 2]) for at in range(512)]
    event = Event(number=1, lines=tuple(Line(categories=mask, fallback=mask, count=1) for mask in masks))
    pool = [group(number, sells=kinds[number]) for number in range(1, 512)]
    last = [group(600, sells=kinds[0]), group(601, sells=kinds[5])]
    assert taken(event, [*pool, *last]) == [*pool, last[0]]
