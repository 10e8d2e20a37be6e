"""A namespace of its own for each test, on the Kafka and MongoDB the environment names (missing: the test fails)."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from pydantic import AnyHttpUrl

from shared import clock
from shared.documents import Doc
from shared.health import Health, writes_to
from shared.kafka import create_topics, envelope_of, headers_of, partition_of, producer
from shared.mongo import Database, connect, ensure_indexes
from shared.outbox import told
from shared.service import Running, Stores
from shared.settings import CommonSettings
from tests.integration.kernel.pots import SERVICE, TOPIC
from tests.processes import Spawned, spawn


@pytest.fixture
def settings() -> CommonSettings:
    return CommonSettings(
        profile="local",
        namespace=f"k{secrets.token_hex(4)}-",
        mongodb_uri=os.environ["MONGODB_URI"],
        kafka_bootstrap_servers=os.environ["KAFKA_BOOTSTRAP_SERVERS"],
        issuer="http://127.0.0.1:1",
        jwks_url=AnyHttpUrl("http://127.0.0.1:1/jwks.json"),
        relay_lease_seconds=5,
        sweep_after_seconds=2,
        session_timeout_milliseconds=2000,
        timer_poll_seconds=0.1,
        consumer_batch_size=50,
    )


@pytest.fixture
async def database(settings: CommonSettings) -> AsyncIterator[Database]:
    await asyncio.to_thread(create_topics, settings, [TOPIC])
    database = await connect(settings.mongodb_uri, settings.database_name("pots"))
    await ensure_indexes(database, SERVICE.kinds)
    yield database
    await database.client.drop_database(database.db.name)
    await database.client.close()


@pytest.fixture
def running(settings: CommonSettings, database: Database) -> Running:
    return Running(SERVICE, settings, database, Stores(database, SERVICE.kinds))


@pytest.fixture
def health(database: Database) -> Health:
    return Health(writes_to(database))


Start = Callable[..., Spawned]


@pytest.fixture
def start(settings: CommonSettings, database: Database) -> Iterator[Start]:
    """start("relay", "consume", faults="relay.acked=kill@2") → a process of the pots service."""
    started: list[Spawned] = []

    def begin(*roles: str, faults: str = "") -> Spawned:
        given = settings.model_dump(exclude_none=True)
        environment = {name.upper(): str(value) for name, value in given.items() if value != ""}
        environment |= {"ALLOW_UNSAFE": "1", "FAULT_POINTS": faults, "HTTP_PORT": "0"}
        started.append(spawn("tests.integration.kernel.pots", *roles, environment=environment))
        return started[-1]

    yield begin
    for process in started:
        process.kill()


class Log:
    """The pots' topic, read and written as anybody could."""

    def __init__(self, settings: CommonSettings) -> None:
        self.settings, self.topic = settings, settings.topic(TOPIC)

    async def write(self, *records: Doc) -> None:
        kafka = producer(self.settings)
        await kafka.start()
        try:
            for record in records:
                partition = partition_of(record["key"] or b"", self.settings.partitions)
                await kafka.send_and_wait(self.topic, **record, partition=partition)
        finally:
            await kafka.stop()

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator[tuple[Any, dict[TopicPartition, int]]]:
        """A consumer at the beginning of every partition, and their ends."""
        kafka = AIOKafkaConsumer(bootstrap_servers=self.settings.kafka_bootstrap_servers, auto_offset_reset="earliest")
        await kafka.start()
        try:
            places = [TopicPartition(self.topic, n) for n in range(self.settings.partitions)]
            kafka.assign(places)
            yield kafka, await kafka.end_offsets(places)
        finally:
            await kafka.stop()

    async def size(self) -> int:
        async with self._reader() as (_, ends):
            return sum(ends.values())

    async def read(self) -> list[tuple[str, int, str]]:
        """(subject, sequence, type) of every record, partition by partition."""
        async with self._reader() as (kafka, ends):
            return [fact for place, end in ends.items() for fact in await self._partition(kafka, place, end)]

    async def _partition(self, kafka: Any, place: TopicPartition, end: int) -> list[tuple[str, int, str]]:
        found = []
        while await kafka.position(place) < end:
            for record in (await kafka.getmany(place, timeout_ms=500)).get(place, []):
                envelope = envelope_of(record.headers)
                found.append((envelope.subject, envelope.sequence, envelope.type))
        return found


@pytest.fixture
def log(settings: CommonSettings, database: Database) -> Log:
    return Log(settings)


def record(fact: Any, subject: str, sequence: int, **changed: Any) -> Doc:
    """A fact as the relay would send it, with headers replaced by name: record(f, "p", 1, ce_id=b"x")."""
    row = told(fact, subject, "27", (1, sequence), clock.now())
    headers: dict[str, Any] = dict(headers_of(row, "/pots", TOPIC, subject))
    headers |= {name: value for name, value in changed.items() if name.startswith("ce_")}
    headers = {name: value for name, value in headers.items() if value is not None}
    body = {"key": subject.encode(), "value": row["data"].encode(), "headers": list(headers.items())}
    return body | {name: value for name, value in changed.items() if not name.startswith("ce_")}
