"""Facts to Kafka: one batch a partition, every report awaited, then the token kept.

publish → queue → settle run as a pipeline, so that reading, sending and acknowledging overlap.
"""

import asyncio
import time
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaProducer

from shared import clock, faults, metrics
from shared.documents import Doc
from shared.kafka import headers_of, partition_of
from shared.relay.lease import Lease
from shared.relay.stream import Batch, Told
from shared.relay.trimmer import Trimmer
from shared.service import Running
from shared.trace import Span
from shared.tracing.telling import Telling, acknowledged

ACK_SECONDS = 30.0  # idempotent batches retry for ever: past this the process exits and the next one repeats
KEEP_TOKEN_EVERY_SECONDS = 0.5  # what a crash repeats; each is a majority write, and at 0.05 they were a third of all
KEEP_IDLE_TOKEN_EVERY_SECONDS = 5.0
REMEMBERED_SUBJECTS = 50_000
UNSETTLED_BATCHES = 8


class NotAcknowledgedError(RuntimeError):
    """Kafka did not report in time: nothing may be skipped, so the process stops and starts again."""


@dataclass(frozen=True, slots=True)
class Sent:
    batch: Batch
    reports: list[Awaitable[Any]]
    spans: Sequence[Span]


class Publisher:
    def __init__(self, running: Running, kafka: AIOKafkaProducer, lease: Lease) -> None:
        self.source, self.database, self.kafka, self.lease = f"/{running.service.name}", running.database, kafka, lease
        self.topics = {
            k.collection: (k.topic, running.settings.topic(k.topic)) for k in running.service.kinds if k.topic
        }
        self.sent: asyncio.Queue[Sent] = asyncio.Queue(UNSETTLED_BATCHES)
        self.repair_after_seconds = running.settings.sweep_after_seconds
        self.published: OrderedDict[tuple[str, str], tuple[int, float]] = OrderedDict()
        self.trimmer, self.telling = Trimmer(running.database), Telling()
        self.token_kept_at = 0.0
        self.token: Doc | None = lease.token
        self.unkept: Doc | None = None

    async def publish(self, batch: Batch) -> None:
        """Hand a batch to Kafka, in its order for each subject."""
        records: dict[tuple[str, int], list[Doc]] = defaultdict(list)
        wanted = [told for told in batch.told if self._is_wanted(told, swept=batch.token is None)]
        partitions = {topic: len(await self.kafka.partitions_for(topic)) for topic in self._topics_of(wanted)}
        for told in wanted:
            topic, key, record = self._record(told)
            records[topic, partition_of(key, partitions[topic])].append(record)
        reports = [report for place, rows in records.items() for report in await self._send(*place, rows)]
        if batch.token and faults.disabled("relay.token_after_ack"):
            await self.lease.save(batch.token)
        faults.point("relay.sent")
        await self.sent.put(Sent(Batch(wanted, batch.token, full=batch.full), reports, self.telling.handed_over()))

    def _topics_of(self, told: list[Told]) -> set[str]:
        return {self.topics[collection][1] for collection in {one.collection for one in told}}

    def _is_wanted(self, told: Told, *, swept: bool) -> bool:
        """A change may show an array whole; what this process sent already is not sent again.

        A sweep does send it again, but not what was sent a moment ago and is still to be acknowledged or trimmed.
        """
        if swept and self.trimmer.knows(told):
            return False
        place, sequence, now = (told.collection, told.subject), told.fact["sequence"], time.monotonic()
        last, at = self.published.get(place, (0, 0.0))
        if last >= sequence and not (swept and now - at > self.repair_after_seconds):
            return False
        if last <= sequence:
            self.published[place] = (sequence, now)
            self.published.move_to_end(place)
        if len(self.published) > REMEMBERED_SUBJECTS:
            self.published.popitem(last=False)
        return True

    def _record(self, told: Told) -> tuple[str, bytes, Doc]:
        short, topic = self.topics[told.collection]
        key = told.subject.encode()
        headers = headers_of(self.telling.begun(told.fact, topic), self.source, short, told.subject)
        return topic, key, {"timestamp": None, "key": key, "value": told.fact["data"].encode(), "headers": headers}

    async def _send(self, topic: str, partition: int, rows: list[Doc]) -> list[Awaitable[Any]]:
        reports: list[Awaitable[Any]] = []
        batch = self.kafka.create_batch()
        for row in rows:
            if batch.append(**row) is None:
                reports.append(await self.kafka.send_batch(batch, topic, partition=partition))
                batch = self.kafka.create_batch()
                batch.append(**row)
        reports.append(await self.kafka.send_batch(batch, topic, partition=partition))
        return reports

    async def settle(self, moved: Callable[[], None]) -> None:
        """For ever: await the reports of what was sent, in order; then keep the token and have it trimmed."""
        while True:
            sent = await self.sent.get()
            with acknowledged(sent.spans):
                await self._acknowledged(sent.reports)
            faults.point("relay.acked")
            self._measure(sent.batch.told)
            await self._keep(sent.batch)
            await self.trimmer.take(sent.batch.told, behind=sent.batch.full)
            self.sent.task_done()
            moved()

    def _measure(self, told: list[Told]) -> None:
        for collection, count in Counter(one.collection for one in told).items():
            metrics.RELAY_PUBLISHED.labels(topic=self.topics[collection][1]).inc(count)
        if told:
            metrics.RELAY_LAG_SECONDS.set((clock.now() - told[-1].fact["time"]).total_seconds())

    async def _acknowledged(self, reports: list[Awaitable[Any]]) -> None:
        try:
            async with asyncio.timeout(ACK_SECONDS):  # not wait_for: before Python 3.12 it may lose a cancellation
                await asyncio.gather(*reports)
        except TimeoutError as e:
            raise NotAcknowledgedError from e

    async def _keep(self, batch: Batch) -> None:
        if batch.token is None or batch.token == self.token:
            return
        idle = not batch.told and self.unkept is None
        self.unkept = batch.token
        pause = KEEP_IDLE_TOKEN_EVERY_SECONDS if idle else KEEP_TOKEN_EVERY_SECONDS
        if time.monotonic() - self.token_kept_at >= pause:
            await self.keep_token()

    async def keep_token(self) -> None:
        if self.unkept is not None:
            await self.lease.save(self.unkept)
            self.token, self.unkept, self.token_kept_at = self.unkept, None, time.monotonic()

    async def drained(self) -> None:
        """Everything handed over is acknowledged, its token kept, its outboxes trimmed."""
        await self.sent.join()
        await self.keep_token()
        await self.trimmer.emptied()
