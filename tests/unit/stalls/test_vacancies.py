"""The log of stalls given back: each departure once, in order, chained, and never two who follow."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.stalls.draw.accept import accept
from services.stalls.draw.chain import Live, Phase
from services.stalls.draw.chain_log import Entry, Kind, chained, phase_on, replay
from services.stalls.draw.plan import Event, Instance, Line
from services.stalls.vacancies import domain
from services.stalls.vacancies.domain import Book, Cause, Left, LogBroken, OldEntry, Vacancies, logged
from services.stalls.vacancies.store import LoggedDocument, VacanciesDocument
from tests.unit.stalls.draw.instances import SEED, group
from tests.unit.stalls.small_fair import FIRST_DAY, NOON, opened

CALL = opened((Line(count=1),), (Line(count=1),))
LAST_WEEK = NOON + timedelta(days=15)
THE_DAY = NOON + timedelta(days=21)
DAYS = domain.first_days(CALL)
FIRST, SECOND, THIRD, FOURTH = (f"{number:016}" for number in (1, 2, 3, 4))


def book() -> Book:
    """Two grounds with one stall each; the second group would rather be where the first is."""
    people = (group(1, 1), group(2, 1, 2, tier=1, upgrade=True), group(3, 2, tier=2), group(4, 2, 1, tier=3))
    events = tuple(Event(number=number, lines=(Line(count=1),)) for number in (1, 2))
    instance = Instance(applicants=people, events=events)
    return Book(Live(instance, accept(instance, SEED)))


def recorded(log: Book, cause: Cause, now: datetime = NOON) -> Entry | None:
    entry = domain.decided(log, domain.begun(log, cause, CALL, now, 7), DAYS)
    if entry is not None:
        log.add(entry)
    return entry


def left(ticket: str, event: int) -> Cause:
    return Cause(kind=Kind.LEFT, ticket=ticket, event=event, stall=1)


def test_who_moves_up_leaves_a_stall_for_the_next_entry() -> None:
    log = book()
    first = recorded(log, left(FIRST, 1))
    assert first is not None
    assert (first.taker, first.source, first.phase, first.upgrades_from) == (
        SECOND,
        (2, 1),
        Phase.UPGRADES,
        "2026-11-29",
    )
    second = recorded(log, Cause(kind=Kind.MOVED, ticket=SECOND, event=2, stall=1, after=1))
    assert second is not None
    assert (second.number, second.taker, second.source) == (2, THIRD, None)
    assert log.live.held == {SECOND: (1, 1), THIRD: (2, 1)}
    assert log.entry_of(left(FIRST, 1), FIRST_DAY) == first
    assert log.entry_of(Cause(kind=Kind.PASSED, ticket=SECOND, event=1, stall=1, after=1), FIRST_DAY) == second


def test_in_the_last_week_nobody_moves_up_and_on_the_day_only_who_stands_there_is_taken() -> None:
    log = book()
    entry = recorded(log, left(FIRST, 1), LAST_WEEK)
    assert entry is not None
    assert (entry.phase, entry.taker, entry.source) == (Phase.OFFERS, FOURTH, None)
    on_the_day = recorded(log, left(SECOND, 2), THE_DAY)
    assert on_the_day is not None
    assert (on_the_day.phase, on_the_day.taker) == (Phase.STANDBY, "")
    here = recorded(log, Cause(kind=Kind.STANDS_BY, ticket=THIRD, event=2), THE_DAY)
    assert here is not None
    seated = recorded(log, Cause(kind=Kind.EMPTY, ticket="", event=2, after=here.number), THE_DAY)
    assert seated is not None
    assert (seated.taker, seated.seat) == (THIRD, (2, 1))


def test_an_empty_stall_that_nobody_takes_is_no_entry() -> None:
    log = book()
    recorded(log, left(SECOND, 2), THE_DAY)
    assert recorded(log, Cause(kind=Kind.EMPTY, ticket="", event=2, after=1), THE_DAY) is None
    assert len(log.entries) == 1


def test_who_stands_by_does_so_for_one_day() -> None:
    log = book()
    recorded(log, left(SECOND, 2), THE_DAY)
    here = Cause(kind=Kind.STANDS_BY, ticket=THIRD, event=2)
    entry = recorded(log, here, THE_DAY)
    assert log.entry_of(here, FIRST_DAY) == entry
    assert log.entry_of(here, FIRST_DAY + timedelta(days=1)) is None
    later = recorded(log, Cause(kind=Kind.STANDS_BY, ticket=FOURTH, event=2), THE_DAY + timedelta(days=1))
    assert later is not None
    assert log.live.standing_by[2] == {FOURTH}


def test_who_wants_nothing_more_is_passed_over_and_never_asked_again() -> None:
    log = book()
    recorded(log, left(SECOND, 2), LAST_WEEK)
    passed = recorded(log, Cause(kind=Kind.PASSED, ticket=THIRD, event=2, stall=1, after=1), LAST_WEEK)
    assert passed is not None
    assert passed.taker == FOURTH
    assert log.takes(THIRD) == []
    assert recorded(log, left(FOURTH, 2), LAST_WEEK).taker == ""  # type: ignore[union-attr]


def test_who_could_not_be_asked_in_time_is_where_she_was() -> None:
    log = book()
    recorded(log, left(FIRST, 1))
    late = recorded(log, Cause(kind=Kind.LATE, ticket=SECOND, event=1, stall=1, after=1), THE_DAY)
    assert late is not None
    assert (late.taker, log.live.held, log.live.pending) == ("", {SECOND: (2, 1)}, set())
    log = book()
    recorded(log, left(SECOND, 2), LAST_WEEK)
    recorded(log, Cause(kind=Kind.LATE, ticket=THIRD, event=2, stall=1, after=1), THE_DAY)
    assert recorded(log, left(FIRST, 1), LAST_WEEK).taker == FOURTH  # type: ignore[union-attr]
    assert THIRD not in log.live.out, "she still waits for other grounds"


def told() -> list[Entry]:
    log = book()
    recorded(log, left(FIRST, 1))
    recorded(log, Cause(kind=Kind.MOVED, ticket=SECOND, event=2, stall=1, after=1))
    recorded(log, left(THIRD, 2))
    return log.entries


def test_a_log_that_is_replayed_says_who_holds_what_and_that_all_is_well() -> None:
    live = book().live
    assert replay(live, told(), DAYS) == []
    assert live.held == {SECOND: (1, 1), FOURTH: (2, 1)}


@pytest.mark.parametrize("field", ["at", "ticket", "event", "stall", "taker", "phase", "upgrades_from", "from_event"])
def test_a_changed_field_breaks_the_chain_of_digests(field: str) -> None:
    entries = told()
    other: dict[str, Any] = {"event": 2, "stall": 2, "from_event": 1, "phase": Phase.OFFERS}
    changed = replace(entries[0], **{field: other.get(field, FOURTH)})
    assert chained("", changed) != entries[0].digest
    log = book()
    with pytest.raises(LogBroken):
        domain.require_follows(log, "call-1", changed)


def test_a_log_rewritten_for_a_favoured_group_is_found_by_the_rule() -> None:
    entries = told()
    favoured = replace(entries[0], taker=FOURTH, from_event=0, from_stall=0)
    favoured = replace(favoured, digest=chained("", favoured))
    assert replay(book().live, [favoured], DAYS) == [f"entry 1: stall 1 of event 1 goes to {SECOND}, not to {FOURTH}"]


def test_an_entry_left_out_is_found() -> None:
    entries = told()
    assert replay(book().live, entries[1:], DAYS)[0].startswith("entry 2: its digest")
    log = book()
    with pytest.raises(LogBroken):
        domain.require_follows(log, "call-1", entries[1])


def test_an_entry_is_read_back_as_it_was_kept() -> None:
    one = logged(CALL, told()[0])
    assert LoggedDocument.state({"_id": one.id, "tenant": "27", **LoggedDocument.of(one)}) == one


def old() -> Vacancies:
    one = Left(allotment="allotment-1", ticket=FIRST, event=1, stall=1)
    two = Left(allotment="allotment-2", ticket=SECOND, event=2, stall=1)
    digest = domain.chained("", one, FOURTH)
    log = (
        OldEntry(left=one, successor=FOURTH, at=NOON, digest=digest),
        OldEntry(left=two, successor=None, at=NOON, digest=domain.chained(digest, two, None)),
    )
    return Vacancies(id="call-1", tenant="27", log=log)


def test_a_log_of_before_is_read_and_goes_on_in_the_new_one() -> None:
    log = book()
    for entry in domain.entries_of(old()):
        log.read(entry)
    assert log.live.held == {FOURTH: (1, 1)}
    assert log.entry_of(left(FIRST, 1), FIRST_DAY) == log.entries[0]
    third = recorded(log, left(FOURTH, 1))
    assert third is not None
    assert (third.number, third.digest) == (3, chained(old().log[1].digest, third))
    kept = {"_id": "call-1", "tenant": "27", **VacanciesDocument.of(old())}
    assert VacanciesDocument.state(kept) == old()


def test_a_log_of_before_that_was_changed_is_noticed() -> None:
    whole = old()
    for changed in ((replace(whole.log[0], successor=THIRD), whole.log[1]), whole.log[1:]):
        with pytest.raises(LogBroken):
            domain.entries_of(replace(whole, log=changed))


def test_where_the_log_says_each_ticket_is() -> None:
    seats = domain.Seats()
    for entry in told():
        seats.read(entry)
    assert seats.seats == {FIRST: None, SECOND: (1, 1), THIRD: None, FOURTH: (2, 1)}
    assert seats.last == 3


@pytest.mark.parametrize(
    ("days", "phase"),
    [
        (-7, Phase.UPGRADES),
        (-6, Phase.OFFERS),
        (-1, Phase.OFFERS),
        (0, Phase.STANDBY),
        (1, Phase.STANDBY),
        (2, Phase.OVER),
    ],
)
def test_the_seventh_day_before_is_the_last_to_move_up(days: int, phase: Phase) -> None:
    assert phase_on(FIRST_DAY + timedelta(days=days), FIRST_DAY, FIRST_DAY + timedelta(days=1), 7) is phase
