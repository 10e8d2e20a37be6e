"""How claims on commitments are kept: by their own id, so that of two calls at once one gets it."""

from services.stalls.commitments.domain import Claim
from shared.documents import Doc, Document
from shared.places.area import NOWHERE
from shared.scope import Scope


class ClaimDocument(Document[Claim]):
    holds = Claim
    collection = "commitments"

    @staticmethod
    def of(state: Claim) -> Doc:
        return {"commitment": state.commitment, "call": state.call}

    @staticmethod
    def state(doc: Doc) -> Claim:
        return Claim(id=doc["_id"], tenant=doc["tenant"], commitment=doc["commitment"], call=doc["call"])

    @staticmethod
    def visible(scope: Scope) -> Doc:  # noqa: ARG004
        return NOWHERE
