"""The trace a piece of work belongs to (W3C traceparent), carried from request to fact to consumer."""

import re
import secrets
from contextvars import ContextVar

current: ContextVar[str | None] = ContextVar("traceparent", default=None)

TRACEPARENT = re.compile(r"^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")


def child(parent: str | None) -> str:
    """A traceparent of the same trace with a new span id; a new trace when there is no valid parent."""
    trace_id = parent[3:35] if parent and TRACEPARENT.match(parent) else secrets.token_hex(16)
    return f"00-{trace_id}-{secrets.token_hex(8)}-01"
