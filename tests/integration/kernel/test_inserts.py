"""Creates that come together are written together, and nobody gets another's answer."""

import asyncio
from typing import Any

import pytest
from pymongo.errors import AutoReconnect, BulkWriteError, DuplicateKeyError

from shared.documents import Doc
from shared.inserts import Inserts
from shared.mongo import Database, unavailable
from shared.together import MOST_AT_ONCE, MOST_IN_FLIGHT


class Counting:
    """A collection that counts its commands, and refuses them when told to."""

    def __init__(self, refusal: Exception | None = None) -> None:
        self.sizes: list[int] = []
        self.refusal = refusal

    async def insert_one(self, doc: Doc) -> None:
        self.sizes.append(1)
        await asyncio.sleep(0)
        if self.refusal:
            raise AutoReconnect(str(doc))

    async def insert_many(self, docs: list[Doc], *, ordered: bool) -> None:
        self.sizes.append(len(docs))
        await asyncio.sleep(0)
        if self.refusal:
            raise self.refusal


async def all_of(inserts: Inserts, ids: list[int]) -> list[Any]:
    return await asyncio.gather(*(inserts.insert({"_id": id_}) for id_ in ids), return_exceptions=True)


async def test_of_many_creates_at_once_each_hears_of_its_own_and_a_taken_id_takes_no_other_with_it(
    database: Database,
) -> None:
    inserts = Inserts(database.collection("pots"))
    await inserts.collection.insert_many([{"_id": id_} for id_ in range(0, 300, 3)])
    answers = await all_of(inserts, list(range(300)))
    assert [id_ for id_, answer in enumerate(answers) if isinstance(answer, DuplicateKeyError)] == [*range(0, 300, 3)]
    assert [answer for answer in answers if not isinstance(answer, DuplicateKeyError)] == [None] * 200
    assert await inserts.collection.count_documents({}) == 300


async def test_a_document_that_cannot_be_written_at_all_takes_no_other_with_it(database: Database) -> None:
    inserts = Inserts(database.collection("pots"))
    litres = [2**70 if n == 30 else n for n in range(60)]
    creates = (inserts.insert({"_id": n, "litres": of}) for n, of in enumerate(litres))
    answers = await asyncio.gather(*creates, return_exceptions=True)
    assert [n for n, answer in enumerate(answers) if answer is not None] == [30]
    assert isinstance(answers[30], OverflowError)
    assert await inserts.collection.count_documents({}) == 59


async def test_of_the_same_id_twice_at_once_one_is_written(database: Database) -> None:
    inserts = Inserts(database.collection("pots"))
    answers = await all_of(inserts, [7] * 50)
    assert sorted(type(answer).__name__ for answer in answers) == ["DuplicateKeyError"] * 49 + ["NoneType"]


async def test_a_lone_create_waits_for_no_company_and_a_crowd_shares_a_few_commands() -> None:
    rows: Any = Counting()
    await Inserts(rows).insert({"_id": 1})
    assert rows.sizes == [1]
    await all_of(Inserts(rows), list(range(200)))
    assert sum(rows.sizes) == 201
    assert max(rows.sizes) <= MOST_AT_ONCE
    assert len(rows.sizes) <= 1 + MOST_IN_FLIGHT + 200 // MOST_AT_ONCE + 1


@pytest.mark.parametrize(
    "refusal",
    [
        AutoReconnect("gone"),
        BulkWriteError({"writeErrors": [], "writeConcernErrors": [{"code": 91, "errmsg": "no longer primary"}]}),
    ],
)
async def test_when_the_answer_does_not_come_every_caller_hears_that_it_may_try_again(refusal: Exception) -> None:
    rows: Any = Counting(refusal)
    answers = await all_of(Inserts(rows), list(range(40)))
    assert all(unavailable(answer) for answer in answers)


async def test_a_caller_who_leaves_takes_nobody_with_her(database: Database) -> None:
    inserts = Inserts(database.collection("pots"))
    callers = [asyncio.create_task(inserts.insert({"_id": id_})) for id_ in range(20)]
    await asyncio.sleep(0)
    callers[3].cancel()
    answers = await asyncio.gather(*callers, return_exceptions=True)
    assert [type(answer).__name__ for answer in answers].count("CancelledError") == 1
    await asyncio.gather(*inserts.together.flying)  # who left waits no more for hers; it is still on its way
    assert await inserts.collection.count_documents({}) == 20
