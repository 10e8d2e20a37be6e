"""Sentences about the log of a call: each step bound to the one before it, so that nobody edits what was."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from services.stalls.calls.domain import Call
from services.stalls.calls.store import CallDocument
from services.stalls.draw.log import START, instant
from services.stalls.logs.domain import WORDS, LogDamaged, require_sound
from shared.documents import Doc
from shared.errors import LANGUAGES
from tests.unit.stalls.fairs import CLOSED, CLOSING, DRAWING, DRAWN, NAMED, NONCE, NONCE_OPENED, PUBLIC, call

STEPS = ["opened", "closed", "nonce_opened", "nonces_struck", "value_named", "confirmed", "drawn"]


def test_every_step_of_a_draw_stands_in_its_log() -> None:
    assert [entry.step for entry in DRAWN.log] == STEPS
    assert [entry.number for entry in DRAWN.log] == list(range(1, 8))
    assert all(WORDS[entry.step].said(language) for entry in DRAWN.log for language in LANGUAGES)


def test_a_stranger_makes_each_digest_again() -> None:
    before = START
    for entry in DRAWN.log:
        lines = [before, str(entry.number), instant(entry.at), entry.step, entry.by, entry.what]
        assert entry.digest == hashlib.sha256("\n".join(lines).encode()).hexdigest()
        before = entry.digest


def test_people_stand_there_by_role_and_a_name_that_is_another_in_every_call() -> None:
    opened, closed, nonce, struck, named, confirmed, drawn = (entry.by for entry in DRAWN.log)
    assert opened == closed == nonce == named
    assert opened == "district_officer " + hashlib.sha256(b"call-1:officer-1").hexdigest()[:12]
    assert confirmed.startswith("district_officer ")
    assert confirmed != named
    assert struck == drawn == "timer"


@pytest.mark.parametrize("stage", [call(), CLOSING, CLOSED, NONCE_OPENED, NAMED, DRAWING, DRAWN])
def test_a_log_is_sound_at_every_step_also_when_it_is_read_again(stage: Call) -> None:
    require_sound(stage)
    kept = {"_id": stage.id, "tenant": stage.tenant, "schema": 2, **CallDocument.of(stage)}
    assert CallDocument.load(kept) == stage


EDITS = [
    pytest.param(lambda c: replace(c, public_value="25,911.00"), id="the public value"),
    pytest.param(lambda c: replace(c, public_value_at=PUBLIC + timedelta(seconds=1)), id="when it was published"),
    pytest.param(lambda c: replace(c, value_round=7), id="its round"),
    pytest.param(lambda c: replace(c, public_source="माझ्या घरी"), id="the source"),
    pytest.param(lambda c: replace(c, public_at=PUBLIC - timedelta(hours=1)), id="the hour"),
    pytest.param(lambda c: replace(c, inputs_digest="9" * 64), id="the inputs"),
    pytest.param(lambda c: replace(c, seed="9" * 64), id="the seed"),
    pytest.param(lambda c: replace(c, outcome_digest="9" * 64), id="the outcome"),
    pytest.param(lambda c: replace(c, parties=c.parties[:1]), id="a party is gone"),
    pytest.param(lambda c: replace(c, parties=(replace(c.parties[0], nonce="8f3a91"), c.parties[1])), id="a nonce"),
    pytest.param(lambda c: replace(c, parties=(replace(c.parties[0], nonce=None), c.parties[1])), id="no nonce"),
    pytest.param(lambda c: replace(c, log=c.log[:-1]), id="the last entry is gone"),
    pytest.param(lambda c: replace(c, log=()), id="all entries are gone"),
    pytest.param(lambda c: replace(c, log=(*c.log[:4], *c.log[5:])), id="an entry is gone"),
    pytest.param(lambda c: replace(c, log=(*c.log[:4], replace(c.log[4], by="timer"), *c.log[5:])), id="by another"),
]


@pytest.mark.parametrize("edit", EDITS)
def test_what_was_edited_in_the_database_is_found(edit: Callable[[Call], Call]) -> None:
    with pytest.raises(LogDamaged) as found:
        require_sound(edit(DRAWN))
    assert all("call-1" in found.value.sentence(language) for language in LANGUAGES)


def test_a_call_that_was_kept_before_there_were_logs_is_read_with_one_party_and_goes_on() -> None:
    old: Doc = {**CallDocument.of(CLOSED), "commitment": CLOSED.commitment, "nonce": NONCE}
    for name in ("parties", "log", "public_round", "value_round", "named_by", "closing_by"):
        del old[name]
    read = CallDocument.load({"_id": "call-1", "tenant": "27", "schema": 1, **old})
    assert [(party.commitment, party.nonce) for party in read.parties] == [(CLOSED.commitment, NONCE)]
    assert [(entry.step, entry.by) for entry in read.log] == [("opened", "timer")]
    assert read.closed_at == CLOSED.closed_at
    again = {"_id": "call-1", "tenant": "27", "schema": 2, **CallDocument.of(read)}
    assert CallDocument.load(again) == read
