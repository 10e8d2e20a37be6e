"""Sentences about demand when its workers are killed, frozen, joined and left: no order is lost or counted twice."""

import random
import signal
from itertools import count

import pytest

from shared.documents import Doc
from tests.integration.counting import HALAD, HAVELI, PAPAD, PATIENCE_SECONDS, Bench, Told, bench, line, standing
from tests.processes import Spawned, until

POINTS = (
    "stream.folded=kill@30",
    "stream.logged=kill@2",
    "stream.written=kill@2",
    "stream.committing=kill@1",
    "stream.committed=kill@1",
)
"""A figure changed in memory; its changelog record is acknowledged; its readers have it; before, after a commit."""


def orders(number: int, seed: int) -> list[Told]:
    """Of two products from two blocks, a third of them falling through."""
    chance = random.Random(seed)
    made = []
    for _ in range(number):
        order = Told((line(chance.choice((PAPAD, HALAD)), chance.randint(1, 9)),), block=chance.choice((None, HAVELI)))
        made.append(chance.choice((order, order, order.cancelled())))
    return made


def told_together(orders: list[Told], seed: int) -> list[Doc]:
    """Their records interleaved, some of them twice, each order's in its order."""
    chance, waiting, log = random.Random(seed), [order.records() for order in orders], []
    while any(waiting):
        queue = chance.choice([queue for queue in waiting if queue])
        log.append(queue.pop(0))
        if chance.random() < 0.2:
            log.append(log[-1])
    return log


async def ready(worker: Spawned) -> None:
    async def said() -> bool:
        assert worker.running, worker.text()
        return "stream.ready" in worker.text()

    await until(said, what="the worker has read its figures back", patience_seconds=PATIENCE_SECONDS)


@pytest.mark.timeout(400)
async def test_a_worker_killed_anywhere_loses_no_order_and_counts_none_twice() -> None:
    everything: list[Told] = []
    async with bench() as table:
        for seed, faults in enumerate(POINTS):
            everything += (more := orders(60, seed))
            await table.tell(told_together(more, seed))
            worker = table.worker(faults)
            assert await worker.ended() == -signal.SIGKILL, worker.text()
        table.worker()
        await table.count(standing(everything))
        assert await table.parked() == []


@pytest.mark.timeout(400)
async def test_workers_that_join_leave_and_die_take_whole_partitions_over() -> None:
    everything, seeds = [], count()

    async def tell_more(table: Bench) -> None:
        nonlocal everything
        everything += (more := orders(60, seed := next(seeds)))
        await table.tell(told_together(more, seed))

    async with bench() as table:
        first = table.worker()
        await tell_more(table)
        await table.count(standing(everything))
        second = table.worker()
        await tell_more(table)
        await ready(second)
        await tell_more(table)
        await table.count(standing(everything))
        assert await first.stop() == 0, first.text()
        await tell_more(table)
        await table.count(standing(everything))
        third = table.worker()
        await ready(third)
        await tell_more(table)
        second.kill()
        await tell_more(table)
        await table.count(standing(everything))


@pytest.mark.timeout(400)
async def test_a_worker_thought_dead_that_wakes_up_again_spoils_nothing() -> None:
    everything = orders(80, 1)
    async with bench() as table:
        frozen = table.worker()
        await table.tell(told_together(everything, 1))
        await table.count(standing(everything))
        everything += (more := orders(80, 2))
        await table.tell(told_together(more, 2))
        frozen.send(signal.SIGSTOP)
        other = table.worker()
        await table.count(standing(everything))
        frozen.send(signal.SIGCONT)
        everything += (more := orders(80, 3))
        await table.tell(told_together(more, 3))
        await table.count(standing(everything))
        frozen.kill()
        other.kill()
        table.worker()
        everything += (more := orders(80, 4))
        await table.tell(told_together(more, 4))
        await table.count(standing(everything))
