"""Sentences about sellers: what was taken out of the registry is ordered from no more, under none of its ids."""

from functools import partial

import pytest

from services.orders.baskets.domain import KnownProduct
from services.orders.baskets.store import KnownProductDocument
from services.orders.retail import commands
from services.orders.retail.domain import Order
from services.orders.retail.store import OrderDocument
from services.orders.sellers.consumers import GROUPS
from services.orders.sellers.domain import KnownSeller, SellerInactive
from services.orders.sellers.projections import find_seller
from services.orders.sellers.store import KnownSellerDocument
from services.orders.settings import OrdersSettings
from shared import clock
from shared.aggregates import first_kept
from shared.contracts.catalog import GroupDeactivated, GroupMerged, GroupReactivated, GroupRegistered, GroupSplit
from shared.events import Event, Fact
from shared.testing import FakeStores
from tests.unit.orders.goods import BUYER, PAPAD, PUNE_GROUP, basket, request

REGISTERED = GroupRegistered(programme="umed", district="490", block="4512")
CLOSED = GroupDeactivated(reason="closed")
JIJAU = "jijau-gat"


async def told(stores: FakeStores, group: str, *facts: Fact) -> None:
    for at, fact in enumerate(facts, 1):
        event = Event(fact, f"{group}:1:{at}", group, "27", 1, at, clock.now())
        await GROUPS.reactions[fact.name, fact.major].handle(event, stores)


async def ordered(stores: FakeStores) -> Order:
    await first_kept(stores[KnownProduct], PAPAD.id, PAPAD)
    terms = OrdersSettings.model_construct(hold_seconds=900, accept_seconds=172_800)
    place = partial(commands.place, stores[Order], stores[KnownProduct], stores[KnownSeller])
    return await place(basket(), terms, request(BUYER))


def desk() -> FakeStores:
    return FakeStores(OrderDocument, KnownProductDocument, KnownSellerDocument)


async def test_a_group_that_was_closed_is_not_ordered_from_until_it_is_brought_back() -> None:
    stores = desk()
    await told(stores, PUNE_GROUP, REGISTERED, CLOSED)
    with pytest.raises(SellerInactive) as refused:
        await ordered(stores)
    assert "सध्या विक्री करत नाही" in refused.value.sentence("mr")
    assert stores.facts(Order) == []
    await told(stores, PUNE_GROUP, GroupReactivated())
    assert (await ordered(stores)).seller == PUNE_GROUP


async def test_an_alias_sells_as_the_group_does_that_it_stands_for_and_keeps_its_id() -> None:
    stores = desk()
    await told(stores, JIJAU, REGISTERED)
    await told(stores, PUNE_GROUP, REGISTERED, CLOSED, GroupMerged(into=JIJAU))
    assert (await ordered(stores)).seller == PUNE_GROUP


@pytest.mark.parametrize("undone", [False, True], ids=["merged", "split again"])
async def test_an_alias_of_a_closed_group_sells_nothing_until_the_merge_is_undone(*, undone: bool) -> None:
    stores = desk()
    await told(stores, JIJAU, REGISTERED, CLOSED)
    merged = (REGISTERED, GroupMerged(into=JIJAU))
    await told(stores, PUNE_GROUP, *merged, *((GroupSplit(out_of=JIJAU),) if undone else ()))
    if undone:
        assert (await ordered(stores)).seller == PUNE_GROUP
    else:
        with pytest.raises(SellerInactive):
            await ordered(stores)


async def test_products_of_a_group_that_has_not_reached_the_order_desk_are_sold() -> None:
    assert (await ordered(desk())).seller == PUNE_GROUP


async def test_an_alias_whose_other_group_has_not_arrived_yet_speaks_for_itself() -> None:
    stores = desk()
    await told(stores, PUNE_GROUP, REGISTERED, GroupMerged(into=JIJAU))
    assert await find_seller(stores[KnownSeller], PUNE_GROUP, "27") == KnownSeller(
        id=PUNE_GROUP, tenant="27", merged_into=JIJAU
    )
    assert await find_seller(stores[KnownSeller], PUNE_GROUP, "5") is None
