"""How groups are kept and found."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import fields
from functools import partial
from itertools import chain

from services.catalog.filters.domain import GroupFilters, of_number
from services.catalog.groups.domain import ENTRY, Group, Listed, Membership
from services.catalog.names import domain as sounds
from services.catalog.searches.domain import Meant, beyond, together, whole_names
from shared.decisions import Decision
from shared.documents import Doc, Document, Key
from shared.localized import Localized
from shared.mongo import Database
from shared.outbox import insert_all
from shared.places.area import within
from shared.reads import BadCursor, Page, Paging, cursor_of, page, parsed
from shared.scope import OWN_GROUPS, Scope

PLAIN = tuple(name for name in ENTRY if name not in {"names", "activities"})
LIFE = ("merged_into", "tries", "active", "why", "compare_at")
SINCE_2: Doc = {
    **dict.fromkeys(("federation", "account", "merged_into", "why", "compare_at", "listed")),
    "absorbs": [],
    "tries": 0,
    "active": True,
    "own_years": [],
    "mended": [],
}
LISTED_BY = (
    *("district", "block", "local_body", "programmes", "active", "stall_years"),
    *("activity_sounds", "federation_sound"),
)
BY_KEY = (("keys", 1), ("_id", 1), ("district", 1), ("block", 1))
TENANT = ("tenant", 1)  # every index begins with it
BY_PAIR = (("pairs", 1), ("_id", 1), ("district", 1), ("block", 1))
BY_ID = (("_id", 1),)
MOST_NEW = 50
LISTS = frozenset({"programmes", "activities", "activity_sounds"})
LEFT_OUT = dict.fromkeys(("outbox", "requests", "keys", "pairs", "activity_sounds", "audit"), 0)
BATCH = 1_000
COUNTED = (("alias", 1), ("district", 1), ("block", 1), ("local_body", 1), ("active", 1))
"""Counts by place read this index alone."""


class GroupDocument(Document[Group]):
    holds = Group
    collection = "groups"
    topic = "catalog.groups"
    schema = 2
    indexes = (
        *(((field, 1), ("_id", 1)) for field in LISTED_BY),
        BY_KEY,
        BY_PAIR,
        COUNTED,
    )
    due = "compare_at"

    @staticmethod
    def of(state: Group) -> Doc:
        entry = {name: getattr(state, name) for name in PLAIN}
        named = {"names": state.names.kept(), "activities": list(state.activities)}
        life = {name: getattr(state, name) for name in LIFE}
        merged = {"absorbs": [_row(other) for other in state.absorbs], "programmes": list(state.programmes)}
        years = {"own_years": list(state.stall_years), "stall_years": list(state.years)}
        kept = {"mended": sorted(state.mended), "listed": _row(state.listed) if state.listed else None}
        derived = {"place": state.place, "alias": state.merged_into is not None, **_heard(state)}
        return {**entry, **named, **life, **merged, **years, **kept, **derived}

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
    names = {"keys": sounds.keys(state.names), "pairs": sounds.pairs(state.names), "sound": sounds.whole(state.names)}
    activities = {"activity_sounds": sorted({sounds.sound(one) for one in state.activities})}
    village = sounds.sound(state.village) if state.village else ""
    federation = sounds.sound(state.federation) if state.federation else None
    return {**names, **activities, "village_sound": village, "federation_sound": federation}


async def newest_rows(database: Database, ids: Sequence[str]) -> dict[str, Listed | None]:
    found = database.collection(GroupDocument.collection).find({"_id": {"$in": list(ids)}}, {"listed": 1})
    return {doc["_id"]: Listed(**row) if (row := doc.get("listed")) else None async for doc in found}


async def entered(database: Database, decisions: Sequence[Decision[Group]]) -> int:
    return await insert_all(database, GroupDocument, decisions)


async def of_place(database: Database, tenant: str, place: str) -> AsyncIterator[Group]:
    """All records of a block or town, by its code, aliases too; where a code means both, of both."""
    there = {"tenant": tenant, "$or": [{"block": place}, {"local_body": place}]}
    async for doc in database.collection(GroupDocument.collection).find(there, LEFT_OUT):
        yield GroupDocument.load(doc)


async def renew(database: Database) -> int:
    """Documents of an older schema get what they are found by; how many there were. State and version stay.

    Whoever writes one meanwhile writes all of it, so then there is nothing left to do here.
    """
    groups, renewed = database.collection(GroupDocument.collection), 0
    older = {"keys": {"$exists": False}, "schema": {"$lt": GroupDocument.schema}}
    for tenant in await groups.distinct("tenant"):
        async for doc in groups.find({"tenant": tenant, **older}, {"outbox": 0, "requests": 0}):
            kept = {**GroupDocument.of(GroupDocument.load(doc)), "schema": GroupDocument.schema}
            done = await groups.update_one({"_id": doc["_id"], "version": doc["version"]}, {"$set": kept})
            renewed += done.matched_count
    return renewed


def where(filters: GroupFilters, readings: Iterable[Meant] = ()) -> list[Doc]:
    """What the filters ask, of groups that are no aliases."""
    heard = {"activity_sounds": filters.activity, "federation_sound": filters.federation}
    equal = {field: getattr(filters, field) for field in ("district", "block", "local_body", "active")}
    equal |= {field: text and sounds.sound(text) for field, text in heard.items()}
    equal |= {"programmes": filters.programme, "stall_years": filters.stall_year}
    asked: list[Doc] = [{field: value} for field, value in equal.items() if value is not None]
    if filters.village is not None:
        asked.append({"village_sound": _beginning(sounds.sound(filters.village))})
    if filters.stall_in is not None:
        asked.append({"stall_years": filters.stall_in})
    if filters.no_stall_in is not None:
        asked.append({"stall_years": {"$ne": filters.no_stall_in}})
    if ways := [_reading(one) for one in together(readings)]:
        asked.append({"$or": ways} if len(ways) > 1 else ways[0])
    return [{"alias": {"$ne": True}}, *asked]


def _reading(one: Meant) -> Doc:
    parts: list[Doc] = [{"pairs": {"$in": sorted(one.pairs)}}] if one.pairs else []
    parts += [{"keys": {"$in": sorted(any_of)}} for any_of in (one.words, *one.besides) if any_of]
    if one.start is not None:
        parts.append({"keys": _beginning(one.start)})
    return {"$and": parts} if len(parts) > 1 else parts[0]


async def sounds_there(database: Database, tenant: str) -> list[str]:
    """Every sound of a word in a name, from the index."""
    return list(await database.collection(GroupDocument.collection).distinct("keys", {"tenant": tenant}))


async def sounds_beginning(database: Database, tenant: str, start: str) -> list[str]:
    """Some of the sounds that begin so; of groups entered since all of them were read there are few."""
    wanted = {"tenant": tenant, "keys": _beginning(start)}
    begun = database.collection(GroupDocument.collection).find(wanted, {"keys": 1}, limit=MOST_NEW)
    return sorted({one async for doc in begun.hint([TENANT, *BY_KEY]) for one in doc["keys"] if one.startswith(start)})


def _beginning(start: str) -> Doc:
    """As one range: of a list's two bounds MongoDB walks one alone."""
    return {"$regex": f"^{start}"}


async def mine(database: Database, filters: GroupFilters, scope: Scope) -> list[Doc]:
    """The groups of the scope's area, or her own; of them, where a number is asked for, whom it means."""
    own = scope.role in OWN_GROUPS
    hers: Doc = {"_id": {"$in": await _now(database, scope.tenant, scope.groups)}} if own else within(scope)
    if filters.code is None:
        return [hers]
    return [hers, {"_id": {"$in": await _now(database, scope.tenant, of_number(filters, scope.tenant))}}]


async def found(
    database: Database, filters: GroupFilters, ranks: Sequence[Sequence[Meant]], scope: Scope, paging: Paging
) -> Page[Group]:
    """Of the groups of the scope's area, or her own; an alias is not a group of its own.

    The ranks of a search one after the other, each cut into pages by ids; a cursor is the rank and an id of it. On a
    page the whole name comes before more of a name.
    """
    asked = [*await mine(database, filters, scope), *where(filters)]
    look = partial(_page, database, scope, asked, BY_ID if filters.code else None)
    if not ranks:
        return await look(None, (), paging)
    items, called = list[Group](), sounds.whole(Localized(en=filters.q))
    first, after = _begins(paging.cursor, len(ranks))
    for rank in range(first, len(ranks)):
        left = Paging(max(paging.limit - len(items), 1), cursor_of(after, after) if after else None)
        some = await _ranked(look, ranks, rank, left)
        if some.items and len(items) == paging.limit:
            return Page(items, cursor_of(rank, ""))
        items += sorted(some.items, key=lambda group: rank == 0 and called not in whole_names(group.names))
        if some.next_cursor:
            return Page(items, cursor_of(rank, some.items[-1].id))
        after = ""
    return Page(items, None)


Look = Callable[[Meant | None, Sequence[Meant], Paging], Awaitable[Page[Group]]]


async def _ranked(look: Look, ranks: Sequence[Sequence[Meant]], rank: int, paging: Paging) -> Page[Group]:
    """Of this rank and of none before it."""
    before = together(chain.from_iterable(ranks[:rank]))
    pages = await asyncio.gather(*(look(way, before, paging) for way in beyond(ranks[rank], before)))
    return _merged(pages, paging.limit)


async def _page(  # noqa: PLR0917  one look into the registry
    database: Database,
    scope: Scope,
    asked: Sequence[Doc],
    hint: Key | None,
    way: Meant | None,
    before: Sequence[Meant],
    paging: Paging,
) -> Page[Group]:
    ways = [_reading(way)] if way else []
    without: list[Doc] = [{"$nor": [_reading(one) for one in before]}] if before else []
    every = {"$and": [*asked, *ways, *without]}
    return await page(database, GroupDocument, scope, paging, where=every, hint=hint or _index(way))


def _begins(cursor: str | None, ranks: int) -> tuple[int, str]:
    """The rank and the id behind which a page begins. Raises BadCursor."""
    if cursor is None:
        return 0, ""
    rank, after = parsed(cursor)
    if type(rank) is not int or not 0 <= rank < ranks:
        raise BadCursor
    return rank, after


def _index(way: Meant | None) -> Key | None:
    """By which a search is read: with a dozen to choose from, MongoDB's own choice takes longer than the search."""
    if way is None or way.start is not None:
        return None
    return (TENANT, *(BY_PAIR if way.pairs else BY_KEY))


def _merged(pages: Sequence[Page[Group]], limit: int) -> Page[Group]:
    """Of what each way found, in the order of ids, the first `limit`."""
    groups = {group.id: group for one in pages for group in one.items}
    first = sorted(groups)[:limit]
    more = len(groups) > limit or any(one.next_cursor for one in pages)
    return Page([groups[id_] for id_ in first], cursor_of(first[-1], first[-1]) if more else None)


async def counted(
    database: Database, field: str, filters: GroupFilters, readings: Iterable[Meant], scope: Scope
) -> tuple[int, list[tuple[str, int]]]:
    """How many there are, and how many have each value of the field; a list counts for each of its values."""
    groups = database.collection(GroupDocument.collection)
    asked = {"$and": [{"tenant": scope.tenant}, *await mine(database, filters, scope), *where(filters, readings)]}
    each: list[Doc] = [{"$unwind": f"${field}"}] if field in LISTS else []
    by = [{"$match": asked}, *each, {"$group": {"_id": f"${field}", "groups": {"$sum": 1}}}]
    rows = {row["_id"]: row["groups"] async for row in await groups.aggregate(by)}
    total = await groups.count_documents(asked) if field in LISTS else sum(rows.values())
    return total, [(value, number) for value, number in rows.items() if value is not None]


async def every(
    database: Database, filters: GroupFilters, readings: Iterable[Meant], scope: Scope
) -> AsyncIterator[Group]:
    """All that `found` would list, as the database gives them."""
    asked = {"$and": [{"tenant": scope.tenant}, *await mine(database, filters, scope), *where(filters, readings)]}
    async for doc in database.collection(GroupDocument.collection).find(asked, LEFT_OUT, batch_size=BATCH):
        yield GroupDocument.load(doc)


async def _now(database: Database, tenant: str, ids: Iterable[str]) -> list[str]:
    """What these ids stand for now."""
    rows = database.collection(GroupDocument.collection)
    found = rows.find({"_id": {"$in": sorted(ids)}, "tenant": tenant}, {"merged_into": 1}).hint(list(BY_ID))
    return sorted({doc.get("merged_into") or doc["_id"] async for doc in found})
