import json
from pathlib import Path

import pytest

from shared.errors import LANGUAGES, Problem, Refused
from tools.contracts import codes, files
from tools.contracts.files import CODES, read

KINDS = codes.every_problem()


class StallAlreadyHeld(Refused):
    """Stall {stall} is held on {day} by another group; choose another stall or day."""

    mr = "स्टॉल {stall} हा {day} रोजी दुसऱ्या गटाकडे आहे; दुसरा स्टॉल किंवा दिवस निवडा."
    hi = "स्टॉल {stall} {day} को दूसरे समूह के पास है; दूसरा स्टॉल या दिन चुनें।"


class StallMoved(Refused):
    """Stall {stall} has moved."""

    status = 410
    mr = "स्टॉल हलवला आहे."


def test_no_code_vanishes_or_changes_its_status_and_each_speaks_three_languages() -> None:
    assert list(codes.faults(KINDS)) == []


def test_the_registry_is_what_the_code_can_raise() -> None:
    assert json.loads(read(CODES) or "{}") == codes.registry(KINDS), "run `make contracts`"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_takes_its_parameters(kind: type[Problem], language: str) -> None:
    sentence = codes.sentences(kind)[language]
    params = {name: f"<{name}>" for name in codes.params_of(sentence)}
    assert all(value in sentence.format(**params) for value in params.values())


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_marathi_and_hindi_are_written_in_devanagari(kind: type[Problem]) -> None:
    said = codes.sentences(kind)
    assert all(any("\u0900" <= letter <= "\u097f" for letter in said[language]) for language in ("mr", "hi"))


def test_a_code_callers_know_cannot_vanish_or_change(tmp_path: Path) -> None:
    known = {
        "StallAlreadyHeld": {"status": 404, "params": ["day", "stall"]},
        "StallGone": {"status": 404, "params": []},
    }
    files.write({CODES: files.as_json(known)}, tmp_path)
    assert list(codes.faults([StallAlreadyHeld], tmp_path)) == [
        "StallAlreadyHeld: its status was 404 and is 409",
        "StallGone: callers know this code; bring it back",
    ]


def test_a_missing_language_and_a_lost_parameter_are_seen(tmp_path: Path) -> None:
    assert list(codes.faults([StallMoved], tmp_path)) == [
        "StallMoved: mr has the parameters [], not ['stall']",
        "StallMoved: no sentence of its own in hi",
    ]


def test_two_problems_never_share_a_code(tmp_path: Path) -> None:
    assert list(codes.faults([StallAlreadyHeld, StallAlreadyHeld], tmp_path)) == [
        "StallAlreadyHeld: two problems share this code"
    ]


def test_what_the_gateway_says_stands_in_the_registry_too() -> None:
    assert json.loads(read(CODES) or "{}")["TooManyRequests"] == {"status": 429, "params": []}


class TooManyRequests(Refused):
    """Only {limit} drafts an hour."""

    status = 409
    mr = "तासाला फक्त {limit} मसुदे."
    hi = "घंटे में केवल {limit} मसौदे।"


def test_one_code_never_has_two_statuses(tmp_path: Path) -> None:
    assert list(codes.faults([TooManyRequests], tmp_path)) == [
        "TooManyRequests: the gateway answers 429, a service 409"
    ]
