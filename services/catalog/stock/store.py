"""How stock is kept: one small document a variant, written once a batch however many orders it holds for."""

from dataclasses import asdict

from services.catalog.stock.domain import Stock
from shared.documents import Doc, Document
from shared.mongo import Database
from shared.places.area import NOWHERE, within
from shared.scope import OWN_GROUPS, Role, Scope


class StockDocument(Document[Stock]):
    holds = Stock
    collection = "stock"
    topic = "catalog.stock"
    indexes = ((("product_id", 1), ("sku", 1)), (("seller", 1), ("_id", 1)))
    newest_fact_only = True

    @staticmethod
    def of(state: Stock) -> Doc:
        kept = asdict(state)
        return {field: value for field, value in kept.items() if field not in ("id", "tenant")}

    @staticmethod
    def state(doc: Doc) -> Stock:
        place = {"seller": doc["seller"], "district": doc["district"], "block": doc["block"]}
        figures = {name: doc[name] for name in ("on_hand", "held", "sold", "moved")}
        return Stock(
            id=doc["_id"], tenant=doc["tenant"], product_id=doc["product_id"], sku=doc["sku"], **place, **figures
        )

    @staticmethod
    def visible(scope: Scope) -> Doc:
        """A group its own, an officer her area's; buyers see what is listed, not how much there is."""
        if scope.role is Role.DEPARTMENT:
            return NOWHERE
        return {"seller": {"$in": sorted(scope.groups)}} if scope.role in OWN_GROUPS else within(scope)


BROKEN = {
    "$or": [
        {"$gt": ["$held", "$on_hand"]},
        {"$lt": ["$held", 0]},
        {"$lt": ["$sold", 0]},
        {"$ne": ["$moved", {"$add": ["$on_hand", "$sold"]}]},
    ]
}


async def broken(database: Database, after: str, limit: int) -> tuple[list[str], str]:
    """Of the next `limit` stocks after that id those that are oversold or do not add up; the last id, "" at the end."""
    rows = database.collection(StockDocument.collection)
    last = await rows.find({"_id": {"$gt": after}}, {"_id": 1}).sort("_id").skip(limit - 1).limit(1).to_list()
    these = {"$gt": after, "$lte": last[0]["_id"]} if last else {"$gt": after}
    found = await rows.find({"_id": these, "$expr": BROKEN}, {"_id": 1}).to_list()
    return [doc["_id"] for doc in found], last[0]["_id"] if last else ""
