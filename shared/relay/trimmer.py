"""Acknowledged facts leave their documents, behind the publishing, so that it never waits for them."""

import asyncio
from collections import defaultdict, deque
from itertools import islice
from typing import NamedTuple

from bson import decode, encode
from pymongo import UpdateMany
from pymongo.write_concern import WriteConcern

from shared import faults
from shared.documents import Doc
from shared.logs import log
from shared.mongo import Database, unavailable
from shared.relay.stream import Told

MOST_WAITING = 20_000  # subjects; beyond this publishing waits after all
MOST_LATER = 1_000_000  # packed, about 50 bytes each
MOST_AT_ONCE = 2_000
AGAIN_AFTER_SECONDS = 0.2
GATHER_SECONDS = 0.2  # facts come one by one at low rates; a command for each cost as much as their writes
GATHERED = 500
FIRST = 1

Trims = dict[str, int]
"""Document id → the last of its facts that Kafka has acknowledged."""


class Later(NamedTuple):
    """New documents of a backlog, of which only the first fact is acknowledged: `packed` is BSON of their ids."""

    collection: str
    size: int
    packed: bytes


class Trimmer:
    """A lost trim only repeats its facts (the sweeper tells them again), so one server's word is enough.

    A trim costs the server more than its fact's way to Kafka. While the relay is behind, the first facts of new
    documents are trimmed later: they fill no outbox. Everything else is trimmed at once, for an outbox has an end.
    """

    def __init__(self, database: Database, most_later: int = MOST_LATER) -> None:
        self.database, self.most_later = database, most_later
        self.waiting: dict[str, Trims] = defaultdict(dict)
        self.later: deque[Later] = deque()
        self.behind = False
        self.changed = asyncio.Condition()

    @property
    def count(self) -> int:
        return sum(map(len, self.waiting.values()))

    @property
    def later_count(self) -> int:
        return sum(block.size for block in self.later)

    @property
    def catching_up(self) -> bool:
        """Whether facts of a backlog are in their outboxes though they are told."""
        return self.behind or bool(self.later)

    def knows(self, told: Told) -> bool:
        """Whether that fact is acknowledged and about to be trimmed."""
        return bool(told.fact["sequence"] <= self.waiting[told.collection].get(told.subject, 0))

    async def take(self, told: list[Told], *, behind: bool = False) -> None:
        """To be trimmed soon; waits while too much is. `behind`: more facts are waiting to be told."""
        faults.point("relay.before_trim")
        async with self.changed:
            await self.changed.wait_for(lambda: self.count < MOST_WAITING and self.later_count < self.most_later)
            self.behind = behind
            self._remember(self._put_off(told) if behind else told)
            self.changed.notify_all()

    def _put_off(self, told: list[Told]) -> list[Told]:
        """What is not put off."""
        first: dict[str, list[str]] = defaultdict(list)
        for one in told:
            if one.fact["sequence"] == FIRST:
                first[one.collection].append(one.subject)
        self.later.extend(Later(name, len(ids), encode({"ids": ids})) for name, ids in first.items())
        return [one for one in told if one.fact["sequence"] != FIRST]

    def _remember(self, told: list[Told]) -> None:
        for one in told:
            trims, sequence = self.waiting[one.collection], one.fact["sequence"]
            trims[one.subject] = max(sequence, trims.get(one.subject, 0))

    async def run(self) -> None:
        """For ever."""
        while True:
            async with self.changed:
                await self.changed.wait_for(lambda: self.count or self._later_is_now())
            if self._later_is_now():
                await self._some_put_off()
            elif self.count < GATHERED:
                await asyncio.sleep(GATHER_SECONDS)
            for name in list(self.waiting):
                await self._some_of(name)

    async def emptied(self) -> None:
        async with self.changed:
            self.behind = False
            self.changed.notify_all()
            await self.changed.wait_for(lambda: not self.count and not self.later)

    def _later_is_now(self) -> bool:
        return bool(self.later) and (not self.behind or self.later_count >= self.most_later)

    async def _some_put_off(self) -> None:
        block = self.later[0]
        if await self._trimmed(block.collection, dict.fromkeys(decode(block.packed)["ids"], FIRST)):
            async with self.changed:
                self.later.popleft()
                self.changed.notify_all()

    async def _some_of(self, name: str) -> None:
        """What is being trimmed stays among the waiting until it is done."""
        waiting = self.waiting[name]
        some = dict(islice(waiting.items(), MOST_AT_ONCE))
        if some and await self._trimmed(name, some):
            async with self.changed:
                for id_ in [id_ for id_, last in some.items() if waiting[id_] == last]:
                    del waiting[id_]
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
