"""Sentences about templates: which words go out, and what is refused loudly."""

import unicodedata
from string import Formatter

import pytest

from services.notify.templates.domain import Message, NoTemplateFits, Value, register, rendered
from shared.errors import LANGUAGES, Language
from tests.unit.notify.people import CONFIRMED, ORDER

SAID = [
    ("mr", "बचत हाट: तुमची ऑर्डर A1C2D4 निश्चित झाली. एकूण ₹1,23,456.50. गटाने स्वीकारल्यावर कळवू."),
    ("hi", "बचत हाट: आपका ऑर्डर A1C2D4 पक्का हो गया। कुल ₹1,23,456.50। समूह के स्वीकार करने पर बताएँगे।"),
    (
        "en",
        "Bachat Haat: your order A1C2D4 is confirmed. Total ₹1,23,456.50. We will tell you when the group accepts it.",
    ),
]


@pytest.mark.parametrize(("language", "text"), SAID, ids=LANGUAGES)
def test_a_confirmed_order_is_told_in_her_language(language: Language, text: str) -> None:
    assert rendered(CONFIRMED, language).text == text


def test_every_wording_has_its_own_registration_and_fills_exactly_its_variables() -> None:
    wordings = [(template, one) for template in register().templates.values() for one in template.wordings.values()]
    assert len({one.id for _, one in wordings}) == len(wordings) == 3 * len(register().templates)
    for template, one in wordings:
        assert {name for _, name, _, _ in Formatter().parse(one.text) if name} == template.variables
        assert one.text == unicodedata.normalize("NFC", one.text)


def test_every_template_names_the_sender() -> None:
    for template in register().templates.values():
        for language, wording in template.wordings.items():
            assert wording.text.startswith("Bachat Haat: " if language == "en" else "बचत हाट: ")


MISFITS: list[tuple[str, dict[str, Value], str]] = [
    ("order-shipped", {}, "not registered"),
    ("order-confirmed-buyer", {}, "its variables are order, total"),
    ("order-confirmed-buyer", {"total": 1, "name": "आशा"}, "its variables are order, total"),
    ("order-refused-short", {"asked": "बारा" * 11, "left": 7}, "asked is longer than 40"),
]


@pytest.mark.parametrize(("template", "params", "fault"), MISFITS, ids=["unknown", "missing", "extra", "long"])
def test_a_message_that_fits_no_template_is_refused_loudly(template: str, params: dict[str, Value], fault: str) -> None:
    with pytest.raises(NoTemplateFits, match=fault):
        rendered(Message("asha", "order", ORDER, template, params), "mr")
