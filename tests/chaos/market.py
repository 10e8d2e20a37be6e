"""A small market made through the services' own requests: groups, products on sale, stock, and who has a phone."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from deploy.local.issuer.client import token
from deploy.local.issuer.tokens import Ask
from shared.ids import derived_id, new_id
from tests.chaos.system import System
from tests.processes import until

PUNE, BARAMATI = "490", "4512"
NAMES = ("सावित्रीबाई फुले", "जिजाऊ", "अहिल्याबाई होळकर", "रमाबाई आंबेडकर", "बहिणाबाई चौधरी", "ताराराणी")
GOODS = ("उडीद पापड", "लिंबू लोणचे", "शेंगदाणा चटणी", "नाचणी सत्व")
PLENTY, SCARCE = 100_000, 30
PRICE_PAISE = 12_550
REQUEST_SECONDS = 4.0
FINAL_ERRORS = range(400, 500)
NOT_FINAL = {408, 425, 429}

PHONES = tuple(f"+9198123400{n:02}" for n in range(1, 30))
"""Planted: none of them may stand in any log of a process."""


@dataclass(frozen=True)
class Person:
    """Somebody with a token; `id` is what facts call her, a group's for its leader."""

    id: str
    token: str


@dataclass(frozen=True)
class Goods:
    product_id: str
    sku: str
    seller: str
    stock: int


@dataclass
class Market:
    """Where to ask, who asks, and what there is to buy."""

    client: httpx.AsyncClient
    system: System
    rng: random.Random
    officer: Person = field(default_factory=lambda: Person("", ""))
    buyers: list[Person] = field(default_factory=list)
    leaders: list[Person] = field(default_factory=list)
    goods: list[Goods] = field(default_factory=list)
    retries: int = 0

    async def ask(
        self, service: str, method: str, path: str, by: Person, body: Any = None, key: str | None = None
    ) -> httpx.Response:
        """Until there is a definitive answer: the same request with the same key, at any process of the service.

        The answer's extension `again`: how many tries before it were not answered.
        """
        headers = {"Authorization": f"Bearer {by.token}", "Idempotency-Key": key or new_id()}
        pause, again = 0.1, 0
        while True:
            url = f"{self.rng.choice(self.system.apis(service))}/v1{path}"
            try:
                answer = await self.client.request(method, url, json=body, headers=headers)
            except httpx.HTTPError:
                answer = None
            if answer is not None and (answer.is_success or _is_final(answer.status_code)):
                answer.extensions["again"] = again
                return answer
            again += 1
            self.retries += 1
            await asyncio.sleep(pause * self.rng.uniform(0.5, 1))
            pause = min(pause * 2, 1.5)

    async def done(self, service: str, method: str, path: str, by: Person, body: Any = None) -> dict[str, Any]:
        """What must succeed."""
        answer = await self.ask(service, method, path, by, body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        said: dict[str, Any] = answer.json()
        return said

    async def open(self, buyers: int, groups: int) -> None:
        """Every group has plenty of three goods and too little of the last; every other party has a phone."""
        self.officer = await self._person("block_officer", "officer", district=PUNE, block=BARAMATI)
        self.buyers = [await self._person("buyer", f"buyer-{n}") for n in range(buyers)]
        self.leaders = list(await asyncio.gather(*(self._group(n) for n in range(groups))))
        made = await asyncio.gather(*(self.product(leader, n) for leader in self.leaders for n in range(len(GOODS))))
        self.goods = list(made)
        if self.system.apis("notify"):
            await self._phones([*self.buyers[::2], *self.leaders[::2]])

    async def product(self, leader: Person, number: int, stock: int | None = None) -> Goods:
        """Drafted, submitted, approved, counted, listed, and known to orders."""
        sku = f"MAL-{number}"
        count = stock if stock is not None else SCARCE if number == len(GOODS) - 1 else PLENTY
        product = (await self.done("catalog", "POST", "/products", leader, _label(leader.id, sku, number)))["id"]
        await self.done("catalog", "POST", f"/products/{product}/submit", leader)
        await self.done("catalog", "POST", f"/products/{product}/approve", self.officer)
        path = f"/products/{product}/variants/{sku}/stock"
        await self.done("catalog", "PUT", path, leader, {"on_hand": count})
        await self.done("catalog", "POST", f"/products/{product}/list", leader)
        return Goods(product, sku, leader.id, count)

    async def _group(self, number: int) -> Person:
        names = {"mr": f"{NAMES[number % len(NAMES)]} महिला बचत गट"}
        place = {"district": PUNE, "block": BARAMATI}
        entry = {"programme": "umed", "code": f"MH-{number}", "names": names, **place}
        group = (await self.done("catalog", "POST", "/groups", self.officer, entry))["id"]
        leader = await self._person("group_leader", f"leader-{number}", groups=(group,))
        return Person(group, leader.token)

    async def _person(self, role: str, name: str, **claims: Any) -> Person:
        ask = Ask.model_validate({"role": role, "sub": derived_id("chaos", name), **claims})
        return Person(ask.party(), await asyncio.to_thread(token, self.system.url("issuer"), ask))

    async def _phones(self, parties: Sequence[Person]) -> None:
        for party, phone in zip(parties, PHONES, strict=False):
            contact = {"language": self.rng.choice(("mr", "hi", "en")), "phone": phone}
            await self.done("notify", "PUT", f"/contacts/{party.id}", party, contact)

    async def all_known(self, products: Sequence[str]) -> None:
        """Return when the order desk has heard of all of them."""
        known = self.system.database("orders")["known_products"]

        async def heard() -> bool:
            return await known.count_documents({"_id": {"$in": list(products)}}) == len(products)

        await until(heard, what="orders knows every product", patience_seconds=240)


def _is_final(status: int) -> bool:
    return status in FINAL_ERRORS and status not in NOT_FINAL


def _label(group: str, sku: str, number: int) -> dict[str, Any]:
    variant = {"sku": sku, "unit_price_paise": PRICE_PAISE, "mrp_paise": 15_000, "tax_basis_points": 500}
    return {
        "group_id": group,
        "title": {"mr": GOODS[number % len(GOODS)]},
        "description": {"mr": "हाताने बनवलेले.\nउन्हात वाळवलेले."},
        "category": "food",
        "variants": [{**variant, "net_quantity": "२०० ग्रॅम"}],
        "hsn": "190590",
        "fssai": {"number": "11521034000123", "expires_on": "2099-03-31"},
        "images": ["https://images.example.org/mal.jpg"],
    }
