"""Who has a stall until when, who may still say yes or no, and what is told of it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.stalls.allotments.domain import (
    Allotment,
    ConfirmedTooLate,
    NotConfirmable,
    NotDeclinable,
    Seat,
    Status,
    confirm,
    confirm_by,
    decline,
    lapse,
    made,
    seat,
)
from services.stalls.allotments.store import AllotmentDocument
from services.stalls.draw.accept import Row
from shared.contracts.stalls import VenueName
from shared.contracts.stalls_allotments import (
    AllotmentConfirmed,
    AllotmentDeclined,
    AllotmentLapsed,
    ApplicationWaitlisted,
    StallAllotted,
)
from shared.documents import Doc
from tests.unit.stalls.small_fair import FIRST_DAY, NOON, TERMS, opened, registered

CALL = opened()
TICKET = "0001000100010001"
SEATED = Row(ticket=TICKET, place=1, event=1, stall=2, choice=1)
WAITING = Row(ticket=TICKET, place=3, waiting=((1, 1),))


def ist(day: int, hour: int, minute: int = 0, second: int = 0, month: int = 12) -> datetime:
    """A time of 2026 in India, in UTC."""
    return datetime(2026, month, day, hour, minute, second, tzinfo=UTC) - timedelta(hours=5, minutes=30)


def allotted(now: datetime = NOON) -> Allotment:
    return made(CALL, SEATED, registered(1, CALL), TERMS, now).state


def waiting() -> Allotment:
    return made(CALL, WAITING, registered(1, CALL), TERMS, NOON).state


def stall(number: int = 2) -> Seat:
    return seat(CALL, 1, number)


def test_a_stall_of_the_draw_is_hers_until_the_end_of_the_seventh_day_before() -> None:
    assert confirm_by(FIRST_DAY, "draw", TERMS, NOON) == ist(6, 23, 59, 59)


def test_a_draw_in_the_last_week_still_leaves_her_a_day() -> None:
    for late in (ist(10, 18), ist(11, 12)):
        assert confirm_by(FIRST_DAY, "draw", TERMS, late) == late + timedelta(hours=24)


@pytest.mark.parametrize(
    ("now", "hours"),
    [(ist(8, 12), 24), (ist(10, 23, 59, 59), 24), (ist(11, 0), 6), (ist(12, 12), 6)],
)
def test_an_offer_of_the_waitlist_holds_a_day_and_six_hours_in_the_last_two(now: datetime, hours: int) -> None:
    assert confirm_by(FIRST_DAY, "waitlist", TERMS, now) == now + timedelta(hours=hours)


def test_no_offer_outlasts_the_first_midnight_and_none_is_made_after_it() -> None:
    midnight = ist(13, 0)
    assert confirm_by(FIRST_DAY, "waitlist", TERMS, midnight - timedelta(hours=2)) == midnight
    assert confirm_by(FIRST_DAY, "draw", TERMS, midnight - timedelta(hours=2)) == midnight
    assert confirm_by(FIRST_DAY, "waitlist", TERMS, midnight) is None
    assert confirm_by(FIRST_DAY, "draw", TERMS, midnight) is None


def test_a_seat_of_the_outcome_is_a_stall_she_is_told_of() -> None:
    decision = made(CALL, SEATED, registered(1, CALL), TERMS, NOON)
    (fact,) = decision.facts
    assert isinstance(fact, StallAllotted)
    assert (fact.ticket, fact.place, fact.event, fact.stall, fact.through) == (TICKET, 1, 1, 2, "draw")
    assert fact.days == (date(2026, 12, 13), date(2026, 12, 14))
    assert fact.venue_name.mr == "शारदा प्रांगण 1"
    assert decision.state.due_at == decision.state.confirm_by == fact.confirm_by == ist(6, 23, 59, 59)


def test_who_got_none_is_told_her_place_on_each_waitlist() -> None:
    decision = made(CALL, WAITING, registered(1, CALL), TERMS, NOON)
    (fact,) = decision.facts
    assert isinstance(fact, ApplicationWaitlisted)
    assert [(one.event, one.position) for one in fact.positions] == [(1, 1)]
    assert (decision.state.status, decision.state.due_at) == (Status.WAITLISTED, None)


def test_she_confirms_once_and_a_second_yes_tells_nothing() -> None:
    first = confirm(allotted(), NOON)
    assert isinstance(first.facts[0], AllotmentConfirmed)
    assert (first.state.status, first.state.due_at) == (Status.CONFIRMED, None)
    assert confirm(first.state, NOON).facts == ()


def test_the_last_second_is_in_time_and_the_next_is_not() -> None:
    until = ist(6, 23, 59, 59)
    assert confirm(allotted(), until).state.status is Status.CONFIRMED
    with pytest.raises(ConfirmedTooLate, match="2026-12-06 23:59:59 IST"):
        confirm(allotted(), until + timedelta(seconds=1))


def test_what_she_does_not_hold_cannot_be_confirmed() -> None:
    for state in (waiting(), decline(allotted(), NOON).state, decline(waiting(), NOON).state):
        with pytest.raises(NotConfirmable):
            confirm(state, NOON)


def test_a_declined_stall_stays_due_until_it_is_passed_on() -> None:
    decision = decline(allotted(), NOON)
    (fact,) = decision.facts
    assert isinstance(fact, AllotmentDeclined)
    assert fact.held is not None
    assert (fact.held.event, fact.held.stall) == (1, 2)
    assert fact.ticket == fact.held.ticket == decision.state.ticket
    assert fact.venue_name == VenueName(mr="शारदा प्रांगण 1", en="Sharada hall 1")
    assert decision.state.due_at == NOON
    assert decline(decision.state, NOON).facts == ()


def test_she_may_leave_the_waitlist_and_held_nothing_then() -> None:
    decision = decline(waiting(), NOON)
    (fact,) = decision.facts
    assert isinstance(fact, AllotmentDeclined)
    assert (fact.held, fact.venue_name, fact.ticket) == (None, None, decision.state.ticket)
    assert (decision.state.status, decision.state.due_at) == (Status.DECLINED, None)


def test_a_confirmed_stall_is_not_declined() -> None:
    with pytest.raises(NotDeclinable):
        decline(confirm(allotted(), NOON).state, NOON)


def test_a_stall_lapses_only_when_its_time_is_over_and_nobody_answered() -> None:
    until = ist(6, 23, 59, 59)
    assert lapse(allotted(), until - timedelta(seconds=1)).facts == ()
    lapsed = lapse(allotted(), until)
    (fact,) = lapsed.facts
    assert isinstance(fact, AllotmentLapsed)
    assert (fact.held.ticket, fact.venue_name is not None) == (lapsed.state.ticket, True)
    assert (lapsed.state.status, lapsed.state.due_at) == (Status.LAPSED, until)
    for answered in (confirm(allotted(), NOON).state, decline(allotted(), NOON).state, waiting(), lapsed.state):
        assert lapse(answered, until).facts == ()


def test_a_draw_made_after_the_first_day_leaves_no_stall_to_anybody() -> None:
    late = ist(14, 9)
    state = allotted(late)
    assert state.due_at == late
    assert lapse(state, late).state.status is Status.LAPSED


@pytest.mark.parametrize("state", [allotted(), waiting(), decline(allotted(), NOON).state])
def test_what_is_kept_is_read_back(state: Allotment) -> None:
    kept: Doc = {"_id": state.id, "tenant": state.tenant, **AllotmentDocument.of(state)}
    assert AllotmentDocument.state(kept) == state
