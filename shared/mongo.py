"""The MongoDB client: majority and journalled writes, and the assertions without which a process refuses to run."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import bson
from bson.codec_options import CodecOptions
from bson.errors import BSONError
from pymongo import AsyncMongoClient, IndexModel
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import ConnectionFailure, ExecutionTimeout, PyMongoError, WTimeoutError
from pymongo.write_concern import WriteConcern

from shared import faults
from shared.documents import Doc, Kind

AUDIT = "audit"  # the collection of the audit log, and the field in which an entry waits in what it changed
DURABLE = WriteConcern(w="majority", j=True)
INCARNATION = "incarnation"
"""A collection with one row of the same id: {value, restoring: the archive a restore is at, restored: the last one}."""
LONGEST_ANSWER_SECONDS = 30  # a server that vanished without a word must not keep anybody waiting for ever
LONGEST_TRANSACTION_SECONDS = 5  # at 60, a client killed inside a transaction blocked its document for 89 s


class UnsafeSettingsError(RuntimeError):
    """A server is set up in a way that can lose data."""


@dataclass(frozen=True, slots=True)
class Database:
    """One service's database. `incarnation` counts its restores from backup, from 1; it is part of every event id."""

    client: AsyncMongoClient[Doc]
    db: AsyncDatabase[Doc]
    incarnation: int
    restored_at: datetime | None = None
    """When it was last restored: what it did in the time before that it may have forgotten."""

    def collection(self, name: str) -> AsyncCollection[Doc]:
        return self.db[name]


async def connect(uri: str, name: str, *, allow_unsafe: bool = False) -> Database:
    """Open, assert, and read the incarnation. Raises UnsafeSettingsError with what to change."""
    client: AsyncMongoClient[Doc] = AsyncMongoClient(
        uri, tz_aware=True, appname=name, serverSelectionTimeoutMS=10_000, socketTimeoutMS=LONGEST_ANSWER_SECONDS * 1000
    )
    try:
        return await _opened(client, name, allow_unsafe=allow_unsafe)
    except BaseException:
        await client.close()
        raise


async def _opened(client: AsyncMongoClient[Doc], name: str, *, allow_unsafe: bool) -> Database:
    if not allow_unsafe:
        await assert_safe(client)
    options: CodecOptions[Doc] = CodecOptions(tz_aware=True)
    concern = WriteConcern(w=1, j=False) if faults.disabled("mongo.durable") else DURABLE
    db = client.get_database(name, codec_options=options, write_concern=concern)
    row = await db[INCARNATION].find_one_and_update(
        {"_id": INCARNATION}, {"$setOnInsert": {"value": 1}}, upsert=True, return_document=True
    )
    if row and row.get("restoring"):
        msg = f"A restore of {name} has not finished: wait for it, or repeat it (`python -m tools.backup restore`)."
        raise UnsafeSettingsError(msg)
    restored = row.get("restored", {}) if row else {}
    return Database(client, db, row["value"] if row else 1, restored.get("at"))


def unavailable(error: BaseException) -> bool:
    """True when MongoDB does not answer or has no primary just now: the same request may succeed in a moment."""
    if isinstance(error, ConnectionFailure | WTimeoutError | ExecutionTimeout):
        return True
    labels = ("RetryableWriteError", "TransientTransactionError")
    return isinstance(error, PyMongoError) and any(error.has_error_label(label) for label in labels)


async def assert_safe(client: AsyncMongoClient[Any]) -> None:
    hello = await client.admin.command("hello")
    if "setName" not in hello:
        msg = "MongoDB is not a replica set: start mongod with --replSet and call replSetInitiate."
        raise UnsafeSettingsError(msg)
    seconds = await client.admin.command({"getParameter": 1, "transactionLifetimeLimitSeconds": 1})
    if seconds["transactionLifetimeLimitSeconds"] > LONGEST_TRANSACTION_SECONDS:
        msg = f"Set MongoDB's transactionLifetimeLimitSeconds to {LONGEST_TRANSACTION_SECONDS} or less."
        raise UnsafeSettingsError(msg)


async def ensure_indexes(database: Database, kinds: tuple[Kind, ...]) -> None:
    """Each kind's own indexes, led by the tenant, and those by which the relay finds what waits in documents."""
    await database.collection(AUDIT).create_indexes([IndexModel("id", unique=True)])
    acts = IndexModel([(f"{AUDIT}.0.at", 1)], sparse=True, name="unchained")
    for kind in kinds:
        own = [IndexModel([("tenant", 1), *key]) for key in kind.indexes]
        waiting = [IndexModel([("outbox.0.time", 1)], sparse=True, name="unsent")] if kind.topic else []
        due = [IndexModel([(kind.due, 1)], sparse=True, name="due")] if kind.due else []
        await database.collection(kind.collection).create_indexes([*own, *waiting, *due, acts])


def can_hold(doc: Doc) -> bool:
    """Whether MongoDB has a form for these values: no integer beyond 64 bit, no lone surrogate."""
    try:
        bson.encode(doc)
    except (BSONError, OverflowError, UnicodeEncodeError):
        return False
    return True
