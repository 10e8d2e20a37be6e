"""MongoDB dies and comes back: the processes of a service stay, wait, and go on where they were."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.mongo import Mongo
from deploy.local.ports import free_port
from shared.service import Running
from shared.settings import CommonSettings
from tests.integration.kernel.conftest import Log, Start
from tests.integration.kernel.pots import Pot, fill, make
from tests.processes import until


@pytest.fixture
def mongod(tmp_path: Path) -> Iterator[Mongo]:
    server = Mongo(tmp_path, free_port())
    server.start()
    server.wait_ready()
    yield server
    server.process.kill()


@pytest.fixture
def settings(settings: CommonSettings, mongod: Mongo) -> CommonSettings:
    return settings.model_copy(update={"mongodb_uri": mongod.uri})


async def test_relay_and_consumer_outlive_a_killed_mongod(
    mongod: Mongo, running: Running, log: Log, start: Start
) -> None:
    process = start("relay", "consume")

    async def heard() -> bool:
        pot = await running.stores[Pot].find("pot")
        told = await running.database.collection("sums").find_one({"_id": "pot"})
        return pot is not None and told is not None and told["litres"] == pot.litres

    await make(running.stores[Pot], "pot", None)
    await running.stores[Pot].change("pot", lambda pot: fill(pot, 5))
    await until(heard, what="the first facts took effect")
    mongod.process.kill()
    await asyncio.sleep(4)  # longer than half the lease
    mongod.start()
    await asyncio.to_thread(mongod.wait_ready)
    await running.stores[Pot].change("pot", lambda pot: fill(pot, 7))
    await until(heard, what="a fact written after the restart took effect")
    assert process.running, process.text()
    assert {subject for subject, _, _ in await log.read()} == {"pot"}


async def test_a_relay_whose_cursor_is_gone_as_after_an_election_begins_a_new_term(
    mongod: Mongo, running: Running, log: Log, start: Start
) -> None:
    process = start("relay")
    pots = running.stores[Pot]

    async def told(count: int) -> bool:
        return len(await log.read()) >= count

    await make(pots, "pot", None)
    await until(lambda: told(1), what="the relay follows its change stream")
    assert await asyncio.to_thread(_kill_cursors, mongod, running.database.db.name)
    await pots.change("pot", lambda pot: fill(pot, 5))
    await until(lambda: told(2), what="what was written afterwards is told")
    assert process.running, process.text()


def _kill_cursors(mongod: Mongo, database: str) -> int:
    """Of change streams on this database; how many."""
    with mongod.direct() as client:
        open_ = client.admin.aggregate([{"$currentOp": {"idleCursors": True, "allUsers": True}}])
        namespace = f"{database}.$cmd.aggregate"
        ids = [op["cursor"]["cursorId"] for op in open_ if op.get("ns") == namespace and "cursor" in op]
        client[database].command({"killCursors": "$cmd.aggregate", "cursors": ids})
    return len(ids)
