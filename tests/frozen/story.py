"""The story in the frozen folder, told to the system of an earlier commit, which is then killed in the middle.

Run by `freeze.py`, in a checkout of that commit and by its own packages: only what both commits have is used.
"""

import asyncio
import json
import os
import signal
import sys
import uuid
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaProducer

from shared import clock
from shared.contracts.orders import OrderCancelled, OrderLine
from shared.kafka import headers_of, partition_of
from shared.outbox import told
from tests.journeys.people import PUNE, SKU, Market, Person, Shop
from tests.journeys.system import System
from tests.processes import until

NAMESPACE = "frozen-"
TEN_YEARS_SECONDS = 10 * 365 * 86_400
TOLD = {"NAMESPACE": NAMESPACE, "HOLD_SECONDS": "60", "ACCEPT_SECONDS": str(TEN_YEARS_SECONDS)}
IN_FLIGHT, ANSWERED = 24, 12
Story = dict[str, Any]


async def settled(market: Market, shop: Shop) -> Story:
    """An order in each state, every message delivered."""
    buyer, her_phone, group_phone = market.buyer(), market.number(), market.number()
    await buyer.leaves_number(buyer.party, "mr", her_phone)
    await shop.leader.leaves_number(shop.group_id, "hi", group_phone)
    held = await placed(buyer, shop, 2, "confirmed")
    sold = await placed(buyer, shop, 3, "confirmed")
    await shop.leader.does("POST", f"/orders/{sold}/accept")
    back = await placed(buyer, shop, 4, "confirmed")
    await buyer.does("POST", f"/orders/{back}/cancel", {"reason": "चुकून मागवले"})
    short = await placed(buyer, shop, 900, "refused")
    await market.texts(her_phone, 6)
    await market.texts(group_phone, 4)
    orders = {"confirmed": held, "accepted": sold, "cancelled": back, "refused": short}
    return {"buyer": buyer.party, "token": buyer.token, "phone": her_phone, "orders": orders}


async def placed(buyer: Person, shop: Shop, quantity: int, status: str) -> str:
    order_id = str((await buyer.order(shop.line(quantity))).json()["id"])
    await buyer.sees(order_id, status)
    return order_id


async def parked(market: Market) -> str:
    """A record nobody can read stands parked, and another behind it; their key."""
    line = OrderLine(product_id="p", sku=SKU, quantity=1, unit_price_paise=9_000, tax_basis_points=500, tax_paise=429)
    fact = OrderCancelled(buyer="b", seller="s", by="buyer", reason="asked", lines=(line,))
    subject = str(uuid.uuid4())
    async with AIOKafkaProducer(bootstrap_servers=market.system.known.kafka) as kafka:
        for sequence, value in ((1, b'{"lines": "'), (2, fact.model_dump_json().encode())):
            row = told(fact, subject, "27", (1, sequence), clock.now())
            headers = headers_of(row, "/orders", "orders.orders", subject)
            place = {"partition": partition_of(subject.encode(), 4), "headers": headers}
            await kafka.send_and_wait(f"{NAMESPACE}orders.orders", value, key=subject.encode(), **place)
    await there(market, "catalog", "parked", key=subject.encode(), status="behind")
    return subject


async def there(market: Market, service: str, collection: str, **where: Any) -> None:
    async def found() -> bool:
        return await market.system.document(service, collection, **where) is not None

    await until(found, what=f"{service} keeps such a document in {collection}")


async def unsent(market: Market, shop: Shop) -> Story:
    """A message that was claimed and that the provider, which is frozen, does not answer."""
    buyer, phone = market.buyer(), market.number()
    await buyer.leaves_number(buyer.party, "mr", phone)
    order_id = await placed(buyer, shop, 1, "confirmed")
    await there(market, "notify", "notifications", order_id=order_id, status="sending")
    return {"buyer": buyer.party, "order": order_id, "phone": phone}


async def untold(market: Market, shop: Shop, kill: Callable[[list[str]], Awaitable[None]]) -> None:
    """Catalog is frozen, so nothing is held; orders pour in, and half way everything is killed."""
    buyers = [market.buyer() for _ in range(IN_FLIGHT)]
    asked = [asyncio.create_task(buyer.order(shop.line())) for buyer in buyers]
    answers: list[str] = []
    for one in asyncio.as_completed(asked):
        answers.append((await one).json()["id"])
        if len(answers) == ANSWERED:
            await kill(answers)


async def story(system: System) -> None:
    market = Market(system)
    shop = await market.shop(stock=100)
    paused = await market.shop(stock=5)
    await paused.leader.does("POST", f"/products/{paused.product_id}/pause", {"reason": "पावसामुळे"})
    known: Story = {"shop": {"group": shop.group_id, "product": shop.product}, "paused": paused.product_id}
    known |= {"district": PUNE, "settled": await settled(market, shop), "parked": await parked(market)}

    async def kill(answers: list[str]) -> None:
        """All at once: the kernel ends the children with this process."""
        text = json.dumps({**known, "acknowledged": answers}, ensure_ascii=False, indent=1)
        (system.folder / "story.json").write_text(text, encoding="utf-8")
        os.kill(os.getpid(), signal.SIGKILL)

    with system.frozen("provider"):
        known["unsent"] = await unsent(market, shop)
        with system.frozen("catalog"):
            await untold(market, shop, kill)


if __name__ == "__main__":
    whole = System(Path(sys.argv[1]), TOLD)
    whole.start()
    asyncio.run(story(whole))
