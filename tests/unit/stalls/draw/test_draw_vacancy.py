"""Sentences about stalls given back: one new holder for each, nobody kept is moved, replay is the state."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.stalls.draw.accept import Outcome, accept
from services.stalls.draw.choose import choose
from services.stalls.draw.order import line_up
from services.stalls.draw.plan import Event, Instance, Line
from services.stalls.draw.vacancy import Departure, successor
from tests.unit.stalls.draw.instances import MANY, SEED, group, instances, seeds

Holders = dict[tuple[int, int], str]


def held_at_first(outcome: Outcome) -> Holders:
    return {(row.event, row.stall): row.ticket for row in outcome.rows if row.event is not None and row.stall}


def passed_on(
    instance: Instance, outcome: Outcome, data: st.DataObject, departures: int
) -> tuple[Holders, list[Departure], set[str]]:
    """Holders and waiting groups leave at will; every stall is offered on at once."""
    holders, log, gone = held_at_first(outcome), list[Departure](), set[str]()
    for _ in range(departures):
        if not holders:
            break
        gone |= {row.ticket for row in outcome.rows if row.ticket not in holders.values() and data.draw(st.booleans())}
        event, stall = data.draw(st.sampled_from(sorted(holders)))
        left = Departure(ticket=holders.pop((event, stall)), event=event, stall=stall)
        log.append(replace(left, successor=successor(instance, outcome, [*log, left], gone)))
        assert log[-1].successor not in gone
        if log[-1].successor is not None:
            holders[event, stall] = log[-1].successor
    return holders, log, gone


@MANY
@given(instances(most=8), seeds, st.data())
def test_a_vacancy_has_one_successor_and_moves_nobody(instance: Instance, seed: str, data: st.DataObject) -> None:
    outcome = accept(instance, seed)
    people = {applicant.ticket: applicant for applicant in instance.applicants}
    holders, log, _ = passed_on(instance, outcome, data, 4)
    assert len(set(holders.values())) == len(holders), "nobody holds two stalls"
    for left in log:
        if left.successor is not None:
            assert left.event in people[left.successor].choices
            assert left.successor not in {other.ticket for other in log[: log.index(left) + 1]}
    for event in instance.events:
        kept = [i for i in line_up(seed, instance.applicants) if i.ticket in holders_of(holders, event)]
        assert list(choose(event, kept).holders) == kept, "the plan still seats all of them at once"


def holders_of(holders: Holders, event: Event) -> set[str]:
    return {ticket for (number, _), ticket in holders.items() if number == event.number}


@MANY
@given(instances(most=8), seeds, st.data())
def test_after_each_vacancy_nobody_who_waits_could_still_be_taken(
    instance: Instance, seed: str, data: st.DataObject
) -> None:
    outcome = accept(instance, seed)
    holders, log, gone = passed_on(instance, outcome, data, 4)
    out = gone | {left.ticket for left in log} | set(holders.values())
    for event in instance.events:
        mine = holders_of(holders, event)
        pool = [
            i
            for i in line_up(seed, instance.applicants)
            if i.ticket in mine or (event.number in i.choices and i.ticket not in out)
        ]
        assert {holder.ticket for holder in choose(event, pool).holders} == mine


def test_the_guarantee_holds_for_the_successor_too() -> None:
    event = Event(number=1, lines=(Line(tags=frozenset({"umed"}), count=1), Line(count=1)))
    others = tuple(group(number) for number in (1, 2, 3))
    umed = tuple(group(number, tier=1, tags=frozenset({"umed"})) for number in (4, 5))
    instance = Instance(applicants=(*others, *umed), events=(event,))
    outcome = accept(instance, SEED)
    first, second, _, holder, waiting = (row.ticket for row in outcome.rows)
    assert held_at_first(outcome) == {(1, 1): first, (1, 2): holder}
    assert successor(instance, outcome, [Departure(ticket=holder, event=1, stall=2)]) == waiting
    assert successor(instance, outcome, [Departure(ticket=first, event=1, stall=1)]) == second


def test_who_declined_is_never_asked_again() -> None:
    event = Event(number=1, lines=(Line(count=1),))
    instance = Instance(applicants=(group(1), group(2)), events=(event,))
    outcome = accept(instance, SEED)
    first, second = (row.ticket for row in outcome.rows)
    one = Departure(ticket=first, event=1, stall=1)
    assert successor(instance, outcome, [one]) == second
    two = Departure(ticket=second, event=1, stall=1)
    assert successor(instance, outcome, [replace(one, successor=second), two]) is None


def test_a_stall_that_was_not_passed_on_does_not_bring_two_successors_later() -> None:
    event = Event(number=1, lines=(Line(count=2),))
    instance = Instance(applicants=tuple(group(number) for number in range(1, 6)), events=(event,))
    outcome = accept(instance, SEED)
    first, second, third, *_ = (row.ticket for row in outcome.rows)
    unpassed = Departure(ticket=first, event=1, stall=1)
    assert successor(instance, outcome, [unpassed, Departure(ticket=second, event=1, stall=2)]) == third
