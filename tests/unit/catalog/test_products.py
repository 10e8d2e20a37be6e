from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.catalog.groups import commands as groups_commands
from services.catalog.groups.domain import Group
from services.catalog.groups.store import GroupDocument
from services.catalog.labels.domain import FoodLicence, FssaiExpired, ImageMissing, PriceAboveMrp
from services.catalog.products import commands
from services.catalog.products.domain import (
    NotInThisState,
    NotYourGroup,
    OwnProduct,
    PauseFirst,
    Product,
    Status,
    VariantUnknown,
    approve,
    draft,
    pause,
    put_on_sale,
    return_,
    revise,
    submit,
    variant,
)
from services.catalog.products.store import ProductDocument
from shared.contracts.catalog import ProductChanged, ProductListed, ProductPaused, VariantOffer
from shared.errors import NotFound, VersionMismatch
from shared.localized import Localized
from shared.places.area import OutsideArea
from shared.scope import Role
from shared.testing import FakeStores
from tests.unit.catalog.samples import (
    BARAMATI,
    BUYER,
    ENTRY,
    GROUP,
    HAVELI,
    LARGE,
    LEADER,
    PAPAD,
    PUNE,
    SMALL,
    STRANGER,
    TODAY,
    approved,
    caller,
    drafted,
    listed,
    scope,
)

NEW_TO_THE_OFFICER: list[dict[str, Any]] = [
    {"title": Localized(mr="प्लास्टिकचे दागिने")},
    {"description": None},
    {"category": "jewellery"},
    {"hsn": "7117"},
    {"fssai": FoodLicence(number="11521034000999", expires_on=date(2027, 3, 31))},
    {"images": ("https://images.example.org/necklace.jpg",)},
    {"variants": (SMALL, LARGE, replace(LARGE, sku="UDID-1000"))},
    {"variants": (replace(SMALL, net_quantity="100 ग्रॅम"), LARGE)},
    {"variants": (replace(SMALL, gtin="8901030865237"), LARGE)},
]
CHEAPER = (replace(SMALL, unit_price_paise=8_500), LARGE)


def test_a_product_goes_from_draft_to_sale_and_tells_prices_only_when_it_is_listed() -> None:
    submitted = submit(drafted(), LEADER, TODAY)
    passed = approve(submitted.state, BARAMATI, TODAY)
    on_sale = put_on_sale(passed.state, LEADER, TODAY)
    assert (submitted.facts, passed.facts) == ((), ())
    offers = (
        VariantOffer(sku="UDID-200", unit_price_paise=9_000, tax_basis_points=500),
        VariantOffer(sku="UDID-500", unit_price_paise=21_000, tax_basis_points=500),
    )
    where = {"district": "490", "block": "4512"}
    assert on_sale.facts == (ProductListed(seller=GROUP.id, category="food", variants=offers, **where),)


def test_a_product_keeps_the_district_and_block_of_its_group() -> None:
    assert (drafted().district, drafted().block, drafted().seller) == ("490", "4512", GROUP.id)


def test_nobody_drafts_edits_or_sells_for_a_group_that_is_not_hers() -> None:
    attempts: list[Callable[[], object]] = [
        lambda: draft("p", GROUP, PAPAD, STRANGER),
        lambda: revise(drafted(), {}, STRANGER, TODAY),
        lambda: submit(drafted(), STRANGER, TODAY),
        lambda: put_on_sale(approved(), STRANGER, TODAY),
        lambda: pause(listed(), None, STRANGER),
    ]
    for attempt in attempts:
        with pytest.raises(NotYourGroup):
            attempt()


def test_an_officer_of_another_block_neither_approves_nor_returns() -> None:
    waiting = submit(drafted(), LEADER, TODAY).state
    attempts: list[Callable[[], object]] = [
        lambda: approve(waiting, HAVELI, TODAY),
        lambda: return_(waiting, "फोटो अस्पष्ट", HAVELI),
    ]
    for attempt in attempts:
        with pytest.raises(OutsideArea, match="4512 Baramati"):
            attempt()


def test_a_returned_product_shows_why_and_can_be_mended_and_submitted_again() -> None:
    returned = return_(submit(drafted(), LEADER, TODAY).state, "फोटो अस्पष्ट आहे", PUNE).state
    assert (returned.status, returned.reason) == (Status.RETURNED, "फोटो अस्पष्ट आहे")
    mended = revise(returned, {"images": ("https://images.example.org/papad-2.jpg",)}, LEADER, TODAY).state
    again = submit(mended, LEADER, TODAY).state
    assert (again.status, again.reason) == (Status.SUBMITTED, None)


def test_an_incomplete_draft_is_kept_but_not_submitted() -> None:
    bare = drafted(replace(PAPAD, images=()))
    with pytest.raises(ImageMissing):
        submit(bare, LEADER, TODAY)


def test_what_is_being_reviewed_is_not_edited_and_the_refusal_is_in_marathi() -> None:
    waiting = submit(drafted(), LEADER, TODAY).state
    with pytest.raises(NotInThisState) as refused:
        revise(waiting, {"hsn": "1905"}, LEADER, TODAY)
    assert "सध्या सादर केलेले स्थितीत" in refused.value.sentence("mr")
    assert "draft" in refused.value.sentence("en")


def test_each_step_is_refused_from_a_state_it_does_not_follow() -> None:
    attempts: list[Callable[[], object]] = [
        lambda: put_on_sale(drafted(), LEADER, TODAY),
        lambda: approve(drafted(), BARAMATI, TODAY),
        lambda: return_(listed(), "कारण", BARAMATI),
        lambda: submit(listed(), LEADER, TODAY),
        lambda: pause(drafted(), None, LEADER),
        lambda: put_on_sale(listed(), LEADER, TODAY),
    ]
    for attempt in attempts:
        with pytest.raises(NotInThisState):
            attempt()


def test_a_new_price_of_a_listed_product_is_told_and_it_stays_listed() -> None:
    priced = revise(listed(), {"variants": CHEAPER}, LEADER, TODAY)
    assert isinstance(priced.facts[0], ProductChanged)
    assert [offer.unit_price_paise for offer in priced.facts[0].variants] == [8_500, 21_000]
    assert priced.state.status is Status.LISTED


@pytest.mark.parametrize("changes", NEW_TO_THE_OFFICER, ids=lambda changes: next(iter(changes)))
def test_what_an_officer_approved_goes_back_to_her_when_it_becomes_something_else(changes: dict[str, Any]) -> None:
    for product in (approved(), pause(listed(), "साठा संपला", LEADER).state):
        changed = revise(product, changes, LEADER, TODAY)
        assert (changed.state.status, changed.state.reason, changed.facts) == (Status.SUBMITTED, None, ())
        with pytest.raises(NotInThisState):
            put_on_sale(changed.state, LEADER, TODAY)
        assert approve(changed.state, BARAMATI, TODAY).state.status is Status.APPROVED


@pytest.mark.parametrize("changes", NEW_TO_THE_OFFICER, ids=lambda changes: next(iter(changes)))
def test_what_is_on_sale_becomes_nothing_else_before_it_is_paused(changes: dict[str, Any]) -> None:
    with pytest.raises(PauseFirst, match=f"^{next(iter(changes))}: .*pause the product") as refused:
        revise(listed(), changes, LEADER, TODAY)
    assert "आधी विक्री थांबवा" in refused.value.sentence("mr")


def test_prices_and_fewer_packs_of_what_was_approved_need_no_second_look() -> None:
    dearer = replace(SMALL, unit_price_paise=9_500, mrp_paise=11_000, tax_basis_points=1_800)
    for product in (approved(), listed(), pause(listed(), None, LEADER).state):
        for packs in ((LARGE, dearer), (LARGE,)):
            revised = revise(product, {"variants": packs, "title": PAPAD.title}, LEADER, TODAY).state
            assert (revised.status, revised.variants) == (product.status, packs)


def test_nobody_approves_what_she_made_or_submitted_or_what_is_her_own_groups() -> None:
    waiting = submit(drafted(), replace(LEADER, party="the one who submits"), TODAY).state
    for by in (
        replace(BARAMATI, party=LEADER.party),
        replace(BARAMATI, party="the one who submits"),
        replace(BARAMATI, groups=frozenset({GROUP.id})),
    ):
        with pytest.raises(OwnProduct, match="another officer"):
            approve(waiting, by, TODAY)
    assert approve(waiting, BARAMATI, TODAY).state.status is Status.APPROVED


def test_who_changed_what_was_approved_is_the_one_who_submitted_it() -> None:
    changed = revise(approved(), {"hsn": "1905"}, replace(LEADER, party="the one who edits"), TODAY).state
    with pytest.raises(OwnProduct):
        approve(changed, replace(BARAMATI, party="the one who edits"), TODAY)


def test_a_new_price_before_listing_is_nobodys_business_yet() -> None:
    assert revise(drafted(), {"variants": CHEAPER}, LEADER, TODAY).facts == ()
    assert revise(approved(), {"variants": CHEAPER}, LEADER, TODAY).facts == ()


def test_a_new_price_while_paused_is_told() -> None:
    paused = pause(listed(), "साठा संपला", LEADER).state
    assert isinstance(revise(paused, {"variants": CHEAPER}, LEADER, TODAY).facts[0], ProductChanged)


def test_a_listed_product_never_loses_its_picture_or_passes_its_mrp() -> None:
    with pytest.raises(ImageMissing):
        revise(listed(), {"images": ()}, LEADER, TODAY)
    with pytest.raises(PriceAboveMrp):
        revise(listed(), {"variants": (replace(SMALL, unit_price_paise=99_999),)}, LEADER, TODAY)


def test_a_pause_tells_who_paused_and_keeps_the_words_for_those_concerned() -> None:
    by_group, by_officer = pause(listed(), "माझा फोन 98…", LEADER), pause(listed(), "तपासणी", BARAMATI)
    assert by_group.facts == (ProductPaused(reason="by-seller"),)
    assert by_officer.facts == (ProductPaused(reason="by-officer"),)
    assert by_officer.state.reason == "तपासणी"


def test_a_paused_product_is_listed_again_with_its_prices_unless_its_licence_ended() -> None:
    paused = pause(listed(), None, LEADER).state
    assert isinstance(put_on_sale(paused, LEADER, TODAY).facts[0], ProductListed)
    with pytest.raises(FssaiExpired):
        put_on_sale(paused, LEADER, date(2027, 4, 1))


def test_a_variant_is_found_by_its_sku_or_named_as_missing() -> None:
    assert variant(listed(), "UDID-500") == LARGE
    with pytest.raises(VariantUnknown, match="no variant with the sku MUG-200"):
        variant(listed(), "MUG-200")


async def stored() -> tuple[FakeStores, Product]:
    stores = FakeStores(GroupDocument, ProductDocument)
    group = await groups_commands.register(stores[Group], ENTRY, caller(BARAMATI))
    return stores, await commands.draft(stores[Product], stores[Group], group.id, PAPAD, caller(LEADER))


async def test_a_product_comes_back_from_its_document_as_it_was() -> None:
    stores, product = await stored()
    assert await commands.read(stores[Product], product.id, LEADER) == product


async def test_a_product_kept_before_its_makers_were_is_still_read() -> None:
    stores, product = await stored()
    doc = stores.database.collections["products"].docs[product.id]
    del doc["made_by"], doc["submitted_by"]
    doc["schema"] = 1
    assert await commands.read(stores[Product], product.id, LEADER) == replace(product, made_by=None)


async def test_a_draft_is_there_for_its_group_and_its_officers_alone() -> None:
    stores, product = await stored()
    for by in (BARAMATI, PUNE, scope(Role.MISSION_MANAGER)):
        assert (await commands.read(stores[Product], product.id, by)).id == product.id
    for by in (BUYER, STRANGER, HAVELI, scope(Role.DEPARTMENT), scope(Role.BLOCK_OFFICER)):
        with pytest.raises(NotFound):
            await commands.read(stores[Product], product.id, by)


async def test_what_is_listed_is_there_for_every_role_of_the_state_and_no_other_state() -> None:
    stores, product = await stored()
    products = stores[Product]
    await commands.submit(products, product.id, caller(LEADER, "a"))
    await commands.approve(products, product.id, caller(BARAMATI, "b"))
    await commands.put_on_sale(products, product.id, caller(LEADER, "c"))
    for by in (BUYER, STRANGER, HAVELI, scope(Role.DEPARTMENT)):
        assert (await commands.read(products, product.id, by)).status is Status.LISTED
    with pytest.raises(NotFound):
        await commands.read(products, product.id, replace(BUYER, tenant="5"))
    assert [fact["name"] for fact in stores.facts(Product)] == ["product-listed"]


async def test_an_edit_made_for_an_older_version_is_refused() -> None:
    stores, product = await stored()
    await commands.revise(stores[Product], product.id, {"hsn": "1905"}, caller(LEADER, "a", if_match=1))
    with pytest.raises(VersionMismatch):
        await commands.revise(stores[Product], product.id, {"hsn": "1904"}, caller(LEADER, "b", if_match=1))


async def test_the_same_draft_request_again_is_the_same_product() -> None:
    stores, product = await stored()
    again = await commands.draft(stores[Product], stores[Group], product.seller, PAPAD, caller(LEADER))
    assert again == product
