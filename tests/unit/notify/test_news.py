"""Sentences about news: what each fact says to whom, in her language."""

import tomllib
import unicodedata
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.notify.news import domain as news
from services.notify.notifications.consumers import ALLOTMENTS, APPLICATIONS
from services.notify.notifications.domain import Notification
from services.notify.notifications.store import NotificationDocument
from services.notify.templates.domain import (
    LONGEST_VARIABLE,
    Message,
    Value,
    fitting,
    register,
    rendered,
    within_a_letter,
)
from shared.contracts.orders import OrderRefused
from shared.contracts.stalls import VenueName
from shared.errors import LANGUAGES, Language
from shared.events import Event, Fact
from shared.testing import FakeStores
from tests.unit.notify.events_told import (
    ALLOTMENT,
    APPLICATION,
    BOTH,
    DAYS,
    SHORT,
    TICKET,
    allotted,
    changed,
    confirmed,
    declined,
    given_back,
    lapsed,
    of_orders,
    of_stalls,
    of_stalls_before,
    seated,
    submitted,
    upgraded,
    waitlisted,
    withdrawn,
    without_ground,
)
from tests.unit.notify.people import NOON, ORDER

SAID = tomllib.loads(Path(__file__).with_name("said_of_stalls.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("message", of_stalls(), ids=[message.template for message in of_stalls()])
def test_what_became_of_an_application_is_told_in_each_language(message: Message) -> None:
    assert {language: rendered(message, language).text for language in LANGUAGES} == SAID[message.template]


def test_whatever_happens_there_is_a_text_for_it_and_no_text_without_use() -> None:
    told = [*of_orders(), *of_stalls()]
    for message in told:
        for language in LANGUAGES:
            wording = rendered(message, language)
            assert wording.text == unicodedata.normalize("NFC", wording.text)
            assert ("A1C2D4" if message.kind == "order" else TICKET) in wording.text
    assert {message.template for message in told} == set(register().templates)


BEFORE = SAID["before"]


@pytest.mark.parametrize("message", of_stalls_before(), ids=[message.template for message in of_stalls_before()])
def test_a_fact_without_ticket_or_names_is_told_by_other_numbers(message: Message) -> None:
    assert {language: rendered(message, language).text for language in LANGUAGES} == BEFORE[message.template]


def test_who_can_no_longer_get_a_stall_is_not_said_to_wait() -> None:
    (message,) = news.on_application_waitlisted(ALLOTMENT, without_ground())
    (waits,) = news.on_application_waitlisted(ALLOTMENT, waitlisted((3, 2)))
    assert (message.template, waits.template) == ("allotment-no-ground", "allotment-waitlisted")
    assert "number 2 on the waitlist of your first possible wish" in rendered(waits, "en").text


def test_receipts_of_two_calls_name_them() -> None:
    texts = []
    for name in (VenueName(mr="नाशिक बाजार"), VenueName(mr="पुणे बाजार"), VenueName(en=" "), None):
        (message,) = news.on_application_submitted(APPLICATION, submitted(name))
        texts.append(rendered(message, "mr").text.split(": ")[1])
    assert texts == ["नाशिक बाजार", "पुणे बाजार", "स्टॉल सोडत", "स्टॉल सोडत"]


WHERE = {
    "mr": ("ॲप", "सीआरपी", "तालुका कार्यालय"),
    "hi": ("ऐप", "सीआरपी", "ब्लॉक कार्यालय"),
    "en": ("app", "CRP", "block office"),
}


@pytest.mark.parametrize("through", news.BY_THROUGH)
def test_who_must_answer_reads_where(through: str) -> None:
    (message,) = news.on_stall_allotted(ALLOTMENT, allotted(through))
    for language in LANGUAGES:
        assert all(way in rendered(message, language).text for way in WHERE[language])


def test_no_text_of_a_stall_uses_the_wrong_word_for_the_draw() -> None:
    for message in of_stalls():
        assert "ड्रॉ" not in rendered(message, "hi").text
        assert "लॉटरी" not in rendered(message, "mr").text


def test_a_refused_buyer_reads_what_is_left() -> None:
    (message,) = news.on_order_refused(ORDER, OrderRefused(**BOTH, code="NotEnoughStock", short=(SHORT,)))
    assert "मागितले 12 नग, शिल्लक 7" in rendered(message, "mr").text


LONG = "पुणे महानगरपालिका यशवंतराव चव्हाण क्रीडा संकुल, जुनी सांगवी, पिंपरी-चिंचवड"


def venue_in(language: Language, **names: str) -> str:
    """What the message says between `: ` and the days."""
    (message,) = news.on_allotment_confirmed(ALLOTMENT, confirmed(VenueName(**names)))
    return rendered(message, language).text.rsplit(": ", 1)[1].split(", 12-12")[0]


def test_a_ground_without_a_name_in_her_language_is_told_in_another() -> None:
    assert venue_in("mr", hi="गाँधी मैदान", en="Gandhi Maidan") == "गाँधी मैदान"
    assert venue_in("hi", mr="गांधी मैदान", en="Gandhi Maidan") == "गांधी मैदान"
    assert venue_in("en", mr="गांधी मैदान") == "गांधी मैदान"
    assert venue_in("mr", en="Gandhi Maidan") == "Gandhi Maidan"
    assert venue_in("mr", mr=" ", en="Gandhi Maidan") == "Gandhi Maidan"
    assert [venue_in(language) for language in LANGUAGES] == ["कार्यक्रम क्र. 2", "आयोजन नं. 2", "event no. 2"]


def test_a_long_name_of_a_ground_is_cut_between_words() -> None:
    assert venue_in("mr", mr=LONG) == "पुणे महानगरपालिका यशवंतराव चव्हाण…"
    assert venue_in("mr", mr="क" * 40) == "क" * 40
    assert venue_in("en", en="Gandhi\n Maidan\t(east)") == "Gandhi Maidan (east)"


def test_one_long_word_is_cut_between_letters_and_never_within_one() -> None:
    assert fitting("क्षेत्र" * 10, 10) == "क्षेत्र…"
    assert fitting("राष्ट्रीय", 6) == "रा…"
    assert fitting("Ground " + "x" * 50, 20) == "Ground " + "x" * 12 + "…"


NAMES = st.text(st.sampled_from("कषतरमज़ािीुे्ंँ़\u200c\u200d aé-,"), max_size=90)


@given(NAMES)
@example("a" * 29 + "् " + "a" * 10)
def test_however_a_name_is_written_it_fits_and_keeps_its_letters_whole(name: str) -> None:
    cut, whole = fitting(name), unicodedata.normalize("NFC", " ".join(name.split()))
    assert len(cut) <= LONGEST_VARIABLE
    assert unicodedata.is_normalized("NFC", cut)
    if cut != whole:
        kept = cut.removesuffix("…")
        assert whole.startswith(kept)
        assert not kept or not within_a_letter(whole, len(kept))


def days_in(language: Language, days: tuple[date, ...]) -> str:
    (message,) = news.on_stall_allotted(ALLOTMENT, allotted(days=days))
    return rendered(message, language).text.split("Ground, ")[-1].split("मैदान, ")[-1].split(". ")[0].split("। ")[0]


def test_more_days_than_fit_are_told_by_the_first_the_last_and_how_many() -> None:
    fair = tuple(DAYS[0] + timedelta(days=n) for n in range(5))
    assert days_in("mr", fair[:3]) == "12-12, 13-12, 14-12-2026"
    assert days_in("mr", fair[::-1]) == "12-12 - 16-12-2026 (5 दिवस)"
    assert days_in("hi", fair) == "12-12 - 16-12-2026 (5 दिन)"
    assert days_in("en", fair) == "12-12 - 16-12-2026 (5 days)"


LONGEST: dict[str, Value] = {
    "call": "क" * LONGEST_VARIABLE,
    "venue": "क" * LONGEST_VARIABLE,
    "stall": 512,
    "position": 5_00_000,
    "days": [(DAYS[0] + timedelta(days=n)).isoformat() for n in range(100)],
}


def test_orders_take_two_parts_and_stalls_at_most_three_even_with_the_longest_values() -> None:
    for message in [*of_orders(), *of_stalls()]:
        widest = {name: LONGEST.get(name, value) for name, value in message.params.items()}
        long, most = replace(message, params=widest), 2 if message.kind == "order" else 3
        assert all(parts(rendered(long, language).text) <= most for language in LANGUAGES), message.template


def parts(text: str) -> int:
    """Of a Unicode SMS: 70 characters in one, 67 in each of several."""
    return 1 if len(text) <= 70 else -(-len(text) // 67)


TOLD: list[tuple[Fact, str]] = [
    (submitted(), "application-received"),
    (changed(), "application-changed"),
    (withdrawn(), "application-withdrawn"),
    (allotted("draw"), "allotment-drawn"),
    (allotted("waitlist"), "allotment-offered"),
    (waitlisted(), "allotment-waitlisted"),
    (without_ground(), "allotment-no-ground"),
    (confirmed(), "allotment-confirmed"),
    (declined(), "allotment-declined"),
    (declined(was_hers=False), "allotment-left-waitlist"),
    (lapsed(), "allotment-lapsed"),
    (upgraded(), "allotment-upgraded"),
    (upgraded(None), "allotment-upgraded-confirmed"),
    (given_back(), "allotment-given-back-returned"),
    (given_back("kept"), "allotment-given-back-kept"),
    (seated(), "allotment-standby"),
]


@pytest.mark.parametrize(("fact", "template"), TOLD, ids=[template for _, template in TOLD])
async def test_of_each_fact_the_group_gets_one_row_that_says_what_it_is_about(fact: Fact, template: str) -> None:
    kind, subject = ("application", APPLICATION) if fact.topic == APPLICATIONS.topic else ("allotment", ALLOTMENT)
    handlers = APPLICATIONS if kind == "application" else ALLOTMENTS
    reaction, stores = handlers.reactions[fact.name, fact.major], FakeStores(NotificationDocument)
    event = Event(data=fact, id=f"{subject}:1:4", subject=subject, tenant="27", incarnation=1, sequence=4, time=NOON)
    await reaction.handle(event, stores)
    rows = stores.database.collection("notifications").docs
    assert list(rows) == [f"{subject}:1:4:savitri-gat:sms"] == list(reaction.loads[Notification](event))
    row = await stores[Notification].get(next(iter(rows)))
    assert (row.kind, row.about, row.order_id, row.template) == (kind, subject, None, template)
