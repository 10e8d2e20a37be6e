"""Sentences about the whole draw: stable, best for applicants, honest lists are the best lists, nobody is hurt."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.stalls.draw.accept import accept
from services.stalls.draw.choose import choose
from services.stalls.draw.order import line_up
from services.stalls.draw.plan import Applicant, Event, Instance, Line
from tests.unit.stalls.draw.instances import (
    MANY,
    SEED,
    SOME,
    choices_of,
    group,
    instances,
    places,
    ranks,
    result,
    seeds,
    with_one_more,
)
from tests.unit.stalls.draw.slots import slot_by_slot


def holders(instance: Instance, number: int, seed: str = SEED) -> list[Applicant]:
    held = {row.ticket for row in accept(instance, seed).rows if row.event == number}
    return [applicant for applicant in line_up(seed, instance.applicants) if applicant.ticket in held]


def changed(instance: Instance, applicant: Applicant) -> Instance:
    others = [applicant if other.ticket == applicant.ticket else other for other in instance.applicants]
    return replace(instance, applicants=tuple(others))


def one_by_one(instance: Instance, seed: str, order: random.Random) -> dict[str, int | None]:
    """Proposals in any order, one at a time, the event choosing anew for each."""
    line = line_up(seed, instance.applicants)
    events = {event.number: event for event in instance.events}
    kept: dict[int, list[Applicant]] = {number: [] for number in events}
    ahead = {applicant: list(applicant.choices) for applicant in line}
    free = list(line)
    while free:
        asking = free.pop(order.randrange(len(free)))
        if not ahead[asking]:
            continue
        number = ahead[asking].pop(0)
        pool = [applicant for applicant in line if applicant in kept[number] or applicant == asking]
        kept[number] = list(choose(events[number], pool).holders)
        free += [applicant for applicant in pool if applicant not in kept[number]]
    return {i.ticket: next((number for number in kept if i in kept[number]), None) for i in line}


@MANY
@given(instances(), seeds, st.integers(0, 999))
def test_the_order_of_proposals_does_not_matter(instance: Instance, seed: str, order: int) -> None:
    rows = {row.ticket: row.event for row in accept(instance, seed).rows}
    assert rows == one_by_one(instance, seed, random.Random(order))


@MANY
@given(instances(), seeds)
def test_no_stall_a_group_could_have_had_went_to_a_worse_place(instance: Instance, seed: str) -> None:
    place, wanted = places(instance, seed), {i.ticket: i for i in instance.applicants}
    outcome = accept(instance, seed)
    for event in instance.events:
        steps = slot_by_slot(event, holders(instance, event.number, seed))
        for row in outcome.rows:
            if event.number not in {refusal.event for refusal in row.refusals}:
                continue
            for step in steps:
                could = [who for slot, who in step.seats.items() if step.may(wanted[row.ticket], slot.line)]
                assert all(place[who.ticket] < row.place for who in could)


@MANY
@given(instances(), seeds)
def test_every_choice_better_than_hers_really_refused_her(instance: Instance, seed: str) -> None:
    """With no envy and no waste this is stability: an event, asked again, would not take her."""
    events = {event.number: event for event in instance.events}
    line = line_up(seed, instance.applicants)
    for row, applicant in zip(accept(instance, seed).rows, line, strict=True):
        better = applicant.choices if row.choice is None else applicant.choices[: row.choice - 1]
        assert tuple(refusal.event for refusal in row.refusals) == better
        for number in better:
            kept = holders(instance, number, seed)
            pool = [i for i in line if i in kept or i == applicant]
            assert list(choose(events[number], pool).holders) == kept


@SOME
@given(instances(most=6), seeds)
def test_no_other_list_brings_her_more(instance: Instance, seed: str) -> None:
    """Exhaustive: every ordered choice of the events; what she did not list is worth nothing to her."""
    numbers = [event.number for event in instance.events]
    honest = result(instance, seed)
    for liar in instance.applicants:
        for lie in lists(numbers):
            other = accept(changed(instance, replace(liar, choices=lie)), seed)
            assert ranks(other, choices_of(instance.applicants))[liar.ticket] >= honest[liar.ticket]


def lists(numbers: list[int]) -> Iterator[tuple[int, ...]]:
    for length in range(1, len(numbers) + 1):
        yield from itertools.permutations(numbers, length)


@MANY
@given(instances(), seeds, st.data())
def test_hiding_a_tag_a_stage_or_a_district_never_helps(instance: Instance, seed: str, data: st.DataObject) -> None:
    hider = data.draw(st.sampled_from(instance.applicants))
    shown_tags = frozenset(tag for tag in hider.tags if data.draw(st.booleans()))
    shown_stages = frozenset(stage for stage in hider.stages if data.draw(st.booleans()))
    district = data.draw(st.sampled_from((hider.district, "0")))
    hidden = changed(instance, replace(hider, tags=shown_tags, stages=shown_stages, district=district))
    assert result(hidden, seed)[hider.ticket] >= result(instance, seed)[hider.ticket]


@MANY
@given(instances(), seeds, st.data())
def test_one_more_stall_hurts_nobody(instance: Instance, seed: str, data: st.DataObject) -> None:
    event = data.draw(st.sampled_from(instance.events))
    if not event.lines:
        return
    grown = with_one_more(event, data.draw(st.integers(0, len(event.lines) - 1)))
    larger = replace(instance, events=tuple(grown if e == event else e for e in instance.events))
    before = result(instance, seed)
    assert all(rank <= before[ticket] for ticket, rank in result(larger, seed).items())


@MANY
@given(instances(), seeds, st.data())
def test_a_group_that_leaves_hurts_nobody(instance: Instance, seed: str, data: st.DataObject) -> None:
    leaver = data.draw(st.sampled_from(instance.applicants))
    rest = replace(instance, applicants=tuple(i for i in instance.applicants if i != leaver))
    before = result(instance, seed)
    assert all(rank <= before[ticket] for ticket, rank in result(rest, seed).items())


@MANY
@given(instances(), seeds)
def test_a_stall_has_one_holder_and_a_group_one_stall(instance: Instance, seed: str) -> None:
    rows = accept(instance, seed).rows
    assert [row.place for row in rows] == list(range(1, len(instance.applicants) + 1))
    assert {row.ticket for row in rows} == {applicant.ticket for applicant in instance.applicants}
    for event in instance.events:
        given_out = [row.stall for row in rows if row.event == event.number]
        assert given_out == list(range(1, len(given_out) + 1)), "numbered in the order of place"
        assert len(given_out) <= event.stalls


@MANY
@given(instances(), seeds)
def test_who_waits_stands_behind_better_places_without_a_stall(instance: Instance, seed: str) -> None:
    wanted = choices_of(instance.applicants)
    rows = accept(instance, seed).rows
    without = [row for row in rows if row.event is None]
    for row in rows:
        positions = dict(row.waiting)
        if row.event is not None:
            assert positions == {}
            continue
        for event in instance.events:
            ahead = sum(event.number in wanted[other.ticket] and other.place < row.place for other in without)
            listed = event.number in wanted[row.ticket] and event.lines
            assert positions.get(event.number) == (ahead + 1 if listed else None)


def test_a_struck_event_refuses_with_no_stall_and_nobody_waits_for_it() -> None:
    struck = Event(number=1, lines=(), note="मैदान रद्द")
    (row,) = accept(Instance(applicants=(group(1, 1),), events=(struck,)), SEED).rows
    assert (row.event, row.waiting) == (None, ())
    assert row.refusals[0].stalls == 0


def test_fewer_credits_come_first_whatever_the_lot_says() -> None:
    event = Event(number=1, lines=(Line(count=1),))
    people = tuple(group(number, tier=int(number != 3)) for number in range(1, 6))
    assert accept(Instance(applicants=people, events=(event,)), SEED).rows[0].ticket == people[2].ticket
