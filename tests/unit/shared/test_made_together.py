"""Creates that nobody asked for by name: many in one command, what is there already stays as it is."""

from typing import Any

import pytest
from pymongo.errors import BulkWriteError, OperationFailure

from shared.decisions import Decision
from shared.inserts import Inserts
from shared.outbox import INSERTED_AT_ONCE, insert_all
from shared.testing import FakeStores
from tests.integration.kernel.pots import Pot, PotDocument, PotMade


def decisions(count: int) -> list[Decision[Pot]]:
    return [Decision(Pot(id=f"pot-{n}", tenant="27"), PotMade()) for n in range(1, count + 1)]


async def test_all_are_written_with_their_facts_and_counted() -> None:
    stores = FakeStores(PotDocument)
    assert await insert_all(stores.database, PotDocument, decisions(3)) == 3
    assert [fact["id"] for fact in stores.facts(Pot)] == [f"pot-{number}:1:1" for number in (1, 2, 3)]
    assert (await stores[Pot].get("pot-2")).id == "pot-2"


async def test_a_repeat_adds_only_what_is_missing() -> None:
    stores = FakeStores(PotDocument)
    await insert_all(stores.database, PotDocument, decisions(2))
    kept = dict(stores.database.collection(PotDocument.collection).docs)
    count = INSERTED_AT_ONCE + 7
    assert await insert_all(stores.database, PotDocument, decisions(count)) == count - 2
    docs = stores.database.collection(PotDocument.collection).docs
    assert len(docs) == count
    assert {id_: docs[id_] for id_ in kept} == kept
    assert await insert_all(stores.database, PotDocument, []) == 0


async def test_another_refusal_is_raised() -> None:
    class Refusing:
        async def insert_many(self, docs: list[Any], *, ordered: bool) -> None:
            raise BulkWriteError({"writeErrors": [{"index": 1, "code": 121, "errmsg": "does not fit"}]})

    refusing: Any = Refusing()
    refused = await Inserts(refusing).all([{"_id": 1}, {"_id": 2}])
    assert list(refused) == [1]
    assert isinstance(refused[1], OperationFailure)
    with pytest.raises(OperationFailure, match="does not fit"):
        raise refused[1]
