"""Changes that come at the same time are one command; each caller hears whether her own was written."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import AutoReconnect, BulkWriteError, OperationFailure, WTimeoutError

from shared.documents import Doc
from shared.ids import new_id
from shared.inserts import UNWRITABLE
from shared.together import Together

KEPT_REQUESTS = 32  # who retries after 32 later changes of one aggregate gets a fresh decision
MARK = "write"
"""Tells one write from another of the same version: of many the server says only how many matched."""

Verdict = bool | Exception


@dataclass(frozen=True, slots=True)
class Change:
    """Of the document `id`, if it is still at `version`. `request`: the row that keeps who asked and what she got."""

    id: str
    version: int
    set: Doc
    push: Doc
    request: Doc | None = None

    def operation(self, mark: str | None = None) -> UpdateOne:
        marked = {MARK: mark} if mark else {}
        rows = {"requests": {"$each": [{**self.request, **marked}], "$slice": -KEPT_REQUESTS}} if self.request else {}
        push = {"$push": {**self.push, **rows}} if self.push or rows else {}
        return UpdateOne({"_id": self.id, "version": self.version}, {"$set": {**self.set, **marked}, **push})


Marked = tuple[Change, str]


class Updates:
    """Unordered: one that comes too late or is refused takes no other with it. Of one event loop."""

    def __init__(self, collection: AsyncCollection[Doc]) -> None:
        self.collection = collection
        self.together: Together[Change, bool] = Together("update", self._written)
        self.under_way: dict[str, asyncio.Future[int]] = {}
        """By document: the version that the change on its way replaced, or -1 if it was not written."""

    async def update(self, change: Change) -> bool:
        """False when the document was not at that version. Raises what the server said of this one.

        AutoReconnect, as when an answer is lost: others wrote since, and nothing shows whether this was written. Of one
        document one change is on its way at a time, so that here nobody writes over what is not yet known.
        """
        while (other := self.under_way.get(change.id)) is not None:
            await asyncio.wait([other])
            if other.result() >= change.version:
                return False
        mine = self.under_way[change.id] = asyncio.get_running_loop().create_future()
        replaced = -1
        try:
            written = await self.together.ask(change)
            replaced = change.version if written else -1
            return written
        finally:
            del self.under_way[change.id]
            mine.set_result(replaced)

    async def _written(self, changes: list[Change]) -> list[Verdict]:
        marked = [(change, new_id()) for change in changes]
        try:
            done = await self.collection.bulk_write([one.operation(mark) for one, mark in marked], ordered=False)
        except UNWRITABLE:
            return [await self._alone(one, mark) for one, mark in marked]
        except BulkWriteError as error:
            return await self._partly(marked, error.details)
        return await self._verdicts(marked, {}, done.matched_count)

    async def _alone(self, change: Change, mark: str) -> Verdict:
        try:
            return (await self.collection.bulk_write([change.operation(mark)])).matched_count == 1
        except Exception as error:  # noqa: BLE001  its caller hears it
            return error

    async def _partly(self, marked: Sequence[Marked], details: Any) -> list[Verdict]:
        if details.get("writeConcernErrors"):
            raise WTimeoutError("written, but not known to be durable", details=details)
        refused = {one["index"]: OperationFailure(one["errmsg"], one["code"], one) for one in details["writeErrors"]}
        return await self._verdicts(marked, refused, details["nMatched"])

    async def _verdicts(
        self, marked: Sequence[Marked], refused: Mapping[int, Exception], matched: int
    ) -> list[Verdict]:
        """By the count where it says enough, else by what stands in the documents now."""
        if matched in {0, len(marked) - len(refused)}:
            return [refused.get(at, bool(matched)) for at in range(len(marked))]
        wanted = {"_id": {"$in": sorted({change.id for change, _ in marked})}}
        shown = {"version": 1, MARK: 1, f"requests.{MARK}": 1}
        found = {doc["_id"]: doc async for doc in self.collection.find(wanted, shown)}
        return [refused.get(at) or verdict(*one, found.get(one[0].id)) for at, one in enumerate(marked)]


def verdict(change: Change, mark: str, doc: Doc | None) -> Verdict:
    """Whether the document, as it is by now, shows this change."""
    if doc is None or doc["version"] <= change.version:
        return False
    if doc.get(MARK) == mark:
        return True
    since = doc["version"] - change.version
    if since == 1:
        return False
    if change.request and since <= KEPT_REQUESTS:
        return any(row.get(MARK) == mark for row in doc["requests"])
    return AutoReconnect("written over since: not known whether this change was written")
