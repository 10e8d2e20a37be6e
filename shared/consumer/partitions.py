"""The partitions this process owns: a row each in MongoDB with owner, epoch and the next offset. The row fences."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from pymongo import UpdateOne
from pymongo.asynchronous.client_session import AsyncClientSession

from shared.consumer.parking import Parking
from shared.ids import new_id
from shared.logs import log
from shared.mongo import Database

COLLECTION = "consumer_offsets"


class FencedError(RuntimeError):
    """Another process wrote the row of a partition that is still assigned to this one."""


class OtherTopicError(RuntimeError):
    """A topic was deleted and created again: its offsets mean something else. Clear the rows on purpose."""


@dataclass(slots=True)
class Held:
    """`next` is the offset of the first record that is not applied yet."""

    epoch: int
    next: int
    parked: int
    unseen: set[tuple[int, int]] = field(default_factory=set)


class Partitions(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """Rows are taken on assignment and forgotten on revocation, under the lock that a batch holds too."""

    def __init__(self, kafka: AIOKafkaConsumer, database: Database, group: str, topic_ids: Mapping[str, str]) -> None:
        self.kafka, self.database, self.group, self.topic_ids = kafka, database, group, topic_ids
        self.rows = database.collection(COLLECTION)
        self.owner = new_id()
        self.held: dict[TopicPartition, Held] = {}
        self.lock = asyncio.Lock()
        self.failed: BaseException | None = None

    async def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        async with self.lock:
            self.held.clear()
        log.info("consumer.revoked", partitions=len(list(revoked)))

    async def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """The client swallows what a listener raises: it is kept, and the loop raises it."""
        try:
            async with self.lock:
                self.held.clear()
                for place in assigned:
                    await self._take(place)
        except Exception as e:  # noqa: BLE001  raised again by the loop
            self.failed = e
        log.info("consumer.assigned", partitions=sorted(f"{p.topic}/{p.partition}" for p in self.held))

    async def _take(self, place: TopicPartition) -> None:
        new = {"next": 0, "topic_id": self.topic_ids[place.topic]}
        change = {"$set": {"owner": self.owner}, "$inc": {"epoch": 1}, "$setOnInsert": new}
        row: Any = await self.rows.find_one_and_update(
            {"_id": self._id(place)}, change, upsert=True, return_document=True
        )
        if row["topic_id"] != self.topic_ids[place.topic]:
            raise OtherTopicError(self._id(place))
        parked = await Parking(self.database, self.group).count(place.topic, place.partition)
        self.held[place] = Held(row["epoch"], row["next"], parked)
        self.kafka.seek(place, row["next"])

    def _id(self, place: TopicPartition) -> str:
        return f"{self.group}:{place.topic}:{place.partition}"

    async def advance(self, to: Mapping[TopicPartition, int], session: AsyncClientSession) -> None:
        """Move `next` by compare-and-set, inside the batch's transaction. Raises LostCompareError."""
        writes = []
        for place, offset in to.items():
            held = self.held[place]
            mine = {"_id": self._id(place), "owner": self.owner, "epoch": held.epoch, "next": held.next}
            writes.append(UpdateOne(mine, {"$set": {"next": offset}, "$inc": {"writes": 1}}))
        done = await self.rows.bulk_write(writes, ordered=False, session=session)
        if done.matched_count != len(writes):
            raise LostCompareError

    async def drop_lost(self) -> None:
        """After a lost compare: let go of what is another's. Raises FencedError where it is still assigned to us."""
        for place, held in list(self.held.items()):
            row = await self.rows.find_one({"_id": self._id(place)})
            if row is None or (row["owner"], row["epoch"]) != (self.owner, held.epoch):
                del self.held[place]
                if place in self.kafka.assignment():
                    raise FencedError(self._id(place))
            elif row["next"] != held.next:
                held.next = row["next"]
                self.kafka.seek(place, held.next)


class LostCompareError(RuntimeError):
    """A partition's row is not as this process left it."""
