"""How groups are kept and found."""

from services.catalog.groups.domain import Group, GroupFilters
from shared.documents import Doc, Document
from shared.localized import Localized, having
from shared.mongo import Database
from shared.places.area import within
from shared.reads import Page, Paging, page
from shared.scope import OWN_GROUPS, Scope


class GroupDocument(Document[Group]):
    holds = Group
    collection = "groups"
    topic = "catalog.groups"
    indexes = ((("district", 1), ("block", 1)), (("block", 1), ("_id", 1)), (("words", 1),))

    @staticmethod
    def of(state: Group) -> Doc:
        place = {"district": state.district, "block": state.block, "local_body": state.local_body}
        finer = {"ward": state.ward, "village": state.village}
        named = {"names": state.names.kept(), "words": state.names.words()}
        known = {"programme": state.programme, "code": state.code, "relay": state.relay}
        return {**known, **named, **place, **finer, "activities": list(state.activities)}

    @staticmethod
    def state(doc: Doc) -> Group:
        same = ("tenant", "programme", "code", "relay", "district", "block", "local_body", "ward", "village")
        return Group(
            id=doc["_id"],
            names=Localized(**doc["names"]),
            activities=tuple(doc["activities"]),
            **{field: doc[field] for field in same},
        )

    @staticmethod
    def visible(scope: Scope) -> Doc:  # noqa: ARG004
        """All of the state: that a group exists, its name and place are public."""
        return {}


def where(filters: GroupFilters) -> list[Doc]:
    asked = {"district": filters.district, "block": filters.block, "programme": filters.programme}
    return [{field: value} for field, value in asked.items() if value is not None] + having("words", filters.q)


async def found(database: Database, filters: GroupFilters, scope: Scope, paging: Paging) -> Page[Group]:
    """The groups of the scope's area, or her own."""
    mine = {"_id": {"$in": sorted(scope.groups)}} if scope.role in OWN_GROUPS else within(scope)
    return await page(database, GroupDocument, scope, paging, where={"$and": [mine, *where(filters)]})
