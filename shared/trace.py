"""The trace a piece of work belongs to (W3C traceparent), carried from request to fact to consumer.

Off, only the traceparent travels. `shared.tracing.start` puts a tracer here; then the same calls make spans.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from types import TracebackType
from typing import Final, Literal, Protocol, Self

current: ContextVar[str | None] = ContextVar("traceparent", default=None)

TRACEPARENT = re.compile(r"^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$")
AMBIENT: Final = "ambient"
"""The parent of a span whose caller names none: the span this task is in."""

Kind = Literal["internal", "server", "client", "producer", "consumer"]
Attributes = Mapping[str, str | int | float | bool | Sequence[str]]


class Span(Protocol):
    """What is done between `with` and its end; current there. An exception marks it by the name of its class."""

    @property
    def traceparent(self) -> str | None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Ends it, unless it is held."""

    def says(self, attributes: Attributes) -> None: ...

    def named(self, name: str) -> None: ...

    def fails(self, kind: str) -> None:
        """Marks it as an error of that kind: a name of ours or of a class, never the text of an exception."""

    def held(self) -> "Span":
        """Leaving it does not end it: `end` does."""

    def end(self, *, as_left: bool = False) -> None:
        """Now, or at the time it was left."""


class Tracer(Protocol):
    """Makes spans. `parent`: a traceparent, None for a new trace, or AMBIENT."""

    def span(
        self, name: str, kind: Kind, parent: str | None, links: Sequence[str | None], attributes: Attributes | None
    ) -> Span: ...


class Nothing:
    """The one span there is while tracing is off."""

    __slots__ = ()
    traceparent: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        pass

    def says(self, attributes: Attributes) -> None:
        pass

    def named(self, name: str) -> None:
        pass

    def fails(self, kind: str) -> None:
        pass

    def held(self) -> Span:
        return self

    def end(self, *, as_left: bool = False) -> None:
        pass


NOTHING: Final = Nothing()

tracer: Tracer | None = None
"""None: off. What runs for every event asks this before it prepares anything."""


def span(
    name: str,
    *,
    kind: Kind = "internal",
    parent: str | None = AMBIENT,
    links: Sequence[str | None] = (),
    attributes: Attributes | None = None,
) -> Span:
    return tracer.span(name, kind, parent, links, attributes) if tracer else NOTHING


def child(parent: str | None) -> str:
    """A traceparent of the same trace with a new span id; a new trace when there is no valid parent."""
    known = parent if parent and TRACEPARENT.match(parent) else None
    trace_id, flags = (known[3:35], known[-2:]) if known else (secrets.token_hex(16), "01")
    return f"00-{trace_id}-{secrets.token_hex(8)}-{flags}"


def ids(of: str | None) -> dict[str, str]:
    """The ids a line of the log has in it."""
    return {"trace": of[3:35], "span": of[36:52]} if of and TRACEPARENT.match(of) else {}
