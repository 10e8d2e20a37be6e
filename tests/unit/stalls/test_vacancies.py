"""The log of stalls given back: each departure once, in order, chained, and never two successors."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from services.stalls.draw.accept import Outcome, Row
from services.stalls.draw.plan import Applicant, Event, Instance, Line
from services.stalls.outcomes.domain import Draw, KeptOutcome
from services.stalls.vacancies.commands import record
from services.stalls.vacancies.domain import Left, LogBroken, Vacancies, append, chained, require_intact
from services.stalls.vacancies.store import VacanciesDocument
from shared.testing import FakeStores
from tests.unit.stalls.small_fair import NOON

TICKETS = tuple(f"{n:016d}" for n in range(1, 6))
EMPTY = Vacancies(id="call-1", tenant="27")


def left(number: int, stall: int = 1, event: int = 1) -> Left:
    return Left(allotment=f"allotment-{number}", ticket=TICKETS[number - 1], event=event, stall=stall)


@pytest.fixture
def made() -> Draw:
    """Two stalls; five groups in the order of their tickets, so that the first two have them."""
    people = tuple(
        Applicant(ticket=ticket, tier=0, district="490", categories=frozenset({"handicraft"}), choices=(1,))
        for ticket in TICKETS
    )
    rows = tuple(
        Row(ticket=ticket, place=place, event=1 if place < 3 else None, stall=place if place < 3 else None)
        for place, ticket in enumerate(TICKETS, 1)
    )
    kept = KeptOutcome(
        id="call-1",
        tenant="27",
        files={},
        register=(),
        inputs_digest="",
        plan_digest="",
        rules_digest="",
        outcome_digest="",
        seed="",
        allotted=2,
        waitlisted=3,
        drawn_at=NOON,
    )
    instance = Instance(applicants=people, events=(Event(number=1, lines=(Line(count=2),)),))
    return Draw(kept=kept, instance=instance, outcome=Outcome(rows=rows), rows={}, tiers={}, register={})


@pytest.fixture
def stores() -> FakeStores:
    return FakeStores(VacanciesDocument)


def test_a_departure_enters_the_log_once() -> None:
    once = append(EMPTY, left(1), TICKETS[2], 0, NOON).state
    assert append(once, left(1), TICKETS[3], 1, NOON).state == once
    assert [entry.successor for entry in once.log] == [TICKETS[2]]


def test_who_looked_at_a_shorter_log_must_look_again() -> None:
    once = append(EMPTY, left(1), TICKETS[2], 0, NOON).state
    assert append(once, left(2, stall=2), TICKETS[2], 0, NOON).state == once


def test_every_entry_answers_for_all_before_it() -> None:
    log = append(append(EMPTY, left(1), TICKETS[2], 0, NOON).state, left(2, stall=2), None, 1, NOON).state.log
    assert log[0].digest == chained("", left(1), TICKETS[2])
    assert log[1].digest == chained(log[0].digest, left(2, stall=2), None)
    assert log[1].digest != chained(chained("", left(1), TICKETS[3]), left(2, stall=2), None)


def test_an_entry_that_was_changed_or_left_out_is_noticed() -> None:
    log = append(EMPTY, left(1), TICKETS[2], 0, NOON).state
    log = append(log, left(2, stall=2), TICKETS[3], 1, NOON).state
    require_intact(log)
    for changed in ((replace(log.log[0], successor=TICKETS[4]), log.log[1]), log.log[1:]):
        with pytest.raises(LogBroken):
            require_intact(replace(log, log=changed))


def test_the_log_is_read_back_as_it_was_kept() -> None:
    kept = append(EMPTY, left(1), TICKETS[2], 0, NOON + timedelta(milliseconds=7)).state
    assert VacanciesDocument.state({"_id": kept.id, "tenant": "27", **VacanciesDocument.of(kept)}) == kept


async def test_the_next_in_line_takes_it_and_asked_again_it_is_the_same(made: Draw, stores: FakeStores) -> None:
    first = await record(stores[Vacancies], made, left(1), (), offered=True)
    again = await record(stores[Vacancies], made, left(1), {TICKETS[2]}, offered=False)
    assert first == again
    assert first.successor == TICKETS[2]


async def test_who_left_the_line_is_passed_over(made: Draw, stores: FakeStores) -> None:
    entry = await record(stores[Vacancies], made, left(1), {TICKETS[2]}, offered=True)
    assert entry.successor == TICKETS[3]


async def test_nobody_follows_when_nobody_can_be_asked_any_more(made: Draw, stores: FakeStores) -> None:
    assert (await record(stores[Vacancies], made, left(1), (), offered=False)).successor is None


async def test_two_stalls_left_at_once_go_to_two_groups(made: Draw, stores: FakeStores) -> None:
    both = (record(stores[Vacancies], made, who, (), offered=True) for who in (left(1), left(2, stall=2)))
    entries = await asyncio.gather(*both)
    assert {entry.successor for entry in entries} == {TICKETS[2], TICKETS[3]}


async def test_a_line_is_followed_to_its_end(made: Draw, stores: FakeStores) -> None:
    order = []
    leaving = left(1)
    while (entry := await record(stores[Vacancies], made, leaving, (), offered=True)).successor:
        order.append(entry.successor)
        leaving = left(TICKETS.index(entry.successor) + 1)
    assert order == list(TICKETS[2:])
