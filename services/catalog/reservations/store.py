"""How reservations are kept. No route reads them: orders tells buyers and groups what came of them."""

from services.catalog.reservations.domain import Line, Reservation, Status
from shared.documents import Doc, Document
from shared.places.area import NOWHERE
from shared.scope import Scope


class ReservationDocument(Document[Reservation]):
    holds = Reservation
    collection = "reservations"
    topic = "catalog.reservations"

    @staticmethod
    def of(state: Reservation) -> Doc:
        lines = [{"product_id": line.product_id, "sku": line.sku, "quantity": line.quantity} for line in state.lines]
        return {"status": state.status.value, "lines": lines, "code": state.code}

    @staticmethod
    def state(doc: Doc) -> Reservation:
        return Reservation(
            id=doc["_id"],
            tenant=doc["tenant"],
            status=Status(doc["status"]),
            lines=tuple(Line(**line) for line in doc["lines"]),
            code=doc["code"],
        )

    @staticmethod
    def visible(scope: Scope) -> Doc:  # noqa: ARG004
        return NOWHERE
