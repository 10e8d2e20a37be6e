"""Calls: which grounds are offered on which days, by which plan, to whom, and until when groups may apply."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import get_args

from services.stalls.draw import plan
from services.stalls.draw.log import TIMER, Entry, Party, Step, actor, added, announced, due
from services.stalls.draw.rules import RULES_DIGEST
from services.stalls.draw.seed import as_cell
from services.stalls.offers.domain import NONCES_OPEN, Eligibility, Offer, Opening, check, in_india
from services.stalls.tags.domain import TAGS
from services.stalls.venues.domain import Reason, Venue, struck_out
from shared.contracts import stalls as facts
from shared.contracts.catalog import Category
from shared.decisions import Decision
from shared.errors import LANGUAGES, Language, Refused
from shared.localized import Localized
from shared.places.area import require_area
from shared.scope import Role, Scope

CATEGORIES: tuple[str, ...] = get_args(Category)
check_plan = partial(plan.check, categories=CATEGORIES, tags=TAGS)
OFFICE_NAMES = Localized(mr="अर्ज मागवणारे कार्यालय", hi="आवेदन माँगने वाला कार्यालय", en="the office that opened the call")
TOLD = ("district", "opens_at", "closes_at", "commitment", "public_source", "public_round", "public_at")
TOLD_OF_EVENT = ("number", "venue", "district", "block", "days", "stalls")
LAST_SECOND = timedelta(seconds=1)  # closes_at names a second, and that whole second is still open


class Status(StrEnum):
    ANNOUNCED = "announced"  # never kept: what is open is shown so until it opens
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    DRAWING = "drawing"
    DRAWN = "drawn"
    PUBLISHED = "published"

    def said(self, language: Language) -> str:
        return STATUSES[self.value][LANGUAGES.index(language)]


BEFORE_FREEZE = frozenset({Status.OPEN, Status.CLOSING})
STATUSES: Mapping[str, tuple[str, str, str]] = {
    "announced": ("जाहीर", "घोषित", "announced"),
    "open": ("अर्ज सुरू", "आवेदन चालू", "open"),
    "closing": ("अर्ज बंद होत आहेत", "आवेदन बंद हो रहे हैं", "closing"),
    "closed": ("अर्ज बंद", "आवेदन बंद", "closed"),
    "drawing": ("सोडत काढली जात आहे", "लॉटरी निकाली जा रही है", "being drawn"),
    "drawn": ("सोडत निघाली", "लॉटरी निकल चुकी", "drawn"),
    "published": ("निकाल जाहीर", "परिणाम घोषित", "published"),
}
"""In the order of LANGUAGES."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent:
    """A ground on one or more days. `stalls` is the sum of its lines; `struck`: why it was struck out at the close.

    What was struck out before reasons were kept has none: ().
    """

    number: int
    venue: str
    venue_name: Localized
    district: str
    block: str | None
    days: tuple[date, ...]
    stalls: int
    lines: tuple[plan.Line, ...]
    caps: Mapping[str, int]
    struck: tuple[Reason, ...] | None = None

    def struck_in(self, language: Language) -> str | None:
        """Why it was struck out, to people."""
        return None if self.struck is None else struck_out(self.venue_name, self.struck, language)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallParty:
    """Who promised a nonce, in the order of the announcement; None until it is opened."""

    names: Localized
    commitment: str
    nonce: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`due_at`: when the timer closes it, or finishes a step that has begun. `told`: allotments made.

    `public_round` was announced, `value_round` is that of the value which `named_by` named; `closing_by` is how the log
    calls who began the close. `log`: every step, one bound to the other.
    """

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
    parties: tuple[CallParty, ...]
    public_source: str
    public_round: int | None = None
    public_at: datetime
    log: tuple[Entry, ...] = ()
    status: Status = Status.OPEN
    closing_by: str = TIMER
    public_value: str | None = None
    public_value_at: datetime | None = None
    value_round: int | None = None
    named_by: str | None = None
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

    @property
    def commitment(self) -> str:
        """Of the first party."""
        return self.parties[0].commitment

    @property
    def nonce(self) -> str | None:
        """Of the first party."""
        return self.parties[0].nonce

    @property
    def promised(self) -> tuple[Party, ...]:
        """The parties as the public file names them."""
        return tuple(
            Party(number=number, name=as_cell(one.names.said("mr")), commitment=one.commitment, nonce=one.nonce)
            for number, one in enumerate(self.parties, 1)
        )

    @property
    def announced(self) -> str:
        """What the first entry of its log says."""
        terms = (self.id, self.opens_at, self.closes_at, self.public_source, self.public_round, self.public_at)
        return announced(terms, self.promised)

    @property
    def value_from(self) -> datetime:
        """From when on a public value counts, and until when nonces are opened; known once the call is closed."""
        return due(self.closes_at, self.public_at, self.closed_at)

    def event(self, number: int) -> CallEvent | None:
        return next((event for event in self.events if event.number == number), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFilters:
    district: str | None = None
    status: Status | None = None


class CallNotOpenYet(Refused):
    """This call opens at {opens_at}; apply from then on."""

    mr = "अर्ज {opens_at} पासून स्वीकारले जातील; तेव्हा अर्ज करा."
    hi = "आवेदन {opens_at} से लिए जाएँगे; तब आवेदन करें।"


class CallClosed(Refused):
    """This call closed at {closes_at}; apply to the next one."""

    mr = "या वेळचे अर्ज {closes_at} रोजी बंद झाले; पुढच्या वेळी अर्ज करा."
    hi = "इस बार के आवेदन {closes_at} को बंद हो गए; अगली बार आवेदन करें।"


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


def open_(
    call_id: str,
    opening: Opening,
    venues: Mapping[str, Venue],
    by: Scope,
    now: datetime,
    nonces_open: timedelta = NONCES_OPEN,
) -> Decision[Call]:
    """Raises LocalTextMissing, OutsideArea, what `check` raises of an opening, and what `plan.check` does of a plan."""
    opening.names.require_local("names")
    for venue in venues.values():
        require_area(by, venue.district, venue.block)
    check(opening, venues, now, nonces_open)
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
        parties=tuple(CallParty(names=one.names, commitment=one.commitment) for one in opening.promises),
        public_source=opening.public_source,
        public_round=opening.public_round,
        public_at=opening.public_at,
        due_at=opening.closes_at + LAST_SECOND,
    )
    noted = note(call, now, "opened", acting(call, by), call.announced)
    return Decision(noted, _opened(noted))


def takes_nonces(call: Call, now: datetime) -> bool:
    """From the close until the public value is due. By version 1 of the rules, which needed its nonce, no end."""
    if call.status in BEFORE_FREEZE:
        return False
    return call.rules_digest != RULES_DIGEST or (now < call.value_from and call.public_value is None)


def acting(call: Call, by: Scope | None) -> str:
    """What the public log calls her: her role, and a name that is another in every call."""
    return TIMER if by is None else actor(call.id, by.role.value, by.party)


def note(call: Call, at: datetime, step: Step, by: str, what: str) -> Call:
    """With one more entry in its log, never earlier than the last: clocks of two processes differ."""
    last = call.log[-1].at if call.log else at
    return replace(call, log=added(call.log, max(whole_milliseconds(at), last), step, by, what))


def last_entry(call: Call) -> facts.LogEntry:
    return facts.LogEntry(**asdict(call.log[-1]))


def whole_milliseconds(at: datetime) -> datetime:
    """As a document keeps it, so that a digest over it holds when it is read again."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _event(number: int, offer: Offer, venue: Venue) -> CallEvent:
    check_plan(offer.lines, stalls=venue.stalls, caps=offer.caps, event=number, ground=venue.names)
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
    return facts.CallOpened(
        **{name: getattr(call, name) for name in TOLD},
        events=tuple(facts.CallEvent(**{name: getattr(one, name) for name in TOLD_OF_EVENT}) for one in call.events),
        commitments=tuple(party.commitment for party in call.parties),
        log=last_entry(call),
    )
