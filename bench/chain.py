"""From an order to the rows of its two messages, through orders, catalog and notify, at half load."""

import asyncio
import itertools
import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from bench import goods
from bench.acks import at_rate
from bench.http_load import CREATED, Connection, connected, request
from bench.lines import Line, times
from bench.place import Place, place
from bench.processes import Serving
from bench.settings import BenchSettings
from bench.waiting import until
from services.catalog.wiring import SERVICE as CATALOG
from services.notify.notifications.store import NotificationDocument
from services.notify.wiring import SERVICE as NOTIFY
from services.orders.wiring import SERVICE as ORDERS
from shared.documents import Doc
from shared.ids import derived_id
from shared.service import Running

ROLES = ("api", "relay", "consume")
ROWS_AN_ORDER = 2
GOALS_MS = (15.0, 50.0)


async def measured(sizes: BenchSettings) -> list[Line]:
    """As many orders as go through; what is half of that a second; then the times at that rate."""
    async with place() as here:
        notify, serving = await three(here)
        async with chained(here, serving["orders"].port, notify, sizes.chain_connections) as chain:
            full = await chain.capacity(sizes.chain_seconds / 2)
            found, answers = await chain.at_half(full, sizes.chain_seconds)
    lines = times("chain", "order sent → notification rows, half load", found, "order sent → 201", answers, GOALS_MS)
    note = f"{full / 2:.0f} orders/s, half of the {full:.0f}/s that went through"
    return [replace(line, note=f"{line.note}; {note}") for line in lines]


async def three(here: Place) -> tuple[Running, dict[str, Serving]]:
    """Orders, catalog and notify, running, with goods on sale; notify's own view besides."""
    catalog, orders, notify = [await here.running(one) for one in (CATALOG, ORDERS, NOTIFY)]
    await goods.stock(catalog)
    await goods.know(orders)
    here.start_issuer()
    serving = {name: here.start(name, *ROLES) for name in ("orders", "catalog", "notify")}
    for one in serving.values():
        one.ready()
    return notify, serving


async def rested(notify: Running) -> None:
    """The sender has dealt with every row, were it only by saying that it knows no contact."""
    rows = notify.database.collection(NotificationDocument.collection)

    async def none_due() -> bool:
        return not await rows.count_documents({"due_at": {"$ne": None}}, limit=1)

    await until(none_due, "a sender with nothing to do")


class Chain:
    """Posts orders and sees their rows, in one process and so on one clock."""

    def __init__(self, here: Place, port: int, notify: Running, free: list[Connection]) -> None:
        self.token, self.port, self.notify = here.token(), port, notify
        self.free: asyncio.LifoQueue[Connection] = asyncio.LifoQueue()
        for connection in free:
            self.free.put_nowait(connection)
        self.numbers = itertools.count()
        self.answered: dict[str, float] = {}
        self.rows: dict[str, list[float]] = defaultdict(list)

    async def order(self) -> tuple[str, float]:
        """The order's id and when it was sent. Raises RuntimeError when it is not accepted."""
        number, sent = next(self.numbers), time.perf_counter()
        key = f"bench-{number}"
        order_id = derived_id(goods.TENANT, goods.BUYER, "orders", key)
        connection = await self._connection()
        whole = request(self.port, self.token, key, json.dumps(goods.body(number)).encode())
        head = await connection.ask(whole)
        self.free.put_nowait(connection)
        if not head.startswith(CREATED):
            raise RuntimeError(head.decode())
        self.answered[order_id] = time.perf_counter()
        return order_id, sent

    async def _connection(self) -> Connection:
        """A free one; a new one for what the service closed because nobody used it for long."""
        connection = await self.free.get()
        return await connected(self.port) if connection.transport.is_closing() else connection

    async def capacity(self, seconds: float) -> float:
        """Orders a second from the first one sent until all have their rows and the sender has dealt with those."""
        began = time.perf_counter()

        async def again() -> list[str]:
            sent = []
            while time.perf_counter() - began < seconds:
                sent.append((await self.order())[0])
            return sent

        ids = [id_ for some in await asyncio.gather(*(again() for _ in range(self.free.qsize()))) for id_ in some]
        await self.told(ids)
        await rested(self.notify)
        return len(ids) / (time.perf_counter() - began)

    async def at_half(self, full: float, seconds: float) -> tuple[list[float], list[float]]:
        """Seconds from each order to its last row, and to its answer; the first second is not counted."""
        sent = dict(await at_rate(full / 2, seconds, self.order))
        await self.told(list(sent))
        counted = list(sent.items())[int(full / 2) :]
        rows = [max(self.rows[id_]) - at for id_, at in counted]
        return rows, [self.answered[id_] - at for id_, at in counted]

    async def told(self, ids: list[str]) -> float:
        """When the last row of these orders was there. Raises TimeoutError."""

        async def all_there() -> bool:
            return all(len(self.rows[id_]) >= ROWS_AN_ORDER for id_ in ids)

        await until(all_there, "every order's rows")
        return max(at for id_ in ids for at in self.rows[id_])

    async def watch(self, opened: asyncio.Event) -> None:
        rows = self.notify.database.collection(NotificationDocument.collection)
        inserts: list[Doc] = [{"$match": {"operationType": "insert"}}, {"$project": {"documentKey": 1}}]
        async with await rows.watch(inserts) as stream:
            opened.set()
            async for change in stream:
                self.rows[change["documentKey"]["_id"].partition(":")[0]].append(time.perf_counter())


@asynccontextmanager
async def chained(here: Place, port: int, notify: Running, connections: int) -> AsyncIterator[Chain]:
    chain = Chain(here, port, notify, [await connected(port) for _ in range(connections)])
    opened = asyncio.Event()
    watching = asyncio.create_task(chain.watch(opened))
    await opened.wait()
    try:
        yield chain
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
