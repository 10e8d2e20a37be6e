"""The relay's part: what waits in documents is chained, and only then leaves its document."""

import asyncio
from datetime import UTC, datetime

from pymongo import UpdateOne
from pymongo.read_concern import ReadConcern

from shared import clock, faults, metrics
from shared.audit.acts import FIELD
from shared.audit.chain import Chain
from shared.audit.entries import Head
from shared.documents import Doc
from shared.logs import log
from shared.mongo import Database
from shared.service import Running

MOST_DOCUMENTS = 200
LOOK_AGAIN_SECONDS = 1.0
FIRST_DIGITS = 12
ANY = {f"{FIELD}.0.at": {"$gt": datetime(2020, 1, 1, tzinfo=UTC)}}  # a bound that lets the sparse index serve "any"


async def chaining(running: Running) -> None:
    """Until cancelled. A failure is logged and tried again: facts and timers must not wait for the audit log."""
    work = Chaining(running.database, [kind.collection for kind in running.service.kinds])
    while True:
        try:
            if await work.once():
                continue
        except Exception as error:  # noqa: BLE001  whatever it was, the entries still wait in their documents
            log.error("audit.not_chained", exc_info=error)
        await asyncio.sleep(LOOK_AGAIN_SECONDS)


class Chaining:
    """All kinds of one database into its one chain."""

    def __init__(self, database: Database, collections: list[str]) -> None:
        self.database, self.collections = database, collections
        self.chain = Chain(database)

    async def once(self) -> int:
        """Chain what waits, the oldest first; how many entries were looked at."""
        waiting = {name: docs for name in self.collections if (docs := await self._waiting(name))}
        entries = sorted((e for docs in waiting.values() for doc in docs for e in doc[FIELD]), key=lambda e: e["at"])
        oldest = (clock.now() - entries[0]["at"]).total_seconds() if entries else 0.0
        metrics.AUDIT_PENDING.set(len(entries))
        metrics.AUDIT_WAITING_SECONDS.set(max(oldest, 0.0))
        faults.point("audit.before_chain")
        added = await self.chain.extend(entries)
        faults.point("audit.chained")
        for name, docs in waiting.items():
            await self._remove(name, docs)
        self._show(await self.chain.head(), added)
        return len(entries)

    async def _waiting(self, name: str) -> list[Doc]:
        """Majority concern: what a failover takes back must not be chained."""
        rows = self.database.db.get_collection(name, read_concern=ReadConcern("majority"))
        return await rows.find(ANY, {FIELD: 1}).sort(f"{FIELD}.0.at").limit(MOST_DOCUMENTS).to_list()

    async def _remove(self, name: str, docs: list[Doc]) -> None:
        """`version` stays, so the stream of facts does not see it and nobody who changes the document is disturbed."""
        gone = ((doc["_id"], [one["id"] for one in doc[FIELD]]) for doc in docs)
        writes = [UpdateOne({"_id": id_}, {"$pull": {FIELD: {"id": {"$in": ids}}}}) for id_, ids in gone]
        await self.database.collection(name).bulk_write(writes, ordered=False)
        faults.point("audit.removed")

    def _show(self, head: Head, added: int) -> None:
        """The head leaves MongoDB with every scrape and, when it moved, with the log: a cut tail is noticed there."""
        metrics.AUDIT_HEIGHT.set(head.seq)
        metrics.AUDIT_HEAD.set(int(head.hash[:FIRST_DIGITS], 16))
        if added:
            log.info("audit.chained", sequence=head.seq, head=head.hash, count=added)
