"""A provider's limit is kept in every second, and nearly all of it is used."""

import asyncio
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.channels.pace import Pace


class Clock:
    """Time that passes only while somebody sleeps, and then a little more than asked."""

    def __init__(self, late: float = 0.0) -> None:
        self.at, self.late, self.random = 100.0, late, random.Random(7)

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds + self.random.random() * self.late


async def moments(per_second: float, count: int, late: float = 0.0) -> list[float]:
    clock = Clock(late)
    pace, left = Pace(per_second, clock.now, clock.sleep), []
    for _ in range(count):
        await pace.turn()
        left.append(clock.at)
    return left


@given(per_second=st.floats(0.2, 300), late=st.floats(0, 0.05))
def test_no_second_has_more_than_allowed_however_late_sleepers_wake(per_second: float, late: float) -> None:
    left = asyncio.run(moments(per_second, 500, late))
    most = max(1, int(per_second))
    within = most / per_second
    assert all(after - before >= within for before, after in zip(left, left[most:], strict=False))


@pytest.mark.parametrize("per_second", [0.5, 1, 7, 50, 200])
async def test_nearly_all_of_what_is_allowed_is_used(per_second: float) -> None:
    count = 40 * max(1, int(per_second))
    left = await moments(per_second, count, late=0.001)
    assert (count - 1) / (left[-1] - left[0]) >= 0.97 * per_second


async def test_a_pause_earns_no_burst() -> None:
    clock = Clock()
    pace = Pace(10, clock.now, clock.sleep)
    await pace.turn()
    clock.at += 3600
    left = []
    for _ in range(30):
        await pace.turn()
        left.append(clock.at)
    assert all(after - before >= 1 for before, after in zip(left, left[10:], strict=False))


async def test_without_a_limit_nobody_waits() -> None:
    assert len(set(await moments(0, 1000))) == 1


def test_no_more_are_claimed_than_get_their_turn_before_their_lease_ends() -> None:
    assert Pace(0).waiting_room(16, 10) == 16
    assert Pace(0.5).waiting_room(16, 10) == 5
    assert Pace(0.01).waiting_room(16, 10) == 1
    assert Pace(50).waiting_room(16, 10) == 16
