"""A disk that is full and one that is slow: the server feels it, and what was acknowledged is there afterwards."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError
from pymongo.write_concern import WriteConcern

from deploy.local.mongo import Mongo
from deploy.local.ports import free_port
from deploy.local.process import Process
from shared.documents import Doc
from tests.chaos.ground.disk import Disk
from tests.chaos.ground.replicas import OPTIONS
from tests.chaos.ground.slow_disk import SlowDisk
from tests.processes import until

MEGABYTES = 400
NO_SPACE = "No space left on device"
KILOBYTE = "उन्हात वाळवलेले पापड " * 20


pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    small = Disk(tmp_path_factory.mktemp("disk") / "db", MEGABYTES)
    small.mount()
    yield small
    small.unmount()
    assert not small.folder.is_mount()


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> SlowDisk:
    return SlowDisk(tmp_path_factory.mktemp("slow"))


@pytest.fixture(scope="module")
def mongod(disk: Disk, slow: SlowDisk) -> Iterator[Mongo]:
    server = Mongo(disk.folder.parent, free_port(), cache_gb=0.25, env=slow.environment, options=OPTIONS)
    server.start()
    server.wait_ready()
    yield server
    server.kill()


async def test_every_durable_write_waits_for_a_slow_disk(mongod: Mongo, slow: SlowDisk) -> None:
    async with AsyncMongoClient[Doc](mongod.uri) as client:
        rows = client.get_database("disk", write_concern=WriteConcern("majority", j=True))["rows"]
        slowed = asyncio.create_task(slow.slow(mongod.process, 20, 2.0))
        while not slowed.done():
            await rows.insert_one({"goods": KILOBYTE})
        said = await slowed
        assert slow.waits > 0 or slow.library is None, said
        before = slow.waits
        await rows.insert_one({"goods": KILOBYTE})
        assert slow.waits == before, "quick again"


async def test_a_full_disk_stops_mongod_and_loses_nothing_acknowledged(mongod: Mongo, disk: Disk) -> None:
    acknowledged: list[int] = []

    async def writes() -> None:
        async with AsyncMongoClient[Doc](mongod.uri, serverSelectionTimeoutMS=1_000) as client:
            rows = client.get_database("full", write_concern=WriteConcern("majority", j=True))["rows"]
            for number in range(1_000_000):
                await rows.insert_one({"_id": number, "goods": KILOBYTE})
                acknowledged.append(number)

    async def dead() -> bool:
        return not mongod.running

    writing = asyncio.create_task(writes())
    await asyncio.sleep(0.3)
    said = disk.fill(mongod.process.pid)
    await until(dead, what=f"mongod died: {said}", patience_seconds=90)
    with pytest.raises(PyMongoError):
        await writing
    assert not disk.mounted or NO_SPACE in (disk.folder.parent / "mongodb.log").read_text(encoding="utf-8")
    disk.free()
    mongod.start()
    await asyncio.to_thread(mongod.wait_ready, 120)
    async with AsyncMongoClient[Doc](mongod.uri) as client:
        kept = {row["_id"] async for row in client["full"]["rows"].find({}, {"_id": 1})}
    assert acknowledged
    assert kept >= set(acknowledged)


def test_where_nothing_can_be_mounted_a_quota_of_the_process_stands_in_and_says_so(tmp_path: Path) -> None:
    disk, file = Disk(tmp_path / "db", MEGABYTES), tmp_path / "file"
    disk.why_not = "mount: permission denied"
    writer = Process("writer", ["sh", "-c", f"sleep 1; exec cat /dev/zero > {file}"])
    writer.start()
    said = disk.fill(writer.pid)
    writer._child.wait(60) if writer._child else None
    assert "quota" in said
    assert disk.why_not in said
    assert writer.exit_code != 0
    assert file.stat().st_size <= 4096
