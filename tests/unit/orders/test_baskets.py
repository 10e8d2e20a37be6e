"""Sentences about baskets: what goods cost together, and what is said when they cannot be ordered so."""

import dataclasses
from fractions import Fraction
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orders.baskets import projections
from services.orders.baskets.domain import (
    Basket,
    CatalogueBehind,
    Destination,
    KnownProduct,
    LineRepeated,
    Offer,
    OneSellerABasket,
    PriceChanged,
    ProductNotOnSale,
    VariantNotOffered,
    included_tax,
)
from services.orders.baskets.store import KnownProductDocument
from services.orders.retail.domain import place
from shared.contracts.catalog import ProductChanged, ProductListed, ProductPaused, VariantOffer
from shared.events import Event, Fact
from shared.places.area import UnknownPlace
from shared.testing import FakeStores
from tests.unit.orders.goods import AT, BUYER, KNOWN, NAGPUR_GROUP, NOON, PAPAD, PUNE_GROUP, asked, basket

D = TypeVar("D", bound=Fact)
paise = st.integers(1, 10**9)
basis_points = st.integers(0, 10_000)


def test_the_tax_inside_105_rupees_at_5_percent_is_5_rupees() -> None:
    assert included_tax(10_500, 500) == 500


def test_half_a_paisa_of_tax_is_rounded_up() -> None:
    assert included_tax(3, 2_000) == 1
    assert included_tax(1, 10_000) == 1


@given(amount=paise, rate=basis_points)
def test_the_tax_is_the_nearest_whole_paisa_and_never_more_than_half_the_price(amount: int, rate: int) -> None:
    exact = Fraction(amount * rate, 10_000 + rate)
    assert abs(included_tax(amount, rate) - exact) <= Fraction(1, 2)
    assert 0 <= 2 * included_tax(amount, rate) <= amount + 1


@given(prices=st.lists(st.tuples(paise, basis_points, st.integers(1, 10_000)), min_size=1, max_size=50))
def test_the_total_is_the_sum_of_its_lines_whatever_they_are(prices: list[tuple[int, int, int]]) -> None:
    offers = tuple(
        Offer(sku=f"v{n}", unit_price_paise=price, tax_basis_points=rate) for n, (price, rate, _) in enumerate(prices)
    )
    product = dataclasses.replace(PAPAD, offers=offers)
    wanted = basket(*(asked("papad", f"v{n}", quantity) for n, (_, _, quantity) in enumerate(prices)))
    order = place("o", BUYER, wanted, {"papad": product}, AT).state
    assert order.total_paise == sum(price * quantity for price, _, quantity in prices)
    assert all(line.tax_paise == included_tax(line.amount_paise, line.tax_basis_points) for line in order.lines)


def test_a_product_nobody_told_us_of_is_asked_for_again_in_a_moment() -> None:
    with pytest.raises(CatalogueBehind) as refused:
        place("o", BUYER, basket(asked("kurdai", "250g")), KNOWN, AT)
    assert (refused.value.status, refused.value.headers) == (503, {"Retry-After": "2"})


def test_a_paused_product_is_not_sold() -> None:
    paused = {"papad": dataclasses.replace(PAPAD, on_sale=False)}
    with pytest.raises(ProductNotOnSale):
        place("o", BUYER, basket(), paused, AT)


def test_an_unknown_variant_is_answered_with_those_there_are() -> None:
    with pytest.raises(VariantNotOffered, match="udid-250g, moong-250g"):
        place("o", BUYER, basket(asked("papad", "jeera-250g")), KNOWN, AT)


def test_a_price_that_rose_is_said_with_the_new_one_in_three_languages() -> None:
    with pytest.raises(PriceChanged) as refused:
        place("o", BUYER, basket(asked("papad", "udid-250g", 1, expected=12_000)), KNOWN, AT)
    assert refused.value.params["unit_price_paise"] == 12_550
    assert refused.value.sentence("mr") == "udid-250g ची किंमत आता ₹125.50 आहे; मान्य असल्यास 12550 पैसे धरून पुन्हा ऑर्डर द्या."
    assert "₹125.50" in refused.value.sentence("hi")
    assert "₹125.50" in refused.value.sentence("en")


def test_an_expected_price_that_still_holds_is_no_obstacle() -> None:
    order = place("o", BUYER, basket(asked("papad", "udid-250g", 1, expected=12_550)), KNOWN, AT).state
    assert order.total_paise == 12_550


def test_goods_of_two_groups_are_two_orders() -> None:
    with pytest.raises(OneSellerABasket, match="2 sellers"):
        place("o", BUYER, basket(asked("papad", "udid-250g"), asked("shevai", "shevai-500g")), KNOWN, AT)


def test_the_same_variant_on_two_lines_is_sent_back() -> None:
    with pytest.raises(LineRepeated):
        place("o", BUYER, basket(asked("papad", "udid-250g"), asked("papad", "udid-250g", 3)), KNOWN, AT)


def test_nothing_is_sent_to_a_district_that_does_not_exist() -> None:
    nowhere = Basket(lines=basket().lines, deliver_to=Destination(district="99999", pincode="400050"))
    with pytest.raises(UnknownPlace, match="99999"):
        place("o", BUYER, nowhere, KNOWN, AT)


def told(data: D, sequence: int) -> Event[D]:
    id_ = f"lonche:1:{sequence}"
    return Event(data=data, id=id_, subject="lonche", tenant="27", incarnation=1, sequence=sequence, time=NOON)


def listing(price_paise: int) -> ProductListed:
    variant = VariantOffer(sku="limbu-500g", unit_price_paise=price_paise, tax_basis_points=1_200)
    return ProductListed(seller=PUNE_GROUP, district="490", category="lonche", variants=(variant,))


async def test_a_listed_product_is_known_with_its_price_and_a_paused_one_is_no_longer_on_sale() -> None:
    known = FakeStores(KnownProductDocument)[KnownProduct]
    await projections.remember_listed(known, told(listing(15_000), 1))
    await projections.remember_paused(known, told(ProductPaused(), 2))
    product = await known.get("lonche")
    assert (product.on_sale, product.offers[0].unit_price_paise) == (False, 15_000)


async def test_a_change_of_a_paused_product_does_not_put_it_on_sale_but_listing_it_again_does() -> None:
    known = FakeStores(KnownProductDocument)[KnownProduct]
    await projections.remember_listed(known, told(listing(15_000), 1))
    await projections.remember_paused(known, told(ProductPaused(), 2))
    changed = ProductChanged(**{**listing(16_000).model_dump(), "seller": NAGPUR_GROUP})
    await projections.remember_changed(known, told(changed, 3))
    product = await known.get("lonche")
    assert (product.on_sale, product.seller, product.offers[0].unit_price_paise) == (False, NAGPUR_GROUP, 16_000)
    await projections.remember_listed(known, told(listing(17_000), 4))
    product = await known.get("lonche")
    assert (product.on_sale, product.offers[0].unit_price_paise) == (True, 17_000)


async def test_the_goods_of_another_state_are_not_in_this_market() -> None:
    known = FakeStores(KnownProductDocument)[KnownProduct]
    await projections.remember_listed(known, told(listing(15_000), 1))
    assert set(await projections.find_products(known, ["lonche", "lonche", "kurdai"], "27")) == {"lonche"}
    assert await projections.find_products(known, ["lonche"], "10") == {}
