"""Spans of the libraries below us: commands to MongoDB and HTTP calls, with what they may not hold taken out."""

import os
from typing import Any

from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.instrumentation.pymongo import PymongoInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Span

from shared.tracing import names


def watch(provider: TracerProvider) -> None:
    """Clients made from now on; httpx also hands our traceparent to whom it calls."""
    os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "http,database")  # today's names instead of the old ones
    PymongoInstrumentor().instrument(tracer_provider=provider, request_hook=_command, failed_hook=_refused)
    HTTPXClientInstrumentor().instrument(tracer_provider=provider, async_request_hook=_called)


def unwatch() -> None:
    PymongoInstrumentor().uninstrument()
    HTTPXClientInstrumentor().uninstrument()


def _command(span: Span, event: Any) -> None:
    collection = event.command.get(event.command_name)
    span.update_name(names.commands(event.command_name, collection if isinstance(collection, str) else None))
    span.set_attribute(names.DB_OPERATION, event.command_name)


def _refused(span: Span, event: Any) -> None:
    span.set_attribute(names.DB_STATUS, str(event.failure.get("code", "")))


async def _called(span: Span, request: Any) -> None:
    """Whom, not what about: a path or a query may name a person."""
    url = request.url
    span.set_attribute(names.URL_FULL, f"{url.scheme}://{url.host}" + (f":{url.port}" if url.port else ""))
