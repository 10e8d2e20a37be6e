"""The audit log on a real MongoDB: an act and its entry are one, and the chain holds under kills and zombies."""

import asyncio
import os
import signal
from collections import Counter
from typing import Any

import pytest
from pymongo import AsyncMongoClient
from pymongo.monitoring import CommandListener

from shared.audit import record
from shared.audit.chain import Chain
from shared.audit.chaining import Chaining
from shared.audit.entries import Head, Plain, plain
from shared.audit.verifying import verified
from shared.documents import Doc
from shared.mongo import DURABLE, Database
from shared.scope import Caller, Role, Scope
from shared.service import Running, Stores
from tests.integration.kernel.conftest import Log, Start
from tests.integration.kernel.pots import SERVICE, Pot, fill, make
from tests.processes import until

COLLECTIONS = [kind.collection for kind in SERVICE.kinds]


def caller(key: str, role: Role = Role.ADMIN) -> Caller:
    scope = Scope(tenant="27", role=role, party="asha")
    return Caller(scope=scope, key=key, body=key, act="POST /v1/pots", request="r")


async def act(stores: Stores, pot: str, times: int = 1) -> None:
    """One create and changes after it, each an act."""
    await make(stores[Pot], pot, caller(f"{pot} 0"))
    for n in range(1, times):
        await stores[Pot].change(pot, lambda p: fill(p, 1), caller(f"{pot} {n}"))


async def chained(database: Database) -> list[Plain]:
    return [plain(row) async for row in database.collection("audit").find().sort("_id", 1)]


async def waiting(database: Database) -> int:
    return await database.collection("pots").count_documents({"audit.0": {"$exists": True}})


async def whole(database: Database, expected: Counter[str]) -> None:
    """The chain hangs together, holds each act once, and nothing waits."""
    entries = await chained(database)
    assert verified(entries).damage is None
    assert Counter(one["subject"]["id"] for one in entries) == expected
    assert len({one["id"] for one in entries}) == len(entries)
    assert not await waiting(database)


@pytest.mark.parametrize("where", ["audit.before_chain", "audit.chained", "audit.removed"])
async def test_a_relay_killed_there_chains_every_act_once_in_the_end_and_tells_its_facts(
    where: str, running: Running, log: Log, start: Start
) -> None:
    await asyncio.gather(*(act(running.stores, f"pot-{n}", 3) for n in range(10)))
    assert await start("relay", faults=f"{where}=kill@1").ended() == -signal.SIGKILL
    await act(running.stores, "later")
    start("relay")

    async def settled() -> bool:
        told = not await running.database.collection("pots").count_documents({"outbox.0": {"$exists": True}})
        return told and not await waiting(running.database)

    await until(settled, what="every act is chained and every fact told")
    await whole(running.database, Counter({f"pot-{n}": 3 for n in range(10)} | {"later": 1}))
    facts = {(subject, sequence) for subject, sequence, _ in await log.read()}
    assert facts == {(f"pot-{n}", sequence) for n in range(10) for sequence in (1, 2, 3)} | {("later", 1)}


async def test_two_relays_and_two_tools_at_once_make_one_chain(running: Running) -> None:
    async def acts(of: int) -> None:
        for n in range(10):
            await act(running.stores, f"pot-{of}-{n}", 2)

    async def relay() -> None:
        work = Chaining(running.database, COLLECTIONS)
        for _ in range(20):
            await work.once()

    async def tool(name: str) -> None:
        for _ in range(10):
            await record(running.database, "replay ready", ("parked", name), actor="सौ. वैशाली")

    await asyncio.gather(acts(1), acts(2), relay(), relay(), relay(), tool("one"), tool("two"))
    await Chaining(running.database, COLLECTIONS).once()
    made = {f"pot-{of}-{n}": 2 for of in (1, 2) for n in range(10)}
    await whole(running.database, Counter(made | {"one": 10, "two": 10}))


class Zombie(Chain):
    """Slept since it looked at the end of the chain."""

    def __init__(self, database: Database, dreamt: Head) -> None:
        super().__init__(database)
        self.dreamt: list[Head] = [dreamt]

    async def head(self) -> Head:
        return self.dreamt.pop() if self.dreamt else await super().head()


async def test_a_zombie_that_wakes_up_forks_nothing(running: Running) -> None:
    await record(running.database, "replay ready", ("parked", "first"), actor="asha")
    slept = await Chain(running.database).head()
    await act(running.stores, "pot")
    doc = await running.database.collection("pots").find_one({"_id": "pot"})
    assert doc is not None
    await Chaining(running.database, COLLECTIONS).once()
    await Zombie(running.database, slept).extend(doc["audit"])
    strange = {**doc["audit"][0], "id": "of its own", "subject": {"kind": "pots", "id": "strange"}}
    await Zombie(running.database, slept).extend([strange])
    await whole(running.database, Counter({"first": 1, "pot": 1, "strange": 1}))


class Commands(CommandListener):
    """What is asked of the collection `audit`, and how what waits for it is read."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.concerns: list[dict[str, Any]] = []

    def started(self, event: Any) -> None:
        if event.command.get(event.command_name) == "audit":
            self.names.add(event.command_name)
        if event.command.get("find") == "pots" and "audit.0.at" in event.command["filter"]:
            self.concerns.append(event.command.get("readConcern", {}))

    def succeeded(self, event: Any) -> None: ...
    def failed(self, event: Any) -> None: ...


async def test_the_log_is_only_read_and_added_to_and_nothing_is_chained_that_a_failover_takes_back(
    running: Running,
) -> None:
    listener = Commands()
    client: AsyncMongoClient[Doc] = AsyncMongoClient(
        os.environ["MONGODB_URI"], event_listeners=[listener], tz_aware=True
    )
    async with client:
        watched = Database(client, client.get_database(running.database.db.name, write_concern=DURABLE), 1)
        await act(Stores(watched, SERVICE.kinds), "pot", 3)
        await record(watched, "backup", ("database", "pots"), actor="asha")
        assert await Chaining(watched, COLLECTIONS).once() == 3
        assert await Chaining(watched, COLLECTIONS).once() == 0
    assert listener.names == {"find", "distinct", "insert"}
    assert [concern.get("level") for concern in listener.concerns] == ["majority", "majority"]
    await whole(running.database, Counter({"pot": 3, "database": 0, "pots": 1}) + Counter())


async def test_a_buyers_own_act_is_not_in_the_log(running: Running) -> None:
    await make(running.stores[Pot], "pot", caller("one", Role.BUYER))
    assert await Chaining(running.database, COLLECTIONS).once() == 0
    assert await chained(running.database) == []
