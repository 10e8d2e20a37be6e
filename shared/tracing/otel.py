"""Our spans as OpenTelemetry's: its context and `shared.trace.current` always name the same one."""

import time
from collections.abc import Sequence
from contextvars import Token
from types import TracebackType
from typing import Self

from opentelemetry.context import Context, attach, detach
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)
from opentelemetry.trace import Span as Otel
from opentelemetry.trace import Tracer as OtelTracer

from shared import trace
from shared.errors import Problem
from shared.tracing import names


class OtelSpan:
    """One span. Of an exception it keeps the name of the class alone: its text may hold what somebody sent."""

    __slots__ = ("before", "is_held", "left", "otel", "token", "traceparent")

    def __init__(self, otel: Otel) -> None:
        self.otel = otel
        self.traceparent: str | None = traceparent(otel.get_span_context())
        self.is_held = False
        self.left: int | None = None
        self.token: Token[Context] | None = None
        self.before: Token[str | None] | None = None

    def __enter__(self) -> Self:
        self.token = attach(set_span_in_context(self.otel))
        self.before = trace.current.set(self.traceparent)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.token and self.before:
            trace.current.reset(self.before)
            detach(self.token)
        self.left = time.time_ns()
        if isinstance(error, Problem):
            self.says({names.CODE: error.code})
        elif isinstance(error, Exception):
            self.fails(type(error).__name__)
        if not self.is_held:
            self.otel.end()

    def says(self, attributes: trace.Attributes) -> None:
        self.otel.set_attributes(attributes)

    def named(self, name: str) -> None:
        self.otel.update_name(name)

    def fails(self, kind: str) -> None:
        self.otel.set_attribute(names.ERROR_TYPE, kind)
        self.otel.set_status(Status(StatusCode.ERROR, kind))

    def held(self) -> "OtelSpan":
        self.is_held = True
        return self

    def end(self, *, as_left: bool = False) -> None:
        self.otel.end(self.left if as_left else None)


class Tracer:
    """Makes spans with a tracer of the SDK."""

    def __init__(self, otel: OtelTracer) -> None:
        self.otel = otel

    def span(
        self,
        name: str,
        kind: trace.Kind,
        parent: str | None,
        links: Sequence[str | None],
        attributes: trace.Attributes | None,
    ) -> trace.Span:
        context = None if parent is trace.AMBIENT else remote(parent)
        linked = [Link(known) for link in links if (known := span_context(link))]
        return OtelSpan(
            self.otel.start_span(name, context, SpanKind[kind.upper()], attributes, linked, record_exception=False)
        )


def traceparent(context: SpanContext) -> str:
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


def span_context(told: str | None) -> SpanContext | None:
    """What a traceparent names; None when it names nothing."""
    if told is None or not trace.TRACEPARENT.match(told):
        return None
    flags = TraceFlags(int(told[53:], 16))
    return SpanContext(int(told[3:35], 16), int(told[36:52], 16), is_remote=True, trace_flags=flags)


def remote(parent: str | None) -> Context:
    """A context in which only that span is; an empty one begins a new trace."""
    known = span_context(parent)
    return set_span_in_context(NonRecordingSpan(known), Context()) if known else Context()
