"""Effects of one consumer process, exactly once, beside the best bulk insert of the very same documents."""

import asyncio
import time
from collections.abc import Sequence

from bench import goods, topic
from bench.inserts import plain
from bench.lines import Line, middle, rate
from bench.place import place
from bench.settings import BenchSettings
from bench.waiting import applied
from services.notify.notifications.store import NotificationDocument
from services.notify.wiring import SERVICE
from shared import clock
from shared.contracts.orders import OrderConfirmed
from shared.documents import Doc
from shared.ids import new_id
from shared.mongo import DURABLE, ensure_indexes
from shared.outbox import told
from shared.service import Running

ORDERS = "orders.orders"
LANES, AT_ONCE = 2, 1000
NO_SENDER_SECONDS = 3600  # what it does with the rows is another measure


async def measured(sizes: BenchSettings) -> list[Line]:
    """The consumer first: its rows are what the limit writes again."""
    async with place() as here:
        notify = await here.running(SERVICE)
        records = [_confirmed() for _ in range(sizes.effect_events)]
        await topic.write(notify.settings, notify.settings.topic(ORDERS), records)
        consumer = here.start("notify", "consume", SEND_POLL_SECONDS=str(NO_SENDER_SECONDS))
        found = await applied(notify, len(records), consumer)
        consumer.stop()
        docs = await notify.database.collection(NotificationDocument.collection).find().to_list()
        best = middle([await bulk_a_second(notify, docs) for _ in range(sizes.rounds)])
    each = len(docs) / len(records)
    cpu = f"{found.cpu_microseconds:.0f} µs of processor an event"
    note = f"{len(records):,} events of {each:g} rows each: {found.per_second:,.0f} events/s; {cpu}"
    effects, limit = ("effects of a consumer process", found.per_second * each), ("bulk insert of them", best)
    return [rate("effects", *effects, *limit, least=0.8, least_value=35_000, note=note)]


def _confirmed() -> Doc:
    order_id = new_id()
    fact = OrderConfirmed(buyer=new_id(), seller=new_id(), total_paise=12_000)
    row = told(fact, order_id, goods.TENANT, (1, 2), clock.now())
    return topic.record(row, "/orders", ORDERS, order_id)


async def bulk_a_second(notify: Running, docs: Sequence[Doc]) -> float:
    """Unordered, durable, a thousand at once on two lanes, into the same indexes."""
    kind = plain(NotificationDocument)
    await notify.database.collection(kind.collection).drop()
    await ensure_indexes(notify.database, (kind,))
    rows = notify.database.collection(kind.collection).with_options(write_concern=DURABLE)

    async def lane(number: int) -> None:
        for at in range(number * AT_ONCE, len(docs), LANES * AT_ONCE):
            await rows.insert_many(docs[at : at + AT_ONCE], ordered=False)

    began = time.perf_counter()
    await asyncio.gather(*(lane(number) for number in range(LANES)))
    return len(docs) / (time.perf_counter() - began)
