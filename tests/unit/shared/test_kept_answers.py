"""An answer is given again only when it is durable: what was read at a primary may be taken back by the next."""

import copy
from types import SimpleNamespace

from shared.answer import Answer, current
from shared.decisions import Decision
from shared.documents import Doc
from shared.outbox import Stored
from shared.scope import Caller, Role, Scope
from shared.testing import FakeCollection, FakeDatabase
from tests.integration.kernel.pots import Pot, PotDocument, fill, make

BY = Caller(scope=Scope(tenant="27", role=Role.BUYER, party="buyer-1"), key="key", body="hash")


class Failover(FakeCollection):
    """As a client sees it whose primary was cut off: the write that asks meets a primary that never had the answer."""

    committed: dict[str, Doc] | None = None

    async def update_one(self, wanted: Doc, change: Doc) -> SimpleNamespace:
        if self.committed is not None:
            self.docs, self.committed = self.committed, None
        return await super().update_one(wanted, change)


def stores() -> tuple[Failover, Stored[Pot]]:
    database, rows = FakeDatabase(), Failover()
    database.collections[PotDocument.collection] = rows
    return rows, Stored(database, PotDocument)


async def test_a_change_that_was_taken_back_is_decided_again_and_not_answered_as_before() -> None:
    rows, pots = stores()
    await make(pots, "pot", None)
    committed = copy.deepcopy(rows.docs)
    await pots.change("pot", lambda pot: fill(pot, 5), BY)
    rows.committed = committed
    note = Answer()
    current.set(note)
    again = await pots.change("pot", lambda pot: fill(pot, 5), BY)
    assert again.litres == 5
    assert not note.replayed
    assert rows.docs["pot"]["version"] == 2, "it stands there now"


async def test_a_create_that_was_taken_back_is_made_again() -> None:
    rows, pots = stores()
    await make(pots, "pot", BY)
    rows.committed = {}
    made = await make(pots, "pot", BY)
    assert made.id in rows.docs


async def test_what_is_durable_is_answered_as_before() -> None:
    _, pots = stores()
    await make(pots, "pot", None)
    first = await pots.change("pot", lambda pot: fill(pot, 5), BY)

    def refused(pot: Pot) -> Decision[Pot]:
        raise AssertionError(pot)

    assert await pots.change("pot", refused, BY) == first
