"""Three mongods: the primary is cut off, written to, killed, and what only it had is rolled back. And the controls."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import bson
import pytest

from tests.chaos import invariants
from tests.chaos.faults import Act, Faults
from tests.chaos.ground.harsh import Harsh, harsh
from tests.chaos.long.acts import HarshFaults
from tests.chaos.run import Size, chaos
from tests.chaos.test_chaos import none
from tests.chaos.test_sabotage import HOLDS
from tests.chaos.world import World

pytestmark = [pytest.mark.long, pytest.mark.timeout(1_800)]

LONG_LEASE = "30"
"""Seconds: the relay of the isolated primary stays at work until another is elected."""
PATIENT_MILLISECONDS = 12_000
"""The members wait so long for a primary that is cut off: time for a sweep."""
HOLD: tuple[Callable[[World], list[str]], ...] = (
    invariants.everything_settles,
    invariants.acknowledged_is_stored,
    invariants.facts_are_changes,
    invariants.first_occurrences_are_in_sequence,
    invariants.repeats_say_the_same,
    invariants.orders_are_placed_and_reserved_once,
    invariants.statuses_agree,
    invariants.stock_is_exact,
    invariants.last_stock_fact_is_the_stock,
)


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Harsh]:
    with harsh(tmp_path, PATIENT_MILLISECONDS) as started:
        yield started


class RolledBack(HarshFaults):
    """Remembers itself, for what the run asks afterwards."""

    last: "RolledBack"

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        RolledBack.last = self


def rolled_back(faults: Faults) -> Sequence[tuple[str, Act]]:
    assert isinstance(faults, HarshFaults)
    return [card for card in faults.on_servers() if "rolled back" in card[0]]


async def _run(ground: Harsh, size: Size, sabotage: str = "") -> World:
    small = Size(size.seed, 300, 30, buyers=3, groups=2, settling_seconds=90, faults_within=0.2)
    return await chaos(
        ground,
        small,
        HOLDS,
        rolled_back,
        breaker=RolledBack,
        sabotage=sabotage,
        RELAY_LEASE_SECONDS=LONG_LEASE,
        SWEEP_AFTER_SECONDS="1",
    )


def _lost(ground: Harsh) -> set[str]:
    """Ids of the documents that a member took back, as it kept them aside."""
    files = [file for member in ground.replicas.members for file in member.rolled_back]
    return {str(doc["_id"]) for file in files for doc in bson.decode_all(file.read_bytes())}


async def test_what_is_rolled_back_was_never_acknowledged_and_never_published(ground: Harsh, size: Size) -> None:
    world = await _run(ground, size)
    lonely, topics = set(RolledBack.last.lonely), world.log
    assert lonely
    assert lonely <= _lost(ground), "there was a real rollback"
    assert not lonely & world.told.placed.keys()
    assert not lonely & {record.envelope.subject for topic in topics for record in world.told_facts(topic)}
    assert not world.died, "an election ends terms, not processes"
    for invariant in HOLD:
        assert none(invariant(world))


async def test_a_sweep_of_less_than_majority_publishes_what_is_rolled_back_and_the_invariants_say_so(
    ground: Harsh, size: Size
) -> None:
    world = await _run(ground, size, "relay.majority_sweep=skip")
    assert not invariants.acknowledged_is_stored(world), "what is not sabotaged still holds"
    differences = "\n".join(invariants.facts_are_changes(world))
    assert any(order in differences for order in RolledBack.last.lonely)


async def test_writes_that_one_server_acknowledges_are_rolled_back_and_the_invariants_say_so(
    ground: Harsh, size: Size
) -> None:
    world = await _run(ground, size, "mongo.durable=skip")
    assert _lost(ground) & world.told.placed.keys()
    assert invariants.acknowledged_is_stored(world)
