"""The four services as they run, each arranged once: every row puts back what it moved."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from tests.integration.houses import House, house
from tests.integration.tenancy.scenes import catalog, notify, orders, stalls
from tests.integration.tenancy.world import Ask, World
from tools.contracts.openapi import SERVICES, service

ARRANGED: Mapping[str, Callable[[House], Awaitable[World]]] = {
    "catalog": catalog.arrange,
    "orders": orders.arrange,
    "stalls": stalls.arrange,
    "notify": notify.arrange,
}
SETTINGS: Mapping[str, dict[str, Any]] = {"notify": notify.SETTINGS, "stalls": {"draw_listen_seconds": 1}}
OF_EVERY_PROCESS = ("GET /livez", "GET /readyz", "GET /metrics", "GET /openapi.json")


@asynccontextmanager
async def world(name: str) -> AsyncIterator[World]:
    async with house(service(name), **SETTINGS.get(name, {})) as found:
        made = await ARRANGED[name](found)
        asks = {(route, "the process"): Ask() for route in OF_EVERY_PROCESS}
        yield replace(made, asks={**made.asks, **asks})


__all__ = ["SERVICES", "world"]
