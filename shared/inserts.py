"""Creates that come at the same time are written at once; each caller hears of its own document."""

import asyncio
from collections.abc import Mapping
from typing import Any

from bson.errors import BSONError
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure, WTimeoutError

from shared import trace
from shared.documents import Doc
from shared.tracing import writing

MOST_AT_ONCE = 64
MOST_IN_FLIGHT = 4  # below this nobody waits for company: a lone create is written alone and at once
DUPLICATE_KEY = 11000
UNWRITABLE = (BSONError, OverflowError, UnicodeError)  # the driver refuses one document, and with it the command

Waiting = tuple[Doc, "asyncio.Future[None]", str | None]
"""A document, its answer, and the trace it belongs to."""


class Inserts:
    """Unordered, so that one refused document takes no other with it. Of one event loop."""

    def __init__(self, collection: AsyncCollection[Doc]) -> None:
        self.collection = collection
        self.waiting: list[Waiting] = []
        self.flying: set[asyncio.Task[None]] = set()

    async def insert(self, doc: Doc) -> None:
        """As durable as insert_one, and with its errors: DuplicateKeyError, or whatever kept the answer away."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.append((doc, written, trace.current.get()))
        self._fly()
        await written

    def _fly(self) -> None:
        if not self.waiting or len(self.flying) >= MOST_IN_FLIGHT:
            return
        some, self.waiting = self.waiting[:MOST_AT_ONCE], self.waiting[MOST_AT_ONCE:]
        flight = asyncio.create_task(self._flight(some))
        self.flying.add(flight)
        flight.add_done_callback(self._landed)

    def _landed(self, flight: "asyncio.Task[None]") -> None:
        self.flying.discard(flight)
        self._fly()

    async def _flight(self, some: list[Waiting]) -> None:
        """Every future gets its answer, whatever happens; a caller who left is nobody's loss."""
        refused: Mapping[int, Exception] = {}
        try:
            with writing.together([of for _, _, of in some]):
                refused = await self._written([doc for doc, _, _ in some])
        except BaseException as error:
            refused = dict.fromkeys(range(len(some)), _told(error))
            if not isinstance(error, Exception):
                raise
        finally:
            for at, (_, written, _) in enumerate(some):
                if not written.done():
                    _answer(written, refused.get(at))

    async def _written(self, docs: list[Doc]) -> dict[int, Exception]:
        """What was refused, by its place; the rest is durable. Raises when that is not known of any."""
        if len(docs) == 1:
            await self.collection.insert_one(docs[0])
            return {}
        try:
            await self.collection.insert_many(docs, ordered=False)
        except UNWRITABLE:
            return {at: refusal for at, doc in enumerate(docs) if (refusal := await self._alone(doc))}
        except BulkWriteError as error:
            details: Any = error.details
            if details.get("writeConcernErrors"):
                raise WTimeoutError("written, but not known to be durable", details=details) from error
            return {one["index"]: _refusal(one) for one in details["writeErrors"]}
        return {}

    async def _alone(self, doc: Doc) -> Exception | None:
        try:
            await self.collection.insert_one(doc)
        except Exception as error:  # noqa: BLE001  its caller hears it
            return error
        return None


def _refusal(error: Mapping[str, Any]) -> OperationFailure:
    kind = DuplicateKeyError if error["code"] == DUPLICATE_KEY else OperationFailure
    return kind(error["errmsg"], error["code"], error)


def _told(error: BaseException) -> Exception:
    return error if isinstance(error, Exception) else ConnectionError("the process is stopping")


def _answer(written: "asyncio.Future[None]", refusal: Exception | None) -> None:
    if refusal is None:
        written.set_result(None)
    else:
        written.set_exception(refusal)
