"""Sentences about nonces: opened by whoever knows them, in their time, or struck out."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import ValidationError

from services.stalls.calls.domain import Call, last_entry
from services.stalls.draw.rules import RULES_1
from services.stalls.draw.seed import commitment
from services.stalls.logs.domain import require_sound
from services.stalls.nonces.api import OpenNonce
from services.stalls.nonces.domain import NonceMismatch, NonceNotOpened, NonceTooLate, NotClosedYet, open_nonce, strike
from services.stalls.steps.domain import begin_draw, closed
from shared.contracts import stalls as facts
from shared.errors import LANGUAGES
from tests.unit.stalls.fairs import (
    CLOSED,
    CLOSES,
    CLOSING,
    FROZEN,
    NAMED,
    NONCE,
    NONCE_OPENED,
    OFFICER,
    OTHER_NONCE,
    OVER,
    PUBLIC,
    PULSE,
    SECOND,
    call,
)

JUST_BEFORE = PUBLIC - timedelta(milliseconds=1)


@pytest.mark.parametrize("early", [call(), CLOSING], ids=lambda early: early.status)
def test_the_nonces_stay_secret_until_the_inputs_are_fixed(early: Call) -> None:
    with pytest.raises(NotClosedYet):
        open_nonce(early, NONCE, OFFICER, OVER)
    with pytest.raises(NotClosedYet):
        begin_draw(early, OFFICER, PULSE, PUBLIC)


def test_a_nonce_is_the_text_that_was_hashed_to_the_last_blank() -> None:
    with pytest.raises(NonceMismatch) as wrong:
        open_nonce(CLOSED, NONCE + " ", OFFICER, OVER)
    assert wrong.value.params["promised"] == ", ".join(party.commitment for party in CLOSED.parties)
    opened = open_nonce(CLOSED, NONCE, OFFICER, OVER).state
    assert (opened.nonce, open_nonce(opened, NONCE, OFFICER, OVER).state) == (NONCE, opened)


def test_each_nonce_finds_its_party_by_its_commitment() -> None:
    decision = open_nonce(CLOSED, OTHER_NONCE, OFFICER, OVER)
    assert [party.nonce for party in decision.state.parties] == [None, OTHER_NONCE]
    (fact,) = decision.facts
    digest = commitment(OTHER_NONCE)
    assert fact == facts.NonceOpened(party=2, commitment=digest, nonce=OTHER_NONCE, log=last_entry(decision.state))


def test_nobody_opens_a_nonce_once_the_public_value_may_be_known() -> None:
    assert open_nonce(CLOSED, NONCE, OFFICER, JUST_BEFORE).state.nonce == NONCE
    with pytest.raises(NonceTooLate, match="before 2026-11-10 21:00:00 IST"):
        open_nonce(CLOSED, NONCE, OFFICER, PUBLIC)
    with pytest.raises(NonceTooLate):
        open_nonce(NAMED, OTHER_NONCE, OFFICER, JUST_BEFORE)
    assert open_nonce(NONCE_OPENED, NONCE, OFFICER, PUBLIC).state == NONCE_OPENED, "hers was opened in time"


def test_a_nonce_opened_by_a_clock_behind_that_of_the_close_leaves_a_sound_log() -> None:
    opened = open_nonce(CLOSED, NONCE, OFFICER, OVER - timedelta(milliseconds=5)).state
    require_sound(opened)
    assert opened.log[-1].at == CLOSED.closed_at


def test_a_late_close_puts_the_hour_off_and_nonces_are_opened_until_then() -> None:
    late = closed(CLOSING, FROZEN, PUBLIC + timedelta(milliseconds=300)).state
    put_off = PUBLIC + (PUBLIC - CLOSES)
    assert late.value_from == put_off
    opened = open_nonce(late, NONCE, OFFICER, put_off - SECOND).state
    require_sound(opened)
    with pytest.raises(NonceTooLate):
        open_nonce(opened, OTHER_NONCE, OFFICER, put_off)


@pytest.mark.parametrize("formula", ['=HYPERLINK("x")', "+1", "-1", "@x"])
def test_a_nonce_that_a_spreadsheet_would_run_is_none(formula: str) -> None:
    with pytest.raises(ValidationError):
        OpenNonce(nonce=formula)
    assert OpenNonce(nonce="8f3a 91 = x").nonce


def test_what_is_not_opened_is_struck_out_once_and_stops_no_draw() -> None:
    struck, (fact,) = strike(NONCE_OPENED, PUBLIC)
    assert fact.parties == (2,)
    assert struck.log[-1].by == "timer"
    assert strike(struck, PUBLIC + SECOND) == (struck, ())
    whole = open_nonce(NONCE_OPENED, OTHER_NONCE, OFFICER, OVER).state
    assert strike(whole, PUBLIC) == (whole, ())


def test_what_was_closed_by_the_rules_before_waits_for_its_nonce() -> None:
    before = closed(CLOSING, replace(FROZEN, rules_digest=commitment(RULES_1)), OVER).state
    with pytest.raises(NonceNotOpened):
        strike(before, PUBLIC)
    assert open_nonce(before, NONCE, OFFICER, PUBLIC + SECOND).state.nonce == NONCE


def test_a_step_that_is_not_due_says_where_the_call_stands_in_the_readers_language() -> None:
    with pytest.raises(NotClosedYet) as early:
        open_nonce(call(), NONCE, OFFICER, OVER)
    said = {language: early.value.sentence(language) for language in LANGUAGES}
    assert ("(स्थिती: अर्ज सुरू)" in said["mr"], "(स्थिति: आवेदन चालू)" in said["hi"]) == (True, True)
    assert "गुप्त शब्द (nonce)" in said["mr"]
    assert said["en"].startswith("This call is open;")
    assert early.value.params["status"] == "open"
