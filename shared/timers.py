"""Timers: an indexed `due` field, polled by the fenced role, calls a command. The state decides, not the clock."""

import asyncio
import time
from datetime import datetime

from shared import clock, faults, metrics, trace
from shared.errors import Problem
from shared.health import Health
from shared.logs import log
from shared.mongo import unavailable
from shared.restored import caught_up
from shared.service import Running, Timer
from shared.tracing import names

MOST_AT_ONCE = 200
REST_SECONDS = 30.0  # before a command that failed is called again: its document must not keep the others waiting

Due = tuple[str, datetime, str | None]
"""The id of a document, since when it is due, and the trace of its last write."""


async def timers(running: Running, health: Health) -> None:
    """Until cancelled: fire what is due. Raises only what says that MongoDB is away."""
    rows = [Row(running, timer) for timer in running.service.timers]
    while rows and not await caught_up(running):
        health.beat("timers", detail="wait until the facts since the backup are read again")
        await asyncio.sleep(running.settings.timer_poll_seconds)
    while rows:
        fired = [await row.fire() for row in rows]
        health.beat("timers")
        if not any(fired):
            await asyncio.sleep(running.settings.timer_poll_seconds)
    await asyncio.Event().wait()


async def fire(running: Running, timer: Timer) -> int:
    """Call the command of every document that is due, once; how many succeeded."""
    return await Row(running, timer).fire()


class Row:
    """One timer and the documents whose command failed, until they are tried again."""

    def __init__(self, running: Running, timer: Timer) -> None:
        self.running, self.timer = running, timer
        self.kind = next(kind for kind in running.service.kinds if kind.holds is timer.holds)
        self.resting: dict[str, float] = {}

    async def fire(self) -> int:
        due = await self._due()
        done = await asyncio.gather(*(self._traced(*one) for one in due))
        return sum(done)

    async def _due(self) -> list[Due]:
        """The longest due first."""
        field = self.kind.due
        if field is None:
            msg = f"{self.kind.collection} has a timer but no field `due`"
            raise TypeError(msg)
        now = time.monotonic()
        self.resting = {id_: until for id_, until in self.resting.items() if until > now}
        wanted = {field: {"$lte": clock.now()}, "_id": {"$nin": list(self.resting)}}
        found = self.running.database.collection(self.kind.collection).find(wanted, {field: 1, "trace": 1})
        docs = await found.sort(field).limit(MOST_AT_ONCE).to_list()
        return [(str(doc["_id"]), doc[field], doc.get("trace")) for doc in docs]

    async def _traced(self, id_: str, due_at: datetime, written_in: str | None) -> bool:
        """Nobody asked for it just now: a new trace, linked to the one that wrote the document."""
        with trace.span(names.fires(self.kind.collection), parent=None, links=(written_in,)) as span:
            if not (done := await self._one(id_, due_at)):
                span.fails("not_done")
        return done

    async def _one(self, id_: str, due_at: datetime) -> bool:
        """A refusal and a bug let the document rest; the others go on."""
        faults.point("timer.before_command")
        try:
            await self.timer.command(self.running, id_)
        except Problem as e:
            log.warning("timer.refused", id=id_, code=e.code)
        except Exception as e:
            if unavailable(e):
                raise
            log.exception("timer.failed", id=id_, kind=self.kind.collection)
        else:
            metrics.TIMERS_FIRED.labels(kind=self.kind.collection).inc()
            metrics.TIMER_LATE_SECONDS.observe((clock.now() - due_at).total_seconds())
            return True
        self.resting[id_] = time.monotonic() + REST_SECONDS
        return False
