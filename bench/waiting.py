"""Waiting for what must become true."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bench.processes import Serving
from shared.consumer.partitions import COLLECTION
from shared.service import Running

LOOK_SECONDS = 0.02
PATIENCE_SECONDS = 300


async def until(truth: Callable[[], Awaitable[bool]], what: str) -> None:
    """Ask again and again. Raises TimeoutError with `what` after five minutes."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not await truth():
        if time.monotonic() > deadline:
            raise TimeoutError(f"never came true: {what}")
        await asyncio.sleep(LOOK_SECONDS)


@dataclass(frozen=True, slots=True)
class Growth:
    """`cpu_microseconds`: what each one costs the process that does it, its start not counted."""

    per_second: float
    cpu_microseconds: float


async def growth(size: Callable[[], Awaitable[int]], wanted: int, what: str, by: Serving) -> Growth:
    """From the first growth that is seen to the one that reaches `wanted`."""

    async def begun() -> bool:
        return bool(await size())

    async def done() -> bool:
        return await size() >= wanted

    await until(begun, f"the first of {wanted} {what}")
    first, began, cpu = await size(), time.perf_counter(), by.cpu_seconds()
    await until(done, f"{wanted} {what}")
    took, grown = time.perf_counter() - began, wanted - first
    return Growth(grown / took, (by.cpu_seconds() - cpu) / grown * 1e6)


async def applied(of: Running, wanted: int, by: Serving) -> Growth:
    """Events that wait, applied by a consumer: by the offsets it keeps with its effects, from the first batch on."""
    rows = of.database.collection(COLLECTION)

    async def done() -> int:
        return sum([row["next"] async for row in rows.find({}, {"next": 1})])

    return await growth(done, wanted, "events", by)
