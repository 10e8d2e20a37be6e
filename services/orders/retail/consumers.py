"""What retail orders react to: the catalogue's answers about their stock."""

from services.orders.retail import commands
from services.orders.retail.domain import Order, Refusal, Short
from shared.aggregates import Work
from shared.contracts.catalog import ReservationHeld, ReservationRefused
from shared.events import Event
from shared.handlers import Handlers

RESERVATIONS = Handlers("catalog.reservations", tracks=Order)


@RESERVATIONS.on(ReservationHeld, loads={Order: lambda event: [event.subject]})
async def on_reservation_held(event: Event[ReservationHeld], work: Work) -> None:
    await commands.confirm(work[Order], event.subject)


@RESERVATIONS.on(ReservationRefused, loads={Order: lambda event: [event.subject]})
async def on_reservation_refused(event: Event[ReservationRefused], work: Work) -> None:
    short = tuple(Short(**line.model_dump()) for line in event.data.short)
    await commands.refuse(work[Order], event.subject, Refusal(code=event.data.code, short=short))
