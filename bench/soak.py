"""Memory while orders flow for ten minutes: what a process holds in the end beside what it held after a fifth."""

import asyncio

from bench.acks import at_rate
from bench.chain import chained, three
from bench.lines import Line
from bench.place import place
from bench.processes import Serving
from bench.settings import BenchSettings

WARM = 0.2
LEAST = 0.9


async def measured(sizes: BenchSettings) -> list[Line]:
    """Orders at a steady rate through three services, everything they lead to included."""
    async with place() as here:
        notify, serving = await three(here)
        async with chained(here, serving["orders"].port, notify, sizes.chain_connections) as chain:
            load = asyncio.create_task(at_rate(sizes.soak_rate, sizes.soak_seconds, chain.order))
            await asyncio.sleep(sizes.soak_seconds * WARM)
            warm = _held(serving)
            sent = dict(await load)
            held = _held(serving)
            await chain.told(list(sent))
    return [_line(name, held[name], warm[name], len(sent), sizes.soak_seconds) for name in serving]


def _held(serving: dict[str, Serving]) -> dict[str, float]:
    return {name: one.resident_mib() for name, one in serving.items()}


def _line(name: str, held: float, warm: float, orders: int, seconds: float) -> Line:
    return Line(
        name="soak",
        measure=f"memory of {name} after {seconds:.0f} s of orders",
        value=held,
        unit="MiB",
        limit="after a fifth of it",
        limit_value=warm,
        ratio=warm / held,
        goal=f"≥ {LEAST}",
        met=warm / held >= LEAST,
        note=f"{orders:,} orders, every message's row there",
    )
