"""How the products we know are kept: one document each, by the product's id."""

from dataclasses import asdict

from services.orders.baskets.domain import KnownProduct, Offer
from shared.documents import Doc, Document
from shared.scope import Scope


class KnownProductDocument(Document[KnownProduct]):
    holds = KnownProduct
    collection = "known_products"
    schema = 2

    @staticmethod
    def of(product: KnownProduct) -> Doc:
        offers = [asdict(offer) for offer in product.offers]
        return {
            "seller": product.seller,
            "district": product.district,
            "block": product.block,
            "on_sale": product.on_sale,
            "offers": offers,
        }

    @staticmethod
    def state(doc: Doc) -> KnownProduct:
        return KnownProduct(
            id=doc["_id"],
            tenant=doc["tenant"],
            seller=doc["seller"],
            district=doc["district"],
            block=doc["block"],
            on_sale=doc["on_sale"],
            offers=tuple(Offer(**offer) for offer in doc["offers"]),
        )

    @classmethod
    def upgrade(cls, doc: Doc) -> Doc:
        """Schema 1 did not know the seller's block."""
        return {"block": None, **doc}

    @staticmethod
    def visible(scope: Scope) -> Doc:
        """What is on sale is no secret within a state."""
        del scope
        return {}
