"""News: who is told what of a fact. A reason in somebody's own words fits no registered template and is left out."""

from collections.abc import Sequence
from datetime import date

from services.notify.news.words import called, ground, whose
from services.notify.templates.domain import ORDER, Message, SubjectKind, Value
from shared.contracts.orders import OrderAccepted, OrderCancelled, OrderConfirmed, OrderRefused
from shared.contracts.stalls import ApplicationChanged, ApplicationSubmitted, ApplicationWithdrawn, VenueName
from shared.contracts.stalls_allotments import (
    AllotmentConfirmed,
    AllotmentDeclined,
    AllotmentGivenBack,
    AllotmentLapsed,
    AllotmentUpgraded,
    ApplicationWaitlisted,
    Held,
    StallAllotted,
    StandbySeated,
)

APPLICATION: SubjectKind = "application"
ALLOTMENT: SubjectKind = "allotment"
BY_THROUGH = {"draw": "allotment-drawn", "waitlist": "allotment-offered"}

Messages = tuple[Message, ...]


def on_order_confirmed(order_id: str, fact: OrderConfirmed) -> Messages:
    total: dict[str, Value] = {"total": fact.total_paise}
    return (
        Message(fact.buyer, ORDER, order_id, "order-confirmed-buyer", total),
        Message(fact.seller, ORDER, order_id, "order-confirmed-group", total),
    )


def on_order_refused(order_id: str, fact: OrderRefused) -> Messages:
    """One short line is told with its figures; what is more than that stands in the order itself."""
    if len(fact.short) == 1:
        figures: dict[str, Value] = {"asked": fact.short[0].quantity, "left": fact.short[0].stock_left}
        return (Message(fact.buyer, ORDER, order_id, "order-refused-short", figures),)
    return (Message(fact.buyer, ORDER, order_id, "order-refused", {}),)


def on_order_accepted(order_id: str, fact: OrderAccepted) -> Messages:
    return (Message(fact.buyer, ORDER, order_id, "order-accepted-buyer", {}),)


def on_order_cancelled(order_id: str, fact: OrderCancelled) -> Messages:
    """Each side is told who cancelled."""
    return (
        Message(fact.buyer, ORDER, order_id, f"order-cancelled-by-{fact.by}-buyer", {}),
        Message(fact.seller, ORDER, order_id, f"order-cancelled-by-{fact.by}-group", {}),
    )


def on_application_submitted(application: str, fact: ApplicationSubmitted) -> Messages:
    """Her receipt: of which call, and the ticket that all later messages carry."""
    params: dict[str, Value] = {"call": called(fact.call_name), "ticket": fact.ticket}
    return (Message(fact.group, APPLICATION, application, "application-received", params),)


def on_application_changed(application: str, fact: ApplicationChanged) -> Messages:
    hers: dict[str, Value] = {"whose": whose(fact.ticket, application)}
    return (Message(fact.group, APPLICATION, application, "application-changed", hers),)


def on_application_withdrawn(application: str, fact: ApplicationWithdrawn) -> Messages:
    """One text for all: by her, by somebody who helps her, or because it came after the close."""
    hers: dict[str, Value] = {"whose": whose(fact.ticket, application)}
    return (Message(fact.group, APPLICATION, application, "application-withdrawn", hers),)


def on_stall_allotted(allotment: str, fact: StallAllotted) -> Messages:
    params: dict[str, Value] = {
        "ticket": fact.ticket,
        "stall": fact.stall,
        "venue": ground(fact.venue_name, fact.event),
        "days": listed(fact.days),
        "confirm_by": fact.confirm_by.isoformat(),
    }
    return (Message(fact.group, ALLOTMENT, allotment, BY_THROUGH[fact.through], params),)


def on_application_waitlisted(allotment: str, fact: ApplicationWaitlisted) -> Messages:
    """Her position for the first of her wishes whose ground can be used. Without any she waits for nothing."""
    if not fact.positions:
        return (Message(fact.group, ALLOTMENT, allotment, "allotment-no-ground", {"ticket": fact.ticket}),)
    numbers: dict[str, Value] = {"ticket": fact.ticket, "position": fact.positions[0].position}
    return (Message(fact.group, ALLOTMENT, allotment, "allotment-waitlisted", numbers),)


def on_allotment_confirmed(allotment: str, fact: AllotmentConfirmed) -> Messages:
    return (
        Message(fact.held.group, ALLOTMENT, allotment, "allotment-confirmed", stall_of(fact.held, fact.venue_name)),
    )


def on_allotment_declined(allotment: str, fact: AllotmentDeclined) -> Messages:
    if fact.held is None:
        hers: dict[str, Value] = {"whose": whose(fact.ticket, fact.application)}
        return (Message(fact.group, ALLOTMENT, allotment, "allotment-left-waitlist", hers),)
    return (Message(fact.group, ALLOTMENT, allotment, "allotment-declined", stall_of(fact.held, fact.venue_name)),)


def on_allotment_lapsed(allotment: str, fact: AllotmentLapsed) -> Messages:
    return (Message(fact.held.group, ALLOTMENT, allotment, "allotment-lapsed", stall_of(fact.held, fact.venue_name)),)


def on_allotment_upgraded(allotment: str, fact: AllotmentUpgraded) -> Messages:
    """The stall she has now, and by when to say yes where she had not yet; the one before goes to others."""
    now = stall_of(fact.held, fact.venue_name)
    if fact.confirm_by is None:
        return (Message(fact.held.group, ALLOTMENT, allotment, "allotment-upgraded-confirmed", now),)
    asked: dict[str, Value] = {**now, "confirm_by": fact.confirm_by.isoformat()}
    return (Message(fact.held.group, ALLOTMENT, allotment, "allotment-upgraded", asked),)


def on_allotment_given_back(allotment: str, fact: AllotmentGivenBack) -> Messages:
    template = f"allotment-given-back-{fact.credit}"
    return (Message(fact.held.group, ALLOTMENT, allotment, template, stall_of(fact.held, fact.venue_name)),)


def on_standby_seated(allotment: str, fact: StandbySeated) -> Messages:
    said = stall_of(fact.held, fact.venue_name)
    said.pop("days")
    return (Message(fact.held.group, ALLOTMENT, allotment, "allotment-standby", said),)


def stall_of(held: Held, name: VenueName | None) -> dict[str, Value]:
    return {
        "whose": whose(held.ticket, held.application),
        "stall": held.stall,
        "venue": ground(name, held.event),
        "days": listed(held.days),
    }


def listed(days: Sequence[date]) -> list[str]:
    return [day.isoformat() for day in sorted(days)]
