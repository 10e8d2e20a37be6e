"""State and facts in one write, beside the plain operations the driver needs for as much."""

import itertools
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from bench import goods
from bench.inserts import inserting, per_second, plain
from bench.lines import Line, middle, rate
from bench.place import place
from bench.settings import BenchSettings
from services.orders.retail import domain
from services.orders.retail.domain import Order
from services.orders.retail.store import OrderDocument
from services.orders.wiring import SERVICE
from shared.ids import new_id
from shared.mongo import ensure_indexes
from shared.service import Running

Found = dict[str, list[float]]


async def measured(sizes: BenchSettings) -> list[Line]:
    """Rounds of plain inserts, creates, plain inserts, changes, plain reads with updates, in one process."""
    async with place() as here:
        orders = await here.running(SERVICE)
        await ensure_indexes(orders.database, (plain(OrderDocument),))
        rounds = [await _round(orders, sizes) for _ in range(sizes.rounds)]
    found = {name: middle([one[name] for one in rounds]) for name in rounds[0]}
    both = "plain read and update"
    return [
        rate("writes", "creates with outbox", found["create"], "plain inserts", found["insert"], least=0.92),
        rate("writes", "changes with outbox", found["change"], "plain inserts", found["insert"], least=0.92),
        rate("writes", "changes with outbox", found["change"], both, found["update"], note="a change reads first"),
    ]


async def _round(orders: Running, sizes: BenchSettings) -> dict[str, float]:
    made: list[str] = []
    await goods.place(orders, new_id())
    template = await orders.database.collection(OrderDocument.collection).find_one() or {}
    rows = orders.database.collection(plain(OrderDocument).collection)

    async def timed(one: Callable[[], Awaitable[Any]]) -> float:
        return await per_second(one, sizes.connections, sizes.round_seconds)

    before = await timed(inserting(rows, template))
    create = await timed(_creating(orders, made))
    after = await timed(inserting(rows, template))
    change = await timed(_changing(orders, iter(made)))
    update = await timed(_updating(orders, iter(made)))
    return {"insert": (before + after) / 2, "create": create, "change": change, "update": update}


def _creating(orders: Running, made: list[str]) -> Callable[[], Awaitable[Any]]:
    async def one() -> None:
        order_id = new_id()
        await goods.place(orders, order_id)
        made.append(order_id)

    return one


def _changing(orders: Running, ids: Iterator[str]) -> Callable[[], Awaitable[Any]]:
    """Every order once, so that no outbox grows full while no relay runs."""

    async def one() -> None:
        order_id = _next(ids)
        await orders.stores[Order].change(order_id, domain.confirm, goods.caller(f"confirm-{order_id}"))

    return one


def _updating(orders: Running, ids: Iterator[str]) -> Callable[[], Awaitable[Any]]:
    """A read and a durable update of as many bytes, by the driver alone."""
    rows, numbers = orders.database.collection(OrderDocument.collection), itertools.count()

    async def one() -> None:
        found = await rows.find_one({"_id": _next(ids)}) or {}
        kept = {name: found[name] for name in ("requests", "outbox", "status")}
        await rows.update_one({"_id": found["_id"]}, {"$set": {**kept, "reason": str(next(numbers))}})

    return one


def _next(ids: Iterator[str]) -> str:
    """Raises StopAsyncIteration, which a coroutine may raise, when there is none left."""
    for id_ in ids:
        return id_
    raise StopAsyncIteration
