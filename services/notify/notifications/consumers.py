"""What notifications react to: the life of an order. A row's id is event:recipient:channel, so a repeat adds none."""

from collections.abc import Iterable

from services.notify.notifications import commands
from services.notify.notifications.domain import Notification, row_id
from services.notify.templates import domain as templates
from services.notify.templates.domain import Message
from shared.aggregates import Work
from shared.contracts.orders import OrderAccepted, OrderCancelled, OrderConfirmed, OrderRefused
from shared.events import Event
from shared.handlers import Handlers

ORDERS = Handlers("orders.orders")

Told = OrderConfirmed | OrderRefused | OrderAccepted | OrderCancelled


def rows_for(event: Event[Told]) -> list[str]:
    return [row_id(event.id, party) for party in (event.data.buyer, event.data.seller)]


@ORDERS.on(OrderConfirmed, loads={Notification: rows_for})
async def on_order_confirmed(event: Event[OrderConfirmed], work: Work) -> None:
    await tell(event, work, templates.on_confirmed(event.subject, event.data))


@ORDERS.on(OrderRefused, loads={Notification: rows_for})
async def on_order_refused(event: Event[OrderRefused], work: Work) -> None:
    await tell(event, work, templates.on_refused(event.subject, event.data))


@ORDERS.on(OrderAccepted, loads={Notification: rows_for})
async def on_order_accepted(event: Event[OrderAccepted], work: Work) -> None:
    await tell(event, work, templates.on_accepted(event.subject, event.data))


@ORDERS.on(OrderCancelled, loads={Notification: rows_for})
async def on_order_cancelled(event: Event[OrderCancelled], work: Work) -> None:
    await tell(event, work, templates.on_cancelled(event.subject, event.data))


async def tell(event: Event[Told], work: Work, messages: Iterable[Message]) -> None:
    for message in messages:
        await commands.queue(work[Notification], event.id, event.tenant, message)
