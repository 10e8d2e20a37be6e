"""Who comes to the market: officers, leaders, buyers, each with a token of her own and a way through the gateway."""

import random
import uuid
from collections.abc import Sequence
from typing import Any

import httpx

from deploy.local.issuer.client import token
from deploy.local.issuer.tokens import Ask
from tests.journeys.system import System
from tests.processes import until

PUNE, NAGPUR, MUMBAI = "490", "484", "482"
BARAMATI = "4512"
Body = dict[str, Any]

PAPAD: Body = {
    "title": {"mr": "उडीद पापड", "hi": "उड़द पापड़", "en": "Urad papad"},
    "description": {"mr": "हाताने लाटलेले, उन्हात वाळवलेले."},
    "category": "food",
    "variants": [
        {
            "sku": "UDID-200",
            "unit_price_paise": 9_000,
            "mrp_paise": 10_000,
            "tax_basis_points": 500,
            "net_quantity": "200 ग्रॅम",
        }
    ],
    "hsn": "190590",
    "fssai": {"number": "11521034000123", "expires_on": "2036-03-31"},
    "images": ["https://images.example.org/udid-papad.jpg"],
}
SKU = "UDID-200"


class Person:
    """One caller. Writes carry a new Idempotency-Key unless one is given."""

    def __init__(self, system: System, **claims: Any) -> None:
        self._system, self._claims = system, {name: value for name, value in claims.items() if name != "sub"}
        ask = Ask.model_validate({"sub": uuid.uuid4(), **claims})
        self.party = ask.party()
        self.token = token(system.known.issuer, ask)
        self.headers = {"Authorization": f"Bearer {self.token}"}
        self.client = httpx.AsyncClient(base_url=f"{system.known.gateway}/v1", headers=self.headers, timeout=30)

    def colleague(self) -> "Person":
        """Somebody else of the same office."""
        return Person(self._system, **self._claims)

    async def get(self, path: str, headers: dict[str, str] | None = None, **params: Any) -> httpx.Response:
        return await self.client.get(path, params=params or None, headers=headers)

    async def send(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, **headers: str
    ) -> httpx.Response:
        """`headers` by name with _ for -: if_match='"3"'."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        said = {"Idempotency-Key": key or str(uuid.uuid4()), **named}
        return await self.client.request(method, path, json=body, headers=said)

    async def post(self, path: str, body: Any = None, **more: Any) -> httpx.Response:
        return await self.send("POST", path, body, **more)

    async def does(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """What she is answered, which must be a success."""
        answer = await self.send(method, path, body, **more)
        assert answer.is_success, f"{method} {path} answered {answer.status_code}: {answer.text}"
        return answer.json()

    async def reads(self, path: str, **params: Any) -> Any:
        answer = await self.get(path, **params)
        assert answer.is_success, f"GET {path} answered {answer.status_code}: {answer.text}"
        return answer.json()

    async def leaves_number(self, party: str, language: str, phone: str) -> None:
        contact = {"language": language, "phone": phone, "consents": {"transactional": True}}
        await self.does("PUT", f"/contacts/{party}", contact)

    async def order(self, *lines: Body, **more: Any) -> httpx.Response:
        """To Mumbai."""
        body = {"lines": list(lines), "deliver_to": {"district": MUMBAI, "pincode": "400050"}}
        return await self.post("/orders", body, **more)

    async def sees(self, order_id: str, status: str) -> Body:
        """Her order, once it has that status."""
        seen: Body = {}

        async def there() -> bool:
            seen.update(await self.reads(f"/orders/{order_id}"))
            return bool(seen["status"] == status)

        await until(there, what=f"order {order_id} is {status}")
        return seen


class Shop:
    """A group of Baramati with papad on sale."""

    def __init__(self, group_id: str, leader: Person, product: Body) -> None:
        self.group_id, self.leader, self.product = group_id, leader, product

    @property
    def product_id(self) -> str:
        return str(self.product["id"])

    @property
    def stock_path(self) -> str:
        return f"/products/{self.product_id}/variants/{SKU}/stock"

    def line(self, quantity: int = 1, **more: Any) -> Body:
        return {"product_id": self.product_id, "sku": SKU, "quantity": quantity, **more}

    async def stock(self) -> tuple[int, int, int]:
        """On hand, held, sold."""
        said = await self.leader.reads(self.stock_path)
        return said["on_hand"], said["held"], said["sold"]

    async def has(self, on_hand: int, held: int, sold: int) -> None:
        async def there() -> bool:
            return await self.stock() == (on_hand, held, sold)

        await until(there, what=f"{on_hand} on hand, {held} held, {sold} sold of {self.product_id}")

    async def counts(self, on_hand: int) -> None:
        await self.leader.does("PUT", self.stock_path, {"on_hand": on_hand})


class Market:
    """Everybody, and the numbers they left: no trace of one may be found anywhere but in notify."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.numbers: list[str] = []

    def person(self, role: str, **claims: Any) -> Person:
        return Person(self.system, role=role, **claims)

    def buyer(self, **claims: Any) -> Person:
        return self.person("buyer", **claims)

    def officer(self, district: str = PUNE) -> Person:
        return self.person("district_officer", district=district)

    def leader(self, *groups: str) -> Person:
        return self.person("group_leader", groups=groups)

    def number(self) -> str:
        """A mobile number nobody else has, of ten digits."""
        digits = f"98{random.randrange(10**8):08}"
        self.numbers.append(digits)
        return digits

    async def group(self, officer: Person | None = None, **changed: Any) -> str:
        """A new group, of Baramati unless told otherwise; its id."""
        body = {
            "programme": "umed",
            "code": f"MH-490-4512-{uuid.uuid4().hex[:12]}",
            "names": {"mr": "सावित्रीबाई फुले महिला बचत गट", "en": "Savitribai Phule Mahila Bachat Gat"},
            "district": PUNE,
            "block": BARAMATI,
            "village": "माळेगाव बुद्रुक",
            "activities": ["पापड बनविणे"],
            **changed,
        }
        return str((await (officer or self.officer()).does("POST", "/groups", body))["id"])

    async def on_sale(self, leader: Person, group_id: str, officer: Person, **changed: Any) -> Shop:
        """The group's papad, approved and listed."""
        product = await leader.does("POST", "/products", {**PAPAD, **changed, "group_id": group_id})
        for who, step in ((leader, "submit"), (officer, "approve"), (leader, "list")):
            product = await who.does("POST", f"/products/{product['id']}/{step}")
        return Shop(group_id, leader, product)

    async def shop(self, stock: int = 10, **changed: Any) -> Shop:
        """A group whose papad is on sale and known to the order desk."""
        officer = self.officer()
        group_id = await self.group(officer)
        shop = await self.on_sale(self.leader(group_id), group_id, officer, **changed)
        await shop.counts(stock)
        await self.heard_of(shop)
        return shop

    async def heard_of(self, shop: Shop) -> None:
        """The order desk knows the product: an order at a wrong price is refused for its price."""
        buyer = self.buyer()

        async def known() -> bool:
            answer = await buyer.order(shop.line(expected_unit_paise=1))
            return bool(answer.json()["code"] == "PriceChanged")

        await until(known, what="orders has heard of the product")

    async def texts(self, number: str, how_many: int, about: Sequence[str] = ("",)) -> list[str]:
        """What reached that phone and holds one of the words, oldest first, once so many messages have."""

        def mine() -> list[str]:
            texts = [row["text"] for row in self.system.messages() if row["to"] == f"+91{number}"]
            return [text for text in texts if any(word in text for word in about)]

        async def there() -> bool:
            return len(mine()) >= how_many

        await until(there, what=f"{how_many} messages on {number}")
        return mine()
