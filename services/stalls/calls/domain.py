"""Calls: which grounds are offered on which days, by which plan, to whom, and until when groups may apply."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import get_args

from services.stalls.draw import plan
from services.stalls.venues.domain import Venue
from shared.clock import INDIA
from shared.contracts import stalls as facts
from shared.contracts.catalog import Category
from shared.decisions import Decision
from shared.errors import Invalid, Refused
from shared.localized import Localized
from shared.places.area import require_area
from shared.scope import Role, Scope

CATEGORIES: tuple[str, ...] = get_args(Category)
LAST_SECOND = timedelta(seconds=1)  # closes_at names a second, and that whole second is still open


class Status(StrEnum):
    ANNOUNCED = "announced"  # never kept: what is open is shown so until it opens
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    DRAWING = "drawing"
    DRAWN = "drawn"
    PUBLISHED = "published"


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
class Opening:
    """What an officer sends to open a call."""

    names: Localized
    opens_at: datetime
    closes_at: datetime
    offers: tuple[Offer, ...]
    eligibility: Eligibility = Eligibility()
    commitment: str
    public_source: str
    public_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent:
    """A ground on one or more days. `stalls` is the sum of its lines; `struck`: why it was struck out at the close."""

    number: int
    venue: str
    venue_name: Localized
    district: str
    block: str | None
    days: tuple[date, ...]
    stalls: int
    lines: tuple[plan.Line, ...]
    caps: Mapping[str, int]
    struck: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`due_at`: a step has begun that must be finished, by the timer if nobody else does. `told`: allotments made."""

    id: str
    tenant: str
    district: str
    block: str | None
    names: Localized
    opened_by: str
    opens_at: datetime
    closes_at: datetime
    events: tuple[CallEvent, ...]
    eligibility: Eligibility
    commitment: str
    public_source: str
    public_at: datetime
    status: Status = Status.OPEN
    nonce: str | None = None
    public_value: str | None = None
    public_value_at: datetime | None = None
    applications: int | None = None
    inputs_digest: str | None = None
    plan_digest: str | None = None
    rules_digest: str | None = None
    seed: str | None = None
    outcome_digest: str | None = None
    allotted: int | None = None
    waitlisted: int | None = None
    told: int = 0
    due_at: datetime | None = None
    closed_at: datetime | None = None
    drawn_at: datetime | None = None

    @property
    def to_tell(self) -> int:
        """Allotments there will be, one for each application of the draw."""
        return (self.allotted or 0) + (self.waitlisted or 0)

    def event(self, number: int) -> CallEvent | None:
        return next((event for event in self.events if event.number == number), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFilters:
    district: str | None = None
    status: Status | None = None


class WindowOrder(Invalid):
    """{later}: {later_at} must come after {earlier} ({earlier_at}); correct one of the two."""

    mr = "{later}: {later_at} ही वेळ {earlier} ({earlier_at}) नंतरची हवी; दोनपैकी एक दुरुस्त करा."
    hi = "{later}: {later_at} का समय {earlier} ({earlier_at}) के बाद का होना चाहिए; दो में से एक सुधारें।"


class GroundTwiceADay(Invalid):
    """events: the ground {venue} stands twice on {day}; put its lines into one event."""

    mr = "events: {venue} हे मैदान {day} रोजी दोनदा आले आहे; त्याच्या सर्व ओळी एकाच नोंदीत लिहा."
    hi = "events: {venue} मैदान {day} को दो बार आया है; उसकी सभी पंक्तियाँ एक ही प्रविष्टि में लिखें।"


class CallNotOpenYet(Refused):
    """This call opens at {opens_at}; apply from then on."""

    mr = "अर्ज {opens_at} पासून स्वीकारले जातील; तेव्हा अर्ज करा."
    hi = "आवेदन {opens_at} से लिए जाएँगे; तब आवेदन करें।"


class CallClosed(Refused):
    """This call closed at {closes_at}; apply to the next one."""

    mr = "या वेळचे अर्ज {closes_at} रोजी बंद झाले; पुढच्या वेळी अर्ज करा."
    hi = "इस बार के आवेदन {closes_at} को बंद हो गए; अगली बार आवेदन करें।"


def in_india(moment: datetime) -> str:
    """A time as people there read it, such as `2026-11-22 18:00:00 IST`."""
    return f"{moment.astimezone(INDIA):%Y-%m-%d %H:%M:%S} IST"


def starts(day: date) -> datetime:
    return datetime.combine(day, time.min, INDIA)


def shown(call: Call, now: datetime) -> Status:
    return Status.ANNOUNCED if call.status is Status.OPEN and now < call.opens_at else call.status


def is_over(call: Call, now: datetime) -> bool:
    return now >= call.closes_at + LAST_SECOND


def accepts(call: Call, now: datetime) -> bool:
    return call.status is Status.OPEN and call.opens_at <= now and not is_over(call, now)


def require_accepting(call: Call, now: datetime) -> None:
    """Whether an application may come in or change. Raises CallNotOpenYet, CallClosed."""
    if call.status is not Status.OPEN or is_over(call, now):
        raise CallClosed(closes_at=in_india(call.closes_at))
    if now < call.opens_at:
        raise CallNotOpenYet(opens_at=in_india(call.opens_at))


def open_(call_id: str, opening: Opening, venues: Mapping[str, Venue], by: Scope, now: datetime) -> Decision[Call]:
    """Raises LocalTextMissing, OutsideArea, WindowOrder, GroundTwiceADay, and what `plan.check` raises of a plan."""
    opening.names.require_local("names")
    for venue in venues.values():
        require_area(by, venue.district, venue.block)
    _check_days(opening)
    _check_window(opening, now)
    events = tuple(_event(number, offer, venues[offer.venue]) for number, offer in enumerate(opening.offers, 1))
    call = Call(
        id=call_id,
        tenant=by.tenant,
        district=by.district or events[0].district,
        block=by.block if by.role is Role.BLOCK_OFFICER else None,
        names=opening.names,
        opened_by=by.party,
        opens_at=opening.opens_at,
        closes_at=opening.closes_at,
        events=events,
        eligibility=opening.eligibility,
        commitment=opening.commitment,
        public_source=opening.public_source,
        public_at=opening.public_at,
    )
    return Decision(call, _opened(call))


def _check_days(opening: Opening) -> None:
    seen: set[tuple[str, date]] = set()
    for offer in opening.offers:
        for day in offer.days:
            if (offer.venue, day) in seen:
                raise GroundTwiceADay(venue=offer.venue, day=day.isoformat())
            seen.add((offer.venue, day))


def _check_window(opening: Opening, now: datetime) -> None:
    first_day = starts(min(day for offer in opening.offers for day in offer.days))
    opens, closes = ("opens_at", opening.opens_at), ("closes_at", opening.closes_at)
    public, first = ("public_at", opening.public_at), ("days", first_day)
    for before, after in ((("now", now), closes), (opens, closes), (closes, public), (public, first)):
        if after[1] <= before[1]:
            raise WindowOrder(
                later=after[0], later_at=in_india(after[1]), earlier=before[0], earlier_at=in_india(before[1])
            )


def _event(number: int, offer: Offer, venue: Venue) -> CallEvent:
    plan.check(offer.lines, stalls=venue.stalls, caps=offer.caps, categories=CATEGORIES)
    return CallEvent(
        number=number,
        venue=venue.id,
        venue_name=venue.names,
        district=venue.district,
        block=venue.block,
        days=tuple(sorted(offer.days)),
        stalls=sum(line.count for line in offer.lines),
        lines=offer.lines,
        caps=offer.caps,
    )


def _opened(call: Call) -> facts.CallOpened:
    events = tuple(
        facts.CallEvent(
            number=event.number,
            venue=event.venue,
            district=event.district,
            block=event.block,
            days=event.days,
            stalls=event.stalls,
        )
        for event in call.events
    )
    return facts.CallOpened(
        district=call.district,
        opens_at=call.opens_at,
        closes_at=call.closes_at,
        events=events,
        commitment=call.commitment,
        public_source=call.public_source,
        public_at=call.public_at,
    )
