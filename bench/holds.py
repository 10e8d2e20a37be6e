"""Holds on the hottest product: one reservation document an order, the stock written once a batch."""

from functools import partial

from bench import goods, topic
from bench.inserts import per_second
from bench.lines import Line, middle, rate
from bench.place import place
from bench.settings import BenchSettings
from bench.waiting import applied
from services.catalog.reservations.domain import Reservation, Status
from services.catalog.reservations.store import ReservationDocument
from services.catalog.stock.store import StockDocument
from services.catalog.wiring import SERVICE
from shared import clock
from shared.documents import Doc
from shared.ids import new_id
from shared.outbox import told
from shared.service import Running

ORDERS = "orders.orders"
WAITERS = 256


async def measured(sizes: BenchSettings) -> list[Line]:
    """Orders of one product that wait, beside so many callers who add to one document, durable, again and again."""
    async with place() as here:
        catalog = await here.running(SERVICE)
        await goods.stock(catalog)
        records = [_placed() for _ in range(sizes.holds)]
        await topic.write(catalog.settings, catalog.settings.topic(ORDERS), records)
        before = await _updates(catalog, sizes)
        consumer = here.start("catalog", "consume")
        found = await applied(catalog, len(records), consumer)
        consumer.stop()
        limit = middle([before, await _updates(catalog, sizes)])
        await _exact(catalog, len(records))
    note = (
        f"{len(records):,} orders of one product, every one held; {found.cpu_microseconds:.0f} µs of processor a hold"
    )
    against = f"updates of one document, {WAITERS} waiters"
    return [rate("holds", "holds on the hottest product", found.per_second, against, limit, least=5, note=note)]


def _placed() -> Doc:
    order_id = new_id()
    return topic.record(
        told(goods.placed(order_id).facts[0], order_id, goods.TENANT, (1, 1), clock.now()), "/orders", ORDERS, order_id
    )


async def _updates(catalog: Running, sizes: BenchSettings) -> float:
    rows = catalog.database.collection("one_document")
    await rows.update_one({"_id": "hot"}, {"$set": {"held": 0}}, upsert=True)
    one = partial(rows.update_one, {"_id": "hot"}, {"$inc": {"held": 1}})
    return await per_second(one, WAITERS, sizes.round_seconds, warm=0.3)


async def _exact(catalog: Running, wanted: int) -> None:
    """A fast wrong answer is no figure. Raises RuntimeError."""
    held = await catalog.database.collection(ReservationDocument.collection).count_documents({"status": Status.HELD})
    stock = await catalog.stores[StockDocument.holds].find(f"{goods.PRODUCTS[0]}:{goods.SKU}")
    if held != wanted or stock is None or stock.held != wanted:
        raise RuntimeError(f"{wanted} orders, {held} {Reservation.__name__}s held, stock says {stock}")
