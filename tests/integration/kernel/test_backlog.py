"""What an outage leaves behind: told first, trimmed afterwards, and swept by nobody meanwhile."""

import signal
from datetime import timedelta

from shared import clock
from shared.decisions import Decision
from shared.documents import Doc
from shared.health import Health
from shared.mongo import Database
from shared.outbox import Entry, new_document
from shared.relay import relay
from shared.relay.lease import ROW
from shared.relay.stream import MOST_CHANGES, Told, opened
from shared.relay.trimmer import Trimmer
from shared.service import Running
from shared.settings import CommonSettings
from tests.integration.kernel.conftest import Log, Start
from tests.integration.kernel.pots import SERVICE, Pot, PotDocument, PotMade, fill, make
from tests.processes import playing, until

POTS = 25 * MOST_CHANGES


def pots(database: Database, count: int) -> list[Doc]:
    """Made an hour ago, their first fact still in the outbox."""
    entry: Entry[Pot] = Entry(PotDocument, None, None)
    entry.decided(Decision(Pot(id="pot", tenant="27"), PotMade()))
    like = new_document(entry, database.incarnation, None)
    waits = {**like["outbox"][0], "time": clock.now() - timedelta(hours=1)}
    return [{**like, "_id": f"pot-{n}", "outbox": [{**waits, "id": f"pot-{n}:1:1"}]} for n in range(count)]


async def waiting(database: Database) -> list[str]:
    rows = database.collection("pots").find({"outbox.0": {"$exists": True}}, {"_id": 1}).sort("_id")
    return [row["_id"] async for row in rows]


async def none_waits(database: Database) -> bool:
    return not await waiting(database)


async def test_a_backlog_is_told_once_each_though_its_facts_are_old_and_trimmed_late(
    settings: CommonSettings, database: Database, running: Running, health: Health, log: Log
) -> None:
    stream = await opened(database, ["pots"], None)
    await stream.close()
    await database.collection("relay").insert_one({"_id": ROW, "epoch": 0, "expires_at": 0, "token": stream.token})
    await database.collection("pots").insert_many(pots(database, POTS))
    often = Running(SERVICE, settings.model_copy(update={"sweep_after_seconds": 1}), database, running.stores)
    async with playing(relay(often, health)):
        await until(lambda: none_waits(database), what="told and trimmed")
    told = await log.read()
    assert {subject for subject, _, _ in told} == {f"pot-{n}" for n in range(POTS)}
    assert len(told) == POTS


async def test_a_relay_killed_while_trims_are_put_off_loses_nothing_and_leaves_no_outbox_full(
    database: Database, log: Log, start: Start
) -> None:
    stream = await opened(database, ["pots"], None)
    await stream.close()
    await database.collection("relay").insert_one({"_id": ROW, "epoch": 0, "expires_at": 0, "token": stream.token})
    await database.collection("pots").insert_many(pots(database, 5 * MOST_CHANGES))
    dying = start("relay", faults="relay.before_trim=kill@4")
    assert await dying.ended() == -signal.SIGKILL
    assert len(await waiting(database)) == 5 * MOST_CHANGES, "it had told some and trimmed none"
    start("relay")
    await until(lambda: none_waits(database), what="the next one told the rest and trimmed all")
    assert {subject for subject, _, _ in await log.read()} == {f"pot-{n}" for n in range(5 * MOST_CHANGES)}


def acknowledged(*facts: tuple[str, int]) -> list[Told]:
    return [Told("pots", subject, {"sequence": sequence}) for subject, sequence in facts]


async def test_while_more_waits_to_be_told_only_first_facts_stay_in_their_outboxes(
    database: Database, running: Running
) -> None:
    """An outbox has an end, and a document that is changed often must not reach it."""
    for name in ("नवा", "जुना", "शेवटचा"):
        await make(running.stores[Pot], name, None)
    await running.stores[Pot].change("जुना", lambda pot: fill(pot, 1))
    trimmer = Trimmer(database)
    async with playing(trimmer.run()):
        await trimmer.take(acknowledged(("नवा", 1), ("जुना", 1)), behind=True)
        assert trimmer.catching_up
        await trimmer.take(acknowledged(("जुना", 2)), behind=True)

        await until(lambda: _is(database, ["नवा", "शेवटचा"]), what="what was changed is trimmed at once")
        await trimmer.take([], behind=False)
        await until(lambda: _is(database, ["शेवटचा"]), what="the rest is trimmed when nothing waits any more")
        await trimmer.emptied()
    assert not trimmer.catching_up
    assert await waiting(database) == ["शेवटचा"], "what is not acknowledged stays"


async def test_what_is_put_off_has_an_end_too(database: Database, running: Running) -> None:
    names = [f"pot-{n}" for n in range(6)]
    for name in names:
        await make(running.stores[Pot], name, None)
    trimmer = Trimmer(database, most_later=4)
    async with playing(trimmer.run()):
        for at in range(0, len(names), 2):
            await trimmer.take(acknowledged(*((name, 1) for name in names[at : at + 2])), behind=True)
        await until(lambda: _is(database, names[2:]), what="the oldest are trimmed though more waits to be told")
        await trimmer.emptied()
    assert await none_waits(database)


async def _is(database: Database, names: list[str]) -> bool:
    return await waiting(database) == names
