"""State and facts in one write. The suite that the fake and the real database both pass (I1, I2)."""

import asyncio

import pytest

from shared.answer import Answer, current
from shared.decisions import Decision
from shared.errors import AlreadyExists, EventTooLarge, KeyReused, NotFound, TooManyUnsent, VersionMismatch
from shared.mongo import Database
from shared.outbox import MOST_UNSENT, Stored
from shared.scope import Caller, Role, Scope
from shared.testing import FakeDatabase
from tests.integration.kernel.pots import Pot, PotDocument, PotFilled, fill, make


@pytest.fixture(params=["fake", "real"])
def pots(request: pytest.FixtureRequest, database: Database) -> Stored[Pot]:
    return Stored(FakeDatabase() if request.param == "fake" else database, PotDocument)


def caller(key: str = "key", body: str = "hash", tenant: str = "27", if_match: int | None = None) -> Caller:
    scope = Scope(tenant=tenant, role=Role.BUYER, party="buyer-1")
    return Caller(scope=scope, key=key, body=body, if_match=if_match)


async def outbox(pots: Stored[Pot], id_: str) -> list[tuple[str, int]]:
    doc = await pots.collection.find_one({"_id": id_})
    assert doc is not None
    return [(fact["id"], fact["sequence"]) for fact in doc["outbox"]]


async def test_the_same_request_gets_the_first_answer_even_after_later_changes(pots: Stored[Pot]) -> None:
    await make(pots, "pot", None)
    first = await pots.change("pot", lambda pot: fill(pot, 5), caller())
    await pots.change("pot", lambda pot: fill(pot, 7), caller("other"))
    note = Answer()
    current.set(note)
    assert await pots.change("pot", lambda pot: fill(pot, 5), caller()) == first
    assert (note.version, note.replayed) == (2, True)
    assert (await pots.get("pot")).litres == 12


async def test_a_create_is_answered_again_even_when_it_would_be_refused_now(pots: Stored[Pot]) -> None:
    made = await make(pots, "pot", caller())

    async def refused_by_now() -> Decision[Pot]:
        raise NotFound(what="clay", id="anywhere")

    assert await pots.create("pot", refused_by_now, caller()) == made
    with pytest.raises(NotFound):
        await pots.create("pot", refused_by_now, caller("another key"))


async def test_the_same_key_with_another_body_is_refused(pots: Stored[Pot]) -> None:
    await make(pots, "pot", caller())
    with pytest.raises(KeyReused):
        await make(pots, "pot", caller(body="other hash"))
    await pots.change("pot", lambda pot: fill(pot, 1), caller("fill"))
    with pytest.raises(KeyReused):
        await pots.change("pot", lambda pot: fill(pot, 2), caller("fill", body="other hash"))


async def test_another_request_for_a_natural_id_that_is_taken_is_a_conflict(pots: Stored[Pot]) -> None:
    await make(pots, "pot", caller())
    with pytest.raises(AlreadyExists):
        await make(pots, "pot", caller("another key"))


async def test_twenty_changes_at_once_are_twenty_facts_in_a_row(pots: Stored[Pot]) -> None:
    await make(pots, "pot", None)
    await asyncio.gather(*(pots.change("pot", lambda pot: fill(pot, 1), caller(f"key-{n}")) for n in range(20)))
    assert (await pots.get("pot")).litres == 20
    assert await outbox(pots, "pot") == [(f"pot:1:{n}", n) for n in range(1, 22)]


async def test_twenty_twins_at_once_are_one_change(pots: Stored[Pot]) -> None:
    await make(pots, "pot", None)
    answers = await asyncio.gather(*(pots.change("pot", lambda pot: fill(pot, 3), caller()) for _ in range(20)))
    assert {answer.litres for answer in answers} == {3}
    assert len(await outbox(pots, "pot")) == 2


async def test_what_another_tenant_owns_is_not_there(pots: Stored[Pot]) -> None:
    await make(pots, "pot", caller())
    with pytest.raises(NotFound):
        await pots.get("pot", caller(tenant="5").scope)
    with pytest.raises(NotFound):
        await pots.change("pot", lambda pot: fill(pot, 1), caller("other", tenant="5"))


async def test_a_change_made_for_an_older_version_is_refused_with_the_newer_one(pots: Stored[Pot]) -> None:
    await make(pots, "pot", None)
    await pots.change("pot", lambda pot: fill(pot, 1), caller("first", if_match=1))
    with pytest.raises(VersionMismatch, match="at version 2"):
        await pots.change("pot", lambda pot: fill(pot, 1), caller("second", if_match=1))


async def test_a_request_that_changed_nothing_is_remembered_too(pots: Stored[Pot]) -> None:
    await make(pots, "pot", None)
    await pots.change("pot", Decision, caller("late"))
    await pots.change("pot", lambda pot: fill(pot, 7), caller("other"))
    assert (await pots.change("pot", lambda pot: fill(pot, 99), caller("late"))).litres == 0
    with pytest.raises(KeyReused):
        await pots.change("pot", Decision, caller("late", body="other hash"))
    assert (await pots.get("pot")).litres == 7


async def test_two_people_may_use_the_same_key(pots: Stored[Pot]) -> None:
    await make(pots, "pot", None)
    other = Caller(scope=Scope(tenant="27", role=Role.BUYER, party="buyer-2"), key="key", body="hers")
    await pots.change("pot", lambda pot: fill(pot, 1), caller())
    assert (await pots.change("pot", lambda pot: fill(pot, 2), other)).litres == 3


async def test_a_decision_that_changes_nothing_writes_nothing(pots: Stored[Pot]) -> None:
    await make(pots, "pot", None)
    await pots.change("pot", Decision, None)
    doc = await pots.collection.find_one({"_id": "pot"})
    assert doc is not None
    assert doc["version"] == 1


async def test_a_fact_the_broker_would_refuse_is_refused_before_it_is_written(pots: Stored[Pot]) -> None:
    class PotPainted(PotFilled):
        colour: str

    await make(pots, "pot", None)
    painted = PotPainted(litres=1, colour="तांबडा" * 50_000)
    with pytest.raises(EventTooLarge):
        await pots.change("pot", lambda pot: Decision(pot, painted))
    assert len(await outbox(pots, "pot")) == 1


async def test_while_the_relay_stands_still_a_document_stops_growing_and_says_so(pots: Stored[Pot]) -> None:
    await make(pots, "pot", None)
    for _ in range(MOST_UNSENT - 1):
        await pots.change("pot", lambda pot: fill(pot, 1))
    with pytest.raises(TooManyUnsent):
        await pots.change("pot", lambda pot: fill(pot, 1))
    assert len(await outbox(pots, "pot")) == MOST_UNSENT
