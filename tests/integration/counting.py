"""Orders as a topic tells them, workers that count them, and what the figures must then be."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from services.orders.wiring import SERVICE
from shared.contracts.orders import OrderCancelled, OrderLine, OrderPlaced, OrderRefused
from shared.documents import Doc
from shared.events import Fact
from shared.ids import new_id
from shared.kafka import create_topics, headers_of, partition_of, producer
from shared.mongo import Database, connect
from shared.outbox import told
from shared.service import Service
from shared.settings import CommonSettings
from shared.streaming.generations import current
from shared.streaming.measures import Generation, Measure
from shared.streaming.spans import hour_of
from shared.streaming.stalling import LIMIT_SECONDS
from shared.streaming.topics import forget
from shared.testing import settings_for
from tests.processes import Spawned, spawn, until

TOPIC = "orders.orders"
SELLER, PUNE, BARAMATI, HAVELI = "savitri-gat", "490", "4512", "4516"
PAPAD, HALAD = "उडीद-पापड", "हळद"
NOON = datetime.fromisoformat("2026-11-22T12:10:00+05:30")

FAILED = 1
STALLED = "has read nothing back for a long time"
PATIENCE_SECONDS = LIMIT_SECONDS + 90.0
"""A worker that waits for ever ends by itself first; then its group has to notice a death, on a busy machine."""

Key = tuple[str, str, str | None, datetime]
Figures = dict[Key, tuple[int, int]]


def line(product: str, quantity: int, paise: int = 6_500) -> OrderLine:
    return OrderLine(
        product_id=product, sku="200g", quantity=quantity, unit_price_paise=paise, tax_basis_points=0, tax_paise=0
    )


@dataclass(frozen=True)
class Told:
    """One order and what became of it: its facts with their times, in order."""

    lines: tuple[OrderLine, ...]
    placed_at: datetime = NOON
    block: str | None = BARAMATI
    undone: type[Fact] | None = None
    undone_after: timedelta = timedelta(minutes=3)
    id: str = field(default_factory=new_id)

    @property
    def measured(self) -> dict[str, Any]:
        where = {"seller_district": PUNE, "seller_block": self.block, "placed_at": self.placed_at}
        return {"buyer": "asha", "seller": SELLER, "lines": self.lines, **where}

    def facts(self) -> list[tuple[Fact, datetime]]:
        total = sum(each.quantity * each.unit_price_paise for each in self.lines)
        hold_until = self.placed_at + timedelta(minutes=15)
        made: list[tuple[Fact, datetime]] = [
            (
                OrderPlaced(deliver_district="482", total_paise=total, hold_until=hold_until, **self.measured),
                self.placed_at,
            )
        ]
        if self.undone is OrderCancelled:
            made.append(
                (OrderCancelled(by="buyer", reason="asked", **self.measured), self.placed_at + self.undone_after)
            )
        if self.undone is OrderRefused:
            made.append((OrderRefused(code="NotEnoughStock", **self.measured), self.placed_at + self.undone_after))
        return made

    def records(self) -> list[Doc]:
        return [record(fact, self.id, n, at) for n, (fact, at) in enumerate(self.facts(), 1)]

    def cancelled(self, after: timedelta = timedelta(minutes=3)) -> "Told":
        return replace(self, undone=OrderCancelled, undone_after=after)

    def refused(self) -> "Told":
        return replace(self, undone=OrderRefused)


def record(fact: Fact, subject: str, sequence: int, at: datetime) -> Doc:
    row = told(fact, subject, "27", (1, sequence), at)
    headers = headers_of(row, f"/{fact.topic.partition('.')[0]}", fact.topic, subject)
    return {"key": subject.encode(), "value": row["data"].encode(), "headers": headers}


def standing(orders: Iterable[Told]) -> Figures:
    """The figures as they follow from the orders that stand."""
    found: Figures = {}
    for order in orders:
        for each in order.lines if order.undone is None else ():
            key = (each.product_id, PUNE, order.block, hour_of(order.placed_at))
            units, paise = found.get(key, (0, 0))
            found[key] = (units + each.quantity, paise + each.quantity * each.unit_price_paise)
    return found


@dataclass
class Bench:
    """A namespace of its own: the topic, the database, and workers as processes."""

    service: Service
    settings: CommonSettings
    database: Database
    workers: list[Spawned] = field(default_factory=list)

    @property
    def measure(self) -> Measure:
        return self.service.streams[0]

    def worker(self, faults: str = "") -> Spawned:
        """`python -m services.orders stream`, to be killed."""
        given = self.settings.model_dump(exclude_none=True)
        environment = {name.upper(): str(value) for name, value in given.items() if value != ""}
        environment |= {"ALLOW_UNSAFE": "1", "FAULT_POINTS": faults, "HTTP_PORT": "0"}
        self.workers.append(spawn(f"services.{self.service.name}", "stream", environment=environment))
        return self.workers[-1]

    async def tell(self, records: Iterable[Doc], *, partition: int | None = None) -> None:
        kafka = producer(self.settings)
        await kafka.start()
        try:
            for each in records:
                where = partition_of(each["key"] or b"", self.settings.partitions) if partition is None else partition
                await kafka.send(self.settings.topic(self.measure.topic), **each, partition=where)
            await kafka.flush()
        finally:
            await kafka.stop()

    async def generation(self) -> Generation:
        number = await current(self.database, self.measure.name)
        return Generation(self.settings, self.service.name, self.measure, number)

    async def documents(self, number: int | None = None) -> list[Doc]:
        generation = await self.generation()
        name = (generation if number is None else generation.numbered(number)).collection
        return await self.database.collection(name).find().sort("_id", 1).to_list()

    async def figures(self) -> Figures:
        """Partial figures added up, without those that came to nothing."""
        found: Figures = {}
        for doc in await self.documents():
            key = (doc["product"], doc["district"], doc["block"], doc["hour"])
            units, paise = found.get(key, (0, 0))
            found[key] = (units + doc["units"], paise + doc["paise"])
        return {key: counts for key, counts in found.items() if counts != (0, 0)}

    async def count(self, wanted: Figures) -> None:
        """Wait until the figures are those, and say how they differ when they never are."""
        try:
            what = "the figures are those of the orders"
            await until(lambda: self._equal(wanted), what=what, patience_seconds=PATIENCE_SECONDS)
        except AssertionError:
            told = "\n".join(worker.text()[-3000:] for worker in self.workers)
            assert await self.figures() == wanted, told
            raise

    async def _equal(self, wanted: Figures) -> bool:
        self._supervise()
        return await self.figures() == wanted

    def _supervise(self) -> None:
        """Faust may wait for ever for records that are there; the worker then ends and begins anew, as anywhere."""
        for worker in self.workers:
            if not worker.running and worker.child.returncode == FAILED and STALLED in worker.text():
                worker.again()

    async def parked(self) -> list[Doc]:
        return await self.database.collection(f"{self.measure.name}_parked").find().sort("_id", 1).to_list()


@asynccontextmanager
async def bench(service: Service = SERVICE, **changed: Any) -> AsyncIterator[Bench]:
    """On the Kafka and MongoDB the environment names; workers that still run are killed at the end."""
    named: dict[str, Any] = {
        "namespace": f"d{secrets.token_hex(4)}-",
        "mongodb_uri": os.environ["MONGODB_URI"],
        "kafka_bootstrap_servers": os.environ["KAFKA_BOOTSTRAP_SERVERS"],
        "session_timeout_milliseconds": 3_000,
    }
    settings = settings_for(service.settings, **{**named, **changed})
    await asyncio.to_thread(create_topics, settings, [service.streams[0].topic])
    database = await connect(settings.mongodb_uri, settings.database_name(service.name))
    made = Bench(service, settings, database)
    try:
        yield made
    finally:
        for worker in made.workers:
            worker.kill()
        await forget(Generation(settings, service.name, made.measure, 1))
        await database.client.drop_database(database.db.name)
        await database.client.close()
