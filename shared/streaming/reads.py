"""Figures as they are read: partial figures of all partitions summed by hour or day, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shared.clock import INDIA
from shared.documents import Doc
from shared.mongo import Database
from shared.reads import BadCursor, Page, Paging, cursor_of, parsed
from shared.scope import Scope
from shared.streaming.generations import current
from shared.streaming.measures import figures_of
from shared.streaming.spans import Span

LONGEST_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Sum:
    """One row: from `start` up to `end`, of the things named in `of`, the numbers in `counts`."""

    start: datetime
    end: datetime
    of: Mapping[str, Any]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figures: of measure `name`, its `counts` by the fields `of`, within `span` and `where`."""

    name: str
    counts: Sequence[str]
    of: Sequence[str]
    span: Span
    where: Doc


async def summed(database: Database, scope: Scope, visible: Doc, asked: Asked, paging: Paging) -> Page[Sum]:
    """In order of time, then of what they are of; rows that come to nothing are left out. Raises BadCursor."""
    collection = database.collection(figures_of(asked.name, await current(database, asked.name)))
    stages = pipeline([{"tenant": scope.tenant}, visible, asked.where], asked, paging)
    found = await collection.aggregate(stages, maxTimeMS=LONGEST_SECONDS * 1000, allowDiskUse=True)
    docs = await found.to_list()
    shown = docs[: paging.limit]
    more = cursor_of(shown[-1]["at"], shown[-1]["id"]) if len(docs) > paging.limit else None
    return Page([_sum(doc, asked) for doc in shown], more)


def pipeline(filters: Sequence[Doc], asked: Asked, paging: Paging) -> list[Doc]:
    since, after = asked.span.start, []
    if paging.cursor:
        at, id_ = parsed(paging.cursor)
        if not isinstance(at, datetime):
            raise BadCursor
        since = max(since, at)
        after = [{"$match": {"$or": [{"at": {"$gt": at}}, {"at": at, "id": {"$gt": id_}}]}}]
    within = {"hour": {"$gte": since, "$lt": asked.span.end}}
    bucket = {"$dateTrunc": {"date": "$hour", "unit": asked.span.by, "timezone": str(INDIA)}}
    group: Doc = {"at": bucket, **{field: f"${field}" for field in asked.of}}
    names = [{"$ifNull": [f"$_id.{field}", ""]} for field in asked.of]
    id_of = {"$concat": [part for name in names for part in (name, "|")]}
    return [
        {"$match": {"$and": [*filters, within]}},
        {"$group": {"_id": group, **{count: {"$sum": f"${count}"} for count in asked.counts}}},
        {"$match": {"$or": [{count: {"$ne": 0}} for count in asked.counts]}},
        {"$set": {"at": "$_id.at", "id": id_of}},
        *after,
        {"$sort": {"at": 1, "id": 1}},
        {"$limit": paging.limit + 1},
    ]


def _sum(doc: Doc, asked: Asked) -> Sum:
    start = doc["at"].astimezone(INDIA)
    end = start + (timedelta(hours=1) if asked.span.by == "hour" else timedelta(days=1))
    of = {field: doc["_id"].get(field) for field in asked.of}
    return Sum(start, end, of, {count: doc[count] for count in asked.counts})
