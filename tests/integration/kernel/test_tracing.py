"""A trace from the request to the last effect: every edge by its ids, on a real Kafka and MongoDB."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanKind
from pymongo.errors import DuplicateKeyError

from shared import clock, trace
from shared.aggregates import Work
from shared.consumer import consume
from shared.decisions import Decision
from shared.events import Event
from shared.handlers import Handlers
from shared.health import Health
from shared.mongo import Database
from shared.relay import relay
from shared.scope import Role
from shared.service import Running, Service, Stores, Timer
from shared.settings import CommonSettings
from shared.testing import Signer
from shared.timers import fire
from shared.tracing import names
from shared.web.app import create_app
from tests.integration.kernel.conftest import Log, record
from tests.integration.kernel.pots import (
    POISON,
    REFUSED,
    SERVICE,
    TOPIC,
    Pot,
    PotFilled,
    PotMade,
    Sum,
    expire,
    make,
    on_filled,
)
from tests.processes import playing, until
from tests.spans import Recorded, id_of, links_of, parent_of, recording, says

PHONE = "9876543210"
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
LIDDED = Handlers(TOPIC, tracks=Sum)
LIDDED.on(PotFilled)(on_filled)


@LIDDED.on(PotMade)
async def on_made_with_lid(event: Event[PotMade], work: Work) -> None:
    """A pot leads to a lid, which is told on the same topic and leads to nothing more."""

    async def decide() -> Decision[Sum]:
        return Decision(Sum(id=event.subject, tenant=event.tenant))

    await work[Sum].create(event.subject, decide)
    if not event.subject.startswith("lid-"):
        await make(work[Pot], f"lid-{event.subject}", None)


LIDS: Service = replace(SERVICE, handlers=(LIDDED,))


@pytest.fixture(autouse=True)
def recorded() -> Iterator[Recorded]:
    """First of all fixtures: a client of MongoDB is watched from its making on."""
    with recording() as found:
        yield found


@pytest.fixture
def lids(settings: CommonSettings, database: Database) -> Running:
    return Running(LIDS, settings, database, Stores(database, LIDS.kinds))


@pytest.fixture
async def client(lids: Running, health: Health) -> AsyncIterator[httpx.AsyncClient]:
    signer = Signer(issuer=lids.settings.issuer)
    app = create_app(lids, signer, health, api=True)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://pots.test") as client:
        client.headers.update(signer.headers(Role.BUYER, "k-1") | {"traceparent": PARENT})
        yield client


async def played(running: Running, log: Log, health: Health, records: int) -> None:
    """Relay and consumer work until so many records are in the topic and behind the consumer."""

    async def done() -> bool:
        rows = await running.database.collection("consumer_offsets").find({}).to_list()
        return bool(sum(row["next"] for row in rows) == records == await log.size())

    async with playing(relay(running, health)), playing(consume(running, health)):
        await until(done, what=f"{records} records consumed")


def about(recorded: Recorded, topic: str, subject: str) -> list[ReadableSpan]:
    """The consumer's spans of that subject's facts."""
    found = recorded.named(names.processes(topic))
    return [span for span in found if str(says(span, names.MESSAGE_ID)).startswith(f"{subject}:")]


async def test_every_edge_from_the_request_to_the_fact_that_its_fact_leads_to(
    client: httpx.AsyncClient, lids: Running, health: Health, log: Log, recorded: Recorded
) -> None:
    made = (await client.post("/v1/pots")).json()["id"]
    await played(lids, log, health, records=2)

    request = recorded.one("POST /v1/pots")
    wanted = (int(PARENT[3:35], 16), int(PARENT[36:52], 16))
    assert (parent_of(request), request.kind, says(request, names.HTTP_STATUS)) == (wanted, SpanKind.SERVER, 201)
    write = recorded.one("create pots")
    assert parent_of(write) == id_of(request)
    [command] = [span for span in recorded.named("insert pots") if parent_of(span) == id_of(write)]
    assert says(command, names.DB_COLLECTION) == "pots"

    sends = {span.name: span for span in recorded.spans if span.kind is SpanKind.PRODUCER}
    assert set(sends) == {names.sends(log.topic)}
    first, second = (next(s for s in recorded.named(names.sends(log.topic)) if of(s, id_)) for id_ in (made, "lid-"))
    assert parent_of(first) == id_of(write)
    [event] = about(recorded, log.topic, made)
    assert (parent_of(event), event.kind, says(event, names.OUTCOME)) == (id_of(first), SpanKind.CONSUMER, "applied")
    batches = [id_of(span) for span in recorded.named(names.applies(lids.settings.group("pots.reactions")))]
    assert len(links_of(event)) == 1
    assert links_of(event)[0] in batches
    handled = next(span for span in recorded.named("on_made_with_lid") if parent_of(span) == id_of(event))

    assert parent_of(second) == id_of(handled), "what the handler tells goes on from the handler"
    [last] = about(recorded, log.topic, f"lid-{made}")
    assert parent_of(last) == id_of(second)
    whole = {id_of(span)[0] for span in (request, write, command, first, event, handled, second, last)}
    assert whole == {wanted[0]}


def of(span: ReadableSpan, subject: str) -> bool:
    return str(says(span, names.MESSAGE_ID)).startswith(subject)


async def test_refused_parked_waiting_and_repeated_events_say_so_and_show_no_effect(
    lids: Running, health: Health, log: Log, recorded: Recorded
) -> None:
    fills = {2: 5, 3: REFUSED, 4: POISON, 5: 7}
    facts = [record(PotMade(), "lid-a", 1), *(record(PotFilled(litres=v), "lid-a", n) for n, v in fills.items())]
    await log.write(*facts[:3], *facts[:2], *facts[3:])
    await played(lids, log, health, records=7)

    spans = sorted(about(recorded, log.topic, "lid-a"), key=lambda span: int(str(says(span, names.OFFSET))))
    outcomes = [says(span, names.OUTCOME) for span in spans]
    assert outcomes == ["applied", "applied", "refused", "duplicate", "duplicate", "parked", "parked"]
    assert [span.status.description for span in spans] == [None] * 5 + ["Undrinkable", "Behind"]
    handled = {parent_of(span) for span in recorded.spans if says(span, names.FUNCTION)}
    assert [id_of(span) in handled for span in spans] == [True, True, True, False, False, True, False]
    refusal = next(span for span in recorded.named("on_filled") if parent_of(span) == id_of(spans[2]))
    assert says(refusal, names.CODE) == "NotThirsty"


async def test_a_record_that_is_no_event_stays_in_the_trace_its_header_names(
    lids: Running, health: Health, log: Log, recorded: Recorded
) -> None:
    await log.write(record(PotMade(), "pot", 1, ce_traceparent=PARENT.encode(), value=b"{", ce_source=b""))
    await played(lids, log, health, records=1)
    span = recorded.one(names.processes(log.topic))
    assert (says(span, names.OUTCOME), id_of(span)[0]) == ("parked", int(PARENT[3:35], 16))


async def test_a_timer_begins_a_trace_that_is_linked_to_the_one_of_its_document(
    lids: Running, recorded: Recorded
) -> None:
    with trace.span("before"):
        await make(lids[Pot], "pot", None, clock.now() - timedelta(seconds=1))
    assert await fire(lids, Timer(Pot, expire)) == 1
    timer, written = recorded.one(names.fires("pots")), recorded.one("create pots")
    assert (parent_of(timer), links_of(timer)) == (None, [id_of(written)])
    doc = await lids.database.collection("pots").find_one({"_id": "pot"})
    assert doc is not None
    assert [fact["trace"][3:35] for fact in doc["outbox"]] == [f"{id_of(s)[0]:032x}" for s in (written, timer)]


async def test_requests_that_are_written_together_are_told_in_their_own_traces(
    lids: Running, recorded: Recorded
) -> None:
    async def one(number: int) -> None:
        with trace.span(f"request {number}", parent=None):
            await make(lids[Pot], f"pot-{number}", None)

    await asyncio.gather(*(one(number) for number in range(12)))
    docs = {doc["_id"]: doc async for doc in lids.database.collection("pots").find({})}
    for number in range(12):
        write = recorded.of(docs[f"pot-{number}"]["outbox"][0]["trace"])
        assert parent_of(write) == id_of(recorded.one(f"request {number}"))
    writes = {id_of(span) for span in recorded.named("create pots")}
    for together in recorded.named(names.together("insert")):
        assert {parent_of(together), *links_of(together)} <= writes
    shared = sum(1 + len(links_of(span)) for span in recorded.named(names.together("insert")))
    alone = [span for span in recorded.named("insert pots") if parent_of(span) in writes]
    assert shared + len(alone) == 12


async def test_no_span_holds_a_number_a_body_or_a_path(
    client: httpx.AsyncClient, lids: Running, recorded: Recorded
) -> None:
    await client.get(f"/v1/pots/{PHONE}", params={"q": PHONE}, headers={"User-Agent": PHONE})
    await client.post(f"/v1/pots/{PHONE}/fill", json={"litres": 5, "फोन": PHONE}, headers={"Idempotency-Key": PHONE})
    numbers = lids.database.collection("numbers")
    await numbers.create_index("phone", unique=True)
    await numbers.insert_one({"phone": PHONE})
    with pytest.raises(DuplicateKeyError, match=PHONE), trace.span("twice"):
        await numbers.insert_one({"phone": PHONE})
    with pytest.raises(ValueError, match=PHONE), trace.span("told"):
        raise ValueError(PHONE)
    assert recorded.one("told").status.description == "ValueError"
    assert len(recorded.spans) > 5
    for span in recorded.spans:
        assert PHONE not in str(span.to_json()), span.name
        assert set(span.attributes or {}) <= names.KEPT
        assert not span.events


async def test_polls_and_heartbeats_begin_no_trace(lids: Running, recorded: Recorded) -> None:
    await lids.database.collection("pots").find_one({})
    assert recorded.spans == ()


async def test_off_a_fact_still_carries_the_trace_of_the_event_that_led_to_it(
    lids: Running, health: Health, log: Log, recorded: Recorded
) -> None:
    tracer, trace.tracer = trace.tracer, None
    await log.write(record(PotMade(), "pot", 1, ce_traceparent=PARENT.encode()))
    async with playing(consume(lids, health)):
        await until(lambda: told(lids), what="the lid")
    trace.tracer = tracer
    doc = await lids.database.collection("pots").find_one({"_id": "lid-pot"})
    assert doc is not None
    assert doc["outbox"][0]["trace"] == PARENT


async def told(running: Running) -> bool:
    return bool(await running.database.collection("pots").count_documents({}))
