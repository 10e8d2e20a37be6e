"""OTLP over HTTP on 127.0.0.1, in protobuf: what exporters send, as spans."""

import gzip
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Status

PATH = "/v1/traces"
ERROR = Status.StatusCode.STATUS_CODE_ERROR
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Span:
    """Ids in hex; `parent` is empty for the first of a trace. Times in nanoseconds since 1970."""

    trace: str
    id: str
    parent: str
    name: str
    kind: int
    service: str
    began: int
    ended: int
    attributes: Values
    links: tuple[tuple[str, str], ...] = ()
    """(trace, span) of each."""
    error: str | None = None
    resource: Values = field(default_factory=dict)

    @property
    def milliseconds(self) -> float:
        return (self.ended - self.began) / 1e6


def spans_of(body: bytes) -> Iterator[Span]:
    """Raises DecodeError."""
    for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
        about = values(resource.resource.attributes)
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield _span(span, about)


def _span(span: Any, about: Values) -> Span:
    return Span(
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        name=span.name,
        kind=span.kind,
        service=str(about.get("service.name", "?")),
        began=span.start_time_unix_nano,
        ended=span.end_time_unix_nano,
        attributes=values(span.attributes),
        links=tuple((link.trace_id.hex(), link.span_id.hex()) for link in span.links),
        error=(span.status.message or "error") if span.status.code == ERROR else None,
        resource=about,
    )


def values(pairs: Any) -> Values:
    return {pair.key: _value(pair.value) for pair in pairs}


def _value(told: Any) -> Any:
    which = told.WhichOneof("value")
    if which == "array_value":
        return [_value(one) for one in told.array_value.values]
    return getattr(told, which) if which else None


class Receiver:
    """Takes spans until it is closed; `take` is called in a thread of the server's."""

    def __init__(self, port: int, take: Callable[[list[Span]], None]) -> None:
        """Port 0: a free one."""
        self.server = ThreadingHTTPServer(("127.0.0.1", port), _asked(take))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def _asked(take: Callable[[list[Span]], None]) -> type[BaseHTTPRequestHandler]:
    class Asked(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            try:
                plain = gzip.decompress(body) if self.headers.get("content-encoding") == "gzip" else body
                spans = list(spans_of(plain))
            except (DecodeError, gzip.BadGzipFile):
                self._say(HTTPStatus.BAD_REQUEST)
                return
            if self.path != PATH:
                self._say(HTTPStatus.NOT_FOUND)
                return
            take(spans)
            self._say(HTTPStatus.OK)

        def _say(self, status: HTTPStatus) -> None:
            self.send_response(status)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """The trees are what is to be read."""

    return Asked
