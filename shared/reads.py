"""Lists, page by page. Every read takes a scope; a cursor is (sort value, _id), opaque to callers."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from shared.documents import Doc, Document, Key
from shared.errors import Invalid
from shared.mongo import Database, can_hold
from shared.scope import Scope

T = TypeVar("T")


class BadCursor(Invalid):
    """This cursor is not one we gave; start again without it."""

    mr = "हा cursor आम्ही दिलेला नाही; त्याशिवाय पुन्हा सुरू करा."
    hi = "यह cursor हमारा दिया हुआ नहीं है; इसके बिना फिर से शुरू करें।"


@dataclass(frozen=True, slots=True)
class Paging:
    """`limit` items after `cursor` (None: from the start)."""

    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    items: list[T]
    next_cursor: str | None


def cursor_of(value: Any, id_: str) -> str:
    plain = {"t": value.isoformat()} if isinstance(value, datetime) else {"v": value}
    return base64.urlsafe_b64encode(json.dumps([plain, id_]).encode()).decode().rstrip("=")


def parsed(cursor: str) -> tuple[Any, str]:
    """Raises BadCursor."""
    try:
        plain, id_ = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        value = datetime.fromisoformat(plain["t"]).astimezone(UTC) if "t" in plain else plain["v"]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as e:
        raise BadCursor from e
    if isinstance(value, dict | list) or not isinstance(id_, str) or not can_hold({"value": value, "id": id_}):
        raise BadCursor
    return value, id_


def after(cursor: str, sort: str, direction: int) -> Doc:
    value, id_ = parsed(cursor)
    beyond = "$gt" if direction > 0 else "$lt"
    if sort == "_id":
        return {"_id": {beyond: id_}}
    return {"$or": [{sort: {beyond: value}}, {sort: value, "_id": {beyond: id_}}]}


async def page(  # noqa: PLR0913  one list, every way it is cut
    database: Database,
    kind: type[Document[T]],
    scope: Scope,
    paging: Paging,
    *,
    where: Doc | None = None,
    sort: str = "_id",
    direction: int = 1,
    hint: Key | None = None,
) -> Page[T]:
    """What the scope sees, filtered by `where`, ordered by (`sort`, _id), by the index `hint`. Raises BadCursor."""
    filters = [{"tenant": scope.tenant}, kind.visible(scope), where or {}]
    if paging.cursor:
        filters.append(after(paging.cursor, sort, direction))
    found = database.collection(kind.collection).find({"$and": filters}, {"outbox": 0, "requests": 0})
    keys = [(sort, direction)] + ([("_id", direction)] if sort != "_id" else [])
    if hint:
        found = found.hint(list(hint))
    docs = await found.sort(keys).limit(paging.limit + 1).to_list()
    more = cursor_of(docs[paging.limit - 1][sort], docs[paging.limit - 1]["_id"]) if len(docs) > paging.limit else None
    return Page([kind.load(doc) for doc in docs[: paging.limit]], more)
