"""The seeded market in real databases: all there, once, with its facts, however often and however rudely it is made."""

import os
import secrets
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import httpx
import pytest

from services.catalog.wiring import SERVICE
from shared.aggregates import Work
from shared.errors import NotFound
from shared.health import Health, writes_to
from shared.mongo import Database, connect, ensure_indexes
from shared.scope import Role
from shared.service import Running, Stores
from shared.testing import Signer, settings_for
from shared.web.app import create_app
from tests.processes import Spawned, spawn, until
from tools.seed.groups import Market as Wishes
from tools.seed.market import group_seedlings
from tools.seed.planting import Tally, plant

SMALL = ("--groups", "600", "--products", "120")
SERVICES = ("catalog", "notify", "stalls")
TOLD = ("groups", "products", "stock", "venues", "papers", "calls")


@dataclass(frozen=True)
class Market:
    """The databases of one namespace."""

    namespace: str
    databases: dict[str, Database]

    def begin(self, *arguments: str) -> Spawned:
        named = {"NAMESPACE": self.namespace, "PROFILE": "local"}
        return spawn("tools.seed", *arguments, environment=named)

    async def seed(self, *arguments: str) -> str:
        """What it printed; fails the test unless it ended well."""
        process = self.begin(*arguments)
        code, shown = await process.ended(), process.text()
        assert code == 0, shown
        return shown

    async def counts(self) -> dict[str, int]:
        """Documents of every collection, and the facts that wait in their outboxes."""
        found: Counter[str] = Counter()
        for database in self.databases.values():
            for name in ("groups", "products", "stock", "contacts", "venues", "calls", "credits"):
                async for doc in database.collection(name).find({}, {"outbox": 1, "permissions": 1}):
                    found[name] += 1
                    found["papers"] += len(doc.get("permissions", []))
                    found["facts"] += len(doc["outbox"])
        return dict(found)


@pytest.fixture
async def market() -> AsyncIterator[Market]:
    """Needs MONGODB_URI and KAFKA_BOOTSTRAP_SERVERS; its databases are dropped at the end."""
    namespace = f"s{secrets.token_hex(4)}-"
    databases = {name: await connect(os.environ["MONGODB_URI"], f"{namespace}{name}") for name in SERVICES}
    yield Market(namespace, databases)
    for database in databases.values():
        await database.client.drop_database(database.db.name)
        await database.client.close()


async def test_a_second_time_adds_nothing_and_tells_nothing(market: Market) -> None:
    shown = await market.seed(*SMALL)
    assert "refused" in shown
    first = await market.counts()
    assert (first["groups"], first["products"], first["contacts"], first["venues"]) == (600, 120, 50, 52)
    assert (first["calls"], first["papers"] > 52, first["credits"] > 20) == (1, True, True)
    assert first["facts"] == sum(first[name] for name in TOLD)
    await market.seed(*SMALL)
    assert await market.counts() == first


async def test_a_seed_that_is_killed_is_finished_by_the_next_and_nothing_is_half_there(market: Market) -> None:
    process = market.begin(*SMALL)
    groups = market.databases["catalog"].collection("groups")

    async def begun() -> bool:
        return await groups.count_documents({}) > 0

    await until(begun, what="the first groups")
    process.kill()
    cut = await market.counts()
    assert cut.get("facts", 0) == sum(cut.get(name, 0) for name in TOLD)
    await market.seed(*SMALL)
    whole = await market.counts()
    assert (whole["groups"], whole["products"]) == (600, 120)
    assert whole["facts"] == sum(whole[name] for name in TOLD)


async def test_buyers_find_the_goods_and_a_group_finds_its_own(market: Market) -> None:
    await market.seed(*SMALL)
    database, signer = market.databases["catalog"], Signer()
    await ensure_indexes(database, SERVICE.kinds)
    settings = settings_for(SERVICE.settings, issuer=signer.issuer, namespace=market.namespace)
    running = Running(SERVICE, settings, database, Stores(database, SERVICE.kinds))
    app = create_app(running, signer, Health(writes_to(database)), api=True)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://catalog.test/v1") as client:
        found = await client.get("/products", params={"q": "पापड", "limit": 200}, headers=signer.headers(Role.BUYER))
        assert found.status_code == 200, found.text
        papads = found.json()["items"]
        assert {papad["title"]["mr"] for papad in papads} >= {"उडीद पापड", "नाचणी पापड", "तांदळाचे पापड"}
        seller = papads[0]["seller"]
        leader = signer.headers(Role.GROUP_LEADER, groups=[seller])
        group = (await client.get(f"/groups/{seller}", headers=leader)).json()
        assert group["names"]["mr"].endswith(("बचत गट", "समूह"))
        variant = papads[0]["variants"][0]["sku"]
        stock = (await client.get(f"/products/{papads[0]['id']}/variants/{variant}/stock", headers=leader)).json()
        assert stock["available"] == stock["on_hand"] == stock["moved"] > 0


async def test_no_phone_number_is_printed(market: Market) -> None:
    shown = await market.seed("--groups", "30", "--products", "30")
    phones = [doc["phone"] async for doc in market.databases["notify"].collection("contacts").find()]
    assert sum(phone is not None for phone in phones) > 10
    assert not any(phone and phone[-8:] in shown for phone in phones)


async def test_another_seed_number_is_another_market_beside_the_first(market: Market) -> None:
    small = ("--groups", "40", "--products", "6")
    await market.seed(*small)
    await market.seed(*small, "--seed", "8")
    counted = await market.counts()
    assert (counted["groups"], counted["products"]) == (80, 12)


async def test_what_the_catalogue_refuses_is_told_and_harms_nothing_else_of_its_batch(market: Market) -> None:
    groups = list(group_seedlings(Wishes(state="27", groups=3, products=0, seed=7)))
    batches: list[Tally] = []

    async def refuse(work: Work) -> None:
        await groups[1].plant(work)
        raise NotFound(what="groups", id="माहीत नाही")

    seedlings = [groups[0], replace(groups[1], plant=refuse), groups[2]]
    tally = await plant(market.databases["catalog"], SERVICE, seedlings, batches.append)
    assert (tally.new, tally.refused) == (2, ["NotFound: There is no group with the id माहीत नाही."])
    assert [batch.done for batch in batches] == [3]
    found = market.databases["catalog"].collection("groups").find({}, {"_id": 1})
    assert {doc["_id"] async for doc in found} == {groups[0].id, groups[2].id}


async def test_a_wish_that_cannot_be_is_said_so(market: Market) -> None:
    process = market.begin("--state", "99")
    assert await process.ended() == 2
    assert "known: 27, 5, 10" in process.text()
