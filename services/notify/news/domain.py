"""News: who is told what of a fact. A reason in somebody's own words fits no registered template and is left out."""

from collections.abc import Sequence
from datetime import date

from services.notify.templates.domain import ORDER, Message, SubjectKind, Value, short_id
from shared.contracts.orders import OrderAccepted, OrderCancelled, OrderConfirmed, OrderRefused
from shared.contracts.stalls import (
    AllotmentConfirmed,
    AllotmentDeclined,
    AllotmentLapsed,
    ApplicationSubmitted,
    ApplicationWaitlisted,
    Held,
    StallAllotted,
    VenueName,
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
    """Her receipt. It ties the ticket to the application's number: later messages carry one of the two."""
    numbers: dict[str, Value] = {"application": application, "ticket": fact.ticket}
    return (Message(fact.group, APPLICATION, application, "application-received", numbers),)


def on_stall_allotted(allotment: str, fact: StallAllotted) -> Messages:
    params: dict[str, Value] = {
        "ticket": fact.ticket,
        "stall": fact.stall,
        "venue": named(fact.venue_name, fact.venue),
        "days": listed(fact.days),
        "confirm_by": fact.confirm_by.isoformat(),
    }
    return (Message(fact.group, ALLOTMENT, allotment, BY_THROUGH[fact.through], params),)


def on_application_waitlisted(allotment: str, fact: ApplicationWaitlisted) -> Messages:
    numbers: dict[str, Value] = {"ticket": fact.ticket, "place": fact.place}
    return (Message(fact.group, ALLOTMENT, allotment, "allotment-waitlisted", numbers),)


def on_allotment_confirmed(allotment: str, fact: AllotmentConfirmed) -> Messages:
    params = {**stall_of(fact.held), "venue": named(fact.venue_name, fact.held.venue)}
    return (Message(fact.held.group, ALLOTMENT, allotment, "allotment-confirmed", params),)


def on_allotment_declined(allotment: str, fact: AllotmentDeclined) -> Messages:
    if fact.held is None:
        left: dict[str, Value] = {"application": fact.application}
        return (Message(fact.group, ALLOTMENT, allotment, "allotment-left-waitlist", left),)
    return (Message(fact.group, ALLOTMENT, allotment, "allotment-declined", stall_of(fact.held)),)


def on_allotment_lapsed(allotment: str, fact: AllotmentLapsed) -> Messages:
    return (Message(fact.held.group, ALLOTMENT, allotment, "allotment-lapsed", stall_of(fact.held)),)


def stall_of(held: Held) -> dict[str, Value]:
    return {"application": held.application, "stall": held.stall, "days": listed(held.days)}


def listed(days: Sequence[date]) -> list[str]:
    return [day.isoformat() for day in sorted(days)]


def named(name: VenueName, venue: str) -> dict[str, str]:
    """The names there are, by language; of a ground without any the end of its id."""
    names = {language: text for language, text in name.model_dump().items() if text and text.strip()}
    return names or {"en": short_id(venue)}
