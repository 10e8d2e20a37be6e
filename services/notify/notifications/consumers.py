"""What notifications react to. A row's id is event:recipient:channel, so a repeat adds none."""

from collections.abc import Iterable
from typing import Any

from services.notify.news import domain as news
from services.notify.notifications import commands
from services.notify.notifications.domain import Notification, row_id
from services.notify.templates.domain import Message
from shared.aggregates import Work
from shared.contracts.orders import OrderAccepted, OrderCancelled, OrderConfirmed, OrderRefused
from shared.contracts.stalls import ApplicationChanged, ApplicationSubmitted, ApplicationWithdrawn
from shared.contracts.stalls_allotments import (
    AllotmentConfirmed,
    AllotmentDeclined,
    AllotmentGivenBack,
    AllotmentLapsed,
    AllotmentUpgraded,
    ApplicationWaitlisted,
    StallAllotted,
    StandbySeated,
)
from shared.events import Event
from shared.handlers import Handlers

ORDERS = Handlers("orders.orders")
APPLICATIONS = Handlers("stalls.applications")
ALLOTMENTS = Handlers("stalls.allotments")

OrderTold = OrderConfirmed | OrderRefused | OrderAccepted | OrderCancelled
ApplicationTold = ApplicationSubmitted | ApplicationChanged | ApplicationWithdrawn
GroupTold = ApplicationTold | StallAllotted | ApplicationWaitlisted | AllotmentDeclined
HolderTold = AllotmentConfirmed | AllotmentLapsed | AllotmentUpgraded | AllotmentGivenBack | StandbySeated


def both_sides(event: Event[OrderTold]) -> list[str]:
    return [row_id(event.id, party) for party in (event.data.buyer, event.data.seller)]


def group(event: Event[GroupTold]) -> list[str]:
    return [row_id(event.id, event.data.group)]


def holder(event: Event[HolderTold]) -> list[str]:
    return [row_id(event.id, event.data.held.group)]


@ORDERS.on(OrderConfirmed, loads={Notification: both_sides})
async def on_order_confirmed(event: Event[OrderConfirmed], work: Work) -> None:
    await tell(event, work, news.on_order_confirmed(event.subject, event.data))


@ORDERS.on(OrderRefused, loads={Notification: both_sides})
async def on_order_refused(event: Event[OrderRefused], work: Work) -> None:
    await tell(event, work, news.on_order_refused(event.subject, event.data))


@ORDERS.on(OrderAccepted, loads={Notification: both_sides})
async def on_order_accepted(event: Event[OrderAccepted], work: Work) -> None:
    await tell(event, work, news.on_order_accepted(event.subject, event.data))


@ORDERS.on(OrderCancelled, loads={Notification: both_sides})
async def on_order_cancelled(event: Event[OrderCancelled], work: Work) -> None:
    await tell(event, work, news.on_order_cancelled(event.subject, event.data))


@APPLICATIONS.on(ApplicationSubmitted, loads={Notification: group})
async def on_application_submitted(event: Event[ApplicationSubmitted], work: Work) -> None:
    await tell(event, work, news.on_application_submitted(event.subject, event.data))


@APPLICATIONS.on(ApplicationChanged, loads={Notification: group})
async def on_application_changed(event: Event[ApplicationChanged], work: Work) -> None:
    await tell(event, work, news.on_application_changed(event.subject, event.data))


@APPLICATIONS.on(ApplicationWithdrawn, loads={Notification: group})
async def on_application_withdrawn(event: Event[ApplicationWithdrawn], work: Work) -> None:
    await tell(event, work, news.on_application_withdrawn(event.subject, event.data))


@ALLOTMENTS.on(StallAllotted, loads={Notification: group})
async def on_stall_allotted(event: Event[StallAllotted], work: Work) -> None:
    await tell(event, work, news.on_stall_allotted(event.subject, event.data))


@ALLOTMENTS.on(ApplicationWaitlisted, loads={Notification: group})
async def on_application_waitlisted(event: Event[ApplicationWaitlisted], work: Work) -> None:
    await tell(event, work, news.on_application_waitlisted(event.subject, event.data))


@ALLOTMENTS.on(AllotmentConfirmed, loads={Notification: holder})
async def on_allotment_confirmed(event: Event[AllotmentConfirmed], work: Work) -> None:
    await tell(event, work, news.on_allotment_confirmed(event.subject, event.data))


@ALLOTMENTS.on(AllotmentDeclined, loads={Notification: group})
async def on_allotment_declined(event: Event[AllotmentDeclined], work: Work) -> None:
    await tell(event, work, news.on_allotment_declined(event.subject, event.data))


@ALLOTMENTS.on(AllotmentLapsed, loads={Notification: holder})
async def on_allotment_lapsed(event: Event[AllotmentLapsed], work: Work) -> None:
    await tell(event, work, news.on_allotment_lapsed(event.subject, event.data))


@ALLOTMENTS.on(AllotmentUpgraded, loads={Notification: holder})
async def on_allotment_upgraded(event: Event[AllotmentUpgraded], work: Work) -> None:
    await tell(event, work, news.on_allotment_upgraded(event.subject, event.data))


@ALLOTMENTS.on(AllotmentGivenBack, loads={Notification: holder})
async def on_allotment_given_back(event: Event[AllotmentGivenBack], work: Work) -> None:
    await tell(event, work, news.on_allotment_given_back(event.subject, event.data))


@ALLOTMENTS.on(StandbySeated, loads={Notification: holder})
async def on_standby_seated(event: Event[StandbySeated], work: Work) -> None:
    await tell(event, work, news.on_standby_seated(event.subject, event.data))


async def tell(event: Event[Any], work: Work, messages: Iterable[Message]) -> None:
    for message in messages:
        await commands.queue(work[Notification], event.id, event.tenant, message)
