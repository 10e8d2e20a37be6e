"""Offers: grounds on days with their plans, and the times of a call, as an officer sends them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.stalls.draw import plan
from services.stalls.venues.domain import Venue
from shared.clock import INDIA
from shared.errors import Invalid, Language
from shared.localized import Localized

NONCES_OPEN = timedelta(hours=1)
"""At least so long after the close the public value comes: a party must be able to open its nonce before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A ground on some days as an officer sends it; `caps` are the most stalls that may admit a category."""

    venue: str
    days: tuple[date, ...]
    lines: tuple[plan.Line, ...]
    caps: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """Who may apply; an empty set admits everybody."""

    programmes: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """Of a party that takes part in making the seed: the SHA-256 of a nonce that only she knows."""

    names: Localized
    commitment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What an officer sends to open a call. `public_round`: of the source, where it counts rounds."""

    names: Localized
    opens_at: datetime
    closes_at: datetime
    offers: tuple[Offer, ...]
    eligibility: Eligibility = Eligibility()
    promises: tuple[Promise, ...]
    public_source: str
    public_round: int | None = None
    public_at: datetime


class Edge(str):
    """One of the times that follow each other: the name of its field, or the present."""

    __slots__ = ()

    def said(self, language: Language) -> str:
        present: dict[Language, str] = {"mr": "आत्ता", "hi": "अभी", "en": "now"}
        return present[language] if self == "now" else str(self)


class WindowOrder(Invalid):
    """{later}: {later_at} must come after {earlier} ({earlier_at}); correct one of the two."""

    mr = "{later}: {later_at} ही वेळ {earlier} ({earlier_at}) नंतरची हवी; दोनपैकी एक दुरुस्त करा."
    hi = "{later}: {later_at} का समय {earlier} ({earlier_at}) के बाद का होना चाहिए; दो में से एक सुधारें।"


class ValueTooSoon(Invalid):
    """public_at: {public_at} leaves no time to close and to open the nonces; take {first} or later."""

    mr = "public_at: {public_at} पर्यंत अर्ज बंद करून गुप्त शब्द (nonce) उघडायला वेळ उरत नाही; {first} किंवा नंतरची वेळ घ्या."
    hi = "public_at: {public_at} तक आवेदन बंद करके गुप्त शब्द (nonce) खोलने का समय नहीं बचता; {first} या बाद का समय लें।"


class EventDayOver(Invalid):
    """events: {day} is over, and event {event} on the ground {ground} names it; choose days to come."""

    mr = "events: {day} हा दिवस होऊन गेला आहे; क्रमांक {event} चे मैदान {ground} यासाठी पुढचे दिवस निवडा."
    hi = "events: {day} का दिन बीत चुका है; क्रमांक {event} के मैदान {ground} के लिए आने वाले दिन चुनें।"


class DayTwiceInEvent(Invalid):
    """events: event {event} on the ground {ground} names {day} twice; leave one of the two out."""

    mr = "events: क्रमांक {event} चे मैदान {ground} याच्या days मध्ये {day} हा दिवस दोनदा आला आहे; दोनपैकी एक काढा."
    hi = "events: क्रमांक {event} के मैदान {ground} के days में {day} दो बार आया है; दो में से एक हटाएँ।"


class GroundTwiceADay(Invalid):
    """events: the ground {ground} stands twice on {day}, again in event {event}; put its lines into one event."""

    mr = "events: {ground} हे मैदान {day} रोजी दोनदा आले आहे, पुन्हा क्रमांक {event} मध्ये; त्याच्या सर्व ओळी एकाच नोंदीत लिहा."
    hi = "events: {ground} मैदान {day} को दो बार आया है, फिर क्रमांक {event} में; उसकी सभी पंक्तियाँ एक ही प्रविष्टि में लिखें।"


class PartiesUnclear(Invalid):
    """parties: name the parties with their commitments, or send the one commitment of your office; not both."""

    mr = "parties: सहभागी आणि त्यांचे commitment लिहा, किंवा तुमच्या कार्यालयाचे एकच commitment पाठवा; दोन्ही नको."
    hi = "parties: भागीदार और उनके commitment लिखें, या अपने कार्यालय का एक ही commitment भेजें; दोनों नहीं।"


class CommitmentTwice(Invalid):
    """parties: the commitment {commitment} stands there twice; each party hashes a nonce of her own."""

    mr = "parties: commitment {commitment} दोनदा आले आहे; प्रत्येक सहभागी स्वतःच्या गुप्त शब्दाचा (nonce) hash देतो."
    hi = "parties: commitment {commitment} दो बार आया है; हर भागीदार अपने गुप्त शब्द (nonce) का hash देता है।"


def in_india(moment: datetime) -> str:
    """A time as people there read it, such as `2026-11-22 18:00:00 IST`."""
    return f"{moment.astimezone(INDIA):%Y-%m-%d %H:%M:%S} IST"


def starts(day: date) -> datetime:
    return datetime.combine(day, time.min, INDIA)


def check(opening: Opening, venues: Mapping[str, Venue], now: datetime, nonces_open: timedelta = NONCES_OPEN) -> None:
    """Of the promises, the grounds and their days, and the times.

    Raises CommitmentTwice, LocalTextMissing, EventDayOver, DayTwiceInEvent, GroundTwiceADay, WindowOrder, ValueTooSoon.
    """
    _check_promises(opening.promises)
    today = now.astimezone(INDIA).date()
    seen: set[tuple[str, date]] = set()
    for number, offer in enumerate(opening.offers, 1):
        names = {"event": number, "ground": venues[offer.venue].names}
        for day, count in sorted(Counter(offer.days).items()):
            if day < today:
                raise EventDayOver(day=day.isoformat(), **names)
            if count > 1:
                raise DayTwiceInEvent(day=day.isoformat(), **names)
            if (offer.venue, day) in seen:
                raise GroundTwiceADay(day=day.isoformat(), venue=offer.venue, **names)
            seen.add((offer.venue, day))
    _check_window(opening, now)
    if opening.public_at < (first := opening.closes_at + nonces_open):
        raise ValueTooSoon(public_at=in_india(opening.public_at), first=in_india(first))


def _check_promises(promises: Sequence[Promise]) -> None:
    for number, promise in enumerate(promises):
        promise.names.require_local(f"parties.{number}.name")
    for commitment, count in Counter(promise.commitment for promise in promises).items():
        if count > 1:
            raise CommitmentTwice(commitment=commitment)


def _check_window(opening: Opening, now: datetime) -> None:
    for (earlier, at), (later, then) in _times(opening, now):
        if then <= at:
            raise WindowOrder(later=later, later_at=in_india(then), earlier=Edge(earlier), earlier_at=in_india(at))


def _times(opening: Opening, now: datetime) -> Iterator[tuple[tuple[str, datetime], tuple[str, datetime]]]:
    """Pairs that follow each other."""
    first_day = starts(min(day for offer in opening.offers for day in offer.days))
    opens, closes = ("opens_at", opening.opens_at), ("closes_at", opening.closes_at)
    public, first = ("public_at", opening.public_at), ("days", first_day)
    yield from ((("now", now), closes), (opens, closes), (closes, public), (public, first))
