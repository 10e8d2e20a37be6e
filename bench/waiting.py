"""Waiting for what must become true."""

import asyncio
import time
from collections.abc import Awaitable, Callable

LOOK_SECONDS = 0.02
PATIENCE_SECONDS = 120


async def until(truth: Callable[[], Awaitable[bool]], what: str) -> None:
    """Ask again and again. Raises TimeoutError with `what` after two minutes."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not await truth():
        if time.monotonic() > deadline:
            raise TimeoutError(f"never came true: {what}")
        await asyncio.sleep(LOOK_SECONDS)


async def growth(size: Callable[[], Awaitable[int]], wanted: int, what: str) -> float:
    """How much `size` grows in a second, from its first growth that is seen to the one that reaches `wanted`."""

    async def begun() -> bool:
        return bool(await size())

    async def done() -> bool:
        return await size() >= wanted

    await until(begun, f"the first of {wanted} {what}")
    first, began = await size(), time.perf_counter()
    await until(done, f"{wanted} {what}")
    return (wanted - first) / (time.perf_counter() - began)
