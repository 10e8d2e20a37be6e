"""From the end of a span to the collector, by a thread of its own: a collector that is away costs spans, no more."""

import logging
import os
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import (
    Decision,
    ParentBased,
    Sampler,
    SamplingResult,
    TraceIdRatioBased,
)
from opentelemetry.trace import SpanKind

from shared import trace
from shared.logs import log
from shared.settings import CommonSettings
from shared.tracing import libraries, names
from shared.tracing.bare import bare
from shared.tracing.otel import Tracer

MOST_WAITING = 8_192  # spans; the oldest go first
MOST_AT_ONCE = 512
SEND_EVERY_MILLISECONDS = 1_000
ANSWER_WITHIN_SECONDS = 5
FLUSH_WITHIN_SECONDS = 3


class Roots(Sampler):
    """Of the traces that begin here that share. A client's call begins none: it would be a poll nobody asked for."""

    def __init__(self, ratio: float) -> None:
        self.share = TraceIdRatioBased(ratio)

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        *others: Any,
        **named: Any,
    ) -> SamplingResult:
        if kind is SpanKind.CLIENT:
            return SamplingResult(Decision.DROP)
        return self.share.should_sample(parent_context, trace_id, name, kind, *others, **named)

    def get_description(self) -> str:
        return f"Roots({self.share.get_description()})"


class Bare(SpanExporter):
    """Sends spans bare. Says once that they are lost, and once that they arrive again, in place of the libraries."""

    def __init__(self, exporter: SpanExporter, endpoint: str) -> None:
        self.exporter, self.endpoint, self.failing = exporter, endpoint, False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        try:
            result = self.exporter.export([bare(span) for span in spans])
        except Exception as error:  # noqa: BLE001  whatever it is: spans are not worth a process
            return self._failed(type(error).__name__)
        if result is not SpanExportResult.SUCCESS:
            return self._failed("not accepted")
        if self.failing:
            log.info("traces.arrive_again", endpoint=self.endpoint)
        self.failing = False
        return result

    def _failed(self, why: str) -> SpanExportResult:
        if not self.failing:
            log.warning("traces.lost", endpoint=self.endpoint, reason=why)
        self.failing = True
        return SpanExportResult.FAILURE

    def shutdown(self) -> None:
        self.exporter.shutdown()


def exporting(settings: CommonSettings, service: str, roles: Sequence[str]) -> Callable[[], None]:
    """Trace from now on; what is returned sends what waits, within FLUSH_WITHIN_SECONDS, and stops."""
    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
    endpoint = str(settings.otlp_endpoint).rstrip("/")
    sender = OTLPSpanExporter(f"{endpoint}/v1/traces", timeout=ANSWER_WITHIN_SECONDS)
    batches = BatchSpanProcessor(
        Bare(sender, endpoint),
        max_queue_size=MOST_WAITING,
        max_export_batch_size=MOST_AT_ONCE,
        schedule_delay_millis=SEND_EVERY_MILLISECONDS,
    )
    provider = begun(settings, service, roles, batches)
    log.info("traces.on", endpoint=endpoint, ratio=settings.trace_ratio)
    return lambda: ended(provider)


def begun(settings: CommonSettings, service: str, roles: Sequence[str], to: SpanProcessor) -> TracerProvider:
    """A tracer in `shared.trace` and the libraries watched; ended spans go to `to`."""
    sampler = ParentBased(Roots(settings.trace_ratio))
    provider = TracerProvider(sampler, resource(settings, service, roles), shutdown_on_exit=False)
    provider.add_span_processor(to)
    libraries.watch(provider)
    trace.tracer = Tracer(provider.get_tracer("bachat-haat"))
    return provider


def ended(provider: TracerProvider) -> None:
    """In a thread that is left behind when the collector does not answer in time."""
    trace.tracer = None
    libraries.unwatch()
    closing = threading.Thread(target=provider.shutdown, name="traces-closing", daemon=True)
    closing.start()
    closing.join(FLUSH_WITHIN_SECONDS)


def resource(settings: CommonSettings, service: str, roles: Sequence[str]) -> Resource:
    """Who makes these spans; OTEL_RESOURCE_ATTRIBUTES adds to it."""
    who = {names.SERVICE_NAME: service, names.SERVICE_NAMESPACE: "bachat-haat", names.ROLES: list(roles)}
    where = {names.SERVICE_INSTANCE: f"{socket.gethostname()}:{os.getpid()}", names.NAMESPACE: settings.namespace}
    return Resource.create({**who, **where})
