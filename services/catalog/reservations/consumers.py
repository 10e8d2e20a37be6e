"""What reservations react to: the life of an order."""

from collections.abc import Sequence

from services.catalog.reservations import commands
from services.catalog.reservations.domain import Line, Reservation
from services.catalog.stock.domain import Stock, stock_id
from shared import metrics
from shared.aggregates import Work
from shared.contracts.orders import OrderAccepted, OrderCancelled, OrderLine, OrderPlaced
from shared.events import Event
from shared.handlers import Handlers

HANDLERS = Handlers("orders.orders", tracks=Reservation)


def stock_ids(event: Event[OrderPlaced] | Event[OrderAccepted] | Event[OrderCancelled]) -> list[str]:
    return [stock_id(line.product_id, line.sku) for line in event.data.lines]


def asked(lines: Sequence[OrderLine]) -> tuple[Line, ...]:
    return tuple(Line(product_id=line.product_id, sku=line.sku, quantity=line.quantity) for line in lines)


@HANDLERS.on(OrderPlaced, loads={Reservation: lambda event: [event.subject], Stock: stock_ids})
async def on_order_placed(event: Event[OrderPlaced], work: Work) -> None:
    if event.incarnation > 1 and (before := await work[Reservation].find(event.subject)):
        await commands.tell_again(work[Reservation], work[Stock], before)
        return
    lines = asked(event.data.lines)
    reservation = await commands.hold(work[Reservation], work[Stock], event.subject, event.tenant, lines)
    if reservation.code:
        metrics.RESERVATIONS_REFUSED.labels(reason=reservation.code).inc()


@HANDLERS.on(OrderCancelled, loads={Reservation: lambda event: [event.subject], Stock: stock_ids})
async def on_order_cancelled(event: Event[OrderCancelled], work: Work) -> None:
    await commands.release(work[Reservation], work[Stock], event.subject, event.tenant)


@HANDLERS.on(OrderAccepted, loads={Reservation: lambda event: [event.subject], Stock: stock_ids})
async def on_order_accepted(event: Event[OrderAccepted], work: Work) -> None:
    await commands.consume(work[Reservation], work[Stock], event.subject)
