"""The relay: every fact at least once, first occurrences in order, whatever dies where (I2, I3, I4)."""

import asyncio
import signal
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from shared import clock
from shared.health import Health
from shared.mongo import Database
from shared.relay import relay
from shared.relay.lease import Lease
from shared.relay.stream import opened
from shared.service import Running
from tests.integration.kernel.conftest import Log, Start
from tests.integration.kernel.pots import Pot, fill, make
from tests.processes import playing, until

POTS, FILLS = 20, 10


async def write_facts(
    running: Running, pots: int = POTS, fills: int = FILLS, prefix: str = "pot"
) -> set[tuple[str, int]]:
    """Many pots, each filled one by one; what must stand in the log."""

    async def one(id_: str) -> None:
        await make(running.stores[Pot], id_, None)
        for _ in range(fills):
            await running.stores[Pot].change(id_, lambda pot: fill(pot, 1))

    await asyncio.gather(*(one(f"{prefix}-{n}") for n in range(pots)))
    return {(f"{prefix}-{n}", sequence) for n in range(pots) for sequence in range(1, fills + 2)}


async def all_trimmed(database: Database) -> bool:
    return not await database.collection("pots").count_documents({"outbox.0": {"$exists": True}})


def in_order(log: list[tuple[str, int, str]]) -> bool:
    """The first occurrences of each subject are 1, 2, 3 …"""
    first: dict[str, list[int]] = defaultdict(list)
    for subject, sequence, _ in log:
        if sequence not in first[subject]:
            first[subject].append(sequence)
    return all(numbers == list(range(1, len(numbers) + 1)) for numbers in first.values())


def places(log: list[tuple[str, int, str]]) -> set[tuple[str, int]]:
    return {(subject, sequence) for subject, sequence, _ in log}


async def test_every_fact_reaches_kafka_in_its_subjects_order_and_leaves_the_outbox(
    running: Running, health: Health, log: Log
) -> None:
    async with playing(relay(running, health)):
        written = await write_facts(running)
        await until(lambda: all_trimmed(running.database), what="outboxes are empty")
    told = await log.read()
    assert places(told) == written
    assert in_order(told)
    assert len(told) == len(written), "without a fault nothing is told twice"


@pytest.mark.parametrize("where", ["relay.sent", "relay.acked", "relay.before_trim"])
async def test_a_relay_killed_there_loses_nothing_and_keeps_the_order(
    where: str, running: Running, log: Log, start: Start
) -> None:
    dying = start("relay", faults=f"{where}=kill@4")
    written = await write_facts(running)
    assert await dying.ended() == -signal.SIGKILL
    start("relay")
    written |= await write_facts(running, prefix="later")
    await until(lambda: all_trimmed(running.database), what="outboxes are empty")
    told = await log.read()
    assert places(told) == written
    assert in_order(told)


async def test_a_frozen_relay_that_wakes_after_another_took_over_stands_by_and_harms_nothing(
    running: Running, log: Log, start: Start
) -> None:
    zombie = start("relay")
    written = await write_facts(running)
    await until(lambda: all_trimmed(running.database), what="outboxes are empty")
    zombie.send(signal.SIGSTOP)
    heir = start("relay")
    written |= await write_facts(running, prefix="frozen")
    await until(lambda: all_trimmed(running.database), what="the heir told everything")
    zombie.send(signal.SIGCONT)

    async def stands_by() -> bool:
        return "relay.term_ended" in zombie.text()

    await until(stands_by, what="the zombie sees that its lease is lost")
    written |= await write_facts(running, prefix="woken")
    await until(lambda: all_trimmed(running.database), what="the heir goes on")
    row = await running.database.collection("relay").find_one({"_id": "relay"})
    assert row is not None
    assert str(heir.pid) in row["owner"].split(":")
    told = await log.read()
    assert places(told) == written
    assert in_order(told)


async def test_who_lost_the_lease_stands_by_and_nothing_is_expected_of_its_timers(
    running: Running, health: Health
) -> None:
    """Else a relay that was away for a moment would never be ready again."""
    heir = {"owner": "another process", "expires_at": clock.now() + timedelta(hours=1)}

    async def parts() -> dict[str, str]:
        return (await health.ready()).parts

    async def fires() -> bool:
        return (await parts()).get("timers") == "ok"

    async def stands_by() -> bool:
        return (await health.ready()).ready and "timers" not in await parts()

    async with playing(relay(running, health)):
        await until(fires, what="it leads")
        await running.database.collection("relay").update_one({"_id": "relay"}, {"$set": heir, "$inc": {"epoch": 1}})
        await until(stands_by, what="it stands by, ready to take over")
        assert (await parts())["relay"] == "ok"


async def long_forgotten(database: Database) -> dict[str, str]:
    """A token of this server, with a time the oplog no longer reaches back to."""
    stream = await opened(database, ["pots"], None)
    await stream.close()
    return {"_data": "82" + f"{1_000_000_000:08X}" + stream.token["_data"][10:]}


@pytest.mark.parametrize("forgotten", [False, True])
async def test_without_a_usable_token_everything_waiting_is_swept_before_the_stream_is_read(
    running: Running, health: Health, log: Log, *, forgotten: bool
) -> None:
    written = await write_facts(running)
    if forgotten:
        row = {"_id": "relay", "token": await long_forgotten(running.database), "epoch": 3, "expires_at": 0}
        await running.database.collection("relay").insert_one(row)
    async with playing(relay(running, health)):
        written |= await write_facts(running, prefix="meanwhile")
        await until(lambda: all_trimmed(running.database), what="outboxes are empty")
    told = await log.read()
    assert places(told) == written
    assert in_order(told)


async def test_a_lost_trim_is_repaired_by_the_sweeper(running: Running, health: Health, log: Log) -> None:
    async with playing(relay(running, health)):
        await write_facts(running, pots=1, fills=0)
        await until(lambda: all_trimmed(running.database), what="told and trimmed")
        told = await log.read()
        lost = {
            "id": "pot-0:1:1",
            "sequence": 1,
            "type": "in.bachathaat.pots.pot-made.v1",
            "name": "pot-made",
            "major": 1,
        }
        rest = {"tenant": "27", "time": datetime(2026, 1, 1, tzinfo=UTC), "trace": None, "data": "{}"}
        await running.database.collection("pots").update_one({"_id": "pot-0"}, {"$set": {"outbox": [lost | rest]}})
        await until(lambda: all_trimmed(running.database), what="swept and trimmed")
    assert await log.read() == told * 2


async def test_a_lease_has_one_holder_and_a_fenced_one_cannot_keep_its_token(database: Database) -> None:
    first, second = Lease(database, "first", 2), Lease(database, "second", 5)
    assert await first.acquire()
    assert not await second.acquire()
    await until(second.acquire, what="the first one's lease ran out")
    assert second.epoch == first.epoch + 1
    with pytest.raises(RuntimeError, match="first"):
        await first.save({"_data": "late"})
    await second.save({"_data": "mine"})
    await second.release()
    assert await first.acquire()
    assert first.token == {"_data": "mine"}
