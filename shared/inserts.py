"""Creates that come at the same time are written at once; each caller hears of its own document."""

from collections.abc import Mapping
from typing import Any

from bson.errors import BSONError
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure, WTimeoutError

from shared.documents import Doc
from shared.together import Together

DUPLICATE_KEY = 11000
UNWRITABLE = (BSONError, OverflowError, UnicodeError)  # the driver refuses one document, and with it the command


class Inserts:
    """Unordered, so that one refused document takes no other with it. Of one event loop."""

    def __init__(self, collection: AsyncCollection[Doc]) -> None:
        self.collection = collection
        self.together: Together[Doc, None] = Together("insert", self._written)

    async def insert(self, doc: Doc) -> None:
        """As durable as insert_one, and with its errors: DuplicateKeyError, or whatever kept the answer away."""
        await self.together.ask(doc)

    async def all(self, docs: list[Doc]) -> Mapping[int, Exception]:
        """One command for all of these: what was refused, at its place; the rest is durable.

        Raises when that is not known of any.
        """
        return await self._many(docs) if docs else {}

    async def _written(self, docs: list[Doc]) -> list[Exception | None]:
        """What was refused, at its place; the rest is durable. Raises when that is not known of any."""
        refused = await self._many(docs) if len(docs) > 1 else await self._one(docs[0])
        return [refused.get(at) for at in range(len(docs))]

    async def _one(self, doc: Doc) -> Mapping[int, Exception]:
        await self.collection.insert_one(doc)
        return {}

    async def _many(self, docs: list[Doc]) -> Mapping[int, Exception]:
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
