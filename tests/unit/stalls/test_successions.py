"""A stall changes hands: given back, offered on, exchanged for a better one, given on the day to who stands there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.stalls.allotments.domain import Allotment, Seat, Standby, Status, confirm, decline, made, seat
from services.stalls.allotments.store import AllotmentDocument
from services.stalls.draw.accept import Row
from services.stalls.draw.plan import Line
from services.stalls.successions.domain import (
    GivenBackTooLate,
    NotGivenBack,
    NotOnWaitlist,
    NotTheDay,
    NotWaitingThere,
    Take,
    follow,
    give_back,
    has_had,
    settled,
    stand_by,
)
from shared.contracts.stalls_allotments import (
    AllotmentGivenBack,
    AllotmentUpgraded,
    StallAllotted,
    StandbyCheckedIn,
    StandbySeated,
)
from tests.unit.stalls.small_fair import NOON, TERMS, opened, registered

CALL = opened((Line(count=2),), (Line(count=2),), (Line(count=2),))
TICKET = "0001000100010001"
SEATED = Row(ticket=TICKET, place=1, event=2, stall=2, choice=2)
WAITING = Row(ticket=TICKET, place=3, waiting=((1, 1), (2, 4)))


def ist(day: int, hour: int) -> datetime:
    """A time of December 2026 in India; the fair is on the 13th and 14th."""
    return datetime(2026, 12, day, hour, tzinfo=UTC) - timedelta(hours=5, minutes=30)


def allotted() -> Allotment:
    return made(CALL, SEATED, registered(1, CALL), TERMS, NOON).state


def confirmed() -> Allotment:
    return confirm(allotted(), NOON).state


def waiting() -> Allotment:
    return made(CALL, WAITING, registered(1, CALL), TERMS, NOON).state


def at(event: int, stall: int = 1) -> Seat:
    return seat(CALL, event, stall)


@pytest.mark.parametrize(("now", "credit"), [(ist(6, 23), "returned"), (ist(7, 0), "kept"), (ist(12, 23), "kept")])
def test_a_confirmed_stall_is_given_back_and_its_credit_returned_until_the_last_week(
    now: datetime, credit: str
) -> None:
    decision = give_back(confirmed(), 7, now)
    (fact,) = decision.facts
    assert isinstance(fact, AllotmentGivenBack)
    assert (fact.held.event, fact.held.stall, fact.credit) == (2, 2, credit)
    assert (decision.state.status, decision.state.due_at) == (Status.GIVEN_BACK, now)
    assert give_back(decision.state, 7, now).facts == ()


def test_once_the_fair_has_begun_a_stall_is_not_given_back() -> None:
    with pytest.raises(GivenBackTooLate, match="2026-12-13"):
        give_back(confirmed(), 7, ist(13, 0))


def test_what_is_not_confirmed_is_declined_and_not_given_back() -> None:
    for state in (allotted(), waiting(), decline(allotted(), NOON).state):
        with pytest.raises(NotGivenBack):
            give_back(state, 7, NOON)


def test_an_offer_makes_a_waiting_group_a_holder_and_nobody_else() -> None:
    takes = [Take(seat=at(1), through="waitlist")]
    decision = follow(waiting(), takes, TERMS, ist(8, 12))
    (fact,) = decision.facts
    assert isinstance(fact, StallAllotted)
    assert (fact.through, fact.event, decision.state.status) == ("waitlist", 1, Status.ALLOTTED)
    assert has_had(decision.state, at(1))
    assert not has_had(decision.state, at(1, 2))
    for state in (allotted(), confirmed(), decline(waiting(), NOON).state, decision.state):
        assert follow(state, takes, TERMS, ist(8, 12)).facts == ()


def test_nobody_is_asked_any_more_once_the_fair_has_begun() -> None:
    assert follow(waiting(), [Take(seat=at(1), through="waitlist")], TERMS, ist(13, 0)).state == waiting()


def test_who_moves_up_leaves_her_stall_in_the_same_write_and_is_told_of_both() -> None:
    decision = follow(allotted(), [Take(seat=at(1), through="upgrade")], TERMS, NOON)
    (fact,) = decision.facts
    assert isinstance(fact, AllotmentUpgraded)
    assert ((fact.before.event, fact.before.stall), (fact.held.event, fact.held.stall)) == ((2, 2), (1, 1))
    assert (fact.venue_name.mr, fact.venue_name_before.mr) == ("शारदा प्रांगण 1", "शारदा प्रांगण 2")
    assert (decision.state.seat, decision.state.before) == (at(1), (at(2, 2),))
    assert decision.state.confirm_by == decision.state.due_at == fact.confirm_by
    assert follow(decision.state, [Take(seat=at(1), through="upgrade")], TERMS, NOON).facts == ()


def test_what_she_had_confirmed_stays_confirmed_when_she_moves_up() -> None:
    decision = follow(confirmed(), [Take(seat=at(1), through="upgrade")], TERMS, NOON)
    (fact,) = decision.facts
    assert isinstance(fact, AllotmentUpgraded)
    assert (fact.confirm_by, decision.state.status, decision.state.due_at) == (None, Status.CONFIRMED, None)


def test_all_that_the_log_gave_her_since_is_followed_in_order_in_one_write() -> None:
    takes = [
        Take(seat=at(3), through="waitlist"),
        Take(seat=at(2), through="upgrade"),
        Take(seat=at(1), through="upgrade"),
    ]
    whole = follow(waiting(), takes, TERMS, NOON)
    assert [type(fact) for fact in whole.facts] == [StallAllotted, AllotmentUpgraded, AllotmentUpgraded]
    assert (whole.state.seat, whole.state.before) == (at(1), (at(3), at(2)))
    assert follow(whole.state, takes, TERMS, NOON).facts == ()


@pytest.mark.parametrize("state", [waiting(), decline(allotted(), NOON).state, give_back(confirmed(), 7, NOON).state])
def test_who_holds_nothing_moves_nowhere(state: Allotment) -> None:
    assert follow(state, [Take(seat=at(1), through="upgrade")], TERMS, NOON).state == state


def test_a_fair_that_has_begun_is_neither_left_nor_entered() -> None:
    assert follow(confirmed(), [Take(seat=at(1), through="upgrade")], TERMS, ist(13, 0)).facts == ()


def test_on_the_day_who_waits_for_that_ground_may_stand_by() -> None:
    decision = stand_by(waiting(), 1, CALL.event(1), ist(13, 9))
    (fact,) = decision.facts
    assert isinstance(fact, StandbyCheckedIn)
    assert (fact.event, fact.day.isoformat()) == (1, "2026-12-13")
    assert decision.state.due_at == ist(13, 9)
    assert stand_by(decision.state, 1, CALL.event(1), ist(13, 10)).facts == ()
    assert len(stand_by(decision.state, 1, CALL.event(1), ist(14, 9)).facts) == 1, "the next day she comes again"


def test_who_holds_a_stall_wants_another_ground_or_comes_on_another_day_does_not_stand_by() -> None:
    with pytest.raises(NotOnWaitlist):
        stand_by(allotted(), 1, CALL.event(1), ist(13, 9))
    with pytest.raises(NotWaitingThere, match="1, 2"):
        stand_by(waiting(), 3, CALL.event(3), ist(13, 9))
    for day in (12, 15):
        with pytest.raises(NotTheDay):
            stand_by(waiting(), 1, CALL.event(1), ist(day, 9))


def test_a_stall_that_stayed_empty_is_hers_at_once() -> None:
    here = stand_by(waiting(), 1, CALL.event(1), ist(13, 9)).state
    decision = follow(here, [Take(seat=at(1), through="standby")], TERMS, ist(13, 10))
    (fact,) = decision.facts
    assert isinstance(fact, StandbySeated)
    assert (decision.state.status, decision.state.through, decision.state.due_at) == (Status.CONFIRMED, "standby", None)
    assert follow(here, [Take(seat=at(1), through="standby")], TERMS, ist(15, 0)).facts == ()


def test_what_was_due_is_done_and_what_came_due_since_is_not() -> None:
    left = give_back(confirmed(), 7, NOON).state
    assert settled(left, left.due_at).state.due_at is None
    here = stand_by(waiting(), 1, CALL.event(1), ist(13, 9)).state
    assert settled(here, here.due_at).state.due_at is None
    assert settled(replace(here, due_at=ist(14, 9)), here.due_at).state.due_at == ist(14, 9)
    assert settled(allotted(), allotted().due_at).state == allotted(), "who holds it still has to answer in time"


@pytest.mark.parametrize(
    "state",
    [
        follow(allotted(), [Take(seat=at(1), through="upgrade")], TERMS, NOON).state,
        replace(waiting(), standby=Standby(event=1, day=CALL.events[0].days[0])),
    ],
)
def test_what_is_kept_is_read_back_and_what_was_kept_before_too(state: Allotment) -> None:
    kept = {"_id": state.id, "tenant": state.tenant, **AllotmentDocument.of(state)}
    assert AllotmentDocument.state(kept) == state
    old = {name: value for name, value in kept.items() if name not in {"before", "standby"}}
    assert AllotmentDocument.state(old) == replace(state, before=(), standby=None)
