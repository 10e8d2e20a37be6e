"""The role `stream`: a worker for each measure of the service, in the generation that counts."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress
from functools import partial
from typing import Any

from shared import metrics
from shared.health import Health
from shared.logs import log
from shared.mongo import Database, unavailable
from shared.service import Running
from shared.streaming.engine import Engine
from shared.streaming.generations import current
from shared.streaming.measures import Generation
from shared.streaming.positions import Gap, RecordsSkippedError
from shared.streaming.sink import Sink
from shared.streaming.stalling import Stalling, total
from shared.streaming.topics import ensure_changelog

LOOK_SECONDS = 1.0
STOP_SECONDS = 12.0


class StreamFailedError(RuntimeError):
    """Faust has stopped by itself."""


async def stream(running: Running, health: Health) -> None:
    """Until cancelled: then what was counted is made durable, its offset committed and the group left."""
    async with asyncio.TaskGroup() as group:
        for measure in running.service.streams:
            first = Generation(running.settings, running.service.name, measure, 1)
            group.create_task(_follow(first, running.database, health), name=measure.name)


async def _follow(first: Generation, database: Database, health: Health) -> None:
    """The generation that counts; when a rebuild has made a newer one, that one.

    When Faust has dropped a record: the same one again, from what is committed.
    """
    shown: set[Gap] = set()
    while True:
        number = await current(database, first.measure.name)
        generation = first.numbered(number)
        log.info("stream.started", measure=first.measure.name, generation=number)
        try:
            await Session(generation, database, health, shown).run(partial(_superseded, generation, database))
        except RecordsSkippedError as error:
            shown.add(error.gap)
            log.warning("stream.skipped", measure=first.measure.name, why=str(error))


async def _superseded(generation: Generation, database: Database) -> bool:
    """Whether a rebuild has swapped another one in; while MongoDB is away nobody can tell."""
    try:
        return await current(database, generation.measure.name) != generation.number
    except Exception as error:
        if not unavailable(error):
            raise
        return False


class Session:
    """One Faust app from its start to its end."""

    def __init__(
        self, generation: Generation, database: Database, health: Health | None = None, shown: Collection[Gap] = ()
    ) -> None:
        self.generation, self.database, self.health, self.shown = generation, database, health, shown
        self.recovered_seconds: float | None = None
        self.stalling = Stalling()

    async def run(self, over: Callable[[], Awaitable[bool]]) -> None:
        """Until `over`. Raises what made it fail; then nothing was committed that is not durable."""
        sink = Sink(self.database, self.generation)
        await sink.prepare()
        await ensure_changelog(self.generation)
        self.engine = Engine(self.generation, sink, self.shown)
        metrics.STREAM_EVENTS.labels(self.generation.source, "parked")  # shown as 0, so that the first one is a rise
        settling = asyncio.create_task(self.engine.settling.run(), name="settling")
        try:
            await self._work(over)
        finally:
            await self._stop()
            settling.cancel()
            with suppress(asyncio.CancelledError):
                await settling

    async def _work(self, over: Callable[[], Awaitable[bool]]) -> None:
        began, failed = time.monotonic(), self.engine.settling.failed
        starting = asyncio.create_task(self.engine.app.start(), name="faust")
        try:
            while True:
                await asyncio.wait([failed, *([] if starting.done() else [starting])], timeout=LOOK_SECONDS)
                if failed.done():
                    failed.result()
                if starting.done():
                    starting.result()
                if self.engine.app.crashed:
                    raise StreamFailedError(repr(self.engine.app.crash_reason)) from self.engine.app.crash_reason
                self._tell(began, ready=starting.done())
                self._require_moving(ready=starting.done())
                if starting.done() and await over():
                    await self.engine.settling.settle()
                    return
        finally:
            starting.cancel()

    def _require_moving(self, *, ready: bool) -> None:
        """Raises StreamFailedError: the next process reads the figures back from the beginning, which helps."""
        app: Any = self.engine.app  # its types do not know the recovery
        read = total(app.tables.recovery.active_offsets.values())
        if self.stalling.halted(well=ready and not app.rebalancing, read=read):
            raise StreamFailedError("has read nothing back for a long time")

    def _tell(self, began: float, *, ready: bool) -> None:
        app, settling, name = self.engine.app, self.engine.settling, self.generation.measure.name
        if ready and self.recovered_seconds is None:
            self.recovered_seconds = time.monotonic() - began
            metrics.STREAM_RECOVERY_SECONDS.labels(self.generation.source).set(self.recovered_seconds)
            log.info("stream.ready", measure=name, after_seconds=round(self.recovered_seconds, 2))
        if self.health is not None:
            well = ready and not app.rebalancing and not settling.away
            self.health.beat("stream", well, settling.away or ("" if well else "reads its figures back"))
        metrics.STREAM_LAG.clear()  # partitions that are another's now
        for partition, lag in self.lag().items():
            metrics.STREAM_LAG.labels(self.generation.source, str(partition)).set(lag)

    def lag(self) -> dict[int, int]:
        """By partition held and looked into: records after the last one counted."""
        consumer, source = self.engine.app.consumer, self.generation.source
        held = {place for place in consumer.assignment() if place.topic == source} if consumer.started else set()
        known = {place.partition: consumer.highwater(place) for place in held}
        done = self.engine.done
        return {part: max(0, (end or 0) - done[part]) for part, end in known.items() if part in done}

    async def _stop(self) -> None:
        """Leave the group with everything counted durable and committed; who cannot in time is read again."""
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self.engine.app.stop()
        except TimeoutError:
            log.warning("stream.stop_took_too_long", after_seconds=STOP_SECONDS)
