"""A stall changes hands: given back, offered on, exchanged for a better choice, given on the day to who stands by.

Each is one write of one allotment, and a stall is free before anybody has it: the one who leaves is written first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from services.stalls.allotments.domain import (
    LEFT,
    Allotment,
    Seat,
    Standby,
    Status,
    Terms,
    Through,
    confirm_by,
    given,
    held,
)
from services.stalls.calls.domain import CallEvent
from services.stalls.offers.domain import in_india, starts
from shared.clock import INDIA
from shared.contracts import stalls_allotments as facts
from shared.contracts.stalls import VenueName
from shared.decisions import Decision
from shared.errors import Refused
from shared.events import Fact

Credit = Literal["returned", "kept"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """A stall that is hers by the log, and how she comes to it."""

    seat: Seat
    through: Through


class NotGivenBack(Refused):
    """This allotment is {status}; only a confirmed stall is given back, one not confirmed yet is declined."""

    mr = "हे वाटप परत देता येत नाही (स्थिती: {status}); निश्चित केलेला स्टॉलच परत देता येतो, न केलेला नाकारता येतो."
    hi = "यह आवंटन लौटाया नहीं जा सकता (स्थिति: {status}); पक्का किया स्टॉल ही लौटाया जाता है, बाकी छोड़ा जाता है।"


class GivenBackTooLate(Refused):
    """The fair began on {first_day}; until the day before it a stall can be given back, now tell the officer there."""

    mr = "मेळा {first_day} रोजी सुरू झाला; स्टॉल त्याच्या आदल्या दिवसापर्यंतच परत देता येतो. आता तिथल्या अधिकाऱ्यांना सांगा."
    hi = "मेला {first_day} को शुरू हो गया; स्टॉल एक दिन पहले तक ही लौटाया जा सकता है। अब वहाँ के अधिकारी को बताएँ।"


class NotOnWaitlist(Refused):
    """This allotment is {status}; only a group on the waitlist can stand by."""

    mr = "हे वाटप प्रतीक्षा यादीत नाही (स्थिती: {status}); प्रतीक्षा यादीतील गटच मैदानावर थांबू शकतो."
    hi = "यह आवंटन प्रतीक्षा सूची में नहीं है (स्थिति: {status}); प्रतीक्षा सूची का समूह ही मैदान पर रुक सकता है।"


class NotWaitingThere(Refused):
    """Event {event} is none of those this group waits for; it waits for: {events}."""

    mr = "क्रमांक {event} साठी हा गट प्रतीक्षेत नाही; तो यांसाठी प्रतीक्षेत आहे: {events}."
    hi = "क्रमांक {event} के लिए यह समूह प्रतीक्षा में नहीं है; यह इनके लिए है: {events}।"


class NotTheDay(Refused):
    """Event {event} is on {days}; stand by at its ground on that day."""

    mr = "क्रमांक {event} चा मेळा {days} रोजी आहे; त्या दिवशी मैदानावर या."
    hi = "क्रमांक {event} का मेला {days} को है; उस दिन मैदान पर आएँ।"


def give_back(allotment: Allotment, days_before: int, now: datetime) -> Decision[Allotment]:
    """A confirmed stall. Up to `days_before` the first day its credit is returned, later it stays charged.

    Given back already: nothing changes. Raises NotGivenBack, GivenBackTooLate.
    """
    if allotment.status is Status.GIVEN_BACK:
        return Decision(allotment)
    if allotment.status is not Status.CONFIRMED or allotment.seat is None:
        raise NotGivenBack(status=allotment.status)
    first = min(allotment.seat.days)
    if now >= starts(first):
        raise GivenBackTooLate(first_day=first.isoformat())
    fact = facts.AllotmentGivenBack(
        held=held(allotment, allotment.seat),
        venue_name=named(allotment.seat),
        credit=credit_of(allotment.seat, days_before, now),
    )
    return Decision(replace(allotment, status=Status.GIVEN_BACK, due_at=now), fact)


def credit_of(seat: Seat, days_before: int, now: datetime) -> Credit:
    """In the last week hardly anybody can still come in her place."""
    last = min(seat.days) - timedelta(days=days_before)
    return "returned" if now.astimezone(INDIA).date() <= last else "kept"


def stand_by(allotment: Allotment, event: int, found: CallEvent | None, now: datetime) -> Decision[Allotment]:
    """She stands at that event's ground today. Said already: nothing changes.

    Raises NotOnWaitlist, NotWaitingThere, NotTheDay.
    """
    if allotment.status is not Status.WAITLISTED:
        raise NotOnWaitlist(status=allotment.status)
    waits = [one.event for one in allotment.positions]
    if found is None or event not in waits:
        raise NotWaitingThere(event=event, events=", ".join(map(str, waits)) or "-")
    today = now.astimezone(INDIA).date()
    if today not in found.days:
        raise NotTheDay(event=event, days=", ".join(day.isoformat() for day in found.days))
    standby = Standby(event=event, day=today)
    if allotment.standby == standby:
        return Decision(allotment)
    fact = facts.StandbyCheckedIn(
        application=allotment.application,
        call=allotment.call,
        group=allotment.group,
        ticket=allotment.ticket,
        event=event,
        day=today,
    )
    return Decision(replace(allotment, standby=standby, due_at=now), fact)


def follow(allotment: Allotment, takes: Sequence[Take], terms: Terms, now: datetime) -> Decision[Allotment]:
    """The stalls that the log gives her, in order; those she had already are not given twice.

    One that she cannot have any more, nor what would follow it, changes nothing.
    """
    state, told = allotment, list[Fact]()
    for take in takes:
        if not has_had(state, take.seat):
            taken = _taken(state, take, terms, now)
            state, told = taken.state, [*told, *taken.facts]
    return Decision(state, *told)


def has_had(allotment: Allotment, seat: Seat) -> bool:
    had = (*allotment.before, allotment.seat)
    return any(one is not None and (one.event, one.stall) == (seat.event, seat.stall) for one in had)


def _taken(allotment: Allotment, take: Take, terms: Terms, now: datetime) -> Decision[Allotment]:
    if take.through == "upgrade":
        return _upgraded(allotment, take.seat, terms, now)
    if allotment.status is not Status.WAITLISTED:
        return Decision(allotment)
    if take.through == "standby":
        return _seated(allotment, take.seat, now)
    if confirm_by(min(take.seat.days), "waitlist", terms, now) is None:
        return Decision(allotment)
    return given(allotment, take.seat, "waitlist", terms, now)


def _upgraded(allotment: Allotment, seat: Seat, terms: Terms, now: datetime) -> Decision[Allotment]:
    """A better stall for the one she has; what she has confirmed stays confirmed. Not once one of the two has begun."""
    before = allotment.seat
    if allotment.status not in {Status.ALLOTTED, Status.CONFIRMED} or before is None:
        return Decision(allotment)
    until = confirm_by(min(seat.days), "draw", terms, now)
    if until is None or now >= starts(min(before.days)):
        return Decision(allotment)
    state = replace(allotment, seat=seat, before=(*allotment.before, before), through="upgrade", offered_at=now)
    if allotment.status is Status.ALLOTTED:
        state = replace(state, confirm_by=until, due_at=until)
    fact = facts.AllotmentUpgraded(
        held=held(state, seat),
        venue_name=named(seat),
        before=held(allotment, before),
        venue_name_before=named(before),
        confirm_by=state.confirm_by if state.status is Status.ALLOTTED else None,
    )
    return Decision(state, fact)


def _seated(allotment: Allotment, seat: Seat, now: datetime) -> Decision[Allotment]:
    """She stands there, so nobody waits for her answer."""
    if now.astimezone(INDIA).date() > max(seat.days):
        return Decision(allotment)
    state = replace(
        allotment, status=Status.CONFIRMED, seat=seat, through="standby", offered_at=now, confirm_by=None, due_at=None
    )
    return Decision(state, facts.StandbySeated(held=held(state, seat), venue_name=named(seat), place=state.place))


def settled(allotment: Allotment, due_at: datetime | None) -> Decision[Allotment]:
    """What was due then is taken care of; what became due since is not."""
    done = allotment.due_at == due_at and (allotment.status in LEFT or allotment.status is Status.WAITLISTED)
    return Decision(replace(allotment, due_at=None) if done else allotment)


def named(seat: Seat) -> VenueName:
    return VenueName(**seat.venue_name.kept())


class ChainUnderWay(Refused):
    """Ticket {ticket} is moving by a later entry of the log; this stall is looked at again when that is done ({at})."""

    mr = "तिकीट {ticket} नोंदवहीतील नंतरच्या नोंदीने हलत आहे; ते झाल्यावर हा स्टॉल पुन्हा पाहिला जाईल ({at})."
    hi = "टिकट {ticket} बही की बाद की प्रविष्टि से बदल रहा है; उसके बाद यह स्टॉल फिर देखा जाएगा ({at})।"

    @classmethod
    def of(cls, ticket: str, now: datetime) -> "ChainUnderWay":
        return cls(ticket=ticket, at=in_india(now))
