"""The role `relay`: one fenced process a database tells Kafka every fact at least once, in order, and fires timers.

1. take the lease; 2. follow the change stream from the stored token; 3. send, await every report; 4. keep the token
and trim; 5. a sweeper repairs what waited too long; 6. without a token: open a stream, sweep everything, then read it.
Any failure ends the process: the next one starts from the token and repeats, never skips.
"""

import asyncio
import os
import socket
import time
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import ConnectionFailure

from shared import metrics
from shared.audit.chaining import chaining
from shared.health import Health
from shared.ids import new_id
from shared.kafka import producer, started
from shared.logs import log
from shared.relay.lease import Lease, LeaseLostError
from shared.relay.publisher import Publisher
from shared.relay.stream import Batch, HistoryLostError, Stream, opened
from shared.relay.sweeper import measure, waiting
from shared.relay.watching import forget, promised, watching
from shared.service import Running
from shared.timers import timers

EVERYTHING = timedelta(days=-3650)
READ_AHEAD_BATCHES = 2
STANDBY_SECONDS = 0.25
DRAIN_SECONDS = 5.0
AWAY_SECONDS = 1.0


class PartEndedError(RuntimeError):
    """A part of the relay ended without an error, which none may."""


async def relay(running: Running, health: Health) -> None:
    """Until cancelled: then what was read is acknowledged, the token kept and the lease given up.

    A lost lease or a lost connection to MongoDB ends all parts and begins a new term, from the stored token and
    behind whoever holds the lease by then; anything else ends the process.
    """
    promised(running.service.watches)
    while True:
        try:
            await _term(running, health)
        except (ConnectionFailure, LeaseLostError) as error:
            health.beat("relay", ok=False, detail="its lease is lost, or MongoDB is away")
            log.warning("relay.term_ended", error=repr(error)[:300], again_in_seconds=AWAY_SECONDS)
            await asyncio.sleep(AWAY_SECONDS)


async def _term(running: Running, health: Health) -> None:
    """From taking the lease to giving it up."""
    owner = f"{socket.gethostname()}:{os.getpid()}:{new_id()}"
    lease = Lease(running.database, owner, running.settings.relay_lease_seconds)
    kafka = producer(running.settings)
    await started(kafka)  # before the lease: a wait for Kafka would let it run out
    try:
        await _hold(lease, health)
        await Relay(running, health, lease, Publisher(running, kafka, lease)).run()
    finally:
        metrics.RELAY_LEASE_HELD.set(0)
        forget()
        health.ends("timers")
        await _within(lease.release())
        await _within(kafka.stop())


async def _hold(lease: Lease, health: Health) -> None:
    """Return when this process holds the lease."""
    while not await lease.acquire():
        health.beat("relay", detail="standby: another process holds the lease")
        await asyncio.sleep(STANDBY_SECONDS)
    log.info("relay.lease_taken", epoch=lease.epoch)
    metrics.RELAY_LEASE_HELD.set(1)


def _failure(task: "asyncio.Task[None]") -> BaseException | None:
    return task.exception() if task.done() and not task.cancelled() else None


async def _within(closing: Coroutine[Any, Any, None]) -> None:
    """Closing may fail or hang when a server is away; the lease then runs out by itself."""
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            await closing
    except Exception as e:  # noqa: BLE001  the lease then runs out by itself
        log.warning("relay.closing_failed", error=repr(e))


async def _ended(tasks: "list[asyncio.Task[None]]") -> "set[asyncio.Task[None]]":
    """Cancel until all have ended; those that have not in time. One cancellation may be lost inside a client."""
    pending, deadline = set(tasks), time.monotonic() + DRAIN_SECONDS
    while pending and time.monotonic() < deadline:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=DRAIN_SECONDS / 10)
    return pending


class Relay:
    """read → publish → settle, with the lease, the sweeper and the timers beside them."""

    def __init__(self, running: Running, health: Health, lease: Lease, publisher: Publisher) -> None:
        self.running, self.health, self.lease, self.publisher = running, health, lease, publisher
        self.collections = sorted(publisher.topics)
        self.batches: asyncio.Queue[Batch] = asyncio.Queue(READ_AHEAD_BATCHES)
        self.behind = True  # until the stream has answered

    async def run(self) -> None:
        settling = self.publisher.settle(lambda: self.health.beat("relay"))
        sending = [self.lease.keep(), settling, self._publish(), self.publisher.trimmer.run()]
        beside = [timers(self.running, self.health), watching(self.running), chaining(self.running)]
        sources = [self._follow(), self._sweep(), *beside]
        tasks = [asyncio.create_task(part, name=getattr(part, "__qualname__", "")) for part in (*sending, *sources)]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)  # none should end, cancelled ones included
        except asyncio.CancelledError:
            await self._drain(tasks[len(sending) :])
            raise
        finally:
            stuck = await _ended(tasks)
        if stuck:
            raise PartEndedError(", ".join(task.get_name() for task in stuck))
        errors = [error for task in tasks if (error := _failure(task))]
        serious = (error for error in errors if not isinstance(error, (ConnectionFailure, LeaseLostError)))
        raise next(serious, errors[0] if errors else PartEndedError())

    async def _drain(self, sources: list[asyncio.Task[None]]) -> None:
        await _ended(sources)
        await _within(self._all_acknowledged())

    async def _all_acknowledged(self) -> None:
        await self.batches.join()
        await self.publisher.drained()

    async def _publish(self) -> None:
        while True:
            batch = await self.batches.get()
            await self.publisher.publish(batch)
            self.batches.task_done()

    async def _follow(self) -> None:
        stream = await self._open()
        try:
            async for batch in stream.batches():
                self.behind = batch.full
                await self.batches.put(batch)
        finally:
            await stream.close()

    async def _open(self) -> Stream:
        """Without a usable token the stream is opened first, then everything waiting is swept, then it is read."""
        if self.lease.token:
            try:
                return await opened(self.running.database, self.collections, self.lease.token)
            except HistoryLostError:
                log.warning("relay.history_lost", then="sweep every outbox")
        stream = await opened(self.running.database, self.collections, None)
        await self._sweep_once(EVERYTHING, stream.session)
        await self._all_acknowledged()
        return stream

    async def _sweep(self) -> None:
        """Not while the relay is behind: what waits then is old because it is not told or not trimmed yet."""
        pause = self.running.settings.sweep_after_seconds
        while True:
            await asyncio.sleep(pause / 2)
            if not (self.behind or self.publisher.trimmer.catching_up):
                await self._sweep_once(timedelta(seconds=pause))
            await measure(self.running.database, self.collections)

    async def _sweep_once(self, older_than: timedelta, session: AsyncClientSession | None = None) -> None:
        async for batch in waiting(self.running.database, self.collections, older_than, session):
            metrics.RELAY_SWEPT.inc(len(batch.told))
            log.warning("relay.swept", facts=len(batch.told))
            await self.batches.put(batch)
