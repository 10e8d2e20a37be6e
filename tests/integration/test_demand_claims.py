"""Sentences about two who rebuild demand at once: the second is told so, and a dead one keeps nobody waiting long."""

import asyncio
from datetime import timedelta

import pytest
from aiokafka import AIOKafkaConsumer
from pymongo import MongoClient
from pymongo.collection import Collection

from shared import clock
from shared.documents import Doc
from shared.streaming.claims import CLAIMS, Claim, RebuildRunning
from shared.streaming.generations import POINTERS, current
from shared.streaming.rebuild import rebuild
from tests.integration.counting import PAPAD, Bench, Told, bench, line, standing
from tests.processes import until


async def second(table: Bench) -> None:
    await rebuild(await table.generation(), table.database, print)


@pytest.mark.timeout(200)
async def test_of_two_rebuilds_at_once_one_counts_and_the_other_is_refused_at_once() -> None:
    order, said = Told((line(PAPAD, 2),)), list[str]()
    async with bench() as table:
        await table.tell(order.records())
        generation = await table.generation()
        first = asyncio.create_task(rebuild(generation, table.database, said.append))

        async def begun() -> bool:
            return bool(said)

        await until(begun, what="the first has its claim")
        with pytest.raises(RebuildRunning) as refused:
            await second(table)
        assert "आवृत्ती 2 दुसरी प्रक्रिया तयार करत आहे" in refused.value.sentence("mr")
        assert not first.done()
        assert (await first).number == 2
        assert await table.figures() == standing([order])
        assert (await rebuild(generation, table.database, said.append)).number == 3


async def test_many_who_claim_at_once_are_one() -> None:
    async with bench() as table:
        generation = await table.generation()
        claims = [Claim(table.database, generation.numbered(2)) for _ in range(8)]
        found = await asyncio.gather(*(claim.acquire() for claim in claims), return_exceptions=True)
        assert sorted(type(error).__name__ for error in found) == ["NoneType", *["RebuildRunning"] * 7]


async def test_a_dead_owners_claim_runs_out_and_a_living_ones_does_not() -> None:
    async with bench() as table:
        generation = (await table.generation()).numbered(2)
        dead, living = (Claim(table.database, generation, seconds=1.0) for _ in range(2))
        await dead.acquire()

        async def claimed() -> bool:
            try:
                await living.acquire()
            except RebuildRunning:
                return False
            return True

        await until(claimed, what="the dead one's claim has run out")
        done = asyncio.Event()
        working = asyncio.create_task(living.held(done.wait()))
        rows = table.database.collection(CLAIMS)
        first = await rows.find_one({})
        assert first is not None

        async def renewed() -> bool:
            return await rows.count_documents({"until": {"$gt": first["until"] + timedelta(seconds=2)}}) == 1

        await until(renewed, what="it was renewed for longer than it lasts")
        with pytest.raises(RebuildRunning):
            await dead.acquire()
        done.set()
        assert await working
        await dead.acquire()


async def test_who_has_lost_its_claim_stops_its_work_and_says_so() -> None:
    async with bench() as table:
        mine = Claim(table.database, (await table.generation()).numbered(2), seconds=1.0)
        await mine.acquire()
        await table.database.collection(CLAIMS).update_one({}, {"$set": {"owner": "दुसरी"}})
        work = asyncio.create_task(asyncio.Event().wait())
        with pytest.raises(RebuildRunning):
            await mine.held(work)
        assert work.cancelled()
        left = await table.database.collection(CLAIMS).find_one({"owner": "दुसरी"})
        assert left is not None


async def test_while_a_worker_of_the_next_generation_still_lives_nothing_of_it_is_deleted() -> None:
    async with bench() as table:
        await table.tell(Told((line(PAPAD, 2),)).records())
        new = (await table.generation()).numbered(2)
        figures = table.database.collection(new.collection)
        await figures.insert_one({"_id": "उडीद"})
        servers = table.settings.kafka_bootstrap_servers
        worker = AIOKafkaConsumer(new.source, group_id=new.app_id, bootstrap_servers=servers)
        await worker.start()
        try:
            with pytest.raises(RebuildRunning):
                await second(table)
        finally:
            await worker.stop()
        assert await figures.count_documents({}) == 1


@pytest.mark.timeout(200)
async def test_a_rebuild_that_was_overtaken_does_not_move_the_pointer() -> None:
    async with bench() as table:
        await table.tell(Told((line(PAPAD, 2),)).records())
        pointers: Collection[Doc] = MongoClient(table.settings.mongodb_uri)[table.database.db.name][POINTERS]

        def overtake(_said: str) -> None:
            pointers.insert_one({"_id": "demand", "generation": 7, "swapped_at": clock.now()})

        with pytest.raises(RebuildRunning):
            await rebuild(await table.generation(), table.database, overtake)
        pointers.database.client.close()
        assert await current(table.database, "demand") == 7
