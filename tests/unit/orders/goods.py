"""A group in Pune that sells papad and turmeric, a group in Nagpur that sells shevai, and a buyer in Mumbai."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from services.orders.baskets.domain import AskedLine, Basket, Destination, KnownProduct, Offer
from services.orders.retail.domain import Deadlines, Order, place
from shared.scope import Caller, Role, Scope

NOON = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
AT = Deadlines.after(NOON, hold_seconds=900, accept_seconds=172_800)

PUNE_GROUP, NAGPUR_GROUP = "0b0c7a52-savitri", "5f1d9e30-jijau"
UDID_PAPAD = Offer(sku="udid-250g", unit_price_paise=12_550, tax_basis_points=500)
MOONG_PAPAD = Offer(sku="moong-250g", unit_price_paise=11_000, tax_basis_points=500)
PAPAD = KnownProduct(
    id="papad",
    tenant="27",
    seller=PUNE_GROUP,
    district="490",
    block="4512",
    on_sale=True,
    offers=(UDID_PAPAD, MOONG_PAPAD),
)
TURMERIC = KnownProduct(
    id="halad",
    tenant="27",
    seller=PUNE_GROUP,
    district="490",
    on_sale=True,
    offers=(Offer(sku="halad-100g", unit_price_paise=4_500, tax_basis_points=0),),
)
SHEVAI = KnownProduct(
    id="shevai",
    tenant="27",
    seller=NAGPUR_GROUP,
    district="484",
    on_sale=True,
    offers=(Offer(sku="shevai-500g", unit_price_paise=9_000, tax_basis_points=1_200),),
)
KNOWN = {product.id: product for product in (PAPAD, TURMERIC, SHEVAI)}

HOME = Destination(district="482", pincode="400050")
BUYER = Scope(tenant="27", role=Role.BUYER, party="buyer-asha")
LEADER = Scope(tenant="27", role=Role.GROUP_LEADER, party="person-savita", groups=frozenset({PUNE_GROUP}))


def asked(product_id: str, sku: str, quantity: int = 1, expected: int | None = None) -> AskedLine:
    return AskedLine(product_id=product_id, sku=sku, quantity=quantity, expected_unit_paise=expected)


def basket(*lines: AskedLine) -> Basket:
    return Basket(lines=lines or (asked("papad", "udid-250g", 2),), deliver_to=HOME)


def placed() -> Order:
    return place("order-1", BUYER, basket(), KNOWN, AT).state


def request(scope: Scope, body: str = "asked", key: str | None = None) -> Caller:
    return Caller(scope=scope, key=key or uuid4().hex, body=body)


def later(**passed: int) -> datetime:
    return NOON + timedelta(**passed)
