"""Fakes that pass the same suite as the real thing. Passed in by tests, never patched, never used by a service."""

import copy
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from pymongo import UpdateOne
from pymongo.errors import DuplicateKeyError

from shared.documents import Doc, Kind
from shared.mongo import Database
from shared.service import Stores

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "$in": lambda value, wanted: value in wanted,
    "$ne": lambda value, wanted: bool(value != wanted),
    "$gt": lambda value, wanted: value is not None and bool(value > wanted),
    "$lt": lambda value, wanted: value is not None and bool(value < wanted),
    "$lte": lambda value, wanted: value is not None and bool(value <= wanted),
}


def matches(doc: Doc, wanted: Doc) -> bool:
    """The part of MongoDB's query language that stores use to find one document."""
    return all(_holds(doc, key, condition) for key, condition in wanted.items())


def _holds(doc: Doc, key: str, condition: Any) -> bool:
    if key == "$and":
        return all(matches(doc, part) for part in condition)
    if key == "$or":
        return any(matches(doc, part) for part in condition)
    value = _at(doc, key)
    if isinstance(condition, dict) and any(name.startswith("$") for name in condition):
        return all(OPERATORS[name](value, wanted) for name, wanted in condition.items())
    return bool(value == condition) or (isinstance(value, list) and condition in value)


def _at(doc: Doc, path: str) -> Any:
    value: Any = doc
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


class FakeCollection:
    """One collection in memory: find by filter, insert by `_id`, `$set` and `$push` by compare-and-set."""

    def __init__(self) -> None:
        self.docs: dict[str, Doc] = {}

    async def find_one(self, wanted: Doc) -> Doc | None:
        found = next((doc for doc in self.docs.values() if matches(doc, wanted)), None)
        return copy.deepcopy(found)

    async def insert_one(self, doc: Doc) -> None:
        if doc["_id"] in self.docs:
            raise DuplicateKeyError(doc["_id"])
        self.docs[doc["_id"]] = copy.deepcopy(doc)

    async def bulk_write(self, writes: list[UpdateOne]) -> SimpleNamespace:
        return SimpleNamespace(matched_count=sum(self._apply(write) for write in writes))

    def _apply(self, write: UpdateOne) -> bool:
        wanted: Any = write._filter  # noqa: SLF001 - the driver has no public reader
        change: Any = write._doc  # noqa: SLF001
        doc = next((doc for doc in self.docs.values() if matches(doc, wanted)), None)
        if doc is None:
            return False
        doc.update(copy.deepcopy(change["$set"]))
        for field, push in change.get("$push", {}).items():
            doc[field] = [*doc[field], *copy.deepcopy(push["$each"])][push.get("$slice", 0) :]
        return True


class FakeDatabase(Database):
    """A database in memory, for commands and rules; lists and events need the real one."""

    def __init__(self) -> None:
        object.__setattr__(self, "incarnation", 1)
        object.__setattr__(self, "collections", {})

    __slots__ = ("collections",)
    collections: dict[str, FakeCollection]

    def collection(self, name: str) -> Any:
        return self.collections.setdefault(name, FakeCollection())


class FakeStores(Stores):
    """The stores of a service in memory: `FakeStores(OrderDocument)[Order]` is an Aggregates[Order]."""

    def __init__(self, *kinds: Kind) -> None:
        self.database = FakeDatabase()
        self.kinds = {kind.holds: kind for kind in kinds}
        super().__init__(self.database, kinds)

    def facts(self, holds: type[Any]) -> list[Doc]:
        """All facts told of one kind so far, in the order of their documents."""
        found = self.database.collection(self.kinds[holds].collection)
        return [fact for doc in found.docs.values() for fact in doc["outbox"]]
