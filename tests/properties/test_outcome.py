"""Sentences about the whole draw: stable, best for applicants, whatever the order of work, and with true reasons."""

import itertools
import random
from collections.abc import Sequence

from services.stalls.draw.accept import Outcome
from services.stalls.draw.choose import choose
from services.stalls.draw.order import line_up
from services.stalls.draw.plan import Applicant, Event, Instance
from tests.properties.dice import Dice
from tests.properties.draws import dices, instances, seeds, tiny_instances
from tests.properties.proving import holds, of_the_specification
from tests.properties.slots import Given, slot_by_slot
from tests.properties.subjects import Subject
from tests.unit.stalls.draw.instances import places

Kept = dict[int, list[Applicant]]


def kept_by(outcome: Outcome, instance: Instance, seed: str) -> Kept:
    """Whom each event keeps, by place."""
    held = {row.ticket: row.event for row in outcome.rows}
    line = line_up(seed, instance.applicants)
    return {event.number: [i for i in line if held[i.ticket] == event.number] for event in instance.events}


def seated_by(outcome: Outcome, instance: Instance, seed: str) -> dict[int, list[Given]]:
    """The passes of each event, stall by stall, among those it keeps."""
    kept = kept_by(outcome, instance, seed)
    return {event.number: slot_by_slot(event, kept[event.number]) for event in instance.events}


def one_by_one(instance: Instance, seed: str, order: random.Random) -> dict[str, int | None]:
    """Proposals in any order, one at a time, the event choosing anew for each."""
    line = line_up(seed, instance.applicants)
    events = {event.number: event for event in instance.events}
    kept: Kept = {number: [] for number in events}
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


@holds(instances, seeds, dices)
def test_schedule_independence_the_order_of_proposals_does_not_matter(
    subject: Subject, instance: Instance, seed: str, dice: Dice
) -> None:
    rows = {row.ticket: row.event for row in subject.drawn(instance, seed).rows}
    assert rows == one_by_one(instance, seed, random.Random(dice.below(256)))


@holds(instances, seeds)
def test_no_envy_no_stall_a_group_could_have_had_went_to_a_worse_place(
    subject: Subject, instance: Instance, seed: str
) -> None:
    place, wanted = places(instance, seed), {i.ticket: i for i in instance.applicants}
    outcome = subject.drawn(instance, seed)
    steps = seated_by(outcome, instance, seed)
    for row in outcome.rows:
        for refusal in row.refusals:
            for step in steps[refusal.event]:
                could = [who for slot, who in step.seats.items() if step.may(wanted[row.ticket], slot.line)]
                assert all(place[who.ticket] < row.place for who in could)


@holds(instances, seeds)
def test_no_waste_no_stall_she_listed_and_fits_stays_empty(subject: Subject, instance: Instance, seed: str) -> None:
    wanted = {i.ticket: i for i in instance.applicants}
    outcome = subject.drawn(instance, seed)
    steps = seated_by(outcome, instance, seed)
    events = {event.number: event for event in instance.events}
    for row in outcome.rows:
        for refusal in row.refusals:
            given = [slot.at for step in steps[refusal.event] for slot in step.seats]
            for at, line in enumerate(events[refusal.event].lines):
                empty = given.count(at) < line.count
                assert not (empty and any(step.may(wanted[row.ticket], line) for step in steps[refusal.event]))


@holds(instances, seeds)
def test_every_choice_better_than_hers_really_refused_her(subject: Subject, instance: Instance, seed: str) -> None:
    """With no envy and no waste this is stability: an event, asked again, would not take her."""
    events = {event.number: event for event in instance.events}
    line = line_up(seed, instance.applicants)
    outcome = subject.drawn(instance, seed)
    kept = kept_by(outcome, instance, seed)
    for row, applicant in zip(outcome.rows, line, strict=True):
        better = applicant.choices if row.choice is None else applicant.choices[: row.choice - 1]
        assert tuple(refusal.event for refusal in row.refusals) == better
        for number in better:
            again = choose(events[number], [i for i in line if i in kept[number] or i == applicant]).holders
            assert list(again) == kept[number]


@of_the_specification(tiny_instances, seeds, share=4)
def test_no_other_stable_outcome_is_better_for_anybody(subject: Subject, instance: Instance, seed: str) -> None:
    """Exhaustive: every way to give each one of her choices or nothing."""
    line = line_up(seed, instance.applicants)
    ours = subject.result(instance, seed)
    for given in itertools.product(*((*i.choices, None) for i in line)):
        if stable(instance.events, line, given):
            for applicant, number in zip(line, given, strict=True):
                rank = 99 if number is None else applicant.choices.index(number)
                assert ours[applicant.ticket] <= rank


def stable(events: Sequence[Event], line: Sequence[Applicant], given: Sequence[int | None]) -> bool:
    """Each event keeps all it has, and would take nobody who likes it better than what she has."""
    for event in events:
        kept = [i for i, number in zip(line, given, strict=True) if number == event.number]
        liking = [
            i
            for i, number in zip(line, given, strict=True)
            if number == event.number
            or event.number in (i.choices if number is None else i.choices[: i.choices.index(number)])
        ]
        if list(choose(event, liking).holders) != kept:
            return False
    return True


@holds(instances, seeds)
def test_a_stall_has_one_holder_and_a_group_one_stall(subject: Subject, instance: Instance, seed: str) -> None:
    rows = subject.drawn(instance, seed).rows
    assert [row.ticket for row in rows] == [i.ticket for i in line_up(seed, instance.applicants)]
    assert [row.place for row in rows] == list(range(1, len(rows) + 1))
    for event in instance.events:
        given_out = [row.stall for row in rows if row.event == event.number]
        assert given_out == list(range(1, len(given_out) + 1)), "numbered in the order of place"
        assert len(given_out) <= event.stalls


@holds(instances, seeds)
def test_who_waits_stands_behind_better_places_without_a_stall(subject: Subject, instance: Instance, seed: str) -> None:
    wanted = {i.ticket: i.choices for i in instance.applicants}
    rows = subject.drawn(instance, seed).rows
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


def counted(event: Event, steps: Sequence[Given], she: Applicant) -> tuple[int, int, int]:
    """Stall by stall, from who sits where: products, reservation, better places."""
    products = reservation = better = 0
    for at, line in enumerate(event.lines):
        given_out = [step for step in steps for slot in step.seats if slot.at == at]
        for step in [*given_out, *[None] * (line.count - len(given_out))]:
            if step is not None and step.may(she, line):
                better += 1
            elif line.categories is None or she.categories <= line.categories:
                reservation += 1
            else:
                products += 1
    return products, reservation, better


@holds(instances, seeds)
def test_the_reasons_are_those_of_a_count_stall_by_stall(subject: Subject, instance: Instance, seed: str) -> None:
    """The last place is before hers and was seated where she might have been."""
    place = places(instance, seed)
    events = {event.number: event for event in instance.events}
    line = line_up(seed, instance.applicants)
    outcome = subject.drawn(instance, seed)
    steps = seated_by(outcome, instance, seed)
    for she, row in zip(line, outcome.rows, strict=True):
        for refusal in row.refusals:
            there = steps[refusal.event]
            found = (refusal.other_products, refusal.other_reservation, refusal.better_place)
            assert found == counted(events[refusal.event], there, she)
            assert sum(found) == refusal.stalls == events[refusal.event].stalls
            sat = [place[i.ticket] for step in there for slot, i in step.seats.items() if step.may(she, slot.line)]
            assert (refusal.last_place is None) == (refusal.better_place == 0)
            if refusal.last_place is not None:
                assert max(sat) <= refusal.last_place < row.place
                assert outcome.rows[refusal.last_place - 1].event == refusal.event


@holds(instances, seeds)
def test_the_reason_is_the_same_among_all_who_asked_as_among_those_who_stayed(
    subject: Subject, instance: Instance, seed: str
) -> None:
    """So that the order of proposals cannot show in a reason."""
    line = line_up(seed, instance.applicants)
    rows = subject.drawn(instance, seed).rows
    for event in instance.events:
        held = [i for i, row in zip(line, rows, strict=True) if row.event == event.number]
        asked = [
            i
            for i, row in zip(line, rows, strict=True)
            if row.event == event.number or event.number in {refusal.event for refusal in row.refusals}
        ]
        few, many = slot_by_slot(event, held), slot_by_slot(event, asked)
        assert [(set(step.seats), set(step.seats.values())) for step in few] == [
            (set(step.seats), set(step.seats.values())) for step in many
        ]
