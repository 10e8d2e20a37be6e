"""Readiness tells the truth: every part has spoken lately, and the database took a write."""

import asyncio

import pytest

from shared.health import Health


class World:
    """The clock and the database of a test."""

    def __init__(self) -> None:
        self.now, self.writes, self.away = 100.0, 0, False

    async def write(self) -> None:
        self.writes += 1
        await asyncio.sleep(0)
        if self.away:
            raise ConnectionError("mongo-3.internal:27017")

    def health(self) -> Health:
        return Health(self.write, clock=lambda: self.now)


@pytest.fixture
def world() -> World:
    return World()


async def test_a_part_that_has_not_spoken_yet_is_not_ready(world: World) -> None:
    health = world.health()
    health.expects("relay")
    assert (await health.ready()).parts == {"database": "ok", "relay": "has not started yet"}
    health.beat("relay")
    assert (await health.ready()).ready is True


async def test_a_part_that_falls_silent_is_not_ready(world: World) -> None:
    health = world.health()
    health.expects("consumer", allowed_age_seconds=5)
    health.beat("consumer")
    world.now += 5
    assert (await health.ready()).ready is True
    world.now += 1
    assert (await health.ready()).parts["consumer"] == "has been silent for 6 s"


async def test_a_part_says_itself_what_is_wrong(world: World) -> None:
    health = world.health()
    health.beat("relay", ok=False, detail="Kafka refuses every record")
    assert (await health.ready()).parts["relay"] == "Kafka refuses every record"
    health.beat("relay", detail="standby: another process holds the lease")
    assert (await health.ready()).ready is True


async def test_many_probes_share_one_write(world: World) -> None:
    health = world.health()
    await asyncio.gather(*(health.ready() for _ in range(50)))
    assert world.writes == 1
    world.now += 2.5
    assert (await health.ready()).ready is True
    assert world.writes == 2


async def test_a_database_that_takes_no_write_is_told_without_its_address(world: World) -> None:
    health = world.health()
    world.away = True
    report = await health.ready()
    assert (report.ready, report.parts) == (False, {"database": "took no write: ConnectionError"})
    world.away = False
    world.now += 2.5
    assert (await health.ready()).ready is True


async def test_a_process_that_stops_asks_for_no_more_work(world: World) -> None:
    health = world.health()
    health.stops()
    assert (await health.ready()).parts == {"database": "ok", "process": "is stopping"}
