"""Holds on the catalogue's stock: a whole batch of orders in one transaction, on a real MongoDB."""

from typing import Any

from services.catalog.reservations.consumers import HANDLERS
from services.catalog.reservations.domain import Reservation
from services.catalog.stock.domain import Stock
from services.catalog.wiring import SERVICE
from shared.clock import now
from shared.consumer.work import UnitOfWork
from shared.contracts.orders import OrderAccepted, OrderCancelled, OrderLine, OrderPlaced
from shared.documents import Doc
from shared.events import Event, Fact
from shared.scope import Role
from tests.integration.serving import House
from tests.integration.test_catalog import counted, house

__all__ = ["house"]


def event(fact: Fact, order: str, sequence: int) -> Event[Any]:
    return Event(fact, f"{order}:1:{sequence}", order, "27", 1, sequence, now())


def line(product: str, quantity: int, sku: str = "UDID-200") -> OrderLine:
    prices = {"unit_price_paise": 9000, "tax_basis_points": 500, "tax_paise": 429}
    return OrderLine(product_id=product, sku=sku, quantity=quantity, **prices)


def placed(order: str, *lines: OrderLine) -> Event[OrderPlaced]:
    fact = OrderPlaced(
        buyer="buyer-1",
        seller="group-1",
        seller_district="490",
        deliver_district="490",
        lines=lines,
        total_paise=9000,
        hold_until=now(),
    )
    return event(fact, order, 1)


async def reacted(house: House, *events: Event[Any]) -> None:
    """All of them as one batch, in one transaction."""
    handlers = HANDLERS
    async with house.database.client.start_session() as session, await session.start_transaction():
        work = UnitOfWork(house.database, {kind.holds: kind for kind in SERVICE.kinds}, session)
        for each in events:
            reaction = handlers.reactions[each.data.name, each.data.major]
            await work.load({holds: ids(each) for holds, ids in reaction.loads.items()})
            await reaction.handle(each, work)
            work.keep()
        await work.write()


async def kept(house: House, collection: str) -> list[Doc]:
    return [doc async for doc in house.database.collection(collection).find({}).sort("_id")]


async def test_forty_orders_for_ten_units_in_one_batch_hold_exactly_ten_with_one_write_of_the_stock(
    house: House,
) -> None:
    product, _ = await counted(house, 10)
    before = (await kept(house, "stock"))[0]
    await reacted(house, *[placed(f"order-{n:02}", line(product, 1)) for n in range(40)])
    reservations = await kept(house, "reservations")
    assert [doc["status"] for doc in reservations] == ["held"] * 10 + ["refused"] * 30
    stock = (await kept(house, "stock"))[0]
    assert (stock["held"], stock["on_hand"], stock["version"]) == (10, 10, before["version"] + 1)
    assert len(stock["outbox"]) == len(before["outbox"]) + 1
    assert '"available":0' in stock["outbox"][-1]["data"]


async def test_an_order_is_held_whole_or_not_at_all_across_products(house: House) -> None:
    product, _ = await counted(house, 10)
    await reacted(house, placed("order-1", line(product, 4), line("no-such-product", 1)))
    assert (await house.running.stores[Stock].get(f"{product}:UDID-200")).held == 0
    refused = await house.running.stores[Reservation].get("order-1")
    assert (refused.status, refused.code) == ("refused", "NotEnoughStock")


async def test_accepted_cancelled_and_repeated_orders_leave_the_sums_exact(house: House) -> None:
    product, group = await counted(house, 10)
    people: dict[str, Any] = {"buyer": "buyer-1", "seller": group}
    story: list[Event[Any]] = [
        placed("order-1", line(product, 3)),
        placed("order-2", line(product, 4)),
        event(OrderAccepted(lines=(line(product, 3),), **people), "order-1", 2),
        event(OrderCancelled(lines=(line(product, 4),), by="buyer", reason="asked", **people), "order-2", 2),
    ]
    await reacted(house, *story)
    await reacted(house, *story)
    stock = await house.running.stores[Stock].get(f"{product}:UDID-200")
    assert (stock.on_hand, stock.held, stock.sold, stock.moved) == (7, 0, 3, 10)
    path = f"/products/{product}/variants/UDID-200/stock"
    recount = await house.ask("PUT", path, Role.GROUP_LEADER, {"on_hand": 20}, groups=[group])
    assert (recount.json()["moved"], recount.json()["available"]) == (23, 20)


async def test_a_recount_below_what_is_held_is_refused_and_an_unknown_sku_is_not_there(house: House) -> None:
    product, group = await counted(house, 10)
    await reacted(house, placed("order-1", line(product, 4)))
    maker: dict[str, Any] = {"role": Role.GROUP_LEADER, "groups": [group]}
    low = await house.ask("PUT", f"/products/{product}/variants/UDID-200/stock", body={"on_hand": 3}, **maker)
    unknown = await house.ask("PUT", f"/products/{product}/variants/MUG-200/stock", body={"on_hand": 3}, **maker)
    assert (low.status_code, low.json()["code"]) == (409, "RecountBelowHeld")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "VariantUnknown")
