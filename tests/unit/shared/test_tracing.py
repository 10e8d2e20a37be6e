"""Tracing off and on: what it costs off, what a request's span says, which traces are kept, what a collector may do."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence

import httpx
import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ParentBased
from opentelemetry.semconv._incubating.attributes import messaging_attributes
from opentelemetry.semconv.attributes import (
    code_attributes,
    db_attributes,
    error_attributes,
    http_attributes,
    server_attributes,
    service_attributes,
    url_attributes,
)
from structlog.testing import capture_logs

from deploy.local.ports import free_port
from shared import logs, trace
from shared.scope import Role
from shared.settings import CommonSettings
from shared.testing import FakeStores, Signer, app_of, settings_for
from shared.tracing import consuming, names, start
from shared.tracing.export import Bare, Roots
from shared.tracing.otel import Tracer
from tests.processes import ROOT
from tests.spans import Recorded, id_of, parent_of, recording, says
from tests.unit.shared.web.notes import NOTES, NoteDocument

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
MAKES_SPANS = ("opentelemetry.sdk", "opentelemetry.exporter", "opentelemetry.instrumentation")
CONVENTIONS = (
    messaging_attributes,
    code_attributes,
    db_attributes,
    error_attributes,
    http_attributes,
    server_attributes,
    service_attributes,
    url_attributes,
)


@pytest.fixture
def recorded() -> Iterator[Recorded]:
    with recording() as found:
        yield found


@pytest.fixture
def stores() -> FakeStores:
    return FakeStores(NoteDocument)


@pytest.fixture
async def client(stores: FakeStores) -> AsyncIterator[httpx.AsyncClient]:
    signer = Signer()
    transport = httpx.ASGITransport(app_of(NOTES, stores, signer), raise_app_exceptions=False)
    headers = signer.headers(Role.BUYER, "k-1")
    async with httpx.AsyncClient(transport=transport, base_url="http://notes.test", headers=headers) as client:
        yield client


def test_every_name_that_is_not_ours_is_one_of_the_installed_conventions() -> None:
    known = {value for module in CONVENTIONS for value in vars(module).values() if isinstance(value, str)}
    ours = {names.ROLES, names.NAMESPACE, names.OUTCOME, names.CODE}
    said = {value for name, value in vars(names).items() if name.isupper() and isinstance(value, str) and "." in value}
    assert said - ours <= known
    assert ours == {name for name in said if name.startswith("bachat.")}


def test_off_a_service_does_not_even_import_what_makes_spans() -> None:
    script = "import sys, shared.process, shared.relay, shared.consumer, services.notify.wiring; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert "shared.tracing" in loaded
    assert not {name for name in loaded.split() if name.startswith(MAKES_SPANS)}, "fastapi brings the API alone"


def test_off_every_span_is_the_same_nothing() -> None:
    start(settings_for(CommonSettings), "notes", ["api"])()
    assert trace.tracer is None
    with trace.span("anything", kind="client", parent=PARENT) as span:
        assert span is trace.NOTHING
        assert trace.current.get() is None
    assert consuming.batch("notes.reactions") is consuming.NO_BATCH


@pytest.mark.parametrize("flags", ["00", "01"])
def test_a_trace_that_is_not_kept_stays_so_on_its_way(flags: str) -> None:
    assert trace.child(PARENT[:-2] + flags)[-3:] == f"-{flags}"
    assert trace.child(None)[-3:] == "-01"


async def test_a_request_is_named_by_its_route_and_says_status_and_code(
    client: httpx.AsyncClient, recorded: Recorded
) -> None:
    note = (await client.post("/v1/notes", json={"text": "पापड"}, headers={"traceparent": PARENT})).json()
    await client.get(f"/v1/notes/{note['id']}")
    await client.get("/v1/notes/nobody")
    await client.get("/livez")
    made = recorded.one("POST /v1/notes")
    assert parent_of(made) == (int(PARENT[3:35], 16), int(PARENT[36:52], 16))
    read, missed = recorded.named("GET /v1/notes/{note_id}")
    assert [says(span, names.HTTP_STATUS) for span in (made, read, missed)] == [201, 200, 404]
    assert (says(missed, names.CODE), missed.status.is_ok) == ("NotFound", True)
    assert {span.name.partition(" ")[0] for span in recorded.spans} == {"POST", "GET", "create"}


async def test_a_fact_carries_the_span_of_its_write(
    client: httpx.AsyncClient, stores: FakeStores, recorded: Recorded
) -> None:
    await client.post("/v1/notes", json={"text": "शेव"})
    told = next(iter(stores.database.collection("notes").docs.values()))["outbox"][0]["trace"]
    write = recorded.of(told)
    assert (write.name, parent_of(write)) == ("create notes", id_of(recorded.one("POST /v1/notes")))


async def test_what_is_our_fault_marks_the_span(client: httpx.AsyncClient, recorded: Recorded) -> None:
    assert (await client.get("/v1/broken")).status_code == 500
    span = recorded.one("GET /v1/broken")
    assert (span.status.is_ok, span.status.description) == (False, "Unexpected")


def test_lines_of_the_log_name_trace_and_span(recorded: Recorded) -> None:
    with trace.span("work") as span:
        said = logs.add_trace(None, "info", {"event": "notes.read"})
    assert span.traceparent is not None
    assert said == {"event": "notes.read", "trace": span.traceparent[3:35], "span": span.traceparent[36:52]}
    assert logs.add_trace(None, "info", {"event": "notes.read"}) == {"event": "notes.read"}


class Read:
    """A record of a consumer."""

    topic, partition, offset, headers, event, reaction = (
        "notes.notes",
        3,
        7,
        (("ce_traceparent", PARENT.encode()),),
        None,
        None,
    )


async def test_what_a_rolled_back_try_did_is_no_effect(recorded: Recorded) -> None:
    async def once(outcome: str) -> None:
        with consuming.event(Read()) as span:
            consuming.done(span, outcome, None)

    with consuming.batch("notes.reactions") as spans:
        tried = spans.tried(once)
        await tried("applied")
        assert not recorded.spans, "nothing is true before the commit"
        await tried("applied")
    first, second = recorded.named(names.processes("notes.notes"))
    assert [says(span, names.OUTCOME) for span in (first, second)] == ["rolled_back", "applied"]
    assert [span.status.is_ok for span in (first, second)] == [False, True]


def fails() -> None:
    with consuming.batch("notes.reactions"):
        with consuming.event(Read()) as span:
            consuming.done(span, "applied", None)
        raise ZeroDivisionError


def test_a_batch_that_fails_leaves_no_effect(recorded: Recorded) -> None:
    with pytest.raises(ZeroDivisionError):
        fails()
    assert says(recorded.one(names.processes("notes.notes")), names.OUTCOME) == "rolled_back"
    assert recorded.one(names.applies("notes.reactions")).status.description == "ZeroDivisionError"


class Kept:
    """A tracer with that share, and what it keeps."""

    def __init__(self, ratio: float) -> None:
        self.provider = TracerProvider(ParentBased(Roots(ratio)), shutdown_on_exit=False)
        self.tracer = Tracer(self.provider.get_tracer("test"))

    def keeps(self, kind: trace.Kind, parent: str | None) -> bool:
        """Whether the traceparent of such a span says so."""
        with self.tracer.span("some", kind, parent, (), None) as span:
            return bool(int((span.traceparent or "")[53:], 16) & 1)


def test_a_share_of_the_traces_that_begin_here_is_kept_and_all_that_others_keep() -> None:
    assert Kept(1.0).keeps("server", None)
    assert not Kept(0.0).keeps("server", None)
    assert Kept(0.0).keeps("server", PARENT)
    assert not Kept(1.0).keeps("server", PARENT[:-2] + "00")
    assert not Kept(1.0).keeps("client", None), "a poll begins no trace"
    half = Kept(0.5)
    assert {half.keeps("server", None) for _ in range(200)} == {True, False}


class Failing(SpanExporter):
    """Accepts nothing, or raises, until it is mended."""

    def __init__(self) -> None:
        self.raises, self.mended = False, False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        if self.raises:
            raise ConnectionError("+91 98765 43210")
        return SpanExportResult.SUCCESS if self.mended else SpanExportResult.FAILURE


def test_lost_spans_are_said_once_and_so_is_that_they_arrive_again() -> None:
    failing = Failing()
    bare = Bare(failing, "http://collector.test")
    with capture_logs() as said:
        for failing.raises in (False, True, False):
            bare.export([])
        failing.mended, failing.raises = True, False
        bare.export([])
        bare.export([])
    assert [line["event"] for line in said] == ["traces.lost", "traces.arrive_again"]
    assert "98765" not in str(said)


class Elsewhere:
    """Somebody we call: what headers came, and one answer to all."""

    def __init__(self) -> None:
        self.heard = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard = (await reader.readuntil(b"\r\n\r\n")).decode()
        writer.write(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        await writer.drain()
        writer.close()


async def test_whom_we_call_hears_our_trace_and_its_address_is_all_that_is_kept(recorded: Recorded) -> None:
    elsewhere = Elsewhere()
    async with await asyncio.start_server(elsewhere.answer, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with httpx.AsyncClient() as client:
            with trace.span("deliver"):
                await client.post(f"{url}/to/9876543210?of=9876543210", json={"to": "9876543210"})
    call = recorded.one("POST")
    assert parent_of(call) == id_of(recorded.one("deliver"))
    assert f"traceparent: 00-{id_of(call)[0]:032x}-{id_of(call)[1]:016x}-" in elsewhere.heard
    assert (says(call, names.URL_FULL), says(call, names.HTTP_STATUS)) == (url, 202)
    assert "9876543210" not in call.to_json()


async def test_a_call_that_fails_says_how_and_not_what_was_said(recorded: Recorded) -> None:
    async with httpx.AsyncClient() as client:
        with trace.span("deliver"), pytest.raises(httpx.ConnectError):
            await client.get(f"http://127.0.0.1:{free_port()}/9876543210")
    call = recorded.one("GET")
    assert (call.status.is_ok, call.status.description, list(call.events)) == (False, "ConnectError", [])


def test_an_event_that_names_who_is_told_is_known_by_a_digest() -> None:
    plain, told = "3ea89aed:1:2", "3ea89aed:1:2:asha:sms:1:1"
    assert names.message_id(plain) == plain
    assert "asha" not in names.message_id(told)
    assert names.message_id(told) == names.message_id(told) != names.message_id(told.replace("asha", "usha"))
