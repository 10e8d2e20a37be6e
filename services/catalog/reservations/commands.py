"""Hold, release and consume: a reservation and its stocks in one batch, or not at all."""

from collections.abc import Sequence
from functools import partial

from services.catalog.reservations import domain
from services.catalog.reservations.domain import Line, Reservation, Stocks
from services.catalog.stock import domain as stock
from services.catalog.stock.domain import Stock
from shared.aggregates import Aggregates
from shared.decisions import Decision


async def hold(
    reservations: Aggregates[Reservation],
    stocks: Aggregates[Stock],
    order_id: str,
    tenant: str,
    lines: Sequence[Line],
) -> Reservation:
    """Once for an order, however often it is asked: the stocks move only when the reservation is made."""

    async def decide() -> Decision[Reservation]:
        decision = domain.reserve(order_id, tenant, lines, await known(stocks, lines))
        for line in decision.state.holding:
            await stocks.change(line.stock_id, partial(stock.hold, quantity=line.quantity))
        return decision

    return await reservations.create(order_id, decide)


async def tell_again(
    reservations: Aggregates[Reservation], stocks: Aggregates[Stock], before: Reservation
) -> Reservation:
    """Nothing moves."""
    after = partial(domain.tell_again, stocks=await known(stocks, before.holding))
    return await reservations.change(before.id, after)


async def release(
    reservations: Aggregates[Reservation], stocks: Aggregates[Stock], order_id: str, tenant: str
) -> Reservation:
    """An order without a reservation gets one that is released, so that nothing is ever held for it."""

    async def decide() -> Decision[Reservation]:
        return domain.never_held(order_id, tenant)

    before = await reservations.find(order_id) or await reservations.create(order_id, decide)
    after = partial(domain.release, stocks=await known(stocks, before.holding))
    for line in before.holding:
        await stocks.change(line.stock_id, partial(stock.release, quantity=line.quantity))
    return await reservations.change(order_id, after)


async def consume(reservations: Aggregates[Reservation], stocks: Aggregates[Stock], order_id: str) -> Reservation:
    """Raises NotFound where nothing was ever held."""
    before = await reservations.get(order_id)
    after = partial(domain.consume, stocks=await known(stocks, before.holding))
    for line in before.holding:
        await stocks.change(line.stock_id, partial(stock.consume, quantity=line.quantity))
    return await reservations.change(order_id, after)


async def known(stocks: Aggregates[Stock], lines: Sequence[Line]) -> Stocks:
    return {line.stock_id: await stocks.find(line.stock_id) for line in lines}
