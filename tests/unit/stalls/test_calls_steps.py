from dataclasses import replace
from datetime import timedelta

import pytest

from services.stalls.calls.domain import Status
from services.stalls.steps.domain import (
    CallStillOpen,
    NonceMismatch,
    NonceNotOpened,
    NotClosedYet,
    PublicValueNotYet,
    PublicValueTooEarly,
    ValueAlreadyNamed,
    begin_closing,
    begin_draw,
    closed,
    drawn,
    open_nonce,
    told,
)
from services.stalls.venues.domain import Reason
from shared.contracts import stalls as facts
from shared.errors import LANGUAGES
from shared.places.area import OutsideArea
from shared.scope import Role, Scope
from tests.unit.stalls.fairs import (
    BARAMATI,
    CLOSED,
    CLOSES,
    CLOSING,
    DRAWING,
    DRAWN,
    FROZEN,
    NONCE,
    NONCE_OPENED,
    OFFICER,
    OVER,
    PUBLIC,
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
    late = replace(NONCE_OPENED, closed_at=PUBLIC + timedelta(minutes=5, milliseconds=300))
    now = PUBLIC + timedelta(hours=1)
    with pytest.raises(PublicValueTooEarly):
        begin_draw(late, OFFICER, VALUE, PUBLIC + timedelta(minutes=4, seconds=59), now)
    named = begin_draw(late, OFFICER, VALUE, PUBLIC + timedelta(minutes=5), now).state
    assert named.status is Status.DRAWING


@pytest.mark.parametrize("later", [CLOSING, CLOSED, DRAWING, DRAWN], ids=lambda later: later.status)
def test_closing_again_changes_nothing_however_far_the_call_is(later: object) -> None:
    decision = begin_closing(later, OFFICER, OVER)  # type: ignore[arg-type]
    assert (decision.state, decision.facts) == (later, ())


WITHDRAWN = (Reason(code="MunicipalOrderMissing", day=SUNDAY),)


def test_a_closed_call_says_what_is_fixed_and_strikes_out_what_may_not_be_used() -> None:
    decision = closed(CLOSING, replace(FROZEN, struck={2: WITHDRAWN}), OVER)
    (fact,) = decision.facts
    assert fact == facts.CallClosed(applications=2, inputs_digest="1" * 64, plan_digest="2" * 64)
    first, second, _ = decision.state.events
    assert (first.struck, second.struck, second.lines) == (None, WITHDRAWN, ())
    assert (decision.state.status, decision.state.due_at, decision.state.closed_at) == (Status.CLOSED, None, OVER)
    again = closed(decision.state, replace(FROZEN, applications=9), OVER + SECOND)
    assert (again.state, again.facts) == (decision.state, ())


def test_an_open_call_is_not_fixed() -> None:
    with pytest.raises(CallStillOpen):
        closed(call(), FROZEN, OVER)


@pytest.mark.parametrize("early", [call(), CLOSING], ids=lambda early: early.status)
def test_the_nonce_stays_secret_until_the_inputs_are_fixed(early: object) -> None:
    with pytest.raises(NotClosedYet):
        open_nonce(early, NONCE, OFFICER)  # type: ignore[arg-type]
    with pytest.raises(NotClosedYet):
        begin_draw(early, OFFICER, VALUE, PUBLIC, PUBLIC)  # type: ignore[arg-type]


def test_a_nonce_is_the_text_that_was_hashed_to_the_last_blank() -> None:
    with pytest.raises(NonceMismatch) as wrong:
        open_nonce(CLOSED, NONCE + " ", OFFICER)
    assert wrong.value.params["commitment"] == CLOSED.commitment
    opened = open_nonce(CLOSED, NONCE, OFFICER).state
    assert (opened.nonce, open_nonce(opened, NONCE, OFFICER).state) == (NONCE, opened)


def test_a_draw_waits_for_the_nonce_and_for_the_public_value() -> None:
    with pytest.raises(NonceNotOpened):
        begin_draw(CLOSED, OFFICER, VALUE, PUBLIC, PUBLIC)
    for published in (PUBLIC - SECOND, CLOSES - SECOND):
        with pytest.raises(PublicValueTooEarly):
            begin_draw(NONCE_OPENED, OFFICER, VALUE, published, PUBLIC)
    with pytest.raises(PublicValueNotYet, match="21:00:01 IST yet"):
        begin_draw(NONCE_OPENED, OFFICER, VALUE, PUBLIC + SECOND, PUBLIC)


def test_a_step_that_is_not_due_says_where_the_call_stands_in_the_readers_language() -> None:
    with pytest.raises(NotClosedYet) as early:
        open_nonce(call(), NONCE, OFFICER)
    said = {language: early.value.sentence(language) for language in LANGUAGES}
    assert ("(स्थिती: अर्ज सुरू)" in said["mr"], "(स्थिति: आवेदन चालू)" in said["hi"]) == (True, True)
    assert "गुप्त शब्द (nonce)" in said["mr"]
    assert said["en"].startswith("This call is open;")
    assert early.value.params["status"] == "open"


def test_a_draw_stands_on_one_public_value_for_good() -> None:
    assert (DRAWING.status, DRAWING.public_value, DRAWING.due_at is None) == (Status.DRAWING, VALUE, False)
    assert begin_draw(DRAWN, OFFICER, VALUE, PUBLIC, PUBLIC).state == DRAWN
    for standing in (DRAWING, DRAWN):
        with pytest.raises(ValueAlreadyNamed, match=r"25,910\.05"):
            begin_draw(standing, OFFICER, "25,911.00", PUBLIC, PUBLIC)


def test_a_drawn_call_tells_everything_the_seed_was_made_of() -> None:
    decision = drawn(DRAWING, RESULT, PUBLIC)
    (fact,) = decision.facts
    assert fact == facts.DrawFinalised(
        nonce=NONCE, public_value=VALUE, seed="4" * 64, outcome_digest="5" * 64, allotted=1, waitlisted=1
    )
    assert (decision.state.status, decision.state.due_at) == (Status.DRAWN, PUBLIC)
    assert drawn(decision.state, replace(RESULT, seed="6" * 64), PUBLIC).facts == ()


def test_nothing_is_drawn_before_the_value_is_named() -> None:
    with pytest.raises(NotClosedYet):
        drawn(CLOSING, RESULT, PUBLIC)
    with pytest.raises(NonceNotOpened):
        drawn(CLOSED, RESULT, PUBLIC)


def test_a_call_is_published_with_its_last_allotment_and_progress_never_goes_back() -> None:
    one = told(DRAWN, 1).state
    assert (one.told, one.to_tell, one.status) == (1, 2, Status.DRAWN)
    assert told(one, 0).state == one
    both = told(one, 2).state
    assert (both.told, both.status, both.due_at) == (2, Status.PUBLISHED, None)
    assert told(both, 1).state == both
    assert told(CLOSED, 2).state == CLOSED


def test_a_draw_nobody_applied_to_is_published_at_once() -> None:
    nobody = drawn(DRAWING, replace(RESULT, allotted=0, waitlisted=0), PUBLIC).state
    assert (nobody.status, nobody.due_at) == (Status.PUBLISHED, None)


@pytest.mark.parametrize("elsewhere", [BARAMATI, THANE], ids=["a block below", "another district"])
def test_each_step_is_for_officers_of_the_call_s_area(elsewhere: Scope) -> None:
    with pytest.raises(OutsideArea):
        begin_closing(call(), elsewhere, OVER)
    with pytest.raises(OutsideArea):
        open_nonce(CLOSED, NONCE, elsewhere)
    with pytest.raises(OutsideArea):
        begin_draw(NONCE_OPENED, elsewhere, VALUE, PUBLIC, PUBLIC)
