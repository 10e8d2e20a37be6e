"""The chain in MongoDB: the collection is only read and inserted into.

Several may add at once, a zombie among them: the number is the `_id`, so of two that follow the same entry one is
refused and looks again, and an act's own id is unique, so it stands once. Heads are read with majority concern, so
nothing hangs on what a failover takes back.
"""

import asyncio
from collections.abc import Sequence

from pymongo.errors import BulkWriteError
from pymongo.read_concern import ReadConcern

from shared.audit.acts import OPERATOR, entry
from shared.audit.entries import Head, linked
from shared.documents import Doc
from shared.inserts import DUPLICATE_KEY
from shared.logs import masked
from shared.mongo import AUDIT, Database

LOOK_AGAIN_SECONDS = 0.02


class Chain:
    """Of one database."""

    def __init__(self, database: Database) -> None:
        self.rows = database.db.get_collection(AUDIT, read_concern=ReadConcern("majority"))

    async def head(self) -> Head:
        row = await self.rows.find_one({}, {"hash": 1}, sort=[("_id", -1)])
        return Head(row["_id"], row["hash"]) if row else Head()

    async def extend(self, waiting: Sequence[Doc]) -> int:
        """Add those that are not there yet, in this order; how many. They are majority-committed then."""
        added = 0
        while waiting and (fresh := await self._missing(waiting)):
            head = await self.head()
            try:
                added += len((await self.rows.insert_many(linked(fresh, head))).inserted_ids)
            except BulkWriteError as error:
                added += _inserted_before_another(error)
                await asyncio.sleep(LOOK_AGAIN_SECONDS)
        return added

    async def _missing(self, waiting: Sequence[Doc]) -> list[Doc]:
        there = await self.rows.distinct("id", {"id": {"$in": [one["id"] for one in waiting]}})
        return [one for one in waiting if one["id"] not in there]


def _inserted_before_another(error: BulkWriteError) -> int:
    """How many stand before the one whose place was taken. Raises what is no taken place."""
    details = error.details or {}
    refusals = details.get("writeErrors", [])
    if details.get("writeConcernErrors") or not refusals or refusals[0]["code"] != DUPLICATE_KEY:
        raise error
    return int(details.get("nInserted", 0))


async def record(
    database: Database, act: str, subject: tuple[str, str], *, actor: str, area: str = "", digest: str = ""
) -> None:
    """Chain the act of an operator's tool, before it is done: an entry may then lack its act, never the reverse.

    `subject` is (kind, id); `digest` stands for what the act is about, never for a person.
    """
    who = {"sub": masked(actor), "role": OPERATOR, "area": area}
    await Chain(database).extend([entry(act, subject, who, None, "", digest)])
