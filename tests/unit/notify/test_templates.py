"""Sentences about templates: which words go out, and what is refused loudly."""

import unicodedata
from string import Formatter

import pytest

from services.notify.templates.domain import (
    Message,
    NoTemplateFits,
    Value,
    on_accepted,
    on_cancelled,
    on_confirmed,
    on_refused,
    register,
    rendered,
)
from shared.contracts.orders import (
    OrderAccepted,
    OrderCancelled,
    OrderConfirmed,
    OrderLine,
    OrderRefused,
    ShortLine,
)
from shared.errors import LANGUAGES, Language
from tests.unit.notify.people import CONFIRMED, ORDER

LINE = OrderLine(
    product_id="papad", sku="udid", quantity=2, unit_price_paise=12_550, tax_basis_points=500, tax_paise=1_195
)
BOTH = {"buyer": "asha", "seller": "savitri-gat"}
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


def test_every_template_names_the_sender_and_fits_two_parts() -> None:
    for template in register().templates.values():
        for language, wording in template.wordings.items():
            assert wording.text.startswith("Bachat Haat: " if language == "en" else "बचत हाट: ")
            assert len(wording.text) <= 134


def all_that_can_happen() -> list[Message]:
    short = ShortLine(product_id="papad", sku="udid", quantity=12, stock_left=7)
    told = [*on_confirmed(ORDER, OrderConfirmed(**BOTH, total_paise=25_100))]
    for count in (0, 1, 2):
        told += on_refused(ORDER, OrderRefused(**BOTH, code="NotEnoughStock", short=(short,) * count))
    told += on_accepted(ORDER, OrderAccepted(**BOTH, lines=(LINE,)))
    for by in ("buyer", "seller", "timer"):
        told += on_cancelled(
            ORDER, OrderCancelled.model_validate({**BOTH, "by": by, "reason": "asked", "lines": [LINE]})
        )
    return told


def test_whatever_happens_to_an_order_there_is_a_text_for_it_and_no_text_without_use() -> None:
    for message in all_that_can_happen():
        for language in LANGUAGES:
            assert "A1C2D4" in rendered(message, language).text
    assert {message.template for message in all_that_can_happen()} == set(register().templates)


def test_a_refused_buyer_reads_what_is_left() -> None:
    short = ShortLine(product_id="papad", sku="udid", quantity=12, stock_left=7)
    (message,) = on_refused(ORDER, OrderRefused(**BOTH, code="NotEnoughStock", short=(short,)))
    assert "मागितले 12 नग, शिल्लक 7" in rendered(message, "mr").text


MISFITS: list[tuple[str, dict[str, Value], str]] = [
    ("order-shipped", {}, "not registered"),
    ("order-confirmed-buyer", {}, "its variables are order, total"),
    ("order-confirmed-buyer", {"total": 1, "name": "आशा"}, "its variables are order, total"),
    ("order-refused-short", {"asked": "बारा" * 11, "left": 7}, "asked is longer than 40"),
]


@pytest.mark.parametrize(("template", "params", "fault"), MISFITS, ids=["unknown", "missing", "extra", "long"])
def test_a_message_that_fits_no_template_is_refused_loudly(template: str, params: dict[str, Value], fault: str) -> None:
    with pytest.raises(NoTemplateFits, match=fault):
        rendered(Message("asha", ORDER, template, params), "mr")
