"""The loop of one consumer: fetch, apply in a transaction, replay what was marked ready, tell the offsets."""

import asyncio
import random
import time
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError, NoOffsetForPartitionError, OffsetOutOfRangeError
from aiokafka.structs import OffsetAndMetadata
from pymongo.errors import ConnectionFailure

from shared import metrics
from shared.consumer.batch import Applied, Applier, Batches
from shared.consumer.failures import FATAL, REFUSALS, RefusedByServer, halved, is_transient
from shared.consumer.parking import Parking
from shared.consumer.partitions import Held, LostCompareError, Partitions
from shared.consumer.records import Record, Unreadable
from shared.handlers import Handlers
from shared.health import Health
from shared.kafka import consumer, started, topic_ids
from shared.logs import log
from shared.service import Running

POLL_MILLISECONDS = 200
COMMIT_EVERY_SECONDS = 5.0
REPLAY_EVERY_SECONDS = 2.0
LEAVE_SECONDS = 10.0
TRIES = 3

Fetched = dict[TopicPartition, list[ConsumerRecord[bytes, bytes]]]


class LogTruncatedError(RuntimeError):
    """Kafka no longer holds the next offset: facts are kept for ever, so somebody deleted some."""


class Consumer:
    """One member of a service's consumer group."""

    def __init__(self, running: Running, health: Health) -> None:
        settings, service = running.settings, running.service
        self.running, self.health = running, health
        self.group = settings.group(service.group)
        self.handlers: dict[str, Handlers] = {settings.topic(h.topic): h for h in service.handlers}
        self.kafka: AIOKafkaConsumer = consumer(settings, service.group)
        self.applier = Applier(running.database, self.group, service.kinds, settings.parking_limit)
        self.partitions: Partitions
        self.committed_at = self.replayed_at = time.monotonic()
        self.failures = 0

    async def run(self) -> None:
        ids = await topic_ids(self.running.settings, self.handlers)
        self.partitions = Partitions(self.kafka, self.running.database, self.group, ids)
        self.kafka.subscribe(sorted(self.handlers), listener=self.partitions)
        await started(self.kafka)
        try:
            while True:
                await self._turn()
        finally:
            await self._leave()

    async def _turn(self) -> None:
        fetched = await self._fetch()
        # a batch that began is finished: cancelling it half way would lose the server's answer
        await _uncancelled(self._apply(fetched))
        if self.partitions.failed:
            raise self.partitions.failed
        await self._replay()
        await self._commit()
        self.health.beat("consumer")

    async def _fetch(self) -> Fetched:
        most = self.running.settings.consumer_batch_size
        try:
            return dict(await self.kafka.getmany(timeout_ms=POLL_MILLISECONDS, max_records=most))
        except NoOffsetForPartitionError as e:  # the client looked for a committed offset before we could seek
            await self._seek_again([e.args[0]])
        except OffsetOutOfRangeError as e:
            if lost := [p for p, offset in e.args[0].items() if p in self.held and self.held[p].next == offset]:
                raise LogTruncatedError(lost) from e
            await self._seek_again(e.args[0])
        except UnicodeDecodeError as e:  # the name of a header; the client does not say of which record
            log.error("consumer.unreadable", error=repr(e)[:300])
            await self._park_unreadable(most)
        return {}

    async def _park_unreadable(self, most: int) -> None:
        """Record by record, partition by partition, until the one that cannot be decoded; it is parked by its place."""
        for place in list(self.held):
            await self._seek_again([place])
            for _ in range(most + 1):
                try:
                    rows = await self.kafka.getmany(place, timeout_ms=POLL_MILLISECONDS, max_records=1)
                except UnicodeDecodeError as e:
                    await self._step_over(place, str(e))
                    return
                if not rows:
                    break
                await self._apply(dict(rows))

    async def _step_over(self, place: TopicPartition, why: str) -> None:
        held = self.held.get(place)
        if held is None:
            return
        at = {"topic": place.topic, "partition": place.partition, "offset": held.next}
        record = Record(**at, key=None, value=None, headers=[], handlers=self.handlers[place.topic])
        record.problem = Unreadable(**at, why=why)
        await self._all([{place: [record]}])
        await self._seek_again([place])

    @property
    def held(self) -> dict[TopicPartition, Held]:
        return self.partitions.held

    async def _seek_again(self, places: Iterable[TopicPartition]) -> None:
        async with self.partitions.lock:
            for place in places:
                if place in self.held:
                    self.kafka.seek(place, self.held[place].next)

    async def _apply(self, fetched: Fetched) -> None:
        """Again until it is done or the partitions are another's; the lock is free between tries."""
        first = {
            place: [Record.of(row, self.handlers[place.topic]).read() for row in rows]
            for place, rows in fetched.items()
        }
        await self._all([first] if first else [])

    async def _all(self, waiting: list[Batches]) -> None:
        while waiting:
            waiting = [*await self._attempt(waiting[0]), *waiting[1:]]

    async def _attempt(self, batches: Batches) -> list[Batches]:
        """What is still to be applied of these: nothing, all of it once more, or its halves."""
        try:
            async with self.partitions.lock:
                if batches := self._contiguous(batches):
                    self._count(await self._measured(batches))
        except LostCompareError:
            async with self.partitions.lock:
                await self.partitions.drop_lost()
            return [batches]
        except FATAL:
            raise
        except Exception as error:  # noqa: BLE001  whatever it is, it is tried again, then it stops the process
            return await self._after(error, batches)
        self.failures = 0
        return []

    async def _after(self, error: Exception, batches: Batches) -> list[Batches]:
        """Transient: again. Refused by the server: halve, until one stands alone. Anything else: again, then stop."""
        self.failures += 1
        log.warning("consumer.retry", error=repr(error)[:500], failures=self.failures)
        if not is_transient(error) and self.failures > TRIES:
            if isinstance(error, REFUSALS) and not _given_up(batches):
                return halved(batches, str(error)[:300])
            raise error
        await asyncio.sleep(random.uniform(0.5, 1.0) * min(0.05 * 2**self.failures, 5.0))  # noqa: S311
        return [batches]

    async def _measured(self, batches: Batches) -> Applied:
        began = time.monotonic()
        applied = await self.applier.apply(batches, self.partitions)
        metrics.CONSUMER_BATCH_SECONDS.observe(time.monotonic() - began)
        metrics.CONSUMER_BATCH_SIZE.observe(sum(len(rows) for rows in batches.values()))
        return applied

    def _contiguous(self, batches: Batches) -> dict[TopicPartition, list[Record]]:
        """Only what is held and starts where the row says: a fetch may outlive a rebalance or a seek."""
        kept = {}
        for place, rows in batches.items():
            if (held := self.held.get(place)) is None:
                continue
            first = (held.next, rows[0].offset)
            if first[0] > first[1] or (first[0] != first[1] and first not in held.unseen):
                held.unseen.add(first)
                self.kafka.seek(place, held.next)
                continue
            if first[0] != first[1]:  # asked for again and shown again: the log itself has no record there
                log.warning("consumer.offsets_without_records", topic=place.topic, next=first[0], first=first[1])
            kept[place] = list(rows)
        return kept

    def _count(self, applied: Applied) -> None:
        for (topic, outcome), count in applied.outcomes.items():
            metrics.CONSUMER_EVENTS.labels(topic=topic, outcome=outcome).inc(count)

    async def _replay(self) -> None:
        """Apply parked rows that somebody marked ready, a partition at a time."""
        if time.monotonic() - self.replayed_at < REPLAY_EVERY_SECONDS:
            return
        self.replayed_at = time.monotonic()
        async with self.partitions.lock:
            try:
                for place in [place for place, held in self.held.items() if held.parked]:
                    await self._replay_in(place)
            except LostCompareError:
                await self.partitions.drop_lost()
            except ConnectionFailure as e:
                log.warning("consumer.replay_later", error=repr(e)[:300])
        metrics.PARKED.set(sum(held.parked for held in self.held.values()))

    async def _replay_in(self, place: TopicPartition) -> None:
        parking = Parking(self.running.database, self.group)
        if rows := await parking.ready(place.topic, place.partition, self.handlers[place.topic]):
            for _, record in rows:
                record.read()
            await self._replay_rows(rows, place)
            log.info("consumer.replayed", topic=place.topic, partition=place.partition, rows=len(rows))
        self.held[place].parked = await parking.count(place.topic, place.partition)

    async def _replay_rows(self, rows: Sequence[tuple[str, Record]], place: TopicPartition) -> bool:
        """All at once; where that fails one by one, and what fails alone is poison once more. True: all applied."""
        try:
            applied = await self.applier.replay(rows, place, self.partitions)
            self._count(applied)
            return not any(outcome == "parked" for _, outcome in applied.outcomes)
        except (LostCompareError, ConnectionFailure):
            raise
        except Exception as error:
            if len(rows) == 1 and rows[0][1].problem:
                raise
            log.warning("consumer.replay_failed", rows=len(rows), error=repr(error)[:300])
            return await self._replay_each(rows, place, repr(error)[:300])

    async def _replay_each(self, rows: Sequence[tuple[str, Record]], place: TopicPartition, why: str) -> bool:
        """A key whose row failed keeps the rest of its rows waiting."""
        stopped: set[bytes] = set()
        if len(rows) == 1:
            rows[0][1].problem = RefusedByServer(why=why)
        for id_, record in rows:
            if record.key in stopped:
                continue
            if not await self._replay_rows([(id_, record)], place) and record.key is not None:
                stopped.add(record.key)
        return not stopped

    async def _commit(self) -> None:
        """For dashboards and autoscaling only: nobody starts from these."""
        if time.monotonic() - self.committed_at < COMMIT_EVERY_SECONDS:
            return
        self.committed_at = time.monotonic()
        metrics.CONSUMER_LAG.clear()  # partitions that are another's now
        for place, held in self.held.items():
            lag = (self.kafka.highwater(place) or held.next) - held.next
            metrics.CONSUMER_LAG.labels(topic=place.topic, partition=place.partition).set(lag)
        await self._tell_offsets()

    async def _tell_offsets(self) -> None:
        offsets = {place: OffsetAndMetadata(held.next, "") for place, held in self.held.items()}
        try:
            if offsets:
                async with asyncio.timeout(LEAVE_SECONDS):
                    await self.kafka.commit(offsets)
        except (KafkaError, TimeoutError) as e:
            log.info("consumer.offsets_not_told", error=repr(e))

    async def _leave(self) -> None:
        await self._tell_offsets()
        try:
            async with asyncio.timeout(LEAVE_SECONDS):
                await self.kafka.stop()
        except (KafkaError, TimeoutError) as e:
            log.warning("consumer.leaving_failed", error=repr(e))


def _given_up(batches: Batches) -> bool:
    """One record stands alone, is poison already, and cannot even be parked."""
    rows = [record for some in batches.values() for record in some]
    return len(rows) == 1 and isinstance(rows[0].problem, RefusedByServer)


async def _uncancelled(work: Coroutine[Any, Any, None]) -> None:
    """Finish the work at hand before giving way to a cancellation."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=LEAVE_SECONDS)
        task.cancel()
        raise
