"""The facts of a database as its change stream shows them, a server batch at a time."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import AutoReconnect, CursorNotFound, OperationFailure, PyMongoError

from shared.documents import Doc
from shared.mongo import Database

# CappedPositionLost, InvalidResumeToken, ChangeStreamFatalError, ChangeStreamHistoryLost
HISTORY_LOST = frozenset({136, 260, 280, 286})
AWAIT_MILLISECONDS = 1000
MOST_CHANGES = 1000

Fact = Mapping[str, Any]


class HistoryLostError(RuntimeError):
    """The oplog no longer reaches back to the token."""


@dataclass(frozen=True, slots=True)
class Told:
    """One fact in an outbox: `subject` is its document's id."""

    collection: str
    subject: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class Batch:
    """Facts in the order of their writes; after them the stream stands at `token` (None: from a sweep)."""

    told: list[Told]
    token: Doc | None


def pipeline(collections: Sequence[str]) -> list[Doc]:
    """Only writes that change `version`: a trim does not, so it does not come back as a change."""
    written = {"$or": [{"operationType": "insert"}, {"updateDescription.updatedFields.version": {"$exists": True}}]}
    fields = {"ns.coll": 1, "documentKey": 1, "fullDocument.outbox": 1, "updateDescription.updatedFields": 1}
    return [{"$match": {"ns.coll": {"$in": list(collections)}, **written}}, {"$project": fields}]


def facts_of(change: Mapping[str, Any]) -> Iterator[Told]:
    collection, subject = change["ns"]["coll"], change["documentKey"]["_id"]
    if (update := change.get("updateDescription")) is None:
        appended = list(change["fullDocument"]["outbox"])
    else:
        appended = list(_appended(update["updatedFields"]))
    for fact in sorted(appended, key=lambda fact: fact["sequence"]) if len(appended) > 1 else appended:
        yield Told(collection, subject, fact)


def _appended(fields: Mapping[str, Any]) -> Iterator[Fact]:
    """An appended fact arrives as the dotted key `outbox.3`, or the whole array arrives."""
    for name, value in fields.items():
        if name == "outbox":
            yield from value
        elif name.startswith("outbox.") and name.count(".") == 1:
            yield value


class Stream:
    """An open change stream. Create with `opened`; iterate `batches`."""

    def __init__(self, database: Database, session: AsyncClientSession, collections: Sequence[str]) -> None:
        self.database, self.session, self.collections = database, session, collections
        self.cursor: int = 0
        self.first: list[Any] = []
        self.token: Doc = {}

    async def open(self, token: Doc | None) -> None:
        """From `token`, or from now. Raises HistoryLostError.

        "Now" is what the session has seen: a read of majority concern in the same session sees all that was written
        before. Without that a sweep may read an older snapshot, and what lies between is in neither.
        """
        resume = {"resumeAfter": token} if token else {"startAtOperationTime": await self._now()}
        stages = [{"$changeStream": resume}, *pipeline(self.collections)]
        command: Doc = {"aggregate": 1, "pipeline": stages, "cursor": {"batchSize": MOST_CHANGES}}
        try:
            self._take(await self._run({**command, "readConcern": {"level": "majority"}}), "firstBatch")
        except OperationFailure as e:
            if e.code in HISTORY_LOST:
                raise HistoryLostError from e
            raise

    async def batches(self) -> AsyncIterator[Batch]:
        """For ever; an empty batch about once a second when nothing happens, so that its token can be kept.

        Raises AutoReconnect when another server became primary: it does not know this cursor.
        """
        while True:
            told = [one for change in self.first for one in facts_of(change)]
            yield Batch(told, self.token)
            more = {"getMore": self.cursor, "collection": "$cmd.aggregate", "batchSize": MOST_CHANGES}
            try:
                self._take(await self._run({**more, "maxTimeMS": AWAIT_MILLISECONDS}), "nextBatch")
            except CursorNotFound as e:
                raise AutoReconnect(str(e)) from e

    async def close(self) -> None:
        with suppress(PyMongoError):
            await self._run({"killCursors": "$cmd.aggregate", "cursors": [self.cursor]})
        await self.session.end_session()

    async def _now(self) -> Any:
        await self.database.db.command("ping", session=self.session)
        return self.session.operation_time

    async def _run(self, command: Doc) -> Any:
        """Decoded whole, in C: a RawBSONDocument costs a fact twice as much, for nearly all of it is read."""
        db = self.database.db
        return await db.command(command, codec_options=db.codec_options, session=self.session)

    def _take(self, answer: Any, batch: str) -> None:
        cursor = answer["cursor"]
        self.cursor, self.first = cursor["id"], cursor[batch]
        self.token = {"_data": cursor["postBatchResumeToken"]["_data"]}


async def opened(database: Database, collections: Sequence[str], token: Doc | None) -> Stream:
    stream = Stream(database, database.client.start_session(), collections)
    await stream.open(token)
    return stream
