"""The consumer: each event takes effect once, in order, whatever dies, joins, leaves or wakes (I5, I11)."""

import signal

import pytest

from shared.consumer import consume
from shared.documents import Doc
from shared.health import Health
from shared.service import Running
from tests.integration.kernel.conftest import Log, Start, record
from tests.integration.kernel.pots import REFUSED, PotFilled, PotMade
from tests.processes import playing, until

POTS, FILLS = 12, 25


def story(pots: int = POTS, fills: int = FILLS) -> list[Doc]:
    """Facts of many pots, interleaved, each pot's in order."""
    made = [record(PotMade(), f"pot-{n}", 1) for n in range(pots)]
    return made + [record(PotFilled(litres=i), f"pot-{n}", i + 1) for i in range(1, fills + 1) for n in range(pots)]


EXACT = {f"pot-{n}": (FILLS * (FILLS + 1) // 2, FILLS) for n in range(POTS)}


async def sums(running: Running) -> dict[str, tuple[int, int]]:
    return {doc["_id"]: (doc["litres"], doc["events"]) async for doc in running.database.collection("sums").find({})}


async def consumed(running: Running, log: Log) -> bool:
    """Every record of the topic is behind the stored offsets."""
    rows = {row["_id"]: row["next"] async for row in running.database.collection("consumer_offsets").find({})}
    return bool(sum(rows.values()) == await log.size())


async def test_repeated_events_take_effect_once(running: Running, health: Health, log: Log) -> None:
    twice = [fact for fact in story() for _ in range(2)]
    await log.write(*twice, *story())
    async with playing(consume(running, health)):
        await until(lambda: consumed(running, log), what="all consumed")
    assert await sums(running) == EXACT


@pytest.mark.parametrize(
    "where",
    ["consumer.before_write", "consumer.between_collections", "consumer.before_commit", "consumer.after_commit"],
)
async def test_a_consumer_killed_there_neither_loses_nor_doubles(
    where: str, running: Running, log: Log, start: Start
) -> None:
    await log.write(*story())
    assert await start("consume", faults=f"{where}=kill@2").ended() == -signal.SIGKILL
    await log.write(*story()[: POTS * 3])
    start("consume")
    await until(lambda: consumed(running, log), what="all consumed")
    assert await sums(running) == EXACT


async def test_members_that_join_leave_and_die_share_the_work_exactly(running: Running, log: Log, start: Start) -> None:
    facts = story()
    third = len(facts) // 3
    members = [start("consume")]
    await log.write(*facts[:third])
    members.append(start("consume"))
    await log.write(*facts[third : 2 * third])
    members[0].kill()
    members.append(start("consume"))
    await log.write(*facts[2 * third :])
    await members[1].stop()
    await until(lambda: consumed(running, log), what="all consumed")
    assert await sums(running) == EXACT


async def test_a_frozen_consumer_that_wakes_finds_itself_fenced(running: Running, log: Log, start: Start) -> None:
    facts = story()
    half = len(facts) // 2
    zombie = start("consume")
    await log.write(*facts[:half])
    await until(lambda: consumed(running, log), what="the first half")
    zombie.send(signal.SIGSTOP)
    await log.write(*facts[half:])
    start("consume")
    await until(lambda: consumed(running, log), what="the heir consumed the rest")
    zombie.send(signal.SIGCONT)
    await log.write(*story()[:POTS])
    await until(lambda: consumed(running, log), what="the repeats too")
    assert await sums(running) == EXACT


async def test_a_refused_event_is_recorded_and_the_next_one_follows(running: Running, health: Health, log: Log) -> None:
    fills = [record(PotFilled(litres=litres), "pot", n) for n, litres in enumerate([5, REFUSED, 7], 2)]
    await log.write(record(PotMade(), "pot", 1), *fills)
    async with playing(consume(running, health)):
        await until(lambda: consumed(running, log), what="all consumed")
    assert await sums(running) == {"pot": (12, 2)}
    assert not await running.database.collection("parked").count_documents({})


async def test_stopping_finishes_the_batch_and_starting_again_goes_on(running: Running, log: Log, start: Start) -> None:
    facts = story()
    half = len(facts) // 2
    first = start("consume")
    await log.write(*facts[:half])
    await until(lambda: consumed(running, log), what="the first half")
    await log.write(*facts[half : half + POTS])
    assert await first.stop() == 0, first.text()
    await log.write(*facts[half + POTS :])
    start("consume")
    await until(lambda: consumed(running, log), what="all consumed")
    assert await sums(running) == EXACT


async def test_a_topic_made_anew_stops_the_consumer_instead_of_skipping(
    running: Running, log: Log, start: Start
) -> None:
    await log.write(*story(pots=2, fills=1))
    first = start("consume")
    await until(lambda: consumed(running, log), what="all consumed")
    await first.stop()
    await running.database.collection("consumer_offsets").update_many({}, {"$set": {"topic_id": "another"}})
    second = start("consume")
    assert await second.ended() == 1
    assert "OtherTopicError" in second.text()


async def test_one_batch_writes_each_document_once(running: Running, health: Health, log: Log) -> None:
    await log.write(*story(pots=1, fills=50))
    async with playing(consume(running, health)):
        await until(lambda: consumed(running, log), what="all consumed")
    doc = await running.database.collection("sums").find_one({"_id": "pot-0"})
    assert doc is not None
    assert doc["events"] == 50
    assert doc["version"] < 20, "50 events in a few batches are a few writes"
