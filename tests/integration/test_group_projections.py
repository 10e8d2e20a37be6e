"""What stalls, orders and notify remember of the registry, built again from the first fact, is what they had."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from services.notify.groups.consumers import GROUPS as AT_NOTIFY
from services.notify.groups.store import AliasesDocument as ToldAliasesDocument
from services.notify.groups.store import KnownGroupDocument as ToldGroupDocument
from services.notify.wiring import SERVICE as NOTIFY
from services.orders.sellers.consumers import GROUPS as AT_ORDERS
from services.orders.sellers.store import KnownSellerDocument
from services.orders.wiring import SERVICE as ORDERS
from services.stalls.makers.consumers import GROUPS as AT_STALLS
from services.stalls.makers.store import AliasesDocument, KnownGroupDocument
from services.stalls.wiring import SERVICE as STALLS
from shared.consumer import consume
from shared.contracts.catalog import (
    GroupChanged,
    GroupDeactivated,
    GroupMerged,
    GroupReactivated,
    GroupRegistered,
    GroupSplit,
    group_id,
)
from shared.documents import Doc
from shared.events import Fact
from shared.health import Health, writes_to
from shared.kafka import create_topics
from shared.mongo import Database, connect, ensure_indexes
from shared.service import Running, Service, Stores
from shared.settings import CommonSettings
from shared.testing import settings_for
from tests.integration.kernel.conftest import Log, record
from tests.processes import playing, until

TOPIC = "catalog.groups"
GROUPS = [group_id("27", "umed", f"MH-490-04512-{number:04}") for number in range(60)]
BLOCKS = ("4512", "4515", "4523")
OF_THE_WRITING = {"version", "requests", "outbox", "trace"}
"""How many batches it took: nothing of what is known."""
PROJECTIONS = {
    "stalls": replace(STALLS, kinds=(KnownGroupDocument, AliasesDocument), handlers=(AT_STALLS,)),
    "orders": replace(ORDERS, kinds=(KnownSellerDocument,), handlers=(AT_ORDERS,)),
    "notify": replace(NOTIFY, kinds=(ToldGroupDocument, ToldAliasesDocument), handlers=(AT_NOTIFY,)),
}


def life(id_: str, chance: Random) -> list[Fact]:
    """What the registry may tell of one group, in its order."""
    into, active = "", True
    facts: list[Fact] = [GroupRegistered(programme="umed", district="490", block=chance.choice(BLOCKS))]
    for what in chance.choices(("merge", "close", "move"), k=chance.randrange(6)):
        if what == "merge":
            facts.append(GroupSplit(out_of=into) if into else GroupMerged(into=(other := chance.choice(GROUPS))))
            into = "" if into else other
        elif what == "close":
            facts.append(GroupDeactivated(reason="inactive") if active else GroupReactivated())
            active = not active
        else:
            place = {"district": "490", "block": chance.choice(BLOCKS)}
            facts.append(GroupChanged(programme="umed", programmes=("umed", "mavim"), **place))
    return facts


def told(chance: Random) -> list[Doc]:
    """Every group's facts in their order, between those of others, and some of them again later."""
    waiting = {id_: [record(fact, id_, at) for at, fact in enumerate(life(id_, chance), 1)] for id_ in GROUPS}
    records: list[Doc] = []
    while waiting:
        id_ = chance.choice(sorted(waiting))
        records.append(waiting[id_].pop(0))
        if chance.randrange(5) == 0:
            records.append(chance.choice(records))
        waiting = {id_: left for id_, left in waiting.items() if left}
    return records


class Registry:
    """Its topic, in a namespace of its own, and what a service makes of it."""

    def __init__(self, settings: CommonSettings) -> None:
        self.settings, self.log = settings, Log(settings)
        self.log.topic = settings.topic(TOPIC)

    async def running(self, service: Service, name: str) -> Running:
        named = replace(service, name=name, timers=(), workers=(), watches=(), streams=(), routers=())
        database = await connect(self.settings.mongodb_uri, self.settings.database_name(name))
        await ensure_indexes(database, named.kinds)
        return Running(named, self.settings, database, Stores(database, named.kinds))

    async def read_to_the_end(self, running: Running) -> None:
        async def all_of_it() -> bool:
            rows = running.database.collection("consumer_offsets").find({})
            return await self.log.size() == sum([int(row["next"]) async for row in rows])

        async with playing(consume(running, Health(writes_to(running.database)))):
            await until(all_of_it, what="all facts of the registry are consumed", patience_seconds=60)


@pytest.fixture
async def registry() -> AsyncIterator[Registry]:
    settings = settings_for(
        CommonSettings,
        mongodb_uri=os.environ["MONGODB_URI"],
        kafka_bootstrap_servers=os.environ["KAFKA_BOOTSTRAP_SERVERS"],
        namespace=f"t{secrets.token_hex(4)}-",
        session_timeout_milliseconds=2000,
    )
    await asyncio.to_thread(create_topics, settings, (TOPIC,))
    yield Registry(settings)
    database = await connect(settings.mongodb_uri, settings.database_name("stalls"))
    for name in await database.client.list_database_names():
        if name.startswith(settings.namespace):
            await database.client.drop_database(name)
    await database.client.close()


async def known(running: Running) -> dict[str, list[Doc]]:
    """Every document as it is kept, byte by byte but for how it was written."""
    return {kind.collection: await rows(running.database, kind.collection) for kind in running.service.kinds}


async def rows(database: Database, collection: str) -> list[Doc]:
    found = database.collection(collection).find({}).sort("_id", 1)
    return [{name: value for name, value in doc.items() if name not in OF_THE_WRITING} async for doc in found]


@pytest.mark.parametrize("service", PROJECTIONS)
async def test_a_projection_built_again_from_the_first_fact_is_the_same(registry: Registry, service: str) -> None:
    records = told(Random(7))
    live = await registry.running(PROJECTIONS[service], service)
    for at in range(0, len(records), 50):
        await registry.log.write(*records[at : at + 50])
        if at % 100 == 0:
            await registry.read_to_the_end(live)
    await registry.read_to_the_end(live)
    again = await registry.running(PROJECTIONS[service], f"{service}-again")
    await registry.read_to_the_end(again)
    there = await known(live)
    assert there == await known(again)
    (groups, *_) = there.values()
    assert [doc["_id"] for doc in groups] == sorted(GROUPS), "and every service knows the same groups"
    assert await rows(live.database, "parked") == []


async def test_every_service_says_the_same_of_what_an_id_stands_for(registry: Registry) -> None:
    await registry.log.write(*told(Random(782)))
    said: dict[str, dict[str, Any]] = {}
    for name, service in PROJECTIONS.items():
        running = await registry.running(service, name)
        await registry.read_to_the_end(running)
        documents, *_ = (await known(running)).values()
        said[name] = {doc["_id"]: doc["merged_into"] for doc in documents}
    assert said["stalls"] == said["orders"] == said["notify"]
    assert any(said["stalls"].values())
