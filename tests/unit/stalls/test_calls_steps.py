from dataclasses import replace
from datetime import timedelta

import pytest

from services.stalls.beacons.domain import BeaconRoundNotAnnounced, PublicValueTooEarly
from services.stalls.calls.domain import Call, Status, last_entry
from services.stalls.draw.rules import RULES_DIGEST
from services.stalls.logs.domain import require_sound
from services.stalls.nonces.domain import NotClosedYet, open_nonce
from services.stalls.steps.domain import (
    CallStillOpen,
    SecondOfficerNeeded,
    ValueAlreadyNamed,
    ValueConfirmed,
    begin_closing,
    begin_draw,
    closed,
    drawn,
    told,
)
from services.stalls.venues.domain import Reason
from shared.clock import INDIA
from shared.contracts import stalls as facts
from shared.errors import LANGUAGES
from shared.places.area import OutsideArea
from shared.scope import Role, Scope
from tests.unit.stalls.fairs import (
    BARAMATI,
    CLOSED,
    CLOSES,
    CLOSING,
    COLLECTOR,
    DRAWING,
    DRAWN,
    FROZEN,
    NAMED,
    NONCE,
    NONCE_OPENED,
    OFFICER,
    OVER,
    PUBLIC,
    PULSE,
    RESULT,
    SECOND,
    SUNDAY,
    call,
)

VALUE = "25,910.05"
THANE = Scope(tenant="27", role=Role.DISTRICT_OFFICER, party="officer-3", district="467")


def test_a_call_closes_only_after_its_last_second() -> None:
    with pytest.raises(CallStillOpen, match="2026-11-10 18:00:00 IST, that second included"):
        begin_closing(call(), OFFICER, CLOSES + timedelta(milliseconds=999))
    closing = begin_closing(call(), OFFICER, OVER).state
    assert (closing.status, closing.due_at) == (Status.CLOSING, OVER + timedelta(seconds=10))


def test_the_timer_closes_without_anybody_as_soon_as_the_time_is_over() -> None:
    assert call().due_at == OVER
    assert begin_closing(call(), None, OVER).state.status is Status.CLOSING


def test_a_value_that_was_public_before_all_was_fixed_is_no_lot() -> None:
    late = closed(CLOSING, FROZEN, PUBLIC + timedelta(minutes=5, milliseconds=300)).state
    first = PUBLIC + timedelta(minutes=5) + (PUBLIC - CLOSES)
    now = first + timedelta(hours=1)
    with pytest.raises(PublicValueTooEarly):
        begin_draw(late, OFFICER, replace(PULSE, published_at=first - SECOND), now)
    require_sound(begin_draw(late, OFFICER, replace(PULSE, published_at=first), now).state)


@pytest.mark.parametrize("later", [CLOSING, CLOSED, DRAWING, DRAWN], ids=lambda later: later.status)
def test_closing_again_changes_nothing_however_far_the_call_is(later: object) -> None:
    decision = begin_closing(later, OFFICER, OVER)  # type: ignore[arg-type]
    assert (decision.state, decision.facts) == (later, ())


WITHDRAWN = (Reason(code="MunicipalOrderMissing", day=SUNDAY),)


def test_a_closed_call_says_what_is_fixed_and_strikes_out_what_may_not_be_used() -> None:
    decision = closed(CLOSING, replace(FROZEN, struck={2: WITHDRAWN}), OVER)
    (fact,) = decision.facts
    log = last_entry(decision.state)
    assert fact == facts.CallClosed(applications=2, inputs_digest="1" * 64, plan_digest="2" * 64, log=log)
    assert (log.by, log.what) == (CLOSING.closing_by, f"{'1' * 64} {'2' * 64} {RULES_DIGEST}")
    first, second, _ = decision.state.events
    assert (first.struck, second.struck, second.lines) == (None, WITHDRAWN, ())
    assert (decision.state.status, decision.state.due_at, decision.state.closed_at) == (Status.CLOSED, None, OVER)
    again = closed(decision.state, replace(FROZEN, applications=9), OVER + SECOND)
    assert (again.state, again.facts) == (decision.state, ())


def test_an_open_call_is_not_fixed() -> None:
    with pytest.raises(CallStillOpen):
        closed(call(), FROZEN, OVER)


def test_one_officer_names_the_value_and_another_confirms_it() -> None:
    named = begin_draw(NONCE_OPENED, OFFICER, PULSE, PUBLIC)
    assert (named.state.status, named.state.public_value, named.state.due_at) == (Status.CLOSED, VALUE, None)
    confirmed = begin_draw(named.state, COLLECTOR, PULSE, PUBLIC + SECOND)
    assert (confirmed.state.status, confirmed.state.due_at) == (Status.DRAWING, PUBLIC + timedelta(seconds=11))
    struck, told_of, agreed = (*named.facts, *confirmed.facts)
    assert isinstance(struck, facts.NoncesStruck)
    assert isinstance(told_of, facts.PublicValueNamed)
    assert isinstance(agreed, facts.PublicValueConfirmed)
    assert (struck.parties, told_of.public_value, agreed.public_value) == ((2,), VALUE, VALUE)
    assert told_of.log.what == agreed.log.what
    assert told_of.log.by != agreed.log.by


def test_one_officer_alone_draws_nothing() -> None:
    with pytest.raises(SecondOfficerNeeded, match=r"let another officer confirm 25,910\.05") as alone:
        begin_draw(NAMED, OFFICER, PULSE, PUBLIC)
    assert all(VALUE in alone.value.sentence(language) for language in LANGUAGES)
    as_admin = replace(OFFICER, role=Role.ADMIN, district=None)
    with pytest.raises(SecondOfficerNeeded):
        begin_draw(NAMED, as_admin, PULSE, PUBLIC)


def test_another_officer_may_replace_what_one_named_and_then_two_are_needed_still() -> None:
    hers = begin_draw(NAMED, COLLECTOR, replace(PULSE, value="25,911.00"), PUBLIC + SECOND).state
    assert (hers.public_value, hers.named_by, hers.status) == ("25,911.00", COLLECTOR.party, Status.CLOSED)
    with pytest.raises(SecondOfficerNeeded):
        begin_draw(hers, COLLECTOR, replace(PULSE, value="25,911.00"), PUBLIC + SECOND)
    drawing = begin_draw(hers, OFFICER, replace(PULSE, value="25911.00"), PUBLIC + 2 * SECOND).state
    assert drawing.status is Status.DRAWING
    require_sound(drawing)


def test_one_officer_names_twenty_values_at_most_and_another_can_still_go_on() -> None:
    named = NONCE_OPENED
    for number in range(20):
        named = begin_draw(named, OFFICER, replace(PULSE, value=f"{number}"), PUBLIC).state
    with pytest.raises(ValueAlreadyNamed) as refused:
        begin_draw(named, replace(OFFICER, role=Role.ADMIN), replace(PULSE, value="20"), PUBLIC)
    at = PULSE.published_at.astimezone(INDIA).isoformat(timespec="milliseconds")
    for language in LANGUAGES:
        assert f"19, published_at {at}, " in refused.value.sentence(language)
    assert begin_draw(named, COLLECTOR, PULSE, PUBLIC).state.public_value == VALUE


def test_who_confirms_may_read_another_instant_and_the_one_named_first_stands() -> None:
    drawing = begin_draw(NAMED, COLLECTOR, replace(PULSE, published_at=PUBLIC + SECOND), PUBLIC + SECOND).state
    assert (drawing.status, drawing.public_value_at) == (Status.DRAWING, PUBLIC)
    with pytest.raises(PublicValueTooEarly):
        begin_draw(NAMED, COLLECTOR, replace(PULSE, published_at=CLOSES), PUBLIC + SECOND)


def test_a_value_mended_to_a_later_instant_can_be_confirmed() -> None:
    slip = begin_draw(NONCE_OPENED, OFFICER, PULSE, PUBLIC).state
    mended = begin_draw(slip, OFFICER, replace(PULSE, published_at=PUBLIC + 3 * SECOND), PUBLIC + 4 * SECOND).state
    again = replace(PULSE, published_at=PUBLIC + 3 * SECOND)
    drawing = begin_draw(mended, COLLECTOR, again, PUBLIC + 5 * SECOND).state
    assert drawing.status is Status.DRAWING
    require_sound(drawing)


def test_a_round_that_nobody_announced_is_refused_and_the_call_goes_on() -> None:
    with pytest.raises(BeaconRoundNotAnnounced) as refused:
        begin_draw(NONCE_OPENED, OFFICER, replace(PULSE, round=7), PUBLIC)
    assert all(refused.value.sentence(language) for language in LANGUAGES)
    require_sound(begin_draw(NONCE_OPENED, OFFICER, PULSE, PUBLIC).state)


@pytest.mark.parametrize("spelled", ["25910.05", "25 910 05", f"{VALUE} ", "२५,९१०.०५"])
def test_the_second_officer_may_type_what_counts_in_the_seed_in_her_own_way(spelled: str) -> None:
    drawing = begin_draw(NAMED, COLLECTOR, replace(PULSE, value=spelled), PUBLIC + SECOND).state
    assert (drawing.status, drawing.public_value) == (Status.DRAWING, VALUE)


def test_a_slip_of_the_pen_is_mended_by_who_made_it_and_stays_in_the_log() -> None:
    slip = begin_draw(NONCE_OPENED, OFFICER, replace(PULSE, value="25,901.05"), PUBLIC).state
    mended = begin_draw(slip, OFFICER, PULSE, PUBLIC + SECOND).state
    drawing = begin_draw(mended, COLLECTOR, PULSE, PUBLIC + SECOND).state
    steps = ["opened", "closed", "nonce_opened", "nonces_struck", "value_named", "value_named", "confirmed"]
    assert [entry.step for entry in drawing.log] == steps
    require_sound(drawing)


def test_a_draw_stands_on_one_public_value_for_good() -> None:
    assert begin_draw(DRAWN, OFFICER, PULSE, PUBLIC).state == DRAWN
    assert begin_draw(DRAWING, COLLECTOR, PULSE, PUBLIC).facts == ()
    for standing in (DRAWING, DRAWN):
        with pytest.raises(ValueConfirmed, match=r"25,910\.05"):
            begin_draw(standing, OFFICER, replace(PULSE, value="25,911.00"), PUBLIC)


def test_a_drawn_call_tells_everything_the_seed_was_made_of() -> None:
    decision = drawn(DRAWING, RESULT)
    (fact,) = decision.facts
    assert fact == facts.DrawFinalised(
        nonce=NONCE,
        nonces=(NONCE,),
        public_value=VALUE,
        seed="4" * 64,
        outcome_digest="5" * 64,
        allotted=1,
        waitlisted=1,
        log=last_entry(decision.state),
    )
    assert (decision.state.status, decision.state.due_at) == (Status.DRAWN, PUBLIC)
    assert drawn(decision.state, replace(RESULT, seed="6" * 64)).facts == ()


def test_a_draw_without_a_single_nonce_stands_on_the_public_value_alone() -> None:
    silent = begin_draw(begin_draw(CLOSED, OFFICER, PULSE, PUBLIC).state, COLLECTOR, PULSE, PUBLIC).state
    (fact,) = drawn(silent, RESULT).facts
    assert isinstance(fact, facts.DrawFinalised)
    assert (fact.nonce, fact.nonces) == ("", ())


@pytest.mark.parametrize("early", [CLOSING, CLOSED, NAMED], ids=["closing", "closed", "named by one"])
def test_nothing_is_drawn_before_the_value_is_confirmed(early: Call) -> None:
    with pytest.raises(NotClosedYet):
        drawn(early, RESULT)


def test_a_call_is_published_with_its_last_allotment_and_progress_never_goes_back() -> None:
    one = told(DRAWN, 1).state
    assert (one.told, one.to_tell, one.status) == (1, 2, Status.DRAWN)
    assert told(one, 0).state == one
    both = told(one, 2).state
    assert (both.told, both.status, both.due_at) == (2, Status.PUBLISHED, None)
    assert told(both, 1).state == both
    assert told(CLOSED, 2).state == CLOSED


def test_a_draw_nobody_applied_to_is_published_at_once() -> None:
    nobody = drawn(DRAWING, replace(RESULT, allotted=0, waitlisted=0)).state
    assert (nobody.status, nobody.due_at) == (Status.PUBLISHED, None)


@pytest.mark.parametrize("elsewhere", [BARAMATI, THANE], ids=["a block below", "another district"])
def test_each_step_is_for_officers_of_the_call_s_area(elsewhere: Scope) -> None:
    with pytest.raises(OutsideArea):
        begin_closing(call(), elsewhere, OVER)
    with pytest.raises(OutsideArea):
        open_nonce(CLOSED, NONCE, elsewhere, OVER)
    with pytest.raises(OutsideArea):
        begin_draw(NONCE_OPENED, elsewhere, PULSE, PUBLIC)
