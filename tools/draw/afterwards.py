"""What followed a draw: its public log of vacancies, replayed on its file."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from services.stalls.draw import archive, reading
from services.stalls.draw.chain import Live, Phase, Seat
from services.stalls.draw.chain_log import Entry, Kind, replay
from services.stalls.draw.plan import Event
from services.stalls.draw.sources import Source
from shared.errors import Invalid, Language
from shared.money import grouped

DAYS = re.compile(r"\d{4}-\d\d-\d\d(, \d{4}-\d\d-\d\d)*")
HOLDS: dict[Language, str] = {
    "en": "{entries} entries follow from the draw and from each other; {held} stalls have a holder now.",
    "mr": "{entries} नोंदी सोडतीशी आणि एकमेकींशी जुळतात; आता {held} स्टॉल दिलेले आहेत.",
    "hi": "{entries} प्रविष्टियाँ लॉटरी से और एक-दूसरे से मेल खाती हैं; अब {held} स्टॉल दिए हुए हैं।",
}
HERS: dict[Language, tuple[str, str]] = {
    "en": ("Ticket {ticket} has stall {stall} of event {event} now.", "Ticket {ticket} has no stall now."),
    "mr": ("तिकीट {ticket}: आता मैदान {event}, स्टॉल {stall}.", "तिकीट {ticket}: आता स्टॉल नाही."),
    "hi": ("टिकट {ticket}: अब मैदान {event}, स्टॉल {stall}।", "टिकट {ticket}: अब स्टॉल नहीं है।"),
}


class LogDoesNotFollow(Invalid):
    """This log does not follow from this draw: {faults}."""

    mr = "ही नोंदवही या सोडतीशी जुळत नाही: {faults}."
    hi = "यह बही इस लॉटरी से मेल नहीं खाती: {faults}।"


class NoLog(Invalid):
    """{file}: no page of `GET /v1/calls/…/vacancies`."""

    mr = "{file}: हे `GET /v1/calls/…/vacancies` चे पान नाही."
    hi = "{file}: यह `GET /v1/calls/…/vacancies` का पन्ना नहीं है।"


def afterwards(source: Source, pages: Sequence[Path], ticket: str | None, language: Language) -> Iterator[str]:
    """What to say of it. Raises LogDoesNotFollow, NoLog, and what reading a draw's file raises."""
    texts = archive.texts(source)
    instance = reading.instance(texts)
    live = Live(instance, reading.outcome(texts, instance))
    log = [entry for page in pages for entry in entries(page)]
    if wrong := replay(live, log, {event.number: first_day(event) for event in instance.events}):
        raise LogDoesNotFollow(faults="; ".join(wrong))
    yield HOLDS[language].format(entries=grouped(len(log)), held=grouped(len(live.held)))
    if ticket is not None:
        yield hers(ticket, live.held.get(ticket), language)


def hers(ticket: str, seat: Seat | None, language: Language) -> str:
    has, none = HERS[language]
    return has.format(ticket=ticket, event=seat[0], stall=seat[1]) if seat else none.format(ticket=ticket)


def first_day(event: Event) -> date:
    """The first of those its note names; without any it is never left for another."""
    found = [part for part in event.note.split(" | ") if DAYS.fullmatch(part)]
    return min((date.fromisoformat(day) for part in found for day in part.split(", ")), default=date.min)


def entries(page: Path) -> Iterator[Entry]:
    """Raises NoLog."""
    try:
        rows: list[dict[str, Any]] = json.loads(page.read_text(encoding="utf-8"))["items"]
        yield from [Entry(**{**row, "kind": Kind(row["kind"]), "phase": Phase(row["phase"])}) for row in rows]
    except (ValueError, KeyError, TypeError) as error:
        raise NoLog(file=page.name) from error
