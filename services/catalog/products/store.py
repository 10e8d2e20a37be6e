"""How products are kept and found."""

from datetime import date
from typing import Any

from services.catalog.labels.domain import FoodLicence, Variant
from services.catalog.products.domain import Product, ProductFilters, Status
from shared.documents import Doc, Document
from shared.localized import Localized, having
from shared.mongo import Database
from shared.places.area import within
from shared.reads import Page, Paging, page
from shared.scope import OFFICERS, OWN_GROUPS, Role, Scope


class ProductDocument(Document[Product]):
    holds = Product
    collection = "products"
    topic = "catalog.products"
    schema = 2
    indexes = (
        (("words", 1), ("status", 1)),
        (("status", 1), ("_id", 1)),
        (("seller", 1), ("_id", 1)),
        (("district", 1), ("category", 1), ("_id", 1)),
        (("block", 1), ("_id", 1)),
    )

    @staticmethod
    def of(state: Product) -> Doc:
        seller = {"seller": state.seller, "district": state.district, "block": state.block}
        stands = {"status": state.status.value, "reason": state.reason, "words": state.title.words()}
        makers = {"made_by": state.made_by, "submitted_by": state.submitted_by}
        return {**seller, **stands, **makers, **_label(state)}

    @staticmethod
    def state(doc: Doc) -> Product:
        makers = ("made_by", "submitted_by")
        same = ("tenant", "seller", "district", "block", "reason", "category", "hsn", *makers)
        return Product(
            id=doc["_id"],
            status=Status(doc["status"]),
            title=Localized(**doc["title"]),
            description=Localized(**doc["description"]) if doc["description"] else None,
            variants=tuple(_variant(kept) for kept in doc["variants"]),
            fssai=_licence(doc["fssai"]),
            images=tuple(doc["images"]),
            **{field: doc[field] for field in same},
        )

    @classmethod
    def upgrade(cls, doc: Doc) -> Doc:
        """Schema 1 did not say who made and who submitted it."""
        return {"made_by": None, "submitted_by": None, **doc}

    @staticmethod
    def visible(scope: Scope) -> Doc:
        """What is listed; besides, an officer sees her area's and a group its own, whatever their status."""
        listed = {"status": Status.LISTED.value}
        if scope.role in OFFICERS or scope.role is Role.ADMIN:
            return {"$or": [listed, within(scope)]}
        return {"$or": [listed, {"seller": {"$in": sorted(scope.groups)}}]} if scope.role in OWN_GROUPS else listed


def _label(state: Product) -> Doc:
    licence = state.fssai and {"number": state.fssai.number, "expires_on": state.fssai.expires_on.isoformat()}
    return {
        "title": state.title.kept(),
        "description": state.description and state.description.kept(),
        "category": state.category,
        "hsn": state.hsn,
        "fssai": licence,
        "images": list(state.images),
        "variants": [_kept(variant) for variant in state.variants],
    }


def _kept(variant: Variant) -> Doc:
    prices = {"unit_price_paise": variant.unit_price_paise, "mrp_paise": variant.mrp_paise}
    pack = {"net_quantity": variant.net_quantity, "gtin": variant.gtin, "title": variant.title and variant.title.kept()}
    return {"sku": variant.sku, **prices, "tax_basis_points": variant.tax_basis_points, **pack}


def _variant(kept: Doc) -> Variant:
    return Variant(**{**kept, "title": Localized(**kept["title"]) if kept["title"] else None})


def _licence(kept: Doc | None) -> FoodLicence | None:
    return FoodLicence(number=kept["number"], expires_on=date.fromisoformat(kept["expires_on"])) if kept else None


def where(filters: ProductFilters) -> list[Doc]:
    asked: dict[str, Any] = {"district": filters.district, "category": filters.category, "seller": filters.group}
    equal = [{field: value} for field, value in asked.items() if value is not None]
    status = [{"status": filters.status.value}] if filters.status else []
    return [*equal, *status, *having("words", filters.q)]


async def found(database: Database, filters: ProductFilters, scope: Scope, paging: Paging) -> Page[Product]:
    narrowed = where(filters)
    return await page(database, ProductDocument, scope, paging, where={"$and": narrowed} if narrowed else {})
