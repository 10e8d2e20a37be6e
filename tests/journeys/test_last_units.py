"""Forty buyers want one each of the last ten, twenty times, with two order desks and two who hold stock."""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.chaos.load import HOME
from tests.chaos.market import Market, Person
from tests.chaos.run import Size, opened
from tests.chaos.system import Program
from tests.chaos.system import System as Processes
from tests.journeys.system import System
from tests.processes import until

BUYERS, UNITS, ROUNDS = 40, 10, 20
AT_ONCE = 5
TWO_OF_EACH = (
    Program("catalog-api", "catalog", ("api", "relay")),
    Program("catalog-consume-1", "catalog", ("consume",)),
    Program("catalog-consume-2", "catalog", ("consume",)),
    Program("orders-api-1", "orders", ("api",)),
    Program("orders-api-2", "orders", ("api",)),
    Program("orders-relay", "orders", ("relay", "consume")),
)

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
async def market(system: System, tmp_path: Path) -> AsyncIterator[Market]:
    """On the Kafka and MongoDB of the other journeys, in a namespace of its own."""
    processes = Processes(system.known, tmp_path, TWO_OF_EACH)
    async with opened(processes, Size(seed=secrets.randbelow(1_000_000), buyers=BUYERS, groups=1)) as market:
        yield market


async def one_round(market: Market, product: str, sku: str) -> tuple[Counter[str], dict[str, Any]]:
    """All buyers at once; what became of their orders, and of the stock."""
    body = {"lines": [{"product_id": product, "sku": sku, "quantity": 1}], "deliver_to": HOME}

    async def wants_one(buyer: Person) -> None:
        await market.done("orders", "POST", "/orders", buyer, body)

    await asyncio.gather(*(wants_one(buyer) for buyer in market.buyers))
    orders = market.system.database("orders")["orders"]
    these = {"lines.product_id": product}

    async def answered() -> bool:
        return not await orders.count_documents({**these, "status": "placed"})

    await until(answered, what="every order is answered")
    statuses = Counter([doc["status"] async for doc in orders.find(these)])
    path = f"/products/{product}/variants/{sku}/stock"
    return statuses, await market.done("catalog", "GET", path, market.leaders[0])


async def test_of_forty_buyers_for_ten_units_exactly_ten_are_confirmed_every_time(market: Market) -> None:
    leader = market.leaders[0]
    goods = await asyncio.gather(*(market.product(leader, n, stock=UNITS) for n in range(ROUNDS)))
    await market.all_known([one.product_id for one in goods])
    room = asyncio.Semaphore(AT_ONCE)

    async def in_turn(product: str, sku: str) -> tuple[Counter[str], dict[str, Any]]:
        async with room:
            return await one_round(market, product, sku)

    for statuses, stock in await asyncio.gather(*(in_turn(one.product_id, one.sku) for one in goods)):
        assert statuses == {"confirmed": UNITS, "refused": BUYERS - UNITS}
        assert (stock["on_hand"], stock["held"], stock["available"], stock["sold"]) == (UNITS, UNITS, 0, 0)
