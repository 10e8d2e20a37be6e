"""Backups under a writing service, cut off, damaged, put back over another and into an empty server."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from concurrent.futures import Future, wait
from pathlib import Path
from typing import Any

import pytest
from pymongo import AsyncMongoClient

from shared import clock
from shared.kafka import create_topics
from shared.mongo import Database, UnsafeSettingsError, connect
from shared.restored import OFFSETS
from tests.processes import Spawned, spawn, until
from tools.backup import acting
from tools.backup.archive import MANIFEST, Archive, Damaged, archives
from tools.backup.presence import StillRunning
from tools.backup.restoring import Occupied
from tools.environment import ToolSettings

Doc = dict[str, Any]
MANY = 6_000  # more than one batch, both ways
NAMES = ("सावित्री", "जिजाऊ", "अहिल्या")
TOPICS = ("orders.orders", "catalog.groups", "catalog.products", "catalog.reservations")
KEPT = ("orders", "known_products", "parked", OFFSETS)


class Shelf:
    """The database of orders in a namespace of its own, the tool beside it, and the folder of its backups."""

    def __init__(self, client: AsyncMongoClient[Doc], settings: ToolSettings, folder: Path) -> None:
        self.client, self.settings, self.folder = client, settings, folder
        self.db = client[settings.database_name("orders")]
        self.there = ("--folder", str(folder))

    def tool(self, *words: str, faults: str = "") -> Spawned:
        told = {"NAMESPACE": self.settings.namespace, "PROFILE": "local", "ALLOW_UNSAFE": "1", "FAULT_POINTS": faults}
        return spawn("tools.backup", *words, environment=told)

    async def saved(self) -> Archive:
        return await asyncio.to_thread(acting.write, self.settings, "orders", self.folder, print)

    async def restored(self, archive: Archive, *, over: bool = False, say: acting.Say = print) -> None:
        await asyncio.to_thread(acting.restore, self.settings, archive, self.folder, say, over=over)

    async def process(self) -> Database:
        """What every process of the service does at its start."""
        return await connect(self.settings.mongodb_uri, self.db.name)

    def starting_at(self, word: str) -> tuple[acting.Say, list[Future[Database]]]:
        """Something that is told how a restore goes on, and starts a process when it first hears that word."""
        loop, begun = asyncio.get_running_loop(), list[Future[Database]]()

        def say(text: str) -> None:
            if word in text and not begun:
                begun.append(asyncio.run_coroutine_threadsafe(self.process(), loop))
                wait(begun)

        return say, begun

    def kept_aside(self) -> list[Archive]:
        return [one for one in archives(self.folder) if one.folder.name.endswith("-before-restore")]

    async def everything(self) -> dict[str, list[Doc]]:
        return {name: await self.db[name].find().sort("_id").to_list() for name in KEPT}

    async def fill(self) -> None:
        orders = [order(number) for number in range(MANY)]
        await self.db["orders"].insert_many(orders)
        await self.db["orders"].create_index([("tenant", 1), ("buyer", 1)], name="by_buyer")
        await self.db["orders"].create_index("due_at", sparse=True, name="due")
        held = {"owner": "she", "epoch": 7, "next": 12, "topic_id": "t"}
        await self.db[OFFSETS].insert_one({"_id": "g:catalog.products:1", **held})
        await self.db["relay"].insert_one(
            {"_id": "relay", "owner": "she", "epoch": 3, "expires_at": clock.now(), "token": {"_data": "82"}}
        )


def order(number: int) -> Doc:
    return {"_id": f"o{number:05}", "tenant": "27", "buyer": NAMES[number % 3], "sequence": 1, "outbox": []}


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Shelf]:
    settings = ToolSettings(
        profile="local",
        namespace=f"b{secrets.token_hex(4)}-",
        mongodb_uri=os.environ["MONGODB_URI"],
        kafka_bootstrap_servers=os.environ["KAFKA_BOOTSTRAP_SERVERS"],
    )
    await asyncio.to_thread(create_topics, settings, TOPICS)
    async with AsyncMongoClient[Doc](settings.mongodb_uri, tz_aware=True) as client:
        shelf = Shelf(client, settings, tmp_path)
        await shelf.fill()
        yield shelf
        await client.drop_database(shelf.db.name)


async def test_a_backup_under_writes_is_as_everything_was_at_one_moment(shelf: Shelf) -> None:
    """The writer moves one unit from the orders to the parked at a time: in every moment there are as many."""
    stop = asyncio.Event()

    async def write() -> None:
        number = 0
        while not stop.is_set():
            async with shelf.client.start_session() as session, await session.start_transaction():
                await shelf.db["orders"].delete_one({"_id": f"o{number:05}"}, session=session)
                await shelf.db["parked"].insert_one({"_id": number}, session=session)
            number += 1

    writer = asyncio.create_task(write())
    archive = await shelf.saved()
    stop.set()
    await writer
    manifest = archive.verify()
    parked = manifest.collections["parked"].documents if "parked" in manifest.collections else 0
    assert manifest.collections["orders"].documents + parked == MANY
    assert await shelf.db["parked"].count_documents({}) > parked
    assert manifest.ends.keys() == {shelf.settings.topic(topic) for topic in TOPICS}


async def test_what_is_put_back_over_another_is_equal_and_what_stood_there_is_kept(shelf: Shelf) -> None:
    archive, before = await shelf.saved(), await shelf.everything()
    await shelf.db["orders"].delete_many({"buyer": NAMES[0]})
    await shelf.db["parked"].insert_one({"_id": "new"})
    with pytest.raises(Occupied, match="is not empty"):
        await shelf.restored(archive)
    assert await shelf.db["incarnation"].find_one() == {"_id": "incarnation", "value": 1}
    await shelf.restored(archive, over=True)
    after = await shelf.everything()
    (row,) = after.pop(OFFSETS)
    (was,) = before.pop(OFFSETS)
    assert after == before
    assert row == {**was, "owner": "restored", "epoch": 8}
    relay = await shelf.db["relay"].find_one({"_id": "relay"}) or {}
    assert (relay["owner"], relay["epoch"], "token" in relay) == ("restored", 4, False)
    assert {"by_buyer", "due"} <= (await shelf.db["orders"].index_information()).keys()
    assert (await shelf.db["incarnation"].find_one() or {})["value"] == 2
    (kept,) = shelf.kept_aside()
    assert kept.verify().collections["orders"].documents == MANY - MANY // 3
    acts = [row["act"] async for row in shelf.db["audit"].find().sort("_id")]
    assert acts == ["backup", "restore"]


async def test_a_restore_that_is_killed_keeps_the_service_out_and_is_simply_repeated(shelf: Shelf) -> None:
    archive, before = await shelf.saved(), await shelf.everything()
    killed = shelf.tool("restore", str(archive.folder), "--over", *shelf.there, faults="restore.batch=kill@3")
    assert await killed.ended() == -9
    async with AsyncMongoClient[Doc](shelf.settings.mongodb_uri, appname=shelf.db.name) as left_over:
        await left_over.admin.command("ping")
        with pytest.raises(StillRunning, match="are connected"):
            await shelf.restored(archive)
    with pytest.raises(UnsafeSettingsError, match="has not finished"):
        await shelf.process()
    await shelf.restored(archive)
    after = await shelf.everything()
    assert {name: rows for name, rows in after.items() if name != OFFSETS} == {
        name: rows for name, rows in before.items() if name != OFFSETS
    }
    await (await shelf.process()).client.close()


async def test_a_restore_that_is_killed_before_it_replaced_anything_is_repeated_as_if_it_were_the_first(
    shelf: Shelf,
) -> None:
    archive = await shelf.saved()
    await shelf.db["orders"].insert_one(order(MANY))
    killed = shelf.tool("restore", str(archive.folder), "--over", *shelf.there, faults="restore.marked=kill")
    assert await killed.ended() == -9
    with pytest.raises(UnsafeSettingsError, match="has not finished"):
        await shelf.process()
    with pytest.raises(Occupied, match="is not empty"):
        await shelf.restored(archive)
    await shelf.restored(archive, over=True)
    (kept,) = shelf.kept_aside()
    assert kept.verify().collections["orders"].documents == MANY + 1
    assert await shelf.db["orders"].count_documents({}) == MANY
    assert "restoring" not in (await shelf.db["incarnation"].find_one() or {})


async def test_a_restore_that_cannot_keep_what_stands_there_leaves_it_to_its_service(shelf: Shelf) -> None:
    archive, before = await shelf.saved(), await shelf.everything()
    shelf.folder = shelf.folder / "full"
    shelf.folder.write_text("no folder")
    with pytest.raises(OSError, match="full"):
        await shelf.restored(archive, over=True)
    assert await shelf.everything() == before
    assert (await shelf.process()).incarnation == 1


async def test_a_backup_that_is_killed_is_never_taken_for_one(shelf: Shelf) -> None:
    killed = shelf.tool("write", "--service", "orders", *shelf.there, faults="backup.batch=kill@2")
    assert await killed.ended() == -9
    assert archives(shelf.folder) == []
    assert (await shelf.saved()).verify().collections["orders"].documents == MANY


async def test_a_damaged_backup_is_refused_by_the_name_of_the_file_and_nothing_is_touched(shelf: Shelf) -> None:
    archive, before = await shelf.saved(), await shelf.everything()
    path = archive.bson("orders")
    saved = path.read_bytes()
    for damaged in (saved[:999] + bytes([saved[999] ^ 1]) + saved[1000:], saved[:-7], b""):
        path.write_bytes(damaged)
        with pytest.raises(Damaged) as refused:
            await shelf.restored(archive, over=True)
        assert "orders.bson is not what was saved" in str(refused.value)
        assert "known_products" not in str(refused.value)
    path.unlink()
    verified = shelf.tool("verify", str(archive.folder))
    assert await verified.ended() == 1
    assert "orders.bson is missing" in verified.text()
    assert await shelf.everything() == before


async def test_a_backup_that_is_older_than_a_topic_is_put_back_and_the_topic_read_from_its_start(shelf: Shelf) -> None:
    archive = await shelf.saved()
    older = archive.manifest().model_copy(update={"ends": {}})
    (archive.folder / MANIFEST).write_text(older.model_dump_json(), encoding="utf-8")
    await shelf.restored(archive, over=True)
    assert await asyncio.to_thread(acting.report, shelf.settings, archive) == []
    assert await shelf.db["orders"].count_documents({}) == MANY


async def test_a_backup_goes_into_an_empty_server_and_its_incarnation_is_new(shelf: Shelf) -> None:
    archive, before = await shelf.saved(), await shelf.everything()
    await shelf.client.drop_database(shelf.db.name)
    await shelf.restored(archive)
    assert (await shelf.everything())["orders"] == before["orders"]
    assert (await shelf.db["incarnation"].find_one() or {})["value"] == 2
    assert [row["act"] async for row in shelf.db["audit"].find().sort("_id")] == ["backup", "restore"]


async def test_nothing_is_put_back_under_a_running_service(shelf: Shelf) -> None:
    archive = await shelf.saved()
    service = await shelf.process()
    with pytest.raises(StillRunning, match="are connected"):
        await shelf.restored(archive, over=True)
    await service.client.close()

    async def alone() -> bool:
        try:
            await shelf.restored(archive, over=True)
        except StillRunning:
            return False
        return True

    await until(alone, what="once it has gone, the restore goes through")
