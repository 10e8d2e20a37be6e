"""A record that aiokafka cannot decode: read past it, and let its place stand for it.

One such record (a header whose name is not UTF-8) makes the client fail for the whole fetch, again after every start.
"""

from collections.abc import Iterable
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread
from faust.types import TP

from shared.consumer.records import Unreadable

MARK = "bachat-unreadable"
MOST_AT_ONCE = 5_000
WAIT_SECONDS = 0.5

Records = dict[TP, list[Any]]


class ReadingThread(AIOKafkaConsumerThread):
    """Faust's consumer, which goes on after a record that cannot be decoded."""

    async def _fetch_records(
        self,
        consumer: AIOKafkaConsumer,
        active_partitions: set[TP],
        timeout: float | None = None,  # noqa: ASYNC109  Faust's own name
        max_records: int | None = None,
    ) -> Records:
        try:
            return await self._fetched(consumer, active_partitions, timeout, max_records)
        except UnicodeDecodeError:
            return await self._one_by_one(consumer, active_partitions)

    async def _fetched(
        self, consumer: AIOKafkaConsumer, places: set[TP], wait: float | None, most: int | None
    ) -> Records:
        found = await super()._fetch_records(consumer, places, timeout=wait, max_records=most)
        return dict(found)

    async def _one_by_one(self, consumer: AIOKafkaConsumer, places: Iterable[TP]) -> Records:
        """From where each partition was last delivered; a record that comes twice counts once."""
        found: Records = {}
        for place in places:
            consumer.seek(place, self.consumer._read_offset[place] or 0)  # noqa: SLF001  what Faust itself goes by
            while len(found.setdefault(place, [])) < MOST_AT_ONCE:
                try:
                    rows = await self._fetched(consumer, {place}, WAIT_SECONDS, 1)
                except UnicodeDecodeError as error:
                    at = await consumer.position(place)
                    consumer.seek(place, at + 1)
                    found[place].append(stand_in(place, at, str(error)))
                    break
                if not rows.get(place):
                    break
                found[place] += rows[place]
        return {place: records for place, records in found.items() if records}


def stand_in(place: TP, offset: int, why: str) -> ConsumerRecord[bytes, bytes]:
    header = (MARK, why.encode())
    return ConsumerRecord(place.topic, place.partition, offset, 0, 0, None, None, None, 0, 0, (header,))


def unreadable(record: Any) -> Unreadable | None:
    """The problem a stand-in stands for; None for a record of its own."""
    why = dict(record.headers).get(MARK)
    if why is None:
        return None
    return Unreadable(
        topic=record.topic, partition=record.partition, offset=record.offset, why=why.decode(errors="replace")
    )
