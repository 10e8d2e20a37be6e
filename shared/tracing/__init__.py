"""Spans of everything a process does, off unless OTLP_ENDPOINT says where they go.

`shared.trace` is what the code calls; here stand the places that make spans (serving, writing, telling, consuming)
and what gives them to OpenTelemetry (otel, export), which is imported when it is turned on and not before.
"""

from collections.abc import Callable, Sequence

from shared.settings import CommonSettings


def start(settings: CommonSettings, service: str, roles: Sequence[str]) -> Callable[[], None]:
    """Begin to trace if the settings ask for it; what is returned ends it within a bound, what waits is sent first."""
    if settings.otlp_endpoint is None:
        return _nothing
    from shared.tracing.export import exporting  # noqa: PLC0415  off, OpenTelemetry is not even imported

    return exporting(settings, service, roles)


def _nothing() -> None:
    pass
