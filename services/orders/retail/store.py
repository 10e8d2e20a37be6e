"""How retail orders are kept: one document each, with its facts still to be told."""

from dataclasses import asdict
from typing import Any

from services.orders.baskets.domain import Destination, Line
from services.orders.retail.domain import Order, Refusal, Short, Status
from shared.documents import Doc, Document
from shared.mongo import Database
from shared.places.area import NOWHERE, within
from shared.reads import Page, Paging, page
from shared.scope import BUYERS, OFFICERS, OWN_GROUPS, Role, Scope

PLACE = frozenset({"district", "block"})
NEWEST_FIRST = (("placed_at", -1), ("_id", -1))


class OrderDocument(Document[Order]):
    holds = Order
    collection = "orders"
    topic = "orders.orders"
    due = "due_at"
    schema = 2
    indexes = (
        NEWEST_FIRST,
        (("buyer", 1), *NEWEST_FIRST),
        (("seller", 1), *NEWEST_FIRST),
        (("seller_district", 1), *NEWEST_FIRST),
        (("seller_block", 1), *NEWEST_FIRST),
    )

    @staticmethod
    def of(order: Order) -> Doc:
        return {
            **{name: getattr(order, name) for name in PLAIN if name != "tenant"},
            "deliver_to": asdict(order.deliver_to),
            "lines": [asdict(line) for line in order.lines],
            "status": order.status.value,
            "refusal": asdict(order.refusal) if order.refusal else None,
        }

    @staticmethod
    def state(doc: Doc) -> Order:
        kept: dict[str, Any] = {name: doc[name] for name in PLAIN}
        return Order(
            id=doc["_id"],
            deliver_to=Destination(**doc["deliver_to"]),
            lines=tuple(Line(**line) for line in doc["lines"]),
            status=Status(doc["status"]),
            refusal=refusal_of(doc["refusal"]),
            **kept,
        )

    @classmethod
    def upgrade(cls, doc: Doc) -> Doc:
        """Schema 1 did not know the seller's block."""
        return {"seller_block": None, **doc}

    @staticmethod
    def visible(scope: Scope) -> Doc:
        """A buyer's own, a group's as its seller, an officer's by the seller's place; a department reads figures."""
        if scope.role in OWN_GROUPS:
            return {"seller": {"$in": sorted(scope.groups)}}
        if scope.role in OFFICERS or scope.role is Role.ADMIN:
            return {f"seller_{field}" if field in PLACE else field: of for field, of in within(scope).items()}
        return {"buyer": scope.party} if scope.role in BUYERS else NOWHERE


PLAIN = (
    "tenant",
    "buyer",
    "seller",
    "seller_district",
    "seller_block",
    "total_paise",
    "placed_at",
    "accept_by",
    "due_at",
    "reason",
)


def refusal_of(doc: Doc | None) -> Refusal | None:
    return Refusal(code=doc["code"], short=tuple(Short(**line) for line in doc["short"])) if doc else None


async def listed(database: Database, scope: Scope, paging: Paging, status: Status | None) -> Page[Order]:
    """What the scope sees, newest first. Raises BadCursor."""
    where = {"status": status.value} if status else {}
    return await page(database, OrderDocument, scope, paging, where=where, sort="placed_at", direction=-1)
