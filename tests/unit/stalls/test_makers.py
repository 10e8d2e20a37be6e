from datetime import UTC, datetime
from typing import Any

import pytest

from services.stalls.makers import consumers, projections
from services.stalls.makers.domain import KnownGroup, KnownProduct
from services.stalls.makers.store import AliasesDocument, KnownGroupDocument, KnownProductDocument
from shared.contracts.catalog import (
    FACTS,
    GroupRegistered,
    ProductChanged,
    ProductListed,
    ProductPaused,
    Programme,
    VariantOffer,
)
from shared.events import Event, Fact
from shared.testing import FakeStores

PAPAD = (VariantOffer(sku="udid-250g", unit_price_paise=12_550, tax_basis_points=500),)
SAVITRI = GroupRegistered(programme="umed", district="490", block="4512")
LISTED = ProductListed(seller="savitri", district="490", category="food", variants=PAPAD)


def event(data: Fact, subject: str, sequence: int = 1, tenant: str = "27") -> Event[Any]:
    id_, at = f"{subject}:1:{sequence}", datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
    return Event(data=data, id=id_, subject=subject, tenant=tenant, incarnation=1, sequence=sequence, time=at)


async def reacted(*events: Event[Any]) -> FakeStores:
    stores = FakeStores(KnownGroupDocument, AliasesDocument, KnownProductDocument)
    for there in events:
        handlers = consumers.GROUPS if there.data.topic == "catalog.groups" else consumers.PRODUCTS
        await handlers.reactions[there.data.name, 1].handle(there, stores)
    return stores


async def test_a_registered_group_is_remembered_with_its_programme_and_place() -> None:
    stores = await reacted(event(SAVITRI, "savitri"))
    group = await projections.find_group(stores[KnownGroup], "savitri", "27")
    assert group == KnownGroup(
        id="savitri", tenant="27", programme="umed", district="490", block="4512", local_body=None
    )


async def test_a_group_of_another_state_or_one_that_has_not_reached_us_is_not_found() -> None:
    stores = await reacted(event(SAVITRI, "savitri"))
    assert await projections.find_group(stores[KnownGroup], "savitri", "5") is None
    assert await projections.find_group(stores[KnownGroup], "jijau", "27") is None


@pytest.mark.parametrize(
    ("programme", "block", "local_body", "tags"),
    [
        ("umed", "4512", None, {"umed", "rural"}),
        ("nulm", None, "251530", {"nulm", "urban"}),
        ("mavim", "4512", None, {"mavim", "rural"}),
        ("mavim", None, "251530", {"mavim", "urban"}),
    ],
)
def test_the_registry_tags_a_group_by_its_programme_and_by_village_or_town(
    programme: Programme, block: str | None, local_body: str | None, tags: set[str]
) -> None:
    group = KnownGroup(id="g", tenant="27", programme=programme, district="490", block=block, local_body=local_body)
    assert group.tags == tags


async def test_a_product_is_known_from_its_listing_through_changes_and_pauses() -> None:
    changed = ProductChanged(seller="savitri", district="490", category="gifts", variants=PAPAD)
    first = [event(LISTED, "papad"), event(ProductPaused(reason="सुट्टी"), "papad", 2)]
    stores = await reacted(*first, event(changed, "papad", 3))
    assert await projections.find_products(stores[KnownProduct], ["papad"], "27") == {
        "papad": KnownProduct(id="papad", tenant="27", seller="savitri", category="gifts", on_sale=False)
    }
    stores = await reacted(*first, event(LISTED, "papad", 3))
    assert (await projections.find_products(stores[KnownProduct], ["papad"], "27"))["papad"].on_sale


async def test_of_many_products_those_of_the_state_that_reached_us_are_found() -> None:
    there = (event(LISTED, "papad"), event(LISTED, "halad"), event(LISTED, "lonche", tenant="5"))
    stores = await reacted(*there, event(LISTED, "halad"))
    found = await projections.find_products(stores[KnownProduct], ["halad", "papad", "papad", "lonche", "x"], "27")
    assert sorted(found) == ["halad", "papad"]


def test_every_fact_of_the_catalogues_groups_and_products_is_reacted_to() -> None:
    for handlers in (consumers.GROUPS, consumers.PRODUCTS):
        told = {(fact.name, fact.major) for fact in FACTS if fact.topic == handlers.topic}
        assert told == set(handlers.reactions)
