"""Kafka as anybody could see and write it: every record of a topic, repeats of some, and records nobody should send."""

import random
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from shared import clock
from shared.contracts import TOPICS
from shared.contracts.catalog import HeldLine, ProductPaused, ReservationHeld
from shared.contracts.orders import OrderCancelled, OrderLine
from shared.events import Envelope, Fact
from shared.ids import new_id
from shared.kafka import envelope_of, headers_of, partition_of, producer
from shared.outbox import LARGEST_FACT_BYTES, told
from shared.settings import CommonSettings

PLANTED = ("chaos-planted", b"1")
REPEATED = ("chaos-repeated", b"1")


@dataclass(frozen=True)
class Told:
    """One record, where it stands, without the namespace."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]

    @property
    def planted(self) -> bool:
        return PLANTED in self.headers

    @property
    def place(self) -> tuple[str, int, int]:
        return self.topic, self.partition, self.offset

    @cached_property
    def envelope(self) -> Envelope:
        return envelope_of(self.headers)

    @property
    def name(self) -> str:
        """What happened, such as `order-placed`."""
        return self.envelope.type.rsplit(".", 2)[1]


class Log:
    """The topics of one namespace."""

    def __init__(self, settings: CommonSettings, seed: int) -> None:
        self.settings, self.rng = settings, random.Random(seed)

    async def ends(self, *topics: str) -> dict[tuple[str, int], int]:
        """(topic, partition) → the offset of the record that comes next."""
        async with self._reader() as kafka:
            found = [(topic, await kafka.end_offsets(self._places(topic))) for topic in topics]
        return {(topic, place.partition): end for topic, ends in found for place, end in ends.items()}

    async def everything(self, *topics: str) -> dict[str, list[Told]]:
        """Every record of these topics (none named: of all), partition by partition."""
        async with self._reader() as kafka:
            return {topic: await self._read(kafka, topic) for topic in topics or TOPICS}

    async def repeat(self, topic: str, most: int) -> int:
        """Some neighbours of one partition once more, at its end; how many."""
        async with self._reader() as kafka:
            place = self.rng.choice(self._places(topic))
            end = (await kafka.end_offsets([place]))[place]
            first = self.rng.randint(0, max(0, end - most))
            kafka.assign([place])
            kafka.seek(place, first)
            rows = [row for row in await _until(kafka, place, end) if row.offset < first + most]
        await self._write(topic, [_copy(row) for row in rows])
        return len(rows)

    async def plant(self, topic: str, keys: Iterable[str], *, alone: bool = True) -> int:
        """Poison of every sort on these keys; `alone`: also on a new key with a sound fact behind it, and on none.

        How many records.
        """
        sound, own = FACTS[topic], new_id()
        records: list[tuple[str | None, dict[str, Any]]]
        records = [(key, self.rng.choice(SORTS)(topic, sound, key)) for key in keys]
        if alone:
            records += [(own, _half(topic, sound, own)), (own, _sound(topic, sound, own)), (None, dict(GARBAGE))]
        await self._write(topic, [{"key": key and key.encode(), **record} for key, record in records])
        return len(records)

    async def _write(self, topic: str, records: list[dict[str, Any]]) -> None:
        kafka = producer(self.settings)
        await kafka.start()
        try:
            for record in records:
                partition = partition_of(record["key"] or b"", self.settings.partitions)
                await kafka.send(self.settings.topic(topic), **{"partition": partition, **record})
            await kafka.flush()
        finally:
            await kafka.stop()

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator[Any]:
        kafka = AIOKafkaConsumer(bootstrap_servers=self.settings.kafka_bootstrap_servers, auto_offset_reset="earliest")
        await kafka.start()
        try:
            yield kafka
        finally:
            await kafka.stop()

    def _places(self, topic: str) -> list[TopicPartition]:
        return [TopicPartition(self.settings.topic(topic), n) for n in range(self.settings.partitions)]

    async def _read(self, kafka: Any, topic: str) -> list[Told]:
        places = self._places(topic)
        ends = await kafka.end_offsets(places)
        found: list[Told] = []
        for place in places:
            kafka.assign([place])
            await kafka.seek_to_beginning(place)
            found += [_told(topic, row) for row in await _until(kafka, place, ends[place])]
        return found


async def _until(kafka: Any, place: TopicPartition, end: int) -> list[ConsumerRecord[bytes, bytes]]:
    rows: list[ConsumerRecord[bytes, bytes]] = []
    while await kafka.position(place) < end:
        rows += (await kafka.getmany(place, timeout_ms=500)).get(place, [])
    return rows


def _told(topic: str, row: Any) -> Told:
    return Told(topic, row.partition, row.offset, row.key, row.value, tuple(row.headers))


def _copy(row: Any) -> dict[str, Any]:
    return {"key": row.key, "value": row.value, "headers": [*row.headers, REPEATED], "partition": row.partition}


LINE: dict[str, Any] = {"product_id": "p", "sku": "s", "quantity": 1}
PRICED = OrderLine(**LINE, unit_price_paise=100, tax_basis_points=0, tax_paise=0)

FACTS: dict[str, Fact] = {
    "orders.orders": OrderCancelled(buyer="b", seller="s", by="buyer", reason="asked", lines=(PRICED,)),
    "catalog.reservations": ReservationHeld(lines=(HeldLine(**LINE, stock_left=0),)),
    "catalog.products": ProductPaused(),
}
"""A fact of each topic that everybody who reads it reacts to."""

GARBAGE: dict[str, Any] = {"value": "बचत गट".encode(), "headers": [PLANTED]}


def _sound(topic: str, fact: Fact, key: str, **changed: bytes | None) -> dict[str, Any]:
    """The fact as the relay would send it, its headers changed by name (None: left out)."""
    row = told(fact, key, "27", (1, 1), clock.now())
    headers = dict(headers_of(row, "/chaos", topic, key))
    named = {name: value for name, value in {**headers, **changed}.items() if value is not None}
    return {"value": row["data"].encode(), "headers": [*named.items(), PLANTED]}


def _half(topic: str, fact: Fact, key: str) -> dict[str, Any]:
    return _sound(topic, fact, key, ce_type=None, ce_time=None)


def _newer(topic: str, fact: Fact, key: str) -> dict[str, Any]:
    return _sound(topic, fact, key, ce_type=fact.type().replace(".v1", ".v7").encode())


def _other_subject(topic: str, fact: Fact, key: str) -> dict[str, Any]:
    return _sound(topic, fact, key, ce_subject=b"another")


def _not_utf8(topic: str, fact: Fact, key: str) -> dict[str, Any]:
    return {**_sound(topic, fact, key), "value": b'{"reason": "\xff\xfe"}'}


def _too_large(topic: str, fact: Fact, key: str) -> dict[str, Any]:
    return {**_sound(topic, fact, key), "value": b" " * (LARGEST_FACT_BYTES + 1)}


def _not_unicode_header(topic: str, fact: Fact, key: str) -> dict[str, Any]:
    return _sound(topic, fact, key, ce_source=b"\xff")


SORTS = (_half, _newer, _other_subject, _not_utf8, _too_large, _not_unicode_header)
