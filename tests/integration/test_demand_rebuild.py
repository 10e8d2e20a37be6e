"""Sentences about rebuilding demand: the same figures from the log, swapped in while workers run."""

import json

import pytest
from kafka.admin import KafkaAdminClient

from shared.documents import Doc
from shared.streaming.claims import RebuildRunning
from shared.streaming.generations import current
from shared.streaming.rebuild import rebuild
from tests.integration.counting import PAPAD, PATIENCE_SECONDS, Bench, Told, bench, line, standing
from tests.integration.test_demand_kills import orders, told_together
from tests.processes import Spawned, spawn, until


def rebuilding(table: Bench, *arguments: str) -> Spawned:
    known = {"mongodb_uri", "kafka_bootstrap_servers", "namespace", "profile"}
    environment = {name.upper(): str(value) for name, value in table.settings.model_dump(include=known).items()}
    return spawn("tools.demand", *arguments, environment={**environment, "ALLOW_UNSAFE": "1"})


def bare(documents: list[Doc]) -> str:
    return json.dumps(documents, default=str, ensure_ascii=False)


async def moved(table: Bench, worker: Spawned, number: int) -> None:
    async def said() -> bool:
        assert worker.running, worker.text()
        return worker.text().count('"stream.ready"') == number

    await until(said, what=f"the worker counts generation {number}", patience_seconds=PATIENCE_SECONDS)


@pytest.mark.timeout(300)
async def test_rebuilt_figures_equal_the_live_ones_byte_for_byte_and_heal_what_was_spoilt() -> None:
    everything = orders(80, 1)
    async with bench() as table:
        worker = table.worker()
        await table.tell(told_together(everything, 1))
        await table.count(standing(everything))
        live = bare(await table.documents())
        figures = table.database.collection("demand_2_1")
        await figures.update_one({}, {"$set": {"units": 10**6, "changes": 10**6}})
        await figures.delete_one({"units": {"$lt": 10**6}})
        tool = rebuilding(table, "rebuild")
        assert await tool.ended() == 0, tool.text()
        assert await current(table.database, "demand") == 2
        assert bare(await table.documents()) == live
        await moved(table, worker, 2)
        everything += (more := orders(40, 2))
        await table.tell(told_together(more, 2))
        await table.count(standing(everything))
        assert "demand_2_1" not in await table.database.db.list_collection_names(), tool.text()
        assert not [name for name in topics(table) if name.endswith("demand-2-1.changelog")]
        assert await worker.stop() == 0, worker.text()


def topics(table: Bench) -> list[str]:
    admin = KafkaAdminClient(bootstrap_servers=table.settings.kafka_bootstrap_servers)
    found = [topic["name"] for topic in admin.describe_topics() if topic["name"].startswith(table.settings.namespace)]
    admin.close()
    return found


@pytest.mark.timeout(300)
async def test_a_rebuild_that_was_killed_leaves_the_old_figures_and_the_next_one_starts_afresh() -> None:
    everything = orders(60, 3)
    async with bench() as table:
        worker = table.worker()
        await table.tell(told_together(everything, 3))
        await table.count(standing(everything))
        killed = rebuilding(table, "rebuild")

        async def begun() -> bool:
            return await table.database.collection("demand_2_2").count_documents({}) > 0

        await until(begun, what="the rebuild has counted something")
        killed.kill()
        assert await current(table.database, "demand") == 1

        async def alone() -> bool:
            try:
                await rebuild(await table.generation(), table.database, print)
            except RebuildRunning:
                return False
            return True

        await until(alone, what="the killed one's place in the group is free", patience_seconds=PATIENCE_SECONDS)
        assert await current(table.database, "demand") == 2
        assert await table.figures() == standing(everything)
        await moved(table, worker, 2)


@pytest.mark.timeout(300)
async def test_parked_records_are_shown_and_forgotten_once_a_rebuild_could_count_them() -> None:
    order = Told((line(PAPAD, 2),))
    async with bench() as table:
        table.worker()
        (whole,) = order.records()
        await table.tell([{**whole, "value": b"{}"}, whole], partition=0)
        await table.count(standing([order]))
        shown = rebuilding(table, "parked", "--json")
        assert await shown.ended() == 0, shown.text()
        (row,) = json.loads(shown.text())
        assert (row["code"], row["key"]) == ("DoesNotParse", order.id)
        assert row["id"].endswith("orders.orders:0:0")
        await table.database.collection("demand_parked").insert_one({**row, "_id": "of-before", "generation": 1})
        tool = rebuilding(table, "rebuild")
        assert await tool.ended() == 0, tool.text()
        assert [kept["_id"] for kept in await table.parked()] == [row["id"]]
