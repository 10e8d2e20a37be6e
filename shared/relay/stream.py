"""The facts of a database as its change stream shows them, a server batch at a time."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from bson import decode
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import AutoReconnect, CursorNotFound, OperationFailure, PyMongoError

from shared.documents import Doc
from shared.mongo import Database

# CappedPositionLost, InvalidResumeToken, ChangeStreamFatalError, ChangeStreamHistoryLost
HISTORY_LOST = frozenset({136, 260, 280, 286})
AWAIT_MILLISECONDS = 1000
MOST_CHANGES = 2000
_RAW: Final[CodecOptions[RawBSONDocument]] = CodecOptions(RawBSONDocument)

Fact = Mapping[str, Any]


class HistoryLostError(RuntimeError):
    """The oplog no longer reaches back to the token."""


class Told(NamedTuple):
    """One fact in an outbox: `subject` is its document's id."""

    collection: str
    subject: str
    fact: Fact


@dataclass(frozen=True, slots=True)
class Batch:
    """Facts in the order of their writes; after them the stream stands at `token` (None: from a sweep).

    `full`: there may be more: the server had as many changes as it was asked for, or was only asked to begin.
    """

    told: list[Told]
    token: Doc | None
    full: bool = False


def pipeline(collections: Sequence[str]) -> list[Doc]:
    """Only writes that change `version`: a trim does not, so it does not come back as a change."""
    written = {"$or": [{"operationType": "insert"}, {"updateDescription.updatedFields.version": {"$exists": True}}]}
    fields = {"ns.coll": 1, "documentKey": 1, "fullDocument.outbox": 1, "updateDescription.updatedFields": 1}
    return [{"$match": {"ns.coll": {"$in": list(collections)}, **written}}, {"$project": fields}]


def facts_of(change: Mapping[str, Any]) -> list[Told]:
    collection, subject = change["ns"]["coll"], change["documentKey"]["_id"]
    if (update := change.get("updateDescription")) is None:
        appended = change["fullDocument"]["outbox"]
    else:
        appended = list(_appended(update["updatedFields"]))
    if len(appended) > 1:
        appended = sorted(appended, key=lambda fact: fact["sequence"])
    return [Told(collection, subject, fact) for fact in appended]


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
        self.answer: RawBSONDocument
        self.token: Doc = {}
        self.asked: asyncio.Task[RawBSONDocument] | None = None

    async def open(self, token: Doc | None) -> None:
        """From `token`, or from now. Raises HistoryLostError.

        "Now" is what the session has seen: a read of majority concern in the same session sees all that was written
        before. Without that a sweep may read an older snapshot, and what lies between is in neither.
        """
        resume = {"resumeAfter": token} if token else {"startAtOperationTime": await self._now()}
        stages = [{"$changeStream": resume}, *pipeline(self.collections)]
        command: Doc = {"aggregate": 1, "pipeline": stages, "cursor": {"batchSize": MOST_CHANGES}}
        try:
            self.answer = await self._run({**command, "readConcern": {"level": "majority"}})
        except OperationFailure as e:
            if e.code in HISTORY_LOST:
                raise HistoryLostError from e
            raise
        cursor = self.answer["cursor"]
        self.cursor, self.token = cursor["id"], _token(cursor)

    async def batches(self) -> AsyncIterator[Batch]:
        """For ever; an empty batch about once a second when nothing happens, so that its token can be kept.

        The server looks for the next while one is decoded and sent. Raises AutoReconnect when another server became
        primary: it does not know this cursor.
        """
        while True:
            self.asked = asyncio.create_task(self._more())
            await asyncio.sleep(0)  # the question is on its way before the work on the last answer begins
            yield self._batch()
            self.answer, self.asked = await self.asked, None

    async def close(self) -> None:
        if self.asked is not None:
            self.asked.cancel()
            await asyncio.gather(self.asked, return_exceptions=True)
        with suppress(PyMongoError):
            await self._run({"killCursors": "$cmd.aggregate", "cursors": [self.cursor]})
        await self.session.end_session()

    async def _now(self) -> Any:
        await self.database.db.command("ping", session=self.session)
        return self.session.operation_time

    async def _more(self) -> RawBSONDocument:
        more = {"getMore": self.cursor, "collection": "$cmd.aggregate", "batchSize": MOST_CHANGES}
        try:
            return await self._run({**more, "maxTimeMS": AWAIT_MILLISECONDS})
        except CursorNotFound as e:
            raise AutoReconnect(str(e)) from e

    async def _run(self, command: Doc) -> RawBSONDocument:
        answer: RawBSONDocument = await self.database.db.command(command, codec_options=_RAW, session=self.session)
        return answer

    def _batch(self) -> Batch:
        """Decoded whole, in C: a RawBSONDocument costs a fact twice as much, for nearly all of it is read."""
        cursor = decode(self.answer.raw, self.database.db.codec_options)["cursor"]
        first = "firstBatch" in cursor  # it is empty even where changes wait
        changes = cursor["firstBatch" if first else "nextBatch"]
        self.token = _token(cursor)
        told = [one for change in changes for one in facts_of(change)]
        return Batch(told, self.token, full=first or len(changes) >= MOST_CHANGES)


def _token(cursor: Mapping[str, Any]) -> Doc:
    return {"_data": cursor["postBatchResumeToken"]["_data"]}


async def opened(database: Database, collections: Sequence[str], token: Doc | None) -> Stream:
    stream = Stream(database, database.client.start_session(), collections)
    await stream.open(token)
    return stream
