"""How groups are kept and found."""

from collections.abc import AsyncIterator
from dataclasses import fields

from services.catalog.groups.domain import ENTRY, Group, GroupFilters, Listed, Membership
from services.catalog.names import domain as sounds
from shared.documents import Doc, Document
from shared.localized import Localized, having
from shared.mongo import Database
from shared.places.area import within
from shared.reads import Page, Paging, page
from shared.scope import OWN_GROUPS, Scope

PLAIN = tuple(name for name in ENTRY if name not in {"names", "activities"})
LIFE = ("merged_into", "active", "why", "compare_at")
SINCE_2: Doc = {
    **dict.fromkeys(("federation", "account", "merged_into", "why", "compare_at", "listed")),
    "absorbs": [],
    "active": True,
    "own_years": [],
    "mended": [],
}


class GroupDocument(Document[Group]):
    holds = Group
    collection = "groups"
    topic = "catalog.groups"
    schema = 2
    indexes = (
        (("district", 1), ("block", 1)),
        (("block", 1), ("_id", 1)),
        (("local_body", 1), ("_id", 1)),
        (("words", 1),),
    )
    due = "compare_at"

    @staticmethod
    def of(state: Group) -> Doc:
        entry = {name: getattr(state, name) for name in PLAIN}
        named = {"names": state.names.kept(), "words": state.names.words(), "activities": list(state.activities)}
        life = {name: getattr(state, name) for name in LIFE}
        merged = {"absorbs": [_row(other) for other in state.absorbs], "programmes": list(state.programmes)}
        years = {"own_years": list(state.stall_years), "stall_years": list(state.years)}
        kept = {"mended": sorted(state.mended), "listed": _row(state.listed) if state.listed else None}
        return {**entry, **named, **life, **merged, **years, **kept, "place": state.place, **_heard(state)}

    @staticmethod
    def state(doc: Doc) -> Group:
        return Group(
            id=doc["_id"],
            tenant=doc["tenant"],
            names=Localized(**doc["names"]),
            activities=tuple(doc["activities"]),
            absorbs=tuple(_membership(other) for other in doc["absorbs"]),
            stall_years=tuple(doc["own_years"]),
            mended=frozenset(doc["mended"]),
            listed=Listed(**doc["listed"]) if doc["listed"] else None,
            **{name: doc[name] for name in (*PLAIN, *LIFE)},
        )

    @classmethod
    def upgrade(cls, doc: Doc) -> Doc:
        """Schema 1 knew one programme a group and no life after the entry."""
        return {**SINCE_2, **doc}

    @staticmethod
    def visible(scope: Scope) -> Doc:  # noqa: ARG004
        """All of the state: that a group exists, its name and place are public."""
        return {}


def _row(part: Membership | Listed) -> Doc:
    return {one.name: getattr(part, one.name) for one in fields(part)}


def _membership(row: Doc) -> Membership:
    return Membership(**{**row, "stall_years": tuple(row["stall_years"])})


def _heard(state: Group) -> Doc:
    """By which a name is searched, and the whole of it and of its village compared with others'."""
    village = sounds.sound(state.village) if state.village else ""
    return {"keys": sounds.keys(state.names), "sound": sounds.whole(state.names), "village_sound": village}


async def standing(database: Database, tenant: str, place: str) -> AsyncIterator[Group]:
    """All groups of a block or town, by its code, aliases left out; where a code means both, of both."""
    there = {"tenant": tenant, "$or": [{"block": place}, {"local_body": place}], "merged_into": None}
    left_out = dict.fromkeys(("outbox", "requests", "words", "keys", "audit"), 0)
    async for doc in database.collection(GroupDocument.collection).find(there, left_out):
        yield GroupDocument.load(doc)


def where(filters: GroupFilters) -> list[Doc]:
    asked = {"district": filters.district, "block": filters.block, "programmes": filters.programme}
    return [{field: value} for field, value in asked.items() if value is not None] + having("words", filters.q)


async def found(database: Database, filters: GroupFilters, scope: Scope, paging: Paging) -> Page[Group]:
    """The groups of the scope's area, or her own; an alias is not a group of its own."""
    mine = {"_id": {"$in": await _own(database, scope)}} if scope.role in OWN_GROUPS else within(scope)
    return await page(
        database, GroupDocument, scope, paging, where={"$and": [mine, {"merged_into": None}, *where(filters)]}
    )


async def _own(database: Database, scope: Scope) -> list[str]:
    """What her groups' ids stand for now."""
    wanted = {"_id": {"$in": sorted(scope.groups)}, "tenant": scope.tenant}
    rows = database.collection(GroupDocument.collection).find(wanted, {"merged_into": 1})
    return sorted({doc.get("merged_into") or doc["_id"] async for doc in rows})
