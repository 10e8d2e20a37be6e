"""Bad input is parked with its reason, what follows on its key waits behind it, and nothing is lost (I11)."""

from typing import Any

import pytest

from shared.consumer import consume
from shared.documents import Doc
from shared.health import Health
from shared.kafka import partition_of
from shared.service import Running
from tests.integration.kernel.conftest import Log, Start, record
from tests.integration.kernel.pots import BROKEN, HUGE, POISON, PotEmptied, PotFilled, PotMade
from tests.integration.kernel.test_consumer import consumed, sums
from tests.processes import playing, spawn, until

GOOD = [record(PotMade(), "good", 1), record(PotFilled(litres=3), "good", 2), record(PotFilled(litres=4), "good", 3)]
ONE_LITRE = PotFilled(litres=1)
ABSURD = b"in.bachathaat.pots.pot-filled.v" + b"9" * 5000

BAD: dict[str, tuple[str, Doc]] = {
    "no headers at all": ("NotACloudEvent", record(ONE_LITRE, "bad", 2, headers=[])),
    "half a CloudEvent": ("NotACloudEvent", record(ONE_LITRE, "bad", 2, ce_type=None, ce_time=None)),
    "a header that is not UTF-8": ("NotACloudEvent", record(ONE_LITRE, "bad", 2, ce_source=b"\xff\xfe")),
    "a header without a value": ("NotACloudEvent", record(ONE_LITRE, "bad", 2, headers=[("ce_id", None)])),
    "an absurd version": ("NotACloudEvent", record(ONE_LITRE, "bad", 2, ce_type=ABSURD)),
    "an absurd incarnation": ("NotACloudEvent", record(ONE_LITRE, "bad", 2, ce_id=b"bad:" + b"9" * 40 + b":2")),
    "an absurd sequence": ("NotACloudEvent", record(ONE_LITRE, "bad", 2, ce_sequence=b"9" * 30)),
    "another partition key": ("KeyMismatch", record(ONE_LITRE, "bad", 2, ce_partitionkey=b"other")),
    "an id without its parts": ("NotACloudEvent", record(ONE_LITRE, "bad", 2, ce_id=b"7")),
    "a body that is not UTF-8": ("DoesNotParse", record(ONE_LITRE, "bad", 2, value=b'{"litres": "\xff\xfe"}')),
    "a body that is not JSON": ("DoesNotParse", record(ONE_LITRE, "bad", 2, value="बचत गट".encode())),
    "no body": ("DoesNotParse", record(ONE_LITRE, "bad", 2, value=None)),
    "a body of another shape": ("DoesNotParse", record(ONE_LITRE, "bad", 2, value=b'{"litres": "many"}')),
    "a body over the limit": ("RecordTooLarge", record(ONE_LITRE, "bad", 2, value=b"1" * 300_000)),
    "a key that is not the subject": ("KeyMismatch", record(ONE_LITRE, "bad", 2, ce_subject=b"other")),
    "a future major version": (
        "NewerVersion",
        record(ONE_LITRE, "bad", 2, ce_type=b"in.bachathaat.pots.pot-filled.v9"),
    ),
    "a value no rule allows": ("Undrinkable", record(PotFilled(litres=POISON), "bad", 2)),
    "a value the database cannot hold": ("RefusedByServer", record(PotFilled(litres=HUGE), "bad", 2)),
    "a gap in its subject's facts": ("SequenceGap", record(ONE_LITRE, "bad", 5)),
}


async def parked(running: Running) -> list[Doc]:
    return await running.database.collection("parked").find({}).sort("offset", 1).to_list()


async def mark_ready(running: Running, **change: Any) -> None:
    await running.database.collection("parked").update_many({}, {"$set": {"status": "ready", **change}})


@pytest.mark.parametrize("what", BAD)
async def test_bad_input_is_parked_and_everybody_else_goes_on(
    what: str, running: Running, health: Health, log: Log
) -> None:
    code, bad = BAD[what]
    await log.write(record(PotMade(), "bad", 1), bad, record(ONE_LITRE, "bad", 3), *GOOD)
    async with playing(consume(running, health)):
        await until(lambda: consumed(running, log), what="all consumed")
    poison, behind = await parked(running)
    assert (poison["status"], poison["code"], poison["attempts"]) == ("poison", code, 1)
    assert (behind["status"], behind["code"]) == ("behind", "Behind")
    assert poison["value"] == bad["value"]
    assert poison["reason"]
    assert await sums(running) == {"good": (7, 2), "bad": (0, 0)}


async def test_a_record_the_client_cannot_even_decode_is_parked_by_its_place(
    running: Running, health: Health, log: Log
) -> None:
    await log.write(record(PotMade(), "good", 1))
    partition = partition_of(b"good", running.settings.partitions)
    where = (running.settings.kafka_bootstrap_servers, log.topic, str(partition))
    odd = spawn("tests.integration.kernel.odd_header", *where, environment={"AIOKAFKA_NO_EXTENSIONS": "1"})
    assert await odd.ended() == 0, odd.text()
    await log.write(*GOOD[1:])
    async with playing(consume(running, health)):
        await until(lambda: consumed(running, log), what="all consumed")
    (row,) = await parked(running)
    assert (row["code"], row["offset"], row["status"]) == ("Unreadable", 1, "poison")
    assert await sums(running) == {"good": (7, 2)}


async def test_replayed_rows_are_applied_in_order_before_newer_ones_and_the_key_is_free_again(
    running: Running, health: Health, log: Log
) -> None:
    bad = record(PotFilled(litres=10), "bad", 2, value=b'{"litres": "ten"}')
    await log.write(record(PotMade(), "bad", 1), bad, record(ONE_LITRE, "bad", 3))
    async with playing(consume(running, health)):
        await until(lambda: consumed(running, log), what="all consumed")
        await running.database.collection("parked").update_one(
            {"code": "DoesNotParse"}, {"$set": {"value": b'{"litres": 10}'}}
        )
        await mark_ready(running)

        async def applied() -> bool:
            return await sums(running) == {"bad": (11, 2)}

        await until(applied, what="replayed")
        await log.write(record(ONE_LITRE, "bad", 4))
        await until(lambda: consumed(running, log), what="all consumed")
    assert await sums(running) == {"bad": (12, 3)}
    assert {row["status"] for row in await parked(running)} == {"applied"}


async def test_what_is_still_poison_stays_parked_and_keeps_its_followers_waiting(
    running: Running, health: Health, log: Log
) -> None:
    poison = record(PotFilled(litres=POISON), "bad", 2)
    await log.write(record(PotMade(), "bad", 1), poison, record(ONE_LITRE, "bad", 3))
    async with playing(consume(running, health)):
        await until(lambda: consumed(running, log), what="all consumed")
        await mark_ready(running)

        async def tried_again() -> bool:
            return bool((await parked(running))[0]["attempts"] == 2)

        await until(tried_again, what="tried again")
    first, second = await parked(running)
    assert (first["status"], second["status"]) == ("poison", "ready")
    assert await sums(running) == {"bad": (0, 0)}


async def test_what_the_database_refuses_again_is_poison_again_and_the_consumer_lives(
    running: Running, health: Health, log: Log
) -> None:
    huge = record(PotFilled(litres=HUGE), "bad", 2)
    await log.write(record(PotMade(), "bad", 1), huge, record(ONE_LITRE, "bad", 3), *GOOD)
    async with playing(consume(running, health)):
        await until(lambda: consumed(running, log), what="all consumed")
        await mark_ready(running)

        async def tried_again() -> bool:
            return bool((await parked(running))[0]["attempts"] == 2)

        await until(tried_again, what="tried again")
        await log.write(record(PotFilled(litres=5), "good", 4))
        await until(lambda: consumed(running, log), what="all consumed")
    first, second = await parked(running)
    assert (first["status"], first["code"], second["attempts"]) == ("poison", "RefusedByServer", 1)
    assert await sums(running) == {"good": (12, 3), "bad": (0, 0)}


async def test_what_came_while_its_key_was_being_replayed_is_applied_too(
    running: Running, health: Health, log: Log
) -> None:
    bad = record(PotFilled(litres=10), "bad", 2, value=b"?")
    await log.write(record(PotMade(), "bad", 1), bad, record(ONE_LITRE, "bad", 3))
    async with playing(consume(running, health)):
        await until(lambda: consumed(running, log), what="all consumed")
        rows = running.database.collection("parked")
        await rows.update_one({"code": "DoesNotParse"}, {"$set": {"value": b'{"litres": 10}', "status": "ready"}})

        async def all_applied() -> bool:
            return {row["status"] for row in await parked(running)} == {"applied"}

        await until(all_applied, what="the head and what waited behind it are applied")
    assert await sums(running) == {"bad": (11, 2)}


async def test_an_unknown_type_is_skipped_and_still_counts_in_its_subjects_sequence(
    running: Running, health: Health, log: Log
) -> None:
    unknown = record(PotEmptied(), "pot", 2)
    await log.write(record(PotMade(), "pot", 1), unknown, record(ONE_LITRE, "pot", 3))
    async with playing(consume(running, health)):
        await until(lambda: consumed(running, log), what="all consumed")
    assert await sums(running) == {"pot": (1, 1)}
    assert await parked(running) == []


async def test_when_everything_is_poison_the_consumer_stops_and_parks_nothing_more(
    running: Running, log: Log, start: Start
) -> None:
    await log.write(*(record(ONE_LITRE, f"pot-{n}", 1, value=b"?") for n in range(150)))
    process = start("consume")
    assert await process.ended() == 1
    assert "TooMuchParkedError" in process.text()
    assert len(await parked(running)) <= 100


async def test_a_handler_with_a_bug_stops_the_consumer_and_the_event_stays(
    running: Running, log: Log, start: Start
) -> None:
    await log.write(record(PotMade(), "pot", 1), record(PotFilled(litres=BROKEN), "pot", 2))
    process = start("consume")
    assert await process.ended() == 1
    assert "ZeroDivisionError" in process.text()
    assert await parked(running) == []
    assert not await consumed(running, log)
