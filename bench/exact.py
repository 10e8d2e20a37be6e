"""Forty buyers want one each of the last ten, with two order desks and two who hold stock: every run exactly ten."""

import asyncio
import json
from collections import Counter

from bench import goods
from bench.http_load import connected, request
from bench.lines import Line
from bench.place import place
from bench.settings import BenchSettings
from bench.waiting import until
from services.catalog.stock.domain import Stock
from services.catalog.stock.store import StockDocument
from services.catalog.wiring import SERVICE as CATALOG
from services.orders.retail.store import OrderDocument
from services.orders.wiring import SERVICE as ORDERS
from shared.service import Running

BUYERS, UNITS = 40, 10


async def measured(sizes: BenchSettings) -> list[Line]:
    """One product a round."""
    async with place() as here:
        catalog, orders = [await here.running(one) for one in (CATALOG, ORDERS)]
        await goods.stock(catalog)
        await goods.know(orders)
        here.start_issuer()
        desks = [here.start("orders", "api", "relay", "consume") for _ in range(2)]
        for one in (*desks, *(here.start("catalog", "relay", "consume") for _ in range(2))):
            one.ready()
        rounds = min(sizes.exact_rounds, len(goods.PRODUCTS))
        found = [await _round(catalog, orders, [desk.port for desk in desks], here.token(), n) for n in range(rounds)]
    worst = max(found, key=lambda confirmed: abs(confirmed - UNITS))
    return [
        Line(
            name="exact",
            measure=f"{BUYERS} buyers for {UNITS} units, confirmed",
            value=worst,
            unit="of 10",
            limit="the units there are",
            limit_value=UNITS,
            ratio=worst / UNITS,
            goal="exactly 10",
            met=worst == UNITS,
            note=f"the worst of {rounds} rounds",
        )
    ]


async def _round(catalog: Running, orders: Running, ports: list[int], token: str, number: int) -> int:
    """How many of the forty were confirmed."""
    product = goods.PRODUCTS[number]
    await catalog.database.collection(StockDocument.collection).update_one(
        {"_id": f"{product}:{goods.SKU}"}, {"$set": {"on_hand": UNITS, "moved": UNITS}}
    )
    body = json.dumps(goods.body(number)).encode()

    async def wants_one(buyer: int) -> None:
        port = ports[buyer % len(ports)]
        head = await (await connected(port)).ask(request(port, token, f"exact-{number}-{buyer}", body))
        if b" 201 " not in head:
            raise RuntimeError(head.decode())

    await asyncio.gather(*(wants_one(buyer) for buyer in range(BUYERS)))
    rows = orders.database.collection(OrderDocument.collection)

    async def answered() -> bool:
        return not await rows.count_documents({"status": "placed"})

    await until(answered, "every order is answered")
    said = Counter([doc["status"] async for doc in rows.find({"lines.product_id": product})])
    stock = await catalog.stores[Stock].find(f"{product}:{goods.SKU}")
    if stock is None or stock.held != said["confirmed"] or sum(said.values()) != BUYERS:
        raise RuntimeError(f"{said}, but stock says {stock}")
    return said["confirmed"]
