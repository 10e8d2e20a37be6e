"""What Kafka holds: where topics end, and the facts on them since a backup."""

import json
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from shared.kafka import NotACloudEvent, access, envelope_of
from shared.settings import CommonSettings
from tools.backup.archive import Ends

_POLL_MILLISECONDS = 500
_TIME = re.compile(r"\d{4}-\d\d-\d\dT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A fact as it stands on its topic."""

    topic: str
    partition: int
    offset: int
    subject: str
    incarnation: int
    sequence: int
    type: str
    time: datetime
    said: str = ""
    """Its data but for times: the same thing done again says the same."""

    @property
    def name(self) -> str:
        """`order-placed` of in.bachathaat.orders.order-placed.v1."""
        return self.type.split(".")[-2]


@asynccontextmanager
async def _reading(settings: CommonSettings, topics: Iterable[str]) -> AsyncIterator[AIOKafkaConsumer]:
    """Every partition of these, in no group."""
    kafka = AIOKafkaConsumer(*topics, **access(settings), enable_auto_commit=False, auto_offset_reset="earliest")
    await kafka.start()
    try:
        yield kafka
    finally:
        await kafka.stop()


async def ends(settings: CommonSettings, topics: Iterable[str]) -> Ends:
    found: Ends = {topic: {} for topic in sorted(topics)}
    if not found:
        return found
    async with _reading(settings, found) as kafka:
        for place, end in (await kafka.end_offsets(sorted(kafka.assignment()))).items():
            found[place.topic][place.partition] = end
    return found


async def told_since(settings: CommonSettings, since: Ends) -> list[Told]:
    """Facts from those offsets to the ends of now, partition after partition; what is no fact of ours is left out."""
    found: list[Told] = []
    if not since:
        return found
    async with _reading(settings, since) as kafka:
        for place, end in (await kafka.end_offsets(sorted(kafka.assignment()))).items():
            kafka.seek(place, since[place.topic].get(place.partition, 0))
            while await kafka.position(place) < end:
                rows = (await kafka.getmany(place, timeout_ms=_POLL_MILLISECONDS)).get(place, [])
                found += [told for row in rows if (told := _told(place, row))]
    return found


def _told(place: TopicPartition, row: ConsumerRecord[bytes, bytes]) -> Told | None:
    try:
        envelope = envelope_of(row.headers)
    except NotACloudEvent:
        return None
    return Told(
        topic=place.topic,
        partition=place.partition,
        offset=row.offset,
        subject=envelope.subject,
        incarnation=envelope.incarnation,
        sequence=envelope.sequence,
        type=envelope.type,
        time=envelope.time,
        said=_timeless(row.value),
    )


def _timeless(value: bytes | None) -> str:
    try:
        data = json.loads(value or b"")
    except ValueError:
        return ""
    fields = data.items() if isinstance(data, dict) else ()
    return json.dumps({k: v for k, v in fields if not (isinstance(v, str) and _TIME.match(v))}, sort_keys=True)
