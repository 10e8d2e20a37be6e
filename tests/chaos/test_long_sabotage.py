"""Sabotage controls that take a server away: a token kept before the ack, and writes nobody journalled."""

import asyncio
from collections.abc import Sequence

import pytest

from tests.chaos import invariants
from tests.chaos.faults import Act, Faults
from tests.chaos.run import Size, chaos
from tests.chaos.servers import Servers
from tests.chaos.test_sabotage import HOLDS
from tests.chaos.world import World

pytestmark = [pytest.mark.long, pytest.mark.timeout(1_800)]

NEVER = "86400"
MONGODB_DIES = 6


def relays_die_while_kafka_is_away(faults: Faults) -> Sequence[tuple[str, Act]]:
    async def relays_die() -> None:
        await asyncio.sleep(3)
        for service in ("orders", "catalog"):
            await faults.kill_relay(service)()
        await asyncio.sleep(3)

    async def act() -> None:
        await faults.servers.away("kafka", relays_die)

    return [("Kafka is away and the relays die", act)]


def mongodb_dies_while_nobody_else_writes(faults: Faults) -> Sequence[tuple[str, Act]]:
    """The journalled write of any process flushes the journal for all: the others have to be silent."""

    async def act() -> None:
        others = [process for name, process in faults.system.processes.items() if name not in ("orders-api", "issuer")]
        for process in others:
            process.pause()
        for _ in range(MONGODB_DIES):
            await asyncio.sleep(1.5)
            await faults.servers.crash("mongodb")
        for process in others:
            process.resume()

    return [("mongod dies again and again", act)]


async def with_relays_that_died(started: Servers, size: Size, sabotage: str) -> World:
    """Nothing but the token leads the next relay to what the last one had read: the sweeper never comes."""
    small = Size(size.seed, 200, 20, buyers=3, groups=2, settling_seconds=25, faults_within=0.3)
    world = await chaos(
        started, small, HOLDS, relays_die_while_kafka_is_away, sabotage=sabotage, SWEEP_AFTER_SECONDS=NEVER
    )
    assert {"orders-relay", "catalog-relay"} <= {name for name, *_ in world.died}
    return world


async def test_a_token_kept_before_the_ack_loses_facts_and_the_invariants_say_so(started: Servers, size: Size) -> None:
    world = await with_relays_that_died(started, size, "relay.token_after_ack=skip")
    assert invariants.facts_are_changes(world)


async def test_with_a_token_kept_after_the_ack_the_same_deaths_lose_nothing(started: Servers, size: Size) -> None:
    world = await with_relays_that_died(started, size, "")
    assert not invariants.facts_are_changes(world)
    assert not invariants.acknowledged_is_stored(world)


async def test_writes_that_are_not_journalled_are_lost_and_the_invariants_say_so(started: Servers, size: Size) -> None:
    small = Size(size.seed, 1_000, 40, buyers=3, groups=2, settling_seconds=25, faults_within=0.1)
    world = await chaos(started, small, HOLDS, mongodb_dies_while_nobody_else_writes, sabotage="mongo.durable=skip")
    assert invariants.acknowledged_is_stored(world)
