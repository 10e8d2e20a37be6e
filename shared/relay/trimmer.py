"""Acknowledged facts leave their documents, behind the publishing, so that it never waits for them."""

import asyncio
from collections import defaultdict

from pymongo import UpdateMany
from pymongo.write_concern import WriteConcern

from shared import faults
from shared.documents import Doc
from shared.logs import log
from shared.mongo import Database, unavailable
from shared.relay.stream import Told

MOST_WAITING = 20_000  # subjects; beyond this publishing waits after all
MOST_AT_ONCE = 2_000
AGAIN_AFTER_SECONDS = 0.2
GATHER_SECONDS = 0.2  # facts come one by one at low rates; a command for each cost as much as their writes
GATHERED = 500

Trims = dict[str, int]
"""Document id → the last of its facts that Kafka has acknowledged."""


class Trimmer:
    """A lost trim only repeats its facts (the sweeper tells them again), so one server's word is enough."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.waiting: dict[str, Trims] = defaultdict(dict)
        self.changed = asyncio.Condition()

    @property
    def count(self) -> int:
        return sum(map(len, self.waiting.values()))

    async def take(self, told: list[Told]) -> None:
        """To be trimmed soon; waits while too much is."""
        faults.point("relay.before_trim")
        async with self.changed:
            await self.changed.wait_for(lambda: self.count < MOST_WAITING)
            for one in told:
                trims, sequence = self.waiting[one.collection], one.fact["sequence"]
                trims[one.subject] = max(sequence, trims.get(one.subject, 0))
            self.changed.notify_all()

    async def run(self) -> None:
        """For ever."""
        while True:
            async with self.changed:
                await self.changed.wait_for(lambda: self.count)
            if self.count < GATHERED:
                await asyncio.sleep(GATHER_SECONDS)
            for name in list(self.waiting):
                await self._some_of(name)

    async def emptied(self) -> None:
        async with self.changed:
            await self.changed.wait_for(lambda: not self.count)

    async def _some_of(self, name: str) -> None:
        """What is being trimmed stays among the waiting until it is done."""
        some = dict(list(self.waiting[name].items())[:MOST_AT_ONCE])
        if some and await self._trimmed(name, some):
            async with self.changed:
                left = self.waiting[name].items()
                self.waiting[name] = {id_: last for id_, last in left if last > some.get(id_, 0)}
                self.changed.notify_all()

    async def _trimmed(self, name: str, trims: Trims) -> bool:
        """False when MongoDB is away: later, then."""
        ids: dict[int, list[str]] = defaultdict(list)
        for id_, last in trims.items():
            ids[last].append(id_)
        rows = self.database.db.get_collection(name, write_concern=WriteConcern(w=1))
        writes = [UpdateMany({"_id": {"$in": some}}, trim_to(last)) for last, some in ids.items()]
        try:
            await rows.bulk_write(writes, ordered=False)
        except Exception as error:
            if not unavailable(error):
                raise
            log.warning("relay.trim_waits", error=type(error).__name__)
            await asyncio.sleep(AGAIN_AFTER_SECONDS)
            return False
        return True


def trim_to(last: int) -> Doc:
    """`trimmed` changes with every trim and `version` does not: the stream can tell a trim from a write."""
    return {"$pull": {"outbox": {"sequence": {"$lte": last}}}, "$set": {"trimmed": last}}
