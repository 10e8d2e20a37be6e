"""A topic as the benchmarks fill it and watch it grow."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from bench.processes import Serving
from bench.waiting import Growth, growth
from shared.documents import Doc
from shared.kafka import headers_of, partition_of, producer
from shared.settings import CommonSettings


def record(fact: Mapping[str, Any], source: str, topic: str, subject: str) -> Doc:
    """A fact of an outbox as the relay sends it."""
    headers = headers_of(fact, source, topic, subject)
    return {"timestamp": None, "key": subject.encode(), "value": fact["data"].encode(), "headers": headers}


async def write(settings: CommonSettings, topic: str, records: Iterable[Doc]) -> float:
    """Full batches, every partition at once, all acknowledged: what a producer can do. In records a second."""
    by_partition: dict[int, list[Doc]] = defaultdict(list)
    for row in records:
        by_partition[partition_of(row["key"], settings.partitions)].append(row)
    kafka = producer(settings)
    await kafka.start()
    try:
        began = time.perf_counter()
        await asyncio.gather(*(_fill(kafka, topic, place, rows) for place, rows in by_partition.items()))
        return sum(map(len, by_partition.values())) / (time.perf_counter() - began)
    finally:
        await kafka.stop()


async def _fill(kafka: AIOKafkaProducer, topic: str, partition: int, rows: list[Doc]) -> None:
    batch, reports = kafka.create_batch(), []
    for row in rows:
        if batch.append(**row) is None:
            reports.append(await kafka.send_batch(batch, topic, partition=partition))
            batch = kafka.create_batch()
            batch.append(**row)
    reports.append(await kafka.send_batch(batch, topic, partition=partition))
    await asyncio.gather(*reports)


class Reader:
    """Stands at the end of a topic, outside every group."""

    def __init__(self, kafka: AIOKafkaConsumer, places: list[TopicPartition]) -> None:
        self.kafka, self.places = kafka, places
        self.arrived: dict[bytes, float] = {}

    async def size(self) -> int:
        return int(sum((await self.kafka.end_offsets(self.places)).values()))

    async def growth_to(self, wanted: int, by: Serving) -> Growth:
        """While that process writes. Raises TimeoutError."""
        return await growth(self.size, wanted, "records", by)

    async def has(self, wanted: int) -> bool:
        """Whether so many keys have arrived."""
        return len(self.arrived) >= wanted

    async def follow(self) -> None:
        """Note when each key arrives, first come; until cancelled."""
        while True:
            found = await self.kafka.getmany(timeout_ms=1000)
            now = time.perf_counter()
            for rows in found.values():
                for row in rows:
                    self.arrived.setdefault(row.key, now)


@asynccontextmanager
async def reading(settings: CommonSettings, topic: str) -> AsyncIterator[Reader]:
    kafka = AIOKafkaConsumer(bootstrap_servers=settings.kafka_bootstrap_servers, auto_offset_reset="latest")
    await kafka.start()
    try:
        places = [TopicPartition(topic, n) for n in range(settings.partitions)]
        kafka.assign(places)
        await kafka.seek_to_end(*places)
        yield Reader(kafka, places)
    finally:
        await kafka.stop()
