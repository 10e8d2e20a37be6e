"""What leaves the process of a span: attributes that are named in `names`, and no text that somebody sent.

Libraries record exceptions with their sentences, and a server's sentence quotes what it refused.
"""

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import Status

from shared.tracing import names


def bare(span: ReadableSpan) -> ReadableSpan:
    """The same span without events; of an error its kind."""
    kept = {name: value for name, value in (span.attributes or {}).items() if name in names.KEPT}
    kind = kept.get(names.ERROR_TYPE) if span.status.status_code.name == "ERROR" else None
    return ReadableSpan(
        span.name,
        span.context,
        span.parent,
        span.resource,
        kept,
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code, str(kind) if kind else None),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )
