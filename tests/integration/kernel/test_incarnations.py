"""After a restore from backup: facts of a new incarnation are new, wherever their numbers begin; timers wait."""

from dataclasses import replace

from shared.consumer import consume
from shared.documents import Doc
from shared.health import Health
from shared.kafka import partition_of
from shared.mongo import INCARNATION
from shared.restored import caught_up
from shared.service import Running, Stores
from tests.integration.kernel.conftest import Log, record
from tests.integration.kernel.pots import SERVICE, PotFilled, PotMade
from tests.integration.kernel.test_consumer import consumed, sums
from tests.integration.kernel.test_parking import parked
from tests.processes import playing, until


def told(litres: int, sequence: int, incarnation: int) -> Doc:
    return record(PotFilled(litres=litres), "घडा", sequence, ce_id=f"घडा:{incarnation}:{sequence}".encode())


MADE = record(PotMade(), "घडा", 1)
FIRST_LIFE = [MADE, *(told(1, sequence, 1) for sequence in range(2, 8))]


async def test_facts_of_a_new_incarnation_count_on_from_where_the_backup_stood(
    running: Running, health: Health, log: Log
) -> None:
    """Restored to 3, told on to 5; then restored to another backup, of 7: the reader saw 7, 4, 5, 8."""
    swept_again = [told(1, 3, 1), told(1, 2, 1)]
    second, third = [told(10, 4, 2), told(10, 5, 2)], [told(100, 8, 3), told(100, 9, 3)]
    await log.write(*FIRST_LIFE, *swept_again, *second, *second, *third, *swept_again)
    async with playing(consume(running, health)):
        await until(lambda: consumed(running, log), what="all consumed")
    assert await sums(running) == {"घडा": (6 + 20 + 200, 10)}
    assert await parked(running) == []


async def test_within_an_incarnation_a_gap_is_parked_as_ever(running: Running, health: Health, log: Log) -> None:
    await log.write(*FIRST_LIFE, told(10, 4, 2), told(10, 6, 2))
    async with playing(consume(running, health)):
        await until(lambda: consumed(running, log), what="all consumed")
    assert [row["code"] for row in await parked(running)] == ["SequenceGap"]
    assert await sums(running) == {"घडा": (6 + 10, 7)}


async def test_a_reader_that_was_restored_takes_up_a_subject_it_has_forgotten(
    running: Running, health: Health, log: Log
) -> None:
    """Only its own restore excuses it: in its first life the same is a gap."""
    restored = replace(running.database, incarnation=2)
    again = Running(SERVICE, running.settings, restored, Stores(restored, SERVICE.kinds))
    await running.database.collection("sums").insert_one(
        {"_id": "घडा", "tenant": "27", "schema": 1, "version": 1, "sequence": 0, "litres": 0, "events": 0, "seen": {}}
        | {"requests": [], "outbox": []}
    )
    await log.write(told(5, 7, 1))
    async with playing(consume(again, health)):
        await until(lambda: consumed(running, log), what="all consumed")
    assert await sums(running) == {"घडा": (5, 1)}


async def test_timers_wait_until_what_stood_on_the_topics_is_read_again(
    running: Running, health: Health, log: Log
) -> None:
    assert await caught_up(running), "what was never restored waits for nothing"
    await log.write(*FIRST_LIFE)
    theirs = partition_of("घडा".encode(), running.settings.partitions)
    ends = [{"topic": log.topic, "partition": theirs, "offset": len(FIRST_LIFE)}]
    rows = running.database.collection(INCARNATION)
    await rows.update_one({"_id": INCARNATION}, {"$set": {"restored": {"until": ends}}})
    assert not await caught_up(running)
    async with playing(consume(running, health)):
        await until(lambda: caught_up(running), what="it is read again")
    assert await sums(running) == {"घडा": (6, 6)}
