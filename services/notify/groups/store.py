"""How the groups we know, and the ids that stand for them, are kept: one document each, by the group's id."""

from services.notify.groups.domain import Aliases, KnownGroup
from shared.documents import Doc, Document
from shared.scope import Scope


class KnownGroupDocument(Document[KnownGroup]):
    holds = KnownGroup
    collection = "known_groups"

    @staticmethod
    def of(state: KnownGroup) -> Doc:
        return {"district": state.district, "block": state.block, "merged_into": state.merged_into}

    @staticmethod
    def state(doc: Doc) -> KnownGroup:
        said = {field: doc[field] for field in ("tenant", "district", "block", "merged_into")}
        return KnownGroup(id=doc["_id"], **said)

    @staticmethod
    def visible(scope: Scope) -> Doc:  # noqa: ARG004
        """The registry is public within a state."""
        return {}


class AliasesDocument(Document[Aliases]):
    holds = Aliases
    collection = "known_aliases"

    @staticmethod
    def of(state: Aliases) -> Doc:
        return {"ids": list(state.ids)}

    @staticmethod
    def state(doc: Doc) -> Aliases:
        return Aliases(id=doc["_id"], tenant=doc["tenant"], ids=tuple(doc["ids"]))

    @staticmethod
    def visible(scope: Scope) -> Doc:  # noqa: ARG004
        """The registry is public within a state."""
        return {}
