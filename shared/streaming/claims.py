"""Who rebuilds: one claim a measure, renewed while its owner lives. The server's clock counts, not ours."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

from shared.documents import Doc
from shared.errors import Refused
from shared.ids import new_id
from shared.mongo import Database, unavailable
from shared.streaming.measures import Generation

T = TypeVar("T")

CLAIMS = "rebuilds"
CLAIM_SECONDS = 15.0
SERVER_NOW = "$$NOW"


class RebuildRunning(Refused):
    """Generation {number} of {name} is being built by another process; wait for it or stop it."""

    mr = "{name} ची आवृत्ती {number} दुसरी प्रक्रिया तयार करत आहे; तिची वाट पाहा किंवा ती थांबवा."
    hi = "{name} की आवृत्ति {number} कोई दूसरी प्रक्रिया बना रही है; उसकी प्रतीक्षा करें या उसे रोकें।"


class Claim:
    """One process's claim to build `generation`; who dies leaves it to the next after `seconds`."""

    def __init__(self, database: Database, generation: Generation, seconds: float = CLAIM_SECONDS) -> None:
        self.rows = database.collection(CLAIMS)
        self.generation, self.seconds = generation, seconds
        self.mine: Doc = {"_id": generation.measure.name, "owner": new_id()}

    @property
    def _taken(self) -> RebuildRunning:
        return RebuildRunning(name=self.generation.measure.name, number=self.generation.number)

    def _standing(self) -> list[Doc]:
        until: Doc = {"$add": [SERVER_NOW, round(self.seconds * 1000)]}
        return [{"$set": {"owner": self.mine["owner"], "until": until}}]

    async def acquire(self) -> None:
        """Raises RebuildRunning at once when another's claim stands."""
        row = {"_id": self.mine["_id"]}
        await self.rows.update_one(row, [{"$set": {"until": {"$ifNull": ["$until", SERVER_NOW]}}}], upsert=True)
        free = {**row, "$expr": {"$lte": ["$until", SERVER_NOW]}}
        if not (await self.rows.update_one(free, self._standing())).matched_count:
            raise self._taken

    async def held(self, work: Awaitable[T]) -> T:
        """What the work gives, the claim renewed meanwhile; stops it and raises RebuildRunning once another has it."""
        keeping, working = asyncio.create_task(self._keep()), asyncio.ensure_future(work)
        try:
            await asyncio.wait([keeping, working], return_when=asyncio.FIRST_COMPLETED)
            if keeping.done():
                keeping.result()
            return working.result()
        finally:
            keeping.cancel()
            working.cancel()
            await asyncio.gather(keeping, working, return_exceptions=True)
            await self.rows.update_one(self.mine, [{"$set": {"until": SERVER_NOW}}])

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(self.seconds / 5)
            try:
                renewed = await self.rows.update_one(self.mine, self._standing())
            except Exception as error:
                if not unavailable(error):
                    raise
            else:
                if not renewed.matched_count:
                    raise self._taken
