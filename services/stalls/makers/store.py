"""How the groups and products we know are kept: one document each, by their own id."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from services.stalls.makers.domain import Aliases, KnownGroup, KnownProduct
from shared.documents import Doc, Document
from shared.mongo import Database
from shared.scope import Scope


def _named(kind: type[KnownGroup | KnownProduct]) -> tuple[str, ...]:
    """Its fields but for those that every document has."""
    return tuple(field.name for field in fields(kind) if field.name not in {"id", "tenant"})


OF_GROUP, OF_PRODUCT = _named(KnownGroup), _named(KnownProduct)


class KnownGroupDocument(Document[KnownGroup]):
    holds = KnownGroup
    collection = "known_groups"
    schema = 2

    @staticmethod
    def of(state: KnownGroup) -> Doc:
        return {name: getattr(state, name) for name in OF_GROUP}

    @staticmethod
    def state(doc: Doc) -> KnownGroup:
        several: dict[str, Any] = {name: tuple(doc[name]) for name in ("programmes", "ties")}
        return KnownGroup(id=doc["_id"], tenant=doc["tenant"], **{name: doc[name] for name in OF_GROUP} | several)

    @classmethod
    def upgrade(cls, doc: Doc) -> Doc:
        """Schema 1 knew no merges and no groups that take part in nothing."""
        return {"programmes": [], "active": True, "merged_into": None, "ties": [], **doc}

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


class KnownProductDocument(Document[KnownProduct]):
    holds = KnownProduct
    collection = "known_products"

    @staticmethod
    def of(state: KnownProduct) -> Doc:
        return {name: getattr(state, name) for name in OF_PRODUCT}

    @staticmethod
    def state(doc: Doc) -> KnownProduct:
        return KnownProduct(id=doc["_id"], tenant=doc["tenant"], **{name: doc[name] for name in OF_PRODUCT})

    @staticmethod
    def visible(scope: Scope) -> Doc:  # noqa: ARG004
        """What is on sale is no secret within a state."""
        return {}


async def groups_of(database: Database, ids: Sequence[str], tenant: str) -> dict[str, KnownGroup]:
    """By id. As many at once as one query takes: the caller cuts."""
    wanted = {"_id": {"$in": list(ids)}, "tenant": tenant}
    rows = database.collection(KnownGroupDocument.collection).find(wanted, {"requests": 0, "outbox": 0})
    return {doc["_id"]: KnownGroupDocument.load(doc) async for doc in rows}


async def aliases_of(database: Database, ids: Sequence[str], tenant: str) -> dict[str, Aliases]:
    """By the group they stand for. As many at once as one query takes: the caller cuts."""
    wanted = {"_id": {"$in": list(ids)}, "tenant": tenant}
    rows = database.collection(AliasesDocument.collection).find(wanted, {"requests": 0, "outbox": 0})
    return {doc["_id"]: AliasesDocument.load(doc) async for doc in rows}
