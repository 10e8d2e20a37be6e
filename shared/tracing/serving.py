"""The span of a request: it begins before anything is read and is named when the route is known."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from shared import trace
from shared.tracing import names

UNTRACED = frozenset({"/livez", "/readyz", "/metrics"})


def request(scope: Mapping[str, Any], headers: Mapping[bytes, bytes]) -> trace.Span:
    """Carries on the trace the caller names. Off, the traceparent alone goes on."""
    parent = headers.get(b"traceparent", b"").decode("latin-1")
    if trace.tracer is None or scope["path"] in UNTRACED:
        trace.current.set(trace.child(parent))
        return trace.NOTHING
    return trace.span(scope["method"], kind="server", parent=parent or None)


def answered(span: trace.Span, scope: Mapping[str, Any], route: str, status: int) -> None:
    """What the caller did wrong is no error of ours: only 5xx marks the span."""
    if span is trace.NOTHING:
        return
    span.named(names.answers(scope["method"], route))
    code = {names.CODE: scope["code"]} if "code" in scope else {}
    span.says({names.HTTP_METHOD: scope["method"], names.HTTP_ROUTE: route, names.HTTP_STATUS: status, **code})
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        span.fails(scope.get("code", str(status)))
