"""The catalogue: a group of Baramati with a product in every state, its neighbours, and a group of another state."""

from dataclasses import asdict, replace
from datetime import date
from typing import Any

from services.catalog.groups.domain import Group
from services.catalog.labels.domain import FoodLicence
from services.catalog.products.domain import Product, Status
from services.catalog.stock.domain import Stock, stock_id
from tests.integration.houses import House
from tests.integration.tenancy.people import (
    BLOCK,
    DISTRICT,
    HER_GROUP,
    PLACES,
)
from tests.integration.tenancy.world import Ask, Shown, World, keep
from tests.unit.catalog.samples import GROUP, PAPAD, drafted

RELAY = "rekha-of-malegaon"
SKU = "UDID-200"
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


async def arrange(house: House) -> World:
    products = [product(seller, status) for seller in PLACES for status in Status]
    closed = replace(group(HER_GROUP), id=CLOSED, code=CLOSED, active=False, why="closed")
    await keep(house, *map(group, PLACES), closed, *products, *map(stock, products))
    hers = {status.value: Ask({"product_id": f"{HER_GROUP}-{status}"}) for status in Status}
    shelf = {"product_id": f"{HER_GROUP}-listed", "sku": SKU}
    label = {"title": PAPAD.title.kept(), "category": "food", "variants": [asdict(PAPAD.variants[0])]}
    return World(
        house,
        {
            ("POST /v1/groups", "a group of Baramati"): Ask(body=ENTRY),
            ("GET /v1/groups", "list"): Ask(),
            ("GET /v1/groups/{group_id}", "its whole entry"): Ask({"group_id": HER_GROUP}),
            ("PATCH /v1/groups/{group_id}", "active"): Ask({"group_id": HER_GROUP}, {"village": "माळेगाव खुर्द"}),
            ("POST /v1/groups/{group_id}/deactivate", "active"): Ask({"group_id": HER_GROUP}, {"reason": "closed"}),
            ("POST /v1/groups/{group_id}/reactivate", "not active"): Ask({"group_id": CLOSED}),
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
            "GET /v1/groups": (
                "id",
                (*(shown(one, one) for one in PLACES), replace(shown(CLOSED, HER_GROUP), group=None)),
            ),
            "GET /v1/products": ("id", tuple(shown(one.id, one.seller, one.status) for one in products)),
        },
        private=frozenset({RELAY, "savita"}),
    )


def shown(key: str, seller: str, status: Any = None) -> Shown:
    tenant, *place = PLACES[seller]
    return Shown(key, tenant, group=seller, places=((place[0], place[1]),), everybodys=status is Status.LISTED)
