"""A partition's row fences: without its owner, its epoch and its offset nothing is written (I5)."""

from collections.abc import Callable
from typing import Any

import pytest
from aiokafka import TopicPartition

from shared.consumer.loop import Consumer
from shared.consumer.partitions import FencedError, LostCompareError, Partitions
from shared.consumer.records import Record
from shared.health import Health
from shared.mongo import Database
from shared.service import Running
from tests.integration.kernel.pots import HANDLERS

PLACE = TopicPartition("pots.pots", 0)


class Seeking:
    """The part of a Kafka client that partitions use: what was sought, what is assigned."""

    def __init__(self) -> None:
        self.sought: list[int] = []
        self.assigned: set[TopicPartition] = {PLACE}

    def seek(self, _: TopicPartition, offset: int) -> None:
        self.sought.append(offset)

    def assignment(self) -> set[TopicPartition]:
        return self.assigned


async def owner(database: Database) -> Partitions:
    kafka: Any = Seeking()
    partitions = Partitions(kafka, database, "group", {PLACE.topic: "the topic's id"})
    await partitions.on_partitions_assigned([PLACE])
    assert partitions.failed is None
    return partitions


async def moved(partitions: Partitions, to: int) -> None:
    async with partitions.database.client.start_session() as session, await session.start_transaction():
        await partitions.advance({PLACE: to}, session)
    partitions.held[PLACE].next = to


async def test_who_took_a_partition_over_goes_on_and_the_former_owner_cannot(database: Database) -> None:
    former = await owner(database)
    await moved(former, 7)
    heir = await owner(database)
    assert heir.held[PLACE].next == 7
    with pytest.raises(LostCompareError):
        await moved(former, 9)
    await moved(heir, 8)


def older_epoch(partitions: Partitions) -> None:
    partitions.held[PLACE].epoch -= 1


def another_owner(partitions: Partitions) -> None:
    partitions.owner = "somebody else"


def another_offset(partitions: Partitions) -> None:
    partitions.held[PLACE].next += 1


@pytest.mark.parametrize("wrong", [older_epoch, another_owner, another_offset])
async def test_each_part_of_the_fence_holds_alone(wrong: Callable[[Partitions], None], database: Database) -> None:
    partitions = await owner(database)
    await moved(partitions, 3)
    wrong(partitions)
    with pytest.raises(LostCompareError):
        await moved(partitions, 5)
    row = await database.collection("consumer_offsets").find_one({})
    assert row is not None
    assert row["next"] == 3


async def test_a_lost_partition_is_let_go_and_one_that_is_still_assigned_ends_the_process(database: Database) -> None:
    former = await owner(database)
    await owner(database)
    with pytest.raises(FencedError):
        await former.drop_lost()
    former.kafka.assigned = set()
    await former.on_partitions_assigned([])
    await former.drop_lost()
    assert former.held == {}


async def test_records_that_do_not_start_where_the_row_says_are_fetched_again(
    running: Running, health: Health, database: Database
) -> None:
    consumer = Consumer(running, health)
    await consumer.kafka.stop()
    consumer.partitions = await owner(database)
    consumer.kafka = consumer.partitions.kafka
    consumer.partitions.held[PLACE].next = 10

    def rows(first: int) -> dict[TopicPartition, list[Record]]:
        return {PLACE: [Record(PLACE.topic, 0, first, b"k", b"{}", [], HANDLERS)]}

    assert consumer._contiguous(rows(10)) == rows(10)
    for first in (8, 12, 8):
        assert consumer._contiguous(rows(first)) == {}
    assert consumer.kafka.sought == [0, 10, 10, 10]
    assert consumer._contiguous(rows(12)) == rows(12), "asked again and shown again: the log has nothing there"
    consumer.partitions.held.clear()
    assert consumer._contiguous(rows(10)) == {}
