"""Spans in memory: one recorder a process, because the libraries are watched once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared import trace
from shared.settings import CommonSettings
from shared.testing import settings_for
from shared.tracing.export import Bare, begun
from shared.tracing.otel import span_context


class Recorded:
    """The spans that ended, as they would leave the process."""

    def __init__(self, memory: InMemorySpanExporter) -> None:
        self.memory = memory

    @property
    def spans(self) -> Sequence[ReadableSpan]:
        return self.memory.get_finished_spans()

    def named(self, name: str) -> list[ReadableSpan]:
        return [span for span in self.spans if span.name == name]

    def one(self, name: str) -> ReadableSpan:
        found = self.named(name)
        assert len(found) == 1, f"{name}: {len(found)} of {sorted({span.name for span in self.spans})}"
        return found[0]

    def of(self, traceparent: str | None) -> ReadableSpan:
        """The span that a traceparent names."""
        known = span_context(traceparent)
        assert known is not None, traceparent
        return next(span for span in self.spans if id_of(span) == (known.trace_id, known.span_id))


def id_of(span: ReadableSpan) -> tuple[int, int]:
    assert span.context is not None
    return span.context.trace_id, span.context.span_id


def parent_of(span: ReadableSpan) -> tuple[int, int] | None:
    return (span.parent.trace_id, span.parent.span_id) if span.parent else None


def links_of(span: ReadableSpan) -> list[tuple[int, int]]:
    return [(link.context.trace_id, link.context.span_id) for link in span.links]


def says(span: ReadableSpan, name: str) -> object:
    return (span.attributes or {}).get(name)


@cache
def _memory() -> tuple[InMemorySpanExporter, trace.Tracer]:
    memory = InMemorySpanExporter()
    begun(settings_for(CommonSettings), "pots", ["api"], SimpleSpanProcessor(Bare(memory, "memory")))
    assert trace.tracer is not None
    return memory, trace.tracer


@contextmanager
def recording() -> Iterator[Recorded]:
    """Tracing is on within; clients of MongoDB must be made within too."""
    memory, tracer = _memory()
    memory.clear()
    trace.tracer = tracer
    try:
        yield Recorded(memory)
    finally:
        trace.tracer = None
