"""The SMS provider on its worse days: times out after accepting, breaks, is busy, reports twice and in reverse."""

import asyncio
from typing import Any

import httpx

from tests.chaos.system import System
from tests.processes import until

PATIENCE_SECONDS = 180.0
RULES: tuple[dict[str, Any], ...] = (
    {"mode": "timeout", "rate": 0.02, "delay_seconds": 3},
    {"mode": "broken", "rate": 0.03},
    {"mode": "busy", "rate": 0.02},
    {"mode": "twice", "rate": 0.10},
    {"mode": "reversed", "rate": 0.10},
)


async def unruly(system: System) -> None:
    """Told again after each restart: the provider forgets its rules."""

    async def answers() -> bool:
        async with httpx.AsyncClient(base_url=system.url("provider"), timeout=2) as client:
            try:
                told = [await client.put("/control", json=rule) for rule in RULES]
            except httpx.HTTPError:
                return False
        return all(answer.is_success for answer in told)

    await until(answers, what="the provider listens", patience_seconds=PATIENCE_SECONDS)


async def crash_provider(system: System) -> None:
    before = system.processes["provider"]
    await asyncio.to_thread(system.kill, "provider")

    async def restarted() -> bool:
        return system.processes["provider"] is not before

    await until(restarted, what="the provider is started again", patience_seconds=PATIENCE_SECONDS)
    await unruly(system)
