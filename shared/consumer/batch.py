"""One batch, one transaction: decide every event in order in memory, then write effects, parked rows and offsets."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import TopicPartition
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared import faults, trace
from shared.consumer.parking import Behind, Parking
from shared.consumer.partitions import Partitions
from shared.consumer.records import Record, SequenceGap
from shared.consumer.work import UnitOfWork
from shared.documents import Kind
from shared.errors import Invalid, Problem
from shared.events import Event
from shared.logs import log
from shared.mongo import Database
from shared.tracing import consuming

MAJORITY = WriteConcern(w="majority")
SNAPSHOT = ReadConcern("snapshot")

Batches = Mapping[TopicPartition, Sequence[Record]]
Outcomes = Counter[tuple[str, str]]


class TooMuchParkedError(RuntimeError):
    """So many events in a row were parked that the code is what is broken, not they."""


@dataclass(slots=True)
class Applied:
    """What a transaction did: outcomes by (topic, outcome), rows parked by partition, poison since good news."""

    outcomes: Outcomes
    parked: Counter[TopicPartition]
    poison_in_a_row: int


class Applier:
    """Applies batches for one consumer group."""

    def __init__(self, database: Database, group: str, kinds: tuple[Kind, ...], parking_limit: int) -> None:
        self.database, self.group, self.parking_limit = database, group, parking_limit
        self.kinds: dict[type[Any], Kind] = {kind.holds: kind for kind in kinds}
        self.poison_in_a_row = 0

    async def apply(self, batches: Batches, partitions: Partitions) -> Applied:
        """Raises LostCompareError, WrittenMeanwhileError, TooMuchParkedError, or what the server said."""

        async def once(session: AsyncClientSession) -> Applied:
            applied = await Deciding(self, session).run(batches, partitions)
            to = {place: records[-1].offset + 1 for place, records in batches.items()}
            await partitions.advance(to, session)
            faults.point("consumer.before_commit")
            return applied

        applied = await self._in_transaction(once)
        for place, records in batches.items():
            partitions.held[place].next = records[-1].offset + 1
            partitions.held[place].parked += applied.parked[place]
        return applied

    async def replay(
        self, rows: Sequence[tuple[str, Record]], place: TopicPartition, partitions: Partitions
    ) -> Applied:
        """Apply parked rows that were marked ready, in order, fenced by the partition's row."""

        async def once(session: AsyncClientSession) -> Applied:
            applied = await Deciding(self, session).run_again(rows)
            await partitions.advance({place: partitions.held[place].next}, session)
            return applied

        return await self._in_transaction(once)

    async def _in_transaction(self, once: Any) -> Applied:
        with consuming.batch(self.group) as spans:
            async with self.database.client.start_session() as session:
                tried = spans.tried(once)
                applied: Applied = await session.with_transaction(tried, read_concern=SNAPSHOT, write_concern=MAJORITY)
        faults.point("consumer.after_commit")
        self.poison_in_a_row = applied.poison_in_a_row
        return applied


class Deciding:
    """The events of one try of one transaction."""

    def __init__(self, applier: Applier, session: AsyncClientSession) -> None:
        self.work = UnitOfWork(applier.database, applier.kinds, session)
        self.parking = Parking(applier.database, applier.group, session)
        self.limit = applier.parking_limit
        self.applied = Applied(Counter(), Counter(), applier.poison_in_a_row)

    async def run(self, batches: Batches, partitions: Partitions) -> Applied:
        records = [record for rows in batches.values() for record in rows]
        if any(partitions.held[place].parked for place in batches):
            await self.parking.load(records)
        await self._load(records)
        for record in records:
            await self._one(record)
        await self._write()
        return self.applied

    async def run_again(self, rows: Sequence[tuple[str, Record]]) -> Applied:
        """A key whose row fails again keeps the rest of its rows waiting."""
        await self._load([record for _, record in rows])
        stopped: set[bytes] = set()
        for id_, record in rows:
            if record.key in stopped:
                continue
            problem = await self._try(record)
            self.parking.replayed(id_, problem)
            if problem and record.key:
                stopped.add(record.key)
        await self._write()
        return self.applied

    async def _load(self, records: Sequence[Record]) -> None:
        wanted: dict[type[Any], set[str]] = defaultdict(set)
        for record in records:
            for holds, ids in record.wanted().items():
                wanted[holds].update(ids)
        await self.work.load(wanted)

    async def _write(self) -> None:
        faults.point("consumer.before_write")
        await self.work.write()
        await self.parking.write()

    async def _one(self, record: Record) -> None:
        problem = consuming.behind(record, Behind()) if self.parking.is_blocked(record) else await self._try(record)
        if problem is None:
            return
        self.parking.park(record, problem)
        self.applied.parked[TopicPartition(record.topic, record.partition)] += 1
        if isinstance(problem, Behind):
            return
        self.applied.poison_in_a_row += 1
        place = {"topic": record.topic, "partition": record.partition, "offset": record.offset}
        ids = trace.ids(consuming.parent_of(record))
        log.error("consumer.parked", code=problem.code, reason=str(problem), **place, **ids)
        if self.applied.poison_in_a_row > self.limit:
            msg = f"{self.applied.poison_in_a_row} in a row, the last: {problem.code}: {problem}"
            raise TooMuchParkedError(msg)

    async def _try(self, record: Record) -> Invalid | None:
        """Apply one record; the problem for which it must be parked."""
        with consuming.event(record) as span:
            outcome, problem = await self._outcome(record)
            consuming.done(span, outcome, problem)
        self.applied.outcomes[record.topic, outcome] += 1
        return problem

    async def _outcome(self, record: Record) -> tuple[str, Invalid | None]:
        problem = record.problem
        if problem is None:
            try:
                outcome = await self._decide(record)
                self.applied.poison_in_a_row = 0
            except Invalid as found:
                self.work.drop()
                problem = found
            else:
                return outcome, None
        return "parked", problem

    async def _decide(self, record: Record) -> str:
        event, reaction = record.event, record.reaction
        if event is None:
            msg = "a record is read before it is decided"
            raise TypeError(msg)
        if await self._is_duplicate(record, event):
            return "duplicate"
        outcome = "skipped" if reaction is None else await self._handle(record, event)
        await self._remember(record, event)
        self.work.keep()
        return outcome

    async def _handle(self, record: Record, event: Event[Any]) -> str:
        """Refused is an answer too: it is recorded and the next event follows."""
        token = trace.current.set(event.trace)
        try:
            with consuming.handler(record):
                await record.reaction.handle(event, self.work)  # type: ignore[union-attr]
        except Invalid:
            raise
        except Problem as problem:
            self.work.drop()
            log.warning("consumer.refused", event_id=event.id, code=problem.code)
            return "refused"
        finally:
            trace.current.reset(token)
        return "applied"

    async def _is_duplicate(self, record: Record, event: Event[Any]) -> bool:
        """By the last (incarnation, sequence) in the document that tracks the subject. Raises SequenceGap."""
        if record.handlers.tracks is None or faults.disabled("consumer.duplicates"):
            return False
        entry = await self.work.entry(record.handlers.tracks, event.subject)
        seen = entry.seen.get(_key(record))
        last = tuple(seen or (event.incarnation, 0))
        if event.place <= last:
            return True
        # whoever was restored, the producer or this service, goes on from where its backup stood
        counted_on = event.incarnation == last[0] and (seen is not None or self.work.database.incarnation == 1)
        if counted_on and event.sequence > last[1] + 1 and not record.forced:
            raise SequenceGap(subject=event.subject, sequence=event.sequence, last=last[1])
        return False

    async def _remember(self, record: Record, event: Event[Any]) -> None:
        tracks = record.handlers.tracks
        if tracks is not None and (await self.work.entry(tracks, event.subject)).state is not None:
            (await self.work.stage(tracks, event.subject)).seen[_key(record)] = [event.incarnation, event.sequence]


def _key(record: Record) -> str:
    """A field name may not hold dots; the namespace is not part of it."""
    return record.handlers.topic.replace(".", "/")
