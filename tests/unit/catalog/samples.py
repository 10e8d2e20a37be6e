"""A group of Baramati, its papad, and who deals with them."""

from datetime import date

from services.catalog.groups.domain import Entry, Group, register
from services.catalog.labels.domain import FoodLicence, Label, Variant
from services.catalog.products.domain import Product, approve, draft, put_on_sale, submit
from services.catalog.stock.domain import Stock, opened
from shared.contracts.catalog import group_id
from shared.ids import derived_id
from shared.localized import Localized
from shared.scope import Caller, Role, Scope

TODAY = date(2026, 10, 18)
ENTRY = Entry(
    programme="umed",
    code="MH-490-04512-0007",
    names=Localized(mr="सावित्रीबाई फुले महिला बचत गट", en="Savitribai Phule Mahila Bachat Gat"),
    district="490",
    block="4512",
    village="माळेगाव बुद्रुक",
    activities=("पापड बनविणे",),
)
GROUP = Group(
    id=group_id("27", "umed", ENTRY.code),
    tenant="27",
    programme="umed",
    code=ENTRY.code,
    names=ENTRY.names,
    district="490",
    block="4512",
)
SMALL = Variant(sku="UDID-200", unit_price_paise=9_000, mrp_paise=10_000, tax_basis_points=500, net_quantity="200 ग्रॅम")
LARGE = Variant(sku="UDID-500", unit_price_paise=21_000, mrp_paise=22_000, tax_basis_points=500, net_quantity="500 ग्रॅम")
PAPAD = Label(
    title=Localized(mr="उडीद पापड", hi="उड़द पापड़", en="Urad papad"),
    description=Localized(mr="हाताने लाटलेले, उन्हात वाळवलेले."),
    category="food",
    variants=(SMALL, LARGE),
    hsn="190590",
    fssai=FoodLicence(number="11521034000123", expires_on=date(2027, 3, 31)),
    images=("https://images.example.org/udid-papad.jpg",),
)


def scope(role: Role = Role.GROUP_LEADER, **named: object) -> Scope:
    """Each role is a party of its own."""
    return Scope(tenant="27", role=role, party=derived_id(role), **named)  # type: ignore[arg-type]


def caller(by: Scope, key: str = "key-1", if_match: int | None = None) -> Caller:
    return Caller(scope=by, key=key, body=key, if_match=if_match)


LEADER = scope(groups=frozenset({GROUP.id}))
STRANGER = scope(groups=frozenset({"0199d5b4-0000-7000-8000-00000000abcd"}))
BARAMATI = scope(Role.BLOCK_OFFICER, district="490", block="4512")
HAVELI = scope(Role.BLOCK_OFFICER, district="490", block="4515")
PUNE = scope(Role.DISTRICT_OFFICER, district="490")
BUYER = scope(Role.BUYER)


def drafted(label: Label = PAPAD) -> Product:
    return draft("product-1", GROUP, label, LEADER).state


def approved(label: Label = PAPAD) -> Product:
    return approve(submit(drafted(label), LEADER, TODAY).state, BARAMATI, TODAY).state


def listed(label: Label = PAPAD) -> Product:
    return put_on_sale(approved(label), LEADER, TODAY).state


def registered(entry: Entry = ENTRY) -> Group:
    return register(entry, BARAMATI).state


def stock_of(sku: str = "UDID-200") -> Stock:
    return opened(listed(), sku, LEADER)
