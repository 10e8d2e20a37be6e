"""How the products we know are kept: one document each, by the product's id."""

from dataclasses import asdict

from services.orders.baskets.domain import KnownProduct, Offer
from shared.documents import Doc, Document
from shared.scope import Scope


class KnownProductDocument(Document[KnownProduct]):
    holds = KnownProduct
    collection = "known_products"

    @staticmethod
    def of(product: KnownProduct) -> Doc:
        offers = [asdict(offer) for offer in product.offers]
        return {
            "seller": product.seller,
            "district": product.district,
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
            on_sale=doc["on_sale"],
            offers=tuple(Offer(**offer) for offer in doc["offers"]),
        )

    @staticmethod
    def visible(scope: Scope) -> Doc:
        """What is on sale is no secret within a state."""
        del scope
        return {}
