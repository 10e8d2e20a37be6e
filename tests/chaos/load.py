"""Who uses the market while it is being broken: buyers, sellers, hasty fingers, and what they were told."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.chaos.market import PRICE_PAISE, Goods, Market, Person

AT_ONCE = 40
SELLERS_LOOK_EVERY_SECONDS = 0.7
CANCELS_AT_ONCE, TAPS_TWICE = 0.12, 0.05
LEFT_ALONE, SELLER_CANCELS = 0.15, 0.10
HOME = {"district": "490", "pincode": "413102"}
REASON = {"reason": "सणाआधी मिळणार नाही"}


@dataclass
class Told:
    """Definitive answers: these the market has promised."""

    placed: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Order id → (buyer, seller)."""
    placed_at: list[float] = field(default_factory=list)
    accepted: set[str] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)
    undecided: set[str] = field(default_factory=set)
    """Refused after tries that nobody answered: such a try may be under way and still succeed; no refusal is kept."""
    refused: Counter[str] = field(default_factory=Counter)
    contradictions: list[str] = field(default_factory=list)
    """A repeated request that got another answer than the first time."""


class Load:
    def __init__(self, market: Market) -> None:
        self.market, self.told, self.rng = market, Told(), market.rng
        self.asked = 0
        self.decided: set[str] = set()
        self.room = asyncio.Semaphore(AT_ONCE)

    async def run(self, orders: int, seconds: float, *, in_time: bool = False) -> None:
        """So many orders, evenly over at least that time, however long an answer takes; fewer when it is `in_time`."""
        sellers = [asyncio.create_task(self._sells(leader)) for leader in self.market.leaders]
        recounting = asyncio.create_task(self._recounts())
        began = time.monotonic()
        async with asyncio.TaskGroup() as buying:
            for n in range(orders):
                await asyncio.sleep(began + n * seconds / orders - time.monotonic())
                await self.room.acquire()
                if in_time and time.monotonic() > began + seconds:
                    self.room.release()
                    break
                self.asked += 1
                buying.create_task(self._buys(n)).add_done_callback(lambda _: self.room.release())
        for task in (*sellers, recounting):
            task.cancel()
        await asyncio.gather(*sellers, recounting, return_exceptions=True)

    async def _buys(self, n: int) -> None:
        buyer, key = self.rng.choice(self.market.buyers), f"order-{n}"
        body = self._basket()
        answer = await self.market.ask("orders", "POST", "/orders", buyer, body, key)
        if answer.status_code != httpx.codes.CREATED:
            self.told.refused[str(answer.json()["code"])] += 1
            return
        order = answer.json()
        self.told.placed[order["id"]] = (order["buyer"], order["seller"])
        self.told.placed_at.append(time.monotonic())
        if self.rng.random() < TAPS_TWICE:
            self._same(answer, await self.market.ask("orders", "POST", "/orders", buyer, body, key))
        if self.rng.random() < CANCELS_AT_ONCE:
            await asyncio.sleep(self.rng.uniform(0, 1))
            await self._cancels(order["id"], buyer)

    def _basket(self) -> dict[str, Any]:
        """One or two goods of one seller, now and then at a price of yesterday."""
        first = self.rng.choice(self.market.goods)
        same = [goods for goods in self.market.goods if goods.seller == first.seller and goods != first]
        chosen = [first, self.rng.choice(same)] if same and self.rng.random() < 0.3 else [first]
        return {"lines": [self._line(goods) for goods in chosen], "deliver_to": HOME}

    def _line(self, goods: Goods) -> dict[str, Any]:
        yesterday = {"expected_unit_paise": PRICE_PAISE - 50} if self.rng.random() < 0.01 else {}
        quantity = self.rng.randint(1, 3)
        return {"product_id": goods.product_id, "sku": goods.sku, "quantity": quantity, **yesterday}

    def _same(self, first: httpx.Response, again: httpx.Response) -> None:
        if first.json() != again.json():
            self.told.contradictions.append(f"{first.text} then {again.text}")

    async def _cancels(self, order: str, by: Person) -> None:
        answer = await self.market.ask("orders", "POST", f"/orders/{order}/cancel", by, REASON, f"cancel-{order}")
        self._noted(self.told.cancelled, order, answer)

    async def _accepts(self, order: str, by: Person) -> None:
        answer = await self.market.ask("orders", "POST", f"/orders/{order}/accept", by, None, f"accept-{order}")
        self._noted(self.told.accepted, order, answer)

    def _noted(self, promised: set[str], order: str, answer: httpx.Response) -> None:
        if answer.is_success:
            promised.add(order)
        elif answer.extensions["again"]:
            self.told.undecided.add(order)

    async def _sells(self, leader: Person) -> None:
        """Accept most of what is confirmed, cancel some, leave some waiting."""
        deciding: set[asyncio.Task[None]] = set()
        try:
            while True:
                await asyncio.sleep(SELLERS_LOOK_EVERY_SECONDS)
                answer = await self.market.ask("orders", "GET", "/orders?status=confirmed&limit=200", leader)
                fresh = [row["id"] for row in answer.json()["items"] if row["id"] not in self.decided]
                self.decided.update(fresh)
                for order in fresh:
                    task = asyncio.create_task(self._decides(order, leader))
                    deciding.add(task)
                    task.add_done_callback(deciding.discard)
        finally:
            await asyncio.gather(*deciding)

    async def _decides(self, order: str, leader: Person) -> None:
        choice = self.rng.random()
        if choice < LEFT_ALONE:
            return
        async with self.room:
            act = self._cancels if choice < LEFT_ALONE + SELLER_CANCELS else self._accepts
            await act(order, leader)

    async def _recounts(self) -> None:
        """A group counts again while orders hold her stock: a request and a batch want the same document."""
        while True:
            await asyncio.sleep(self.rng.uniform(1, 3))
            goods = self.rng.choice(self.market.goods)
            leader = next(leader for leader in self.market.leaders if leader.id == goods.seller)
            path = f"/products/{goods.product_id}/variants/{goods.sku}/stock"
            stock = (await self.market.ask("catalog", "GET", path, leader)).json()
            more = {"on_hand": stock["on_hand"] + self.rng.randint(0, 2)}
            await self.market.ask("catalog", "PUT", path, leader, more)
