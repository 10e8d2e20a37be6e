"""How turns are kept: one document a group."""

from services.catalog.turns.domain import Stall, Turns
from shared.documents import Doc, Document
from shared.places.area import NOWHERE
from shared.scope import Scope


class TurnsDocument(Document[Turns]):
    holds = Turns
    collection = "turns"

    @staticmethod
    def of(state: Turns) -> Doc:
        rows = [
            {"allotment": id_, "heard": list(stall.heard), "years": list(stall.years)}
            for id_, stall in sorted(state.stalls.items())
        ]
        return {"group": state.group, "stalls": rows}

    @staticmethod
    def state(doc: Doc) -> Turns:
        stalls = {
            row["allotment"]: Stall(heard=(row["heard"][0], row["heard"][1]), years=tuple(row["years"]))
            for row in doc["stalls"]
        }
        return Turns(id=doc["_id"], tenant=doc["tenant"], group=doc["group"], stalls=stalls)

    @staticmethod
    def visible(scope: Scope) -> Doc:  # noqa: ARG004
        """For the registry's own use: a group shows the years."""
        return NOWHERE
