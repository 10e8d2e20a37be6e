"""The catalogue: a group of Baramati with a product in every state, its neighbours, and a group of another state."""

from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any

from services.catalog.candidates.domain import candidates
from services.catalog.doubles.domain import CaseStatus, Double
from services.catalog.doubles.domain import found as found_
from services.catalog.groups.domain import Group
from services.catalog.labels.domain import FoodLicence
from services.catalog.likeness.domain import record
from services.catalog.products.domain import Product, Status
from services.catalog.stock.domain import Stock, stock_id
from tests.integration.houses import House
from tests.integration.tenancy.people import (
    ANOTHER_GROUP,
    BLOCK,
    DISTRICT,
    HER_GROUP,
    PLACES,
)
from tests.integration.tenancy.scenes.imports import import_asks, import_list, imports
from tests.integration.tenancy.world import Ask, Shown, World, keep
from tests.unit.catalog.samples import GROUP, PAPAD, drafted

RELAY = "rekha-of-malegaon"
SKU = "UDID-200"
FOUND_AT = datetime(2026, 10, 18, 9, tzinfo=UTC)
CLOSED = f"{HER_GROUP}-closed"
LASTING = FoodLicence(number="11521034000123", expires_on=date(2099, 3, 31))
ENTRY = {
    "programme": "umed",
    "code": "MH-490-04512-0099",
    "names": {"mr": "जिजाऊ महिला बचत गट"},
    "district": DISTRICT,
    "block": BLOCK,
}


def group(id_: str) -> Group:
    tenant, district, block = PLACES[id_]
    return replace(GROUP, id=id_, tenant=tenant, code=id_, district=district, block=block, relay=RELAY)


def product(seller: str, status: Status) -> Product:
    tenant, district, block = PLACES[seller]
    whose: dict[str, Any] = {
        "tenant": tenant,
        "seller": seller,
        "district": district,
        "block": block,
        "made_by": "savita",
    }
    return replace(drafted(), id=f"{seller}-{status}", status=status, fssai=LASTING, **whose)


def stock(of: Product) -> Stock:
    place: dict[str, Any] = {"seller": of.seller, "district": of.district, "block": of.block}
    return Stock(id=stock_id(of.id, SKU), tenant=of.tenant, product_id=of.id, sku=SKU, on_hand=20, moved=20, **place)


def twin(of: str) -> Group:
    """The same group as another programme lists it."""
    return replace(group(of), id=f"{of}-mavim", programme="mavim", code=f"{of}-mavim")


def case(one: Group, other: Group, status: CaseStatus = CaseStatus.OPEN) -> Double:
    pair: tuple[str, str] = (min(one.id, other.id), max(one.id, other.id))
    (found,) = candidates(map(record, (replace(one, account="k1:aa"), replace(other, account="k1:aa"))))
    return replace(found_(found, one, other, FOUND_AT).state, groups=pair, status=status)


async def arrange(house: House) -> World:
    twins = [twin(one) for one in PLACES]
    cases = [case(group(one), other) for one, other in zip(PLACES, twins, strict=True)]
    apart = case(group(HER_GROUP), group(ANOTHER_GROUP), CaseStatus.APART)
    hers_open, kept_apart = Ask({"double_id": cases[0].id}), Ask({"double_id": apart.id})
    products = [product(seller, status) for seller in PLACES for status in Status]
    closed = replace(group(HER_GROUP), id=CLOSED, code=CLOSED, active=False, why="closed")
    await keep(house, *map(group, PLACES), closed, *twins, *cases, apart, *products, *map(stock, products), *imports())
    hers = {status.value: Ask({"product_id": f"{HER_GROUP}-{status}"}) for status in Status}
    shelf = {"product_id": f"{HER_GROUP}-listed", "sku": SKU}
    label = {"title": PAPAD.title.kept(), "category": "food", "variants": [asdict(PAPAD.variants[0])]}
    return World(
        house,
        {
            ("POST /v1/groups", "a group of Baramati"): Ask(body=ENTRY),
            ("GET /v1/groups", "list"): Ask(),
            ("GET /v1/groups/counts", "by district"): Ask(query="by=district"),
            ("GET /v1/groups/export", "as a file"): Ask(),
            ("GET /v1/groups/{group_id}", "its whole entry"): Ask({"group_id": HER_GROUP}),
            ("PATCH /v1/groups/{group_id}", "active"): Ask({"group_id": HER_GROUP}, {"village": "माळेगाव खुर्द"}),
            ("POST /v1/groups/{group_id}/deactivate", "active"): Ask({"group_id": HER_GROUP}, {"reason": "closed"}),
            ("POST /v1/groups/{group_id}/reactivate", "not active"): Ask({"group_id": CLOSED}),
            **import_asks("imports"),
            ("GET /v1/doubles", "list"): Ask(),
            ("GET /v1/doubles/{double_id}", "open"): hers_open,
            ("POST /v1/doubles/{double_id}/merge", "open"): replace(hers_open, body={"keep": HER_GROUP}),
            ("POST /v1/doubles/{double_id}/apart", "open"): replace(hers_open, body={"note": "दोन वेगळे गट"}),
            ("POST /v1/doubles/{double_id}/undo", "kept apart"): replace(kept_apart, body={"reason": "पुन्हा पाहू"}),
            ("POST /v1/products", "of her group"): Ask(body={"group_id": HER_GROUP, **label}),
            ("GET /v1/products", "list"): Ask(),
            ("GET /v1/products/{product_id}", "draft"): hers["draft"],
            ("GET /v1/products/{product_id}", "listed"): hers["listed"],
            ("PATCH /v1/products/{product_id}", "draft"): replace(hers["draft"], body={"hsn": "1905"}),
            ("PATCH /v1/products/{product_id}", "paused"): replace(hers["paused"], body={"hsn": "1905"}),
            ("PATCH /v1/products/{product_id}", "listed"): replace(hers["listed"], body={"category": "food"}),
            ("POST /v1/products/{product_id}/submit", "draft"): hers["draft"],
            ("POST /v1/products/{product_id}/approve", "submitted"): hers["submitted"],
            ("POST /v1/products/{product_id}/return", "submitted"): replace(
                hers["submitted"], body={"reason": "किंमत पुन्हा पाहा"}
            ),
            ("POST /v1/products/{product_id}/list", "approved"): hers["approved"],
            ("POST /v1/products/{product_id}/pause", "listed"): hers["listed"],
            ("PUT /v1/products/{product_id}/variants/{sku}/stock", "listed"): Ask(shelf, {"on_hand": 5}),
            ("GET /v1/products/{product_id}/variants/{sku}/stock", "listed"): Ask(shelf),
        },
        {
            **import_list("imports"),
            "GET /v1/groups": (
                "id",
                (
                    *(shown(one, one) for one in PLACES),
                    *(replace(shown(f"{one}-mavim", one), group=None) for one in PLACES),
                    replace(shown(CLOSED, HER_GROUP), group=None),
                ),
            ),
            "GET /v1/doubles": (
                "id",
                tuple(replace(shown(one.id, place), group=None) for place, one in zip(PLACES, cases, strict=True)),
            ),
            "GET /v1/products": ("id", tuple(shown(one.id, one.seller, one.status) for one in products)),
        },
        private=frozenset({RELAY, "savita"}),
    )


def shown(key: str, seller: str, status: Any = None) -> Shown:
    tenant, *place = PLACES[seller]
    return Shown(key, tenant, group=seller, places=((place[0], place[1]),), everybodys=status is Status.LISTED)
