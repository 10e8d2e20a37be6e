"""The same harness with a rule taken out of the kernel: were it not caught, the invariants would be worth nothing."""

from collections.abc import Sequence

import pytest

from tests.chaos import invariants
from tests.chaos.faults import Act, Faults
from tests.chaos.run import Size, chaos
from tests.chaos.servers import Servers
from tests.chaos.system import Program

pytestmark = pytest.mark.timeout(1_800)

HOLDS: tuple[Program, ...] = (
    Program("catalog-api", "catalog", ("api",)),
    Program("catalog-relay", "catalog", ("relay",)),
    Program("catalog-consume", "catalog", ("consume",)),
    Program("orders-api", "orders", ("api",)),
    Program("orders-consume", "orders", ("consume",)),
    Program("orders-relay", "orders", ("relay",)),
)
"""Only what holds stock for orders."""


def repeats(faults: Faults) -> Sequence[tuple[str, Act]]:
    return [
        *(("repeat records of orders.orders", faults.repeat("orders.orders")) for _ in range(5)),
        ("kill -9 the relay of orders", faults.kill_relay("orders")),
        ("kill -9 the relay of catalog", faults.kill_relay("catalog")),
    ]


async def test_without_the_check_for_duplicates_stock_is_held_twice_and_the_invariants_say_so(
    started: Servers, size: Size
) -> None:
    small = Size(size.seed, orders=150, seconds=12, buyers=3, groups=2, settling_seconds=15)
    world = await chaos(started, small, HOLDS, repeats, sabotage="consumer.duplicates=skip")
    assert len(world.told.placed) > 100
    assert not invariants.acknowledged_is_stored(world), "what is not sabotaged still holds"
    assert invariants.stock_is_exact(world)
