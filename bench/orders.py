"""Orders accepted over HTTP, durable, on all cores, beside plain inserts of the same document."""

import asyncio
from typing import Any

from bench import goods
from bench.inserts import plain
from bench.lines import Line, rate
from bench.place import Place, place
from bench.processes import side_by_side
from bench.settings import BenchSettings
from services.orders.retail.store import OrderDocument
from services.orders.wiring import SERVICE
from shared.ids import new_id
from shared.mongo import ensure_indexes
from shared.service import Running
from shared.together import ALONE as SHARING

ALONE = {"ALLOW_UNSAFE": "1", "FAULT_POINTS": f"{SHARING}=skip"}


async def measured(sizes: BenchSettings) -> list[Line]:
    """Limit, load, the same load with every write and look-up for itself, limit."""
    async with place() as here:
        orders = await ready(here)
        before = await _inserts(orders, sizes)
        found, note = await accepted(here, sizes, sizes.api_processes, sizes.connections)
        alone, _ = await accepted(here, sizes, sizes.api_processes, sizes.connections, **ALONE)
        after = await _inserts(orders, sizes)
    limit = (before + after) / 2
    return [
        rate("orders", "orders accepted over HTTP", found, "plain inserts", limit, least=1.0, note=note),
        rate("orders", "the same, commands shared", found, "each its own command", alone, least=1.0),
    ]


async def ready(here: Place) -> Running:
    """An order desk that knows its products, and an issuer for its callers."""
    orders = await here.running(SERVICE)
    await ensure_indexes(orders.database, (plain(OrderDocument),))
    await goods.know(orders)
    await goods.place(orders, "the-first")
    here.start_issuer()
    return orders


async def accepted(
    here: Place, sizes: BenchSettings, processes: int, connections: int, **told: str
) -> tuple[float, str]:
    """Orders a second that so many api processes accept from so many connections, and what they cost."""
    apis = [here.start("orders", "api", **told) for _ in range(processes)]
    for api in apis:
        api.ready()
    spec = {
        "ports": [api.port for api in apis],
        "connections": connections,
        "seconds": sizes.load_seconds,
        "token": here.token(),
        "body": goods.body(),
        "prefix": new_id(),
    }
    began = sum(api.cpu_seconds() for api in apis)
    [said] = await asyncio.to_thread(side_by_side, "bench.http_load", [spec])
    created, total = said["answers"].pop("created", 0), sum(api.cpu_seconds() for api in apis) - began
    for api in apis:
        api.stop()
    return created / said["seconds"], _note(said, created, total, len(apis))


def _note(said: dict[str, Any], created: int, api_seconds: float, processes: int) -> str:
    load_us, api_us = said["cpu_seconds"] / created * 1e6, api_seconds / said["asked"] * 1e6
    others = f"; other answers: {said['answers']}" if said["answers"] else ""
    return (
        f"{processes} api processes; processor time a request: {api_us:.0f} µs in them, "
        f"{load_us:.0f} µs in the load generator{others}"
    )


async def _inserts(orders: Running, sizes: BenchSettings) -> float:
    """By as many processes as answer requests, with as many writes in flight."""
    spec = {
        "uri": orders.settings.mongodb_uri,
        "database": orders.database.db.name,
        "like": OrderDocument.collection,
        "collection": plain(OrderDocument).collection,
        "connections": sizes.connections // sizes.api_processes,
        "seconds": sizes.load_seconds / 2,
    }
    said = await asyncio.to_thread(side_by_side, "bench.inserts", [spec] * sizes.api_processes)
    return float(sum(one["per_second"] for one in said))
