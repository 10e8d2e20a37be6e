"""A store cannot be called without a scope."""

import pytest

from shared.decisions import Decision
from shared.scope import Caller, Role, Scope
from shared.scoped import Published, Scoped, ScopeMissingError
from shared.testing import FakeStores
from tests.integration.kernel.pots import Pot, PotDocument, fill, make

BUYER = Scope(tenant="27", role=Role.BUYER, party="savita")


@pytest.fixture
def pots() -> Scoped[Pot]:
    return Scoped(FakeStores(PotDocument)[Pot])


async def test_a_request_without_a_scope_reads_and_writes_nothing(pots: Scoped[Pot]) -> None:
    async def made() -> Decision[Pot]:
        return Decision(Pot(id="pot", tenant="27"))

    for asked in (pots.get("pot"), pots.create("pot", made), pots.change("pot", Decision)):
        with pytest.raises(ScopeMissingError):
            await asked
    assert await pots.find("pot") is None


async def test_with_its_scope_it_is_the_store_itself(pots: Scoped[Pot]) -> None:
    await make(pots, "pot", Caller(scope=BUYER, key="make", body="-"))
    await pots.change("pot", lambda pot: fill(pot, 3), Caller(scope=BUYER, key="fill", body="-"))
    assert (await pots.get("pot", BUYER)).litres == 3


async def test_what_is_published_is_found_by_anybody_and_nothing_else_is() -> None:
    stores = FakeStores(PotDocument)
    await make(stores[Pot], "pot", Caller(scope=BUYER, key="make", body="-"))
    found = await Published(stores, {Pot})[Pot].find("pot")
    assert found == await stores[Pot].find("pot")
    with pytest.raises(ScopeMissingError):
        Published(stores, ())[Pot]
