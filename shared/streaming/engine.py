"""Faust as we use it: raw bytes in, figures in a table with a changelog, nothing committed before it is durable."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from typing import Any, cast

import faust
from faust.tables import Table
from faust.transport.drivers.aiokafka import Consumer, Transport
from faust.types import TP, EventT, FutureMessage

from shared import clock, faults, metrics
from shared.consumer.records import Record
from shared.errors import Invalid
from shared.kafka import access
from shared.logs import log
from shared.streaming.figures import Figure, applied, changes_of, kept, read
from shared.streaming.measures import Generation
from shared.streaming.positions import Gap, Positions
from shared.streaming.refusals import blamed, require_exact, require_not_ahead
from shared.streaming.settling import Settling
from shared.streaming.sink import Row, Sink
from shared.streaming.topics import LARGEST_CHANGE_BYTES
from shared.streaming.unreadable import ReadingThread, unreadable

COMMIT_EVERY_SECONDS = 1.0
REVOKE_SECONDS = 20.0
REQUEST_SECONDS = 30.0  # Faust refuses to start where a session may last longer than a request
LARGEST_FIGURE_BYTES = LARGEST_CHANGE_BYTES // 2
RAW: dict[str, Any] = {"key_type": bytes, "value_type": bytes, "key_serializer": "raw", "value_serializer": "raw"}
"""Without the serializers Faust reads bytes as JSON, and drops what is none before any agent sees it."""


class FigureTooLarge(Invalid):
    """The figure {key} remembers so many lines that it is {size} bytes; at most {limit} fit into its changelog."""

    mr = "{key} या आकड्यात इतक्या ओळी आहेत की तो {size} बाइट झाला; जास्तीत जास्त {limit} बाइट चालतात."
    hi = "{key} आँकड़े में इतनी पंक्तियाँ हैं कि वह {size} बाइट हो गया; अधिकतम {limit} बाइट चलते हैं।"


class FigureTable(Table[bytes, bytes]):
    """Remembers the acknowledgement that its last change waits for: Faust itself only logs a failed one."""

    sent: FutureMessage

    def send_changelog(self, *arguments: Any, **named: Any) -> FutureMessage:
        self.sent = super().send_changelog(*arguments, **named)
        return self.sent

    def apply_changelog_batch(self, batch: Iterable[EventT[bytes]]) -> None:
        """Of each figure the record with the most changes: a worker thought dead may have written an older one late."""
        most: dict[Any, int] = {}
        newer = []
        for event in batch:
            has = most.get(event.key)
            has = changes_of(self.data.get(event.key)) if has is None else has
            if (changes := changes_of(event.message.value)) >= has:
                most[event.key] = changes
                newer.append(event)
        super().apply_changelog_batch(newer)


class FigureConsumer(Consumer):
    """Commits what is settled: Faust's own flush gives up after 0.1 s, and a record may wait longer for the broker.

    And reads where our positions say: Faust's word on what was seen is not asked.
    """

    def _new_consumer_thread(self) -> ReadingThread:
        return ReadingThread(self, loop=self.loop, beacon=self.beacon)

    async def perform_seek(self) -> None:
        """Every partition to where it is read on, and no record before that.

        Faust lets records come while it asks for the committed offsets, then empties the agent's queue; aiokafka does
        not go back where nothing is committed yet.
        """
        self.stop_flow()
        await super().perform_seek()
        app = cast("FigureApp", self.app)
        places = [place for place in self.assignment() if place.topic == app.source]
        if not places:
            return
        earliest, reading = await self.earliest_offsets(*places), app.positions.next
        starts = {at: reading.get(at.partition, self._committed_offset[at] or earliest[at]) for at in places}
        await self.seek_wait(starts)
        for place, offset in starts.items():
            app.positions.begin(place.partition, offset)

    def _filter_committable_offsets(self, tps: Iterable[TP]) -> dict[TP, int]:  # noqa: ARG002  Faust's own name
        """All that was looked at since the last commit; which records Faust holds for acknowledged does not matter."""
        app = cast("FigureApp", self.app)
        found = {TP(app.source, partition): offset for partition, offset in app.positions.next.items()}
        return {place: offset for place, offset in found.items() if offset > (self._committed_offset[place] or 0)}

    async def _commit_offsets(self, offsets: Mapping[TP, int], start_new_transaction: bool = True) -> bool:  # noqa: FBT001, FBT002
        settling = cast("FigureApp", self.app).settling
        if not await settling.settle():
            return False
        faults.point("stream.committing")
        done = await super()._commit_offsets(offsets, start_new_transaction)
        faults.point("stream.committed")
        return done


class FigureTransport(Transport):
    Consumer = FigureConsumer


class FigureApp(faust.App):
    """One worker of one generation, inside our process: no web server, no signals, no folder."""

    settling: Settling
    positions: Positions
    source: str

    async def on_first_start(self) -> None:
        """Faust would make a folder for its tables; ours are in memory."""

    def _new_transport(self) -> Transport:
        return FigureTransport(self.conf.broker_consumer, self)

    async def _on_partitions_revoked(self, revoked: set[TP]) -> None:
        """Who gets these partitions reads the changelog: nothing of ours may come into it after that."""
        await super()._on_partitions_revoked(revoked)
        try:
            async with asyncio.timeout(REVOKE_SECONDS):
                await self.settling.settle()
        except TimeoutError:
            self.settling.fail(TimeoutError("what was counted could not be made durable before the partitions went"))
        self.positions.forget()


def _credentials(known: Mapping[str, Any]) -> faust.SASLCredentials | None:
    """The same as every other client's, in Faust's own words."""
    if "sasl_mechanism" not in known:
        return None
    return faust.SASLCredentials(
        username=known["sasl_plain_username"],
        password=known["sasl_plain_password"],
        ssl_context=known["ssl_context"],
        mechanism=known["sasl_mechanism"],
    )


class Engine:
    """Folds the records of a generation's source into its figures."""

    def __init__(self, generation: Generation, sink: Sink, shown: Collection[Gap] = ()) -> None:
        self.generation, self.sink, self.measure = generation, sink, generation.measure
        self.settling, self.positions = Settling(sink), Positions(shown)
        self.app = self._app()
        self.table = FigureTable(
            self.app,
            name="figures",
            key_type=bytes,
            value_type=bytes,
            partitions=generation.settings.partitions,
            changelog_topic=self.app.topic(generation.changelog, **RAW),
        )
        self.app.tables.add(self.table)
        source = self.app.topic(generation.source, **RAW)
        self.app.agent(source, name=f"{self.measure.name}.fold")(self._fold_all)

    @property
    def done(self) -> dict[int, int]:
        """By partition held: the offset after the last record that was looked at."""
        return self.positions.next

    def _app(self) -> FigureApp:
        settings = self.generation.settings
        servers = [f"kafka://{server}" for server in settings.kafka_bootstrap_servers.split(",")]
        app = FigureApp(
            self.generation.app_id,
            env={},  # an environment variable such as BROKER_URL would win over what stands here
            broker=servers,
            broker_credentials=_credentials(access(settings)),
            store="memory://",
            autodiscover=False,
            web_enabled=False,
            topic_allow_declare=False,
            topic_disable_leader=True,
            topic_partitions=settings.partitions,
            table_standby_replicas=0,
            processing_guarantee="at_least_once",
            broker_commit_interval=COMMIT_EVERY_SECONDS,
            broker_session_timeout=settings.session_timeout_milliseconds / 1000,
            broker_heartbeat_interval=settings.session_timeout_milliseconds / 4000,
            broker_request_timeout=max(REQUEST_SECONDS, settings.session_timeout_milliseconds / 1000),
            stream_wait_empty=False,  # an agent that has failed holds its event for ever, on purpose
            producer_acks=-1,
            producer_max_batch_size=512 * 1024,
            producer_max_request_size=LARGEST_CHANGE_BYTES,
            producer_request_timeout=15.0,
            consumer_max_fetch_size=LARGEST_CHANGE_BYTES,
        )
        app.settling, app.positions, app.source = self.settling, self.positions, self.generation.source
        return app

    async def _fold_all(self, stream: Any) -> None:
        """Never raises: Faust goes on after an event whose agent has raised."""
        stream.enable_acks = False  # our positions are committed, not its acknowledgements
        async for event in stream.events():
            try:
                await self._take(event.message)
            except Exception as error:  # noqa: BLE001  a fault of ours: stop, with this event not committed
                self.settling.fail(error)
                await asyncio.Event().wait()
            except BaseException as error:
                self.settling.fail(error)
                raise

    async def _take(self, message: Any) -> None:
        done = self.positions.next
        if not self.positions.takes(message.partition, message.offset, sought=self.app.tables.actives_ready):
            return
        place = (message.topic, message.partition, message.offset)
        record = Record(*place, message.key, message.value, list(message.headers or ()), self.measure.handlers)
        try:
            outcome = self._fold(record)
        except Invalid as problem:
            await self._park(record, problem)
            outcome = "parked"
        faults.point("stream.folded")
        metrics.STREAM_EVENTS.labels(self.generation.source, outcome).inc()
        done[message.partition] = max(done[message.partition], message.offset + 1)

    def _fold(self, record: Record) -> str:
        """All figures of a record are decided before the first changes."""
        place = f"{record.topic}/{record.partition}/{record.offset}"
        with blamed(place):
            problem = unreadable(record) or record.read().problem
        if problem:
            raise problem
        event = record.event
        if event is None or record.reaction is None:
            return "skipped"
        with blamed(place):
            require_not_ahead(event, clock.now())
            steps = self.measure.changed(event, record.partition)
        before = {key: read(self.table.get(key.encode()), self.measure.counts) for key in steps}
        with blamed(place):
            after = {key: applied(before[key], event, steps[key]) for key in steps}
            values = {key: self._value(key, figure) for key, figure in after.items() if figure is not before[key]}
        for key, figure in after.items():
            self._keep(key, figure, values.get(key), steps[key][0].labels)
        return "applied" if values else "duplicate"

    def _value(self, key: str, figure: Figure) -> bytes:
        require_exact(key, figure.counts)
        value = kept(figure, self.measure.counts)
        if len(value) > LARGEST_FIGURE_BYTES:
            raise FigureTooLarge(key=key, size=len(value), limit=LARGEST_FIGURE_BYTES)
        return value

    def _keep(self, key: str, figure: Figure, value: bytes | None, labels: Mapping[str, Any]) -> None:
        """What did not change is written for its readers again: who died before that left it to us."""
        if value is not None:
            self.table[key.encode()] = value
        if figure.changes:
            fields = {**labels, **dict(zip(self.measure.counts, figure.counts, strict=True))}
            self.settling.mark(Row(key, figure.changes, fields), self.table.sent if value is not None else None)

    async def _park(self, record: Record, problem: Invalid) -> None:
        log.warning(
            "stream.parked", topic=record.topic, partition=record.partition, offset=record.offset, why=str(problem)
        )
        await self.settling.patient(lambda: self.sink.park(record, problem))
