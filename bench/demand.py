"""Demand: how many facts a second one worker counts, and how soon after its write an order stands in a figure."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from urllib.request import urlopen

from bench import goods, topic
from bench.acks import One, at_rate
from bench.lines import Line, rate, times
from bench.place import Place, place
from bench.processes import Serving
from bench.settings import BenchSettings
from bench.waiting import growth, until
from services.orders.demand.streams import DEMAND
from services.orders.retail import domain
from services.orders.retail.domain import Deadlines, Order
from services.orders.wiring import SERVICE
from shared import clock
from shared.consumer.records import Record
from shared.decisions import Decision
from shared.documents import Doc
from shared.ids import derived_id, new_id
from shared.kafka import partition_of
from shared.outbox import told
from shared.service import Running
from shared.streaming.figures import Figure, applied, kept, read
from shared.streaming.measures import Generation, figures_of
from shared.streaming.topics import forget

PRODUCTS = [derived_id("bench", "demand", str(n)) for n in range(1_000)]
COUNTED = re.compile(r'^bachat_stream_events_total\{outcome="applied".*\} ([0-9.e+]+)$', re.MULTILINE)


async def measured(sizes: BenchSettings) -> list[Line]:
    """Facts of orders that wait, over a thousand products and then all of one; then single orders as they come."""
    lines = []
    for what, products in (("a thousand products", PRODUCTS), ("one product", PRODUCTS[:1])):
        async with place() as here:
            lines.append(await _rate(here, sizes.demand_events, products, what))
    async with place() as here:
        lines += await _lag(here, sizes)
    return lines


def _order(order_id: str, product_id: str) -> Decision[Order]:
    known = {product_id: replace(goods.KNOWN[goods.PRODUCTS[0]], id=product_id)}
    basket = replace(goods.basket(), lines=(replace(goods.basket().lines[0], product_id=product_id),))
    return domain.place(order_id, goods.BY, basket, known, Deadlines.after(clock.now(), 900, 172_800))


def _record(product_id: str) -> Doc:
    order_id = new_id()
    row = told(_order(order_id, product_id).facts[0], order_id, goods.TENANT, (1, 1), clock.now())
    return topic.record(row, "/orders", DEMAND.topic, order_id)


async def _rate(here: Place, count: int, products: list[str], what: str) -> Line:
    orders = await here.running(SERVICE)
    records = [_record(products[number % len(products)]) for number in range(count)]
    await topic.write(orders.settings, orders.settings.topic(DEMAND.topic), records)
    limit = _folded_alone(records, orders.settings.partitions)
    worker = here.start("orders", "stream")
    found = await growth(partial(_counted, worker), count, "facts", worker)
    worker.stop()
    await forget(Generation(orders.settings, SERVICE.name, DEMAND, 1))
    note = f"{count:,} facts; {found.cpu_microseconds:.0f} µs of processor a fact"
    return rate("demand", f"facts counted, {what}", found.per_second, "the fold alone", limit, note=note)


async def _counted(worker: Serving) -> int:
    """By the worker's own metric; 0 before it answers."""

    def ask() -> str:
        try:
            with urlopen(f"http://127.0.0.1:{worker.port}/metrics", timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            return ""

    return sum(int(float(number)) for number in COUNTED.findall(await asyncio.to_thread(ask)))


def _folded_alone(records: list[Doc], partitions: int) -> float:
    """Records read, folded and written as bytes, in memory, a second."""
    table: dict[str, bytes] = {}
    began = time.perf_counter()
    for offset, row in enumerate(records):
        partition = partition_of(row["key"], partitions)
        record = Record(
            DEMAND.topic, partition, offset, row["key"], row["value"], row["headers"], DEMAND.handlers
        ).read()
        if record.event is None:
            raise RuntimeError(record.problem)
        for key, steps in DEMAND.changed(record.event, partition).items():
            figure: Figure = applied(read(table.get(key), DEMAND.counts), record.event, steps)
            table[key] = kept(figure, DEMAND.counts)
    return len(records) / (time.perf_counter() - began)


async def _lag(here: Place, sizes: BenchSettings) -> list[Line]:
    """Each order of a product of its own, so that its figure names it; one clock, as in `acks`."""
    orders = await here.running(SERVICE)
    serving = [here.start("orders", role) for role in ("relay", "stream")]
    for one in serving:
        one.ready()
    async with topic.reading(orders.settings, orders.settings.topic(DEMAND.topic)) as reader, _figures(orders) as seen:
        following = asyncio.create_task(reader.follow())
        started = dict(await at_rate(sizes.ack_rate, sizes.ack_seconds, _placing(orders)))

        async def all_there() -> bool:
            return len(seen) >= len(started) <= len(reader.arrived)

        await until(all_there, "every order's figure")
        following.cancel()
    serving[1].stop()
    await forget(Generation(orders.settings, SERVICE.name, DEMAND, 1))
    counted = list(started.items())[int(sizes.ack_rate) :]
    lag = [seen[id_] - at for id_, at in counted]
    floor = [reader.arrived[id_.encode()] - at for id_, at in counted]
    lines = times("demand", "write ack → figure", lag, "write ack → fact in Kafka", floor, (0.0, 0.0))
    return [replace(line, goal="", met=None) for line in lines]


def _placing(orders: Running) -> One:
    async def one() -> tuple[str, float]:
        order_id = new_id()

        async def decide() -> Decision[Order]:
            return _order(order_id, order_id)

        await orders.stores[Order].create(order_id, decide, goods.caller(order_id))
        return order_id, time.perf_counter()

    return one


@asynccontextmanager
async def _figures(orders: Running) -> AsyncIterator[dict[str, float]]:
    """When the figure of each product was first there for readers."""
    seen: dict[str, float] = {}
    inserts: list[Doc] = [{"$match": {"operationType": "insert"}}, {"$project": {"fullDocument.product": 1}}]
    async with await orders.database.collection(figures_of(DEMAND.name, 1)).watch(inserts) as stream:

        async def watch() -> None:
            async for change in stream:
                seen.setdefault(change["fullDocument"]["product"], time.perf_counter())

        watching = asyncio.create_task(watch())
        try:
            yield seen
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
