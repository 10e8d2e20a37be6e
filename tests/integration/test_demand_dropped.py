"""Sentences about demand when the broker dies, and about records that come to nobody on their way to the fold."""

import asyncio
import random
import signal
from contextlib import suppress
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from shared.kafka import partition_of, producer
from shared.streaming.topics import ends
from tests.chaos.servers import Servers, servers
from tests.integration.counting import PAPAD, PATIENCE_SECONDS, TOPIC, Bench, Told, bench, line, standing
from tests.integration.test_demand_kills import orders, ready, told_together
from tests.processes import Spawned, until

DEATHS = ("stream.logged=kill@4", "stream.committing=kill@2")
"""The first is that of a fair whose demand stayed short: most is told, and nothing committed yet."""


async def trickled(kafka: AIOKafkaProducer, table: Bench, told: list[Told], seed: int) -> None:
    """Each record when the one before is acknowledged, so that many rounds begin and end; again while nobody does."""
    waiting = told_together(told, seed)
    while waiting:
        where = partition_of(waiting[0]["key"], table.settings.partitions)
        with suppress(KafkaError):
            await kafka.send_and_wait(table.settings.topic(TOPIC), **waiting[0], partition=where)
            del waiting[0]


async def killed_together(table: Bench, started: Servers, told: list[Told], death: str, seed: int) -> None:
    """A worker dies by its plan, at the latest when all is told; the broker is killed, mongod before or after it."""
    worker, kafka = table.worker(death), producer(table.settings)
    await ready_or_dead(worker)
    await kafka.start()
    try:
        async with asyncio.TaskGroup() as together:
            together.create_task(trickled(kafka, table, told, seed))
            for server in random.Random(seed).sample(["kafka", "mongodb"], 2):
                await started.crash(server)
    finally:
        await kafka.stop()
    worker.kill()


async def ready_or_dead(worker: Spawned) -> None:
    async def said() -> bool:
        return "stream.ready" in worker.text() or not worker.running

    await until(said, what="the worker has begun", patience_seconds=PATIENCE_SECONDS)


@pytest.mark.timeout(500)
async def test_workers_that_die_with_the_broker_pass_no_record_over(tmp_path: Path) -> None:
    with servers(tmp_path) as started:
        for seed, death in enumerate(DEATHS):
            everything = orders(120, seed)
            async with bench(mongodb_uri=started.mongodb, kafka_bootstrap_servers=started.kafka) as table:
                await killed_together(table, started, everything, death, seed)
                table.worker()
                await table.count(standing(everything))
                assert await table.parked() == []


@pytest.mark.timeout(300)
async def test_nothing_is_lost_between_a_first_death_and_a_first_commit() -> None:
    for seed in range(2):
        everything = orders(150, seed)
        async with bench(session_timeout_milliseconds=1_000) as table:
            await table.tell(told_together(everything[:50], seed))
            assert await table.worker("stream.logged=kill@1").ended() == -signal.SIGKILL
            await table.tell(told_together(everything[50:], seed))
            table.worker()
            await table.count(standing(everything))


@pytest.mark.timeout(200)
async def test_offsets_at_which_the_log_has_no_record_are_read_twice_and_then_passed() -> None:
    """A transaction ends with a mark that takes an offset and comes to nobody."""
    before, marked, after = Told((line(PAPAD, 2),)), Told((line(PAPAD, 3),)), Told((line(PAPAD, 4),))
    async with bench() as table:
        worker = table.worker()
        await table.tell(before.records(), partition=0)
        await told_in_a_transaction(table, marked)
        await until(lambda: ends_at(table, 3), what="the transaction has its mark")
        await table.tell(after.records(), partition=0)
        await table.count(standing([before, marked, after]))
        assert worker.running
        assert "partition 0: 2 was next, 3 came" in worker.text()
        await ready(worker)


async def ends_at(table: Bench, offset: int) -> bool:
    return (await ends(await table.generation()))[0] == offset


async def told_in_a_transaction(table: Bench, told: Told) -> None:
    settings = table.settings
    kafka = AIOKafkaProducer(
        bootstrap_servers=settings.kafka_bootstrap_servers, transactional_id=f"{settings.namespace}गणना"
    )
    await kafka.start()
    try:
        async with kafka.transaction():
            for each in told.records():
                await kafka.send(settings.topic(TOPIC), **each, partition=0)
    finally:
        await kafka.stop()
