"""Allotments: one for each application of a draw. A stall is hers if she confirms in time, else the next in line's.

allotted → confirmed | declined | lapsed; waitlisted → allotted (when a stall is given back) | declined; confirmed →
given back. What follows when a stall is left stands in successions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal

from services.stalls.calls.domain import Call, CallEvent
from services.stalls.draw.accept import Row
from services.stalls.offers.domain import in_india, starts
from services.stalls.outcomes.domain import Registered
from shared.clock import INDIA
from shared.contracts import stalls_allotments as facts
from shared.contracts.stalls import VenueName
from shared.decisions import Decision
from shared.errors import LANGUAGES, Language, Refused
from shared.ids import derived_id
from shared.localized import Localized

Through = Literal["draw", "waitlist", "upgrade", "standby"]
LAST_SECOND = time(23, 59, 59)
SOON = timedelta(days=2)


class Status(StrEnum):
    ALLOTTED = "allotted"
    WAITLISTED = "waitlisted"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    LAPSED = "lapsed"
    GIVEN_BACK = "given_back"

    def said(self, language: Language) -> str:
        return STATUSES[self.value][LANGUAGES.index(language)]


STATUSES: Mapping[str, tuple[str, str, str]] = {
    "allotted": ("मिळालेला", "मिला हुआ", "allotted"),
    "waitlisted": ("प्रतीक्षा यादीत", "प्रतीक्षा सूची में", "waitlisted"),
    "confirmed": ("नक्की केलेला", "पक्का", "confirmed"),
    "declined": ("परत केलेला", "लौटाया हुआ", "declined"),
    "lapsed": ("मुदत संपलेला", "समय निकला हुआ", "lapsed"),
    "given_back": ("निश्चित केल्यावर परत दिलेला", "पक्का करके लौटाया हुआ", "given back"),
}
"""In the order of LANGUAGES."""


LEFT = frozenset({Status.DECLINED, Status.LAPSED, Status.GIVEN_BACK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long a stall is kept for her."""

    confirm_days_before: int
    offer_hours: int
    late_offer_hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A stall on a ground: `event` of the call, `stall` is its number there."""

    event: int
    venue: str
    venue_name: Localized
    days: tuple[date, ...]
    stall: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    event: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standby:
    """She stands at the ground of an event that day, in case a stall stays empty."""

    event: int
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Allotment:
    """`district`, `block` are the group's; `call_district`, `call_block` those of the office.

    `seat` stays after it is given back; `before`: those she left for a better one. `due_at`: when it lapses; once given
    back it stays due until it is passed on, and who stands by is due until that is in the log.
    """

    id: str
    tenant: str
    call: str
    call_district: str
    call_block: str | None
    application: str
    group: str
    district: str
    block: str | None
    ticket: str
    place: int
    status: Status
    seat: Seat | None = None
    through: Through | None = None
    positions: tuple[Position, ...] = ()
    offered_at: datetime | None = None
    confirm_by: datetime | None = None
    due_at: datetime | None = None
    before: tuple[Seat, ...] = ()
    standby: Standby | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AllotmentFilters:
    group: str | None = None
    call: str | None = None
    status: Status | None = None


class NotConfirmable(Refused):
    """This allotment is {status}; only a stall that is allotted can be confirmed."""

    mr = "हे वाटप आता निश्चित करता येत नाही (स्थिती: {status}); मिळालेला स्टॉलच निश्चित करता येतो."
    hi = "यह आवंटन अब पक्का नहीं हो सकता (स्थिति: {status}); केवल मिला हुआ स्टॉल पक्का होता है।"


class ConfirmedTooLate(Refused):
    """This stall was kept for you until {confirm_by}; it goes to the next in line."""

    mr = "हा स्टॉल तुमच्यासाठी {confirm_by} पर्यंत राखून ठेवला होता; आता तो रांगेतील पुढच्या गटाला मिळेल."
    hi = "यह स्टॉल आपके लिए {confirm_by} तक रखा गया था; अब यह कतार के अगले समूह को मिलेगा।"


class NotDeclinable(Refused):
    """This allotment is {status}; only a stall not confirmed yet, or a place on the waitlist, can be declined."""

    mr = "हे वाटप आता नाकारता येत नाही (स्थिती: {status}); निश्चित न केलेला स्टॉल किंवा प्रतीक्षा यादीतील जागाच सोडता येते."
    hi = "यह आवंटन अब छोड़ा नहीं जा सकता (स्थिति: {status}); केवल पक्का न हुआ स्टॉल या प्रतीक्षा सूची की जगह छोड़ी जा सकती है।"


def allotment_id(tenant: str, application: str) -> str:
    return derived_id(tenant, "allotments", application)


def confirm_by(first_day: date, through: Literal["draw", "waitlist"], terms: Terms, now: datetime) -> datetime | None:
    """Until when a stall is kept; None when its first day has begun and nobody can be asked any more.

    A stall of the draw: the end of the day `confirm_days_before` the first, but never less than an offer's hours.
    """
    first = starts(first_day)
    if now >= first:
        return None
    late = first - now <= SOON and through == "waitlist"
    kept = now + timedelta(hours=terms.late_offer_hours if late else terms.offer_hours)
    if through == "draw":
        last = first_day - timedelta(days=terms.confirm_days_before)
        kept = max(kept, datetime.combine(last, LAST_SECOND, INDIA))
    return min(kept, first).astimezone(UTC)


def made(call: Call, row: Row, of: Registered, terms: Terms, now: datetime) -> Decision[Allotment]:
    """What the draw gave her: a stall, or a place on the waitlist."""
    waiting = Allotment(
        id=allotment_id(call.tenant, of.application),
        tenant=call.tenant,
        call=call.id,
        call_district=call.district,
        call_block=call.block,
        application=of.application,
        group=of.group,
        district=of.district,
        block=of.block,
        ticket=row.ticket,
        place=row.place,
        status=Status.WAITLISTED,
        positions=tuple(Position(event=event, position=position) for event, position in row.waiting),
    )
    if row.event is None or row.stall is None:
        return Decision(waiting, waitlisted(waiting))
    return given(waiting, seat(call, row.event, row.stall), "draw", terms, now)


def seat(call: Call, event: int, stall: int) -> Seat:
    found: CallEvent = next(one for one in call.events if one.number == event)
    return Seat(event=event, venue=found.venue, venue_name=found.venue_name, days=found.days, stall=stall)


def given(
    allotment: Allotment, seat_: Seat, through: Literal["draw", "waitlist"], terms: Terms, now: datetime
) -> Decision[Allotment]:
    """Hers if she confirms in time; a stall of a draw made after its first day lapses at once."""
    until = confirm_by(min(seat_.days), through, terms, now) or now
    state = replace(
        allotment,
        status=Status.ALLOTTED,
        seat=seat_,
        through=through,
        offered_at=now,
        confirm_by=until,
        due_at=until,
    )
    fact = facts.StallAllotted(
        application=state.application,
        call=state.call,
        group=state.group,
        ticket=state.ticket,
        event=seat_.event,
        venue=seat_.venue,
        venue_name=VenueName(**seat_.venue_name.kept()),
        days=seat_.days,
        stall=seat_.stall,
        place=state.place,
        confirm_by=until,
        through=through,
    )
    return Decision(state, fact)


def waitlisted(allotment: Allotment) -> facts.ApplicationWaitlisted:
    places = tuple(facts.WaitlistPlace(event=one.event, position=one.position) for one in allotment.positions)
    return facts.ApplicationWaitlisted(
        application=allotment.application,
        call=allotment.call,
        group=allotment.group,
        ticket=allotment.ticket,
        place=allotment.place,
        positions=places,
    )


def held(allotment: Allotment, seat_: Seat) -> facts.Held:
    return facts.Held(
        application=allotment.application,
        call=allotment.call,
        group=allotment.group,
        event=seat_.event,
        venue=seat_.venue,
        days=seat_.days,
        stall=seat_.stall,
        ticket=allotment.ticket,
    )


def confirm(allotment: Allotment, now: datetime) -> Decision[Allotment]:
    """She comes. Confirmed already: nothing changes. Raises NotConfirmable, ConfirmedTooLate."""
    if allotment.status is Status.CONFIRMED:
        return Decision(allotment)
    if allotment.status is not Status.ALLOTTED or allotment.seat is None or allotment.confirm_by is None:
        raise NotConfirmable(status=allotment.status)
    if now > allotment.confirm_by:
        raise ConfirmedTooLate(confirm_by=in_india(allotment.confirm_by))
    fact = facts.AllotmentConfirmed(
        held=held(allotment, allotment.seat), venue_name=VenueName(**allotment.seat.venue_name.kept())
    )
    return Decision(replace(allotment, status=Status.CONFIRMED, due_at=None), fact)


def decline(allotment: Allotment, now: datetime) -> Decision[Allotment]:
    """She gives the stall back, or leaves the waitlist. Declined already: nothing changes. Raises NotDeclinable."""
    if allotment.status is Status.DECLINED:
        return Decision(allotment)
    if allotment.status not in {Status.ALLOTTED, Status.WAITLISTED}:
        raise NotDeclinable(status=allotment.status)
    fact = facts.AllotmentDeclined(
        application=allotment.application,
        call=allotment.call,
        group=allotment.group,
        held=held(allotment, allotment.seat) if allotment.seat else None,
        ticket=allotment.ticket,
        venue_name=VenueName(**allotment.seat.venue_name.kept()) if allotment.seat else None,
    )
    return Decision(replace(allotment, status=Status.DECLINED, due_at=now if allotment.seat else None), fact)


def lapse(allotment: Allotment, now: datetime) -> Decision[Allotment]:
    """Her time is over. Whoever answered in time, or has longer, keeps it."""
    late = allotment.due_at is not None and allotment.due_at <= now
    if allotment.status is not Status.ALLOTTED or allotment.seat is None or not late:
        return Decision(allotment)
    fact = facts.AllotmentLapsed(
        held=held(allotment, allotment.seat), venue_name=VenueName(**allotment.seat.venue_name.kept())
    )
    return Decision(replace(allotment, status=Status.LAPSED, due_at=now), fact)
