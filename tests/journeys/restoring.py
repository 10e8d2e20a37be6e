"""Three services that can be taken away one by one, backed up and put back; and what people do on them meanwhile."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.chaos.load import HOME
from tests.chaos.market import Goods, Market, Person
from tests.chaos.system import Program
from tests.chaos.system import System as Processes
from tests.chaos.world import messages
from tests.processes import until
from tools.backup import acting, log
from tools.backup.archive import Archive, archives
from tools.backup.reconcile import Forgotten
from tools.environment import ToolSettings

WHOLE = ("api", "relay", "consume")
SERVICES = tuple(Program(name, name, WHOLE) for name in ("catalog", "orders", "notify"))
LEFT_SECONDS = 20.0
Doc = dict[str, Any]


class Houses(Processes):
    """One process a service; who is away is not started again before she comes back."""

    async def away(self, name: str) -> None:
        process = self.processes.pop(name)
        await asyncio.to_thread(process.stop)

    async def back(self, *names: str) -> None:
        for name in names:
            self._start(name)
        await self.all_ready()


class Ground:
    """A market on these processes, with goods, and the operator's commands beside it."""

    def __init__(self, market: Market, houses: Houses, folder: Path) -> None:
        self.market, self.houses, self.folder = market, houses, folder
        self.settings = ToolSettings.model_validate(
            {**houses.settings.model_dump(include={"namespace", "mongodb_uri", "kafka_bootstrap_servers"}), **UNASKED}
        )

    async def goods(self, number: int, stock: int) -> Goods:
        made = await self.market.product(self.market.leaders[0], number, stock)
        await self.market.all_known([made.product_id])
        return made

    async def places(self, buyer: Person, goods: Goods, quantity: int = 1, key: str | None = None) -> str:
        body = {"lines": [{"product_id": goods.product_id, "sku": goods.sku, "quantity": quantity}], "deliver_to": HOME}
        answer = await self.market.ask("orders", "POST", "/orders", buyer, body, key)
        assert answer.status_code == httpx.codes.CREATED, answer.text
        return str(answer.json()["id"])

    async def does(self, who: Person, what: str, order_id: str, **body: Any) -> None:
        await self.market.done("orders", "POST", f"/orders/{order_id}/{what}", who, body or None)

    async def becomes(self, order_id: str, status: str) -> None:
        orders = self.houses.database("orders")["orders"]

        async def there() -> bool:
            return await orders.find_one({"_id": order_id, "status": status}) is not None

        await until(there, what=f"order {order_id} is {status}")

    async def stock(self, goods: Goods) -> tuple[int, int, int]:
        path = f"/products/{goods.product_id}/variants/{goods.sku}/stock"
        said = await self.market.done("catalog", "GET", path, self.market.leaders[0])
        return said["on_hand"], said["held"], said["sold"]

    async def has(self, goods: Goods, on_hand: int, held: int, sold: int) -> None:
        async def there() -> bool:
            return await self.stock(goods) == (on_hand, held, sold)

        await until(there, what=f"{on_hand} on hand, {held} held, {sold} sold; is {await self.stock(goods)}")

    def sent(self) -> Counter[tuple[str, str]]:
        """How often each text reached each phone."""
        return Counter((row["to"], row["text"]) for row in messages(self.houses.provider_log))

    async def messages_are(self, count: int) -> None:
        """So many, and no message is on its way."""
        rows = self.houses.database("notify")["notifications"]

        async def there() -> bool:
            flying = await rows.count_documents({"due_at": {"$ne": None}})
            return not flying and self.sent().total() == count

        await until(there, what=f"{count} messages; are {self.sent()}")

    async def delivered(self, order_id: str, count: int) -> None:
        rows = self.houses.database("notify")["notifications"]

        async def there() -> bool:
            return await rows.count_documents({"about": order_id, "status": "delivered"}) == count

        await until(there, what=f"{count} messages about {order_id} are delivered")

    async def backup(self, service: str) -> Archive:
        return await asyncio.to_thread(acting.write, self.settings, service, self.folder, print)

    async def restore(self, archive: Archive, *, over: bool = True) -> list[Forgotten]:
        return await asyncio.to_thread(acting.restore, self.settings, archive, self.folder, print, over=over)

    async def bring_back(self, *ids: str) -> list[str]:
        """From the copy that the last restore made."""
        kept = [one for one in archives(self.folder) if one.folder.name.endswith("-before-restore")][-1]
        return await asyncio.to_thread(acting.bring_back, self.settings, kept, ids)

    async def report(self, archive: Archive) -> dict[tuple[str, str], str]:
        """By subject and fact: what became of it since."""
        return fates(await asyncio.to_thread(acting.report, self.settings, archive))

    async def all_read(self) -> None:
        """Nothing waits in an outbox, and every service has read all that stands on the topics it listens to."""

        async def there() -> bool:
            return not any([await self._unread(program.service) for program in SERVICES])

        await until(there, what="everything that was told is read")

    async def _unread(self, name: str) -> bool:
        service, database = acting.wired(name), self.houses.database(name)
        for kind in service.kinds:
            if kind.topic and await database[kind.collection].find_one({"outbox.0": {"$exists": True}}):
                return True
        heard = {self.settings.topic(one.topic) for one in service.handlers}
        rows = {row["_id"]: row["next"] async for row in database["consumer_offsets"].find()}
        ends = await log.ends(self.settings, heard)
        group = self.settings.group(service.group)
        return any(
            rows.get(f"{group}:{topic}:{number}") != end for topic, of in ends.items() for number, end in of.items()
        )

    async def row(self, service: str, collection: str, id_: str) -> Doc:
        found = await self.houses.database(service)[collection].find_one({"_id": id_})
        assert found is not None, f"{service} keeps no {id_} in {collection}"
        return dict(found)

    async def parked(self) -> int:
        rows = [self.houses.database(program.service)["parked"] for program in SERVICES]
        return sum([await row.count_documents({}) for row in rows])


def fates(rows: list[Forgotten]) -> dict[tuple[str, str], str]:
    return {(one.told.subject, one.told.name): one.fate.value for one in rows}


UNASKED = {"profile": "local", "allow_unsafe": True, "operator": "restore journey"}


@asynccontextmanager
async def opened(houses: Houses, folder: Path) -> AsyncIterator[Ground]:
    """Everybody has a phone; holds are short."""
    try:
        await houses.start()
        async with httpx.AsyncClient(timeout=20) as client:
            market = Market(client, houses, random.Random(1))
            await market.open(buyers=1, groups=1)
            yield Ground(market, houses, folder)
    finally:
        await houses.stop()
