"""Sentences about an event's choice rule: what the staged plan promises, on small events of every kind."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from services.stalls.draw.choose import choose
from services.stalls.draw.plan import Applicant, Event, Line, takes
from tests.unit.stalls.draw.instances import MANY, PRODUCTS, events, group, pools
from tests.unit.stalls.draw.slots import Slot, most_seated, slot_by_slot

FOOD, ANY_FOOD = frozenset({"food"}), frozenset({"food", "masks"})


def taken(event: Event, pool: Sequence[Applicant]) -> list[Applicant]:
    return list(choose(event, pool).holders)


@MANY
@given(events(), pools(most=6))
def test_line_by_line_takes_whom_and_what_stall_by_stall_takes(event: Event, pool: tuple[Applicant, ...]) -> None:
    chosen, slots = choose(event, pool), slot_by_slot(event, pool)
    for found, expected in zip(chosen.passes, slots, strict=True):
        assert set(found.holders) == set(expected.seats.values())
        at = [slot.at for slot in expected.seats]
        assert list(found.stalls) == [at.count(number) for number in range(len(event.lines))]
    assert chosen.holders == tuple(i for i in pool if any(i in step.seats.values() for step in slots))


@MANY
@given(events(), pools(), st.data())
def test_who_is_refused_is_not_wanted_when_others_come(
    event: Event, pool: tuple[Applicant, ...], data: st.DataObject
) -> None:
    fewer = [i for i in pool if data.draw(st.booleans())]
    refused = set(fewer) - set(taken(event, fewer))
    assert refused.isdisjoint(taken(event, pool))


@MANY
@given(events(), pools(), st.data())
def test_more_applicants_never_fill_fewer_stalls(
    event: Event, pool: tuple[Applicant, ...], data: st.DataObject
) -> None:
    fewer = [i for i in pool if data.draw(st.booleans())]
    assert len(taken(event, fewer)) <= len(taken(event, pool))


@MANY
@given(events(), pools(), st.data())
def test_choosing_in_parts_and_then_among_the_chosen_is_the_same(
    event: Event, pool: tuple[Applicant, ...], data: st.DataObject
) -> None:
    sides = [data.draw(st.integers(0, 2)) for _ in pool]
    left = taken(event, [i for i, side in zip(pool, sides, strict=True) if side != 0])
    right = taken(event, [i for i, side in zip(pool, sides, strict=True) if side != 1])
    assert taken(event, [i for i in pool if i in left or i in right]) == taken(event, pool)


@MANY
@given(events(), pools(most=6))
def test_every_pass_seats_as_many_as_can_be_seated(event: Event, pool: tuple[Applicant, ...]) -> None:
    left = list(pool)
    free = [Slot(n, at, line) for at, line in enumerate(event.lines) for n in range(line.count)]
    for step, given_out in zip(choose(event, pool).passes, slot_by_slot(event, pool), strict=True):
        assert len(step.holders) == most_seated(left, free, given_out.may)
        left = [i for i in left if i not in step.holders]
        for at, count in enumerate(step.stalls):
            for slot in [slot for slot in free if slot.at == at][:count]:
                free.remove(slot)


@MANY
@given(events(), pools())
def test_no_listed_stall_she_fits_stays_empty(event: Event, pool: tuple[Applicant, ...]) -> None:
    chosen = choose(event, pool)
    for at, line in enumerate(event.lines):
        if sum(step.stalls[at] for step in chosen.passes) == line.count:
            continue
        for refused in set(pool) - set(chosen.holders):
            assert not any(step.step.may(refused, line) for step in chosen.passes)


@MANY
@given(events(), pools(), st.sampled_from(PRODUCTS))
def test_a_cap_written_into_the_plan_holds_whoever_comes(
    event: Event, pool: tuple[Applicant, ...], product: str
) -> None:
    admitting = sum(s.count for s in event.lines if takes(s.categories, product) or takes(s.fallback, product))
    assert sum(product in holder.categories for holder in taken(event, pool)) <= admitting


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
