"""Changes and look-ups that come together share a command, and everybody hears of her own."""

import asyncio
from typing import Any

import pytest
from pymongo.errors import AutoReconnect, BulkWriteError, PyMongoError

from shared.documents import Doc
from shared.errors import KeyReused
from shared.finds import Finds
from shared.mongo import Database, unavailable
from shared.outbox import MOST_UNSENT, Stored
from shared.scope import Caller, Role, Scope
from shared.testing import FakeDatabase
from shared.together import MOST_AT_ONCE, MOST_IN_FLIGHT
from shared.updates import KEPT_REQUESTS, Change, Updates, verdict
from tests.integration.kernel.pots import Pot, PotDocument, fill, make

LITRES = 40


@pytest.fixture(params=["fake", "real"])
def kept(request: pytest.FixtureRequest, database: Database) -> Database:
    return FakeDatabase() if request.param == "fake" else database


@pytest.fixture
def pots(kept: Database) -> Stored[Pot]:
    return Stored(kept, PotDocument)


def of(number: int, version: int = 1, **set_: Any) -> Change:
    return Change(f"pot-{number}", version, {"version": version + 1, **set_}, {})


def asked_by(number: int) -> Caller:
    return Caller(scope=Scope(tenant="27", role=Role.BUYER, party="buyer"), key=f"key-{number}", body="hash")


async def standing(kept: Database, versions: dict[int, int]) -> Updates:
    rows = kept.collection("pots")
    docs = [{"_id": f"pot-{n}", "version": v, "litres": 0, "requests": []} for n, v in versions.items()]
    await rows.insert_many(docs, ordered=False)
    return Updates(rows)


async def test_of_many_changes_at_once_each_hears_whether_its_own_was_written(kept: Database) -> None:
    updates = await standing(kept, {n: 2 if n % 3 == 0 else 1 for n in range(200)})
    written = await asyncio.gather(*(updates.update(of(n, litres=n)) for n in range(200)))
    assert written == [n % 3 != 0 for n in range(200)]
    litres = {doc["_id"]: doc["litres"] async for doc in updates.collection.find({})}
    assert litres == {f"pot-{n}": n if n % 3 else 0 for n in range(200)}


async def test_of_two_changes_of_one_version_at_once_one_is_written(kept: Database) -> None:
    updates = await standing(kept, {7: 1})
    written = await asyncio.gather(*(updates.update(of(7, litres=n)) for n in range(50)))
    assert written.count(True) == 1
    doc = await updates.collection.find_one({"_id": "pot-7"})
    assert doc is not None
    assert doc["litres"] == written.index(True)


async def test_whoever_changes_what_everybody_changes_hears_for_sure(kept: Database) -> None:
    """Beside changes of others that come too late, so that the count of a command tells little."""
    updates = await standing(kept, {7: 1, 8: 99})

    async def pour() -> None:
        while True:
            doc = await updates.collection.find_one({"_id": "pot-7"}) or {}
            late = asyncio.create_task(updates.update(of(8)))
            poured = await updates.update(of(7, version=doc["version"], litres=doc["litres"] + 1))
            assert await late is False
            if poured:
                return

    await asyncio.gather(*(pour() for _ in range(LITRES)))
    doc = await updates.collection.find_one({"_id": "pot-7"}) or {}
    assert (doc["litres"], doc["version"]) == (LITRES, LITRES + 1)


async def test_a_change_that_cannot_be_written_at_all_takes_no_other_with_it(database: Database) -> None:
    updates = await standing(database, dict.fromkeys(range(40), 1))
    changes = (updates.update(of(n, litres=2**70 if n == 30 else n)) for n in range(40))
    answers = await asyncio.gather(*changes, return_exceptions=True)
    assert [n for n, answer in enumerate(answers) if answer is not True] == [30]
    assert isinstance(answers[30], OverflowError)


async def test_a_change_the_server_refuses_takes_no_other_with_it(database: Database) -> None:
    updates = await standing(database, dict.fromkeys(range(40), 1))
    one_of_each = {"$jsonSchema": {"properties": {"litres": {"maximum": 38}}}}
    await database.db.command("collMod", "pots", validator=one_of_each)
    answers = await asyncio.gather(*(updates.update(of(n, litres=n)) for n in range(40)), return_exceptions=True)
    assert [n for n, answer in enumerate(answers) if answer is not True] == [39]
    assert isinstance(answers[39], PyMongoError)


@pytest.mark.parametrize("asked", [True, False])
async def test_everybody_who_fills_one_pot_at_once_fills_it_once(pots: Stored[Pot], *, asked: bool) -> None:
    await make(pots, "pot", None)
    few = min(LITRES, KEPT_REQUESTS, MOST_UNSENT - 2)
    fills = (pots.change("pot", lambda pot: fill(pot, 1), asked_by(n) if asked else None) for n in range(few))
    answers = await asyncio.gather(*fills, return_exceptions=True)
    told = [answer for answer in answers if isinstance(answer, Pot)]
    assert {type(answer) for answer in answers} <= {Pot, AutoReconnect}
    assert len(told) <= (await pots.get("pot")).litres <= few
    if asked:
        assert sorted(pot.litres for pot in told) == list(range(1, few + 1))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (None, False),
        ({"version": 1}, False),
        ({"version": 2, "write": "mine"}, True),
        ({"version": 2, "write": "another's"}, False),
        ({"version": 2}, False),
        ({"version": 9, "requests": [{"write": "mine"}, {"write": "another's"}]}, True),
        ({"version": 9, "requests": [{"write": "another's"}]}, False),
        ({"version": 9, "requests": [{}]}, False),
    ],
)
def test_what_a_document_shows_of_a_change(found: Doc | None, said: bool) -> None:
    change = Change("pot", 1, {"version": 2}, {}, {"party": "p", "key": "k"})
    assert verdict(change, "mine", found) is said


@pytest.mark.parametrize("change", [Change("pot", 1, {}, {}), Change("pot", 1, {}, {}, {"party": "p"})])
def test_where_nothing_shows_it_any_more_the_answer_counts_as_lost(change: Change) -> None:
    lost = verdict(change, "mine", {"version": 2 + KEPT_REQUESTS, "write": "another's", "requests": []})
    assert isinstance(lost, AutoReconnect)
    assert unavailable(lost)


async def test_when_it_is_not_known_to_be_durable_every_caller_hears_that_it_may_try_again() -> None:
    class Unsure:
        async def bulk_write(self, writes: list[Any], *, ordered: bool) -> None:
            raise BulkWriteError({"writeErrors": [], "nMatched": len(writes), "writeConcernErrors": [{"code": 91}]})

    rows: Any = Unsure()
    updates = Updates(rows)
    answers = await asyncio.gather(*(updates.update(of(n)) for n in range(30)), return_exceptions=True)
    assert all(isinstance(answer, Exception) and unavailable(answer) for answer in answers)


async def test_look_ups_at_once_find_their_own_or_nothing(kept: Database) -> None:
    await standing(kept, dict.fromkeys(range(0, 150, 2), 1))
    finds = Finds(kept.collection("pots"))
    found = await asyncio.gather(*(finds.find(f"pot-{n}") for n in [*range(150), *range(150)]))
    assert [doc and doc["_id"] for doc in found] == [f"pot-{n}" if n % 2 == 0 else None for n in range(150)] * 2


async def test_a_look_up_sees_what_was_written_before_it_was_asked(kept: Database) -> None:
    pots = Stored(kept, PotDocument)
    await make(pots, "pot", None)
    others = [asyncio.ensure_future(pots.find("pot")) for _ in range(20)]
    for litres in range(1, 6):
        await pots.change("pot", lambda pot: fill(pot, 1))
        seen = await pots.find("pot")
        assert seen is not None
        assert seen.litres == litres
    await asyncio.gather(*others)


async def test_a_crowd_shares_a_few_queries_and_who_comes_alone_waits_for_nobody() -> None:
    class Counting:
        sizes: list[int] = []  # noqa: RUF012

        async def find_one(self, wanted: Doc) -> Doc:
            self.sizes.append(1)
            return {"_id": wanted["_id"]}

        async def find(self, wanted: Doc) -> Any:
            self.sizes.append(len(wanted["_id"]["$in"]))
            for id_ in wanted["_id"]["$in"]:
                yield {"_id": id_}

    rows: Any = Counting()
    await Finds(rows).find("alone")
    assert rows.sizes == [1]
    finds = Finds(rows)
    await asyncio.gather(*(finds.find(f"pot-{n}") for n in range(200)))
    assert sum(rows.sizes) == 201
    assert max(rows.sizes) <= MOST_AT_ONCE
    assert len(rows.sizes) <= 1 + MOST_IN_FLIGHT + 200 // MOST_AT_ONCE + 1


async def test_of_one_request_sent_twice_at_once_with_two_bodies_one_is_refused(pots: Stored[Pot]) -> None:
    await make(pots, "pot", None)
    two = [Caller(scope=asked_by(0).scope, key="one-key", body=body) for body in ("first", "second")]
    others = (pots.change("pot", lambda pot: fill(pot, 1), asked_by(n)) for n in range(20))
    hers = (pots.change("pot", lambda pot: fill(pot, 100), caller) for caller in two)
    answers = await asyncio.gather(*hers, *others, return_exceptions=True)
    assert [type(answer) for answer in answers[:2]].count(KeyReused) == 1
    assert (await pots.get("pot")).litres == 120
