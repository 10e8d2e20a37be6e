"""Sentences about reasons and their words; that each stall is counted once, and rightly, is in tests/properties."""

from dataclasses import replace

import pytest

from services.stalls.draw.accept import accept
from services.stalls.draw.plan import Event, Instance, Line
from services.stalls.draw.reasons import Refusal
from shared.errors import LANGUAGES, Language
from tests.unit.stalls.draw.instances import SEED, group

MASKS = frozenset({"masks"})
EXAMPLE = Refusal(rank=1, event=1, stalls=54, other_products=43, other_reservation=7, better_place=4, last_place=78_425)


def test_a_reserved_stall_that_stays_empty_is_a_reservation_she_does_not_hold() -> None:
    event = Event(number=1, lines=(Line(stage="sc", fallback=frozenset(), count=2), Line(categories=MASKS, count=1)))
    (row,) = accept(Instance(applicants=(group(1, sells="food"),), events=(event,)), SEED).rows
    masks_only = replace(event.lines[1], fallback=frozenset())
    assert row.event == 1, "the stall for masks is open to anybody at last"
    closed = replace(event, lines=(event.lines[0], masks_only))
    (row,) = accept(Instance(applicants=(group(1, sells="food"),), events=(closed,)), SEED).rows
    assert row.refusals == (
        Refusal(rank=1, event=1, stalls=3, other_products=1, other_reservation=2, better_place=0, last_place=None),
    )


SENTENCES: dict[Language, str] = {
    "en": """\
Of 54 stalls, 43 do not take your product, 7 went under a reservation you do not hold, \
4 went to groups with a better place in line; the last of them had place 78,425.""",
    "mr": """\
54 स्टॉलपैकी 43 वर तुमचे उत्पादन चालत नाही, 7 तुमच्या गटाला नसलेल्या आरक्षणात गेले, \
4 रांगेत तुमच्या पुढे असलेल्या गटांना मिळाले; त्यांतील शेवटच्या गटाचे स्थान 78,425.""",
    "hi": """\
54 स्टॉल में से 43 पर आपका उत्पाद नहीं चलता, 7 ऐसे आरक्षण में गए जो आपके पास नहीं है, \
4 पंक्ति में आपसे आगे के समूहों को मिले; उनमें अंतिम समूह का स्थान 78,425।""",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reason_is_a_sentence_in_her_language(language: Language) -> None:
    assert EXAMPLE.sentence(language) == SENTENCES[language]


def test_numbers_are_grouped_in_lakh() -> None:
    assert "the last of them had place 7,81,999" in replace(EXAMPLE, last_place=781_999).sentence("en")


def test_one_stall_is_spoken_of_as_one() -> None:
    one = Refusal(rank=1, event=1, stalls=2, other_products=1, other_reservation=0, better_place=1, last_place=9)
    taken, given = "Of 2 stalls, 1 does not take your product", "1 went to a group with a better place in line"
    assert one.sentence("en") == f"{taken}, {given}; the last such group had place 9."
    taken, given = "2 स्टॉलपैकी 1 वर तुमचे उत्पादन चालत नाही", "1 रांगेत तुमच्या पुढे असलेल्या गटाला मिळाला"
    assert one.sentence("mr") == f"{taken}, {given}; अशा शेवटच्या गटाचे स्थान 9."


def test_what_did_not_happen_is_not_said() -> None:
    only = Refusal(rank=1, event=1, stalls=3, other_products=0, other_reservation=0, better_place=3, last_place=3)
    said = "Of 3 stalls, 3 went to groups with a better place in line; the last of them had place 3."
    assert only.sentence("en") == said


def test_a_struck_ground_says_so() -> None:
    struck = Refusal(rank=1, event=1, stalls=0, other_products=0, other_reservation=0, better_place=0)
    assert struck.sentence("mr") == "या मैदानावर एकही स्टॉल नाही: अर्ज बंद होताना ते वगळले गेले."
