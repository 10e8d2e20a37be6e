"""How the sellers we know are kept: one document each, by the group's id."""

from services.orders.sellers.domain import KnownSeller
from shared.documents import Doc, Document
from shared.scope import Scope


class KnownSellerDocument(Document[KnownSeller]):
    holds = KnownSeller
    collection = "known_sellers"

    @staticmethod
    def of(state: KnownSeller) -> Doc:
        return {"active": state.active, "merged_into": state.merged_into}

    @staticmethod
    def state(doc: Doc) -> KnownSeller:
        return KnownSeller(id=doc["_id"], tenant=doc["tenant"], active=doc["active"], merged_into=doc["merged_into"])

    @staticmethod
    def visible(scope: Scope) -> Doc:  # noqa: ARG004
        """That a group sells is no secret within a state."""
        return {}
