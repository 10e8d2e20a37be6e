"""The spans of a consumer: a batch is one transaction, each of its events goes on in the trace that told it.

What an event did is true when the transaction is committed. Until then its spans are held; of a transaction that is
rolled back they say so, so that no trace shows an effect that never was.
"""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from shared import trace
from shared.errors import Invalid
from shared.tracing import names

S = TypeVar("S")
T = TypeVar("T")
Try = Callable[[S], Awaitable[T]]

RECEIVED = {names.SYSTEM: names.KAFKA, names.OPERATION: "process", names.OPERATION_TYPE: "process"}


class Received(Protocol):
    """What is asked of a record."""

    topic: str
    partition: int
    offset: int
    headers: Any
    event: Any
    reaction: Any


class Batch:
    """The spans of one transaction, however often it is tried."""

    def __init__(self, group: str, span: trace.Span) -> None:
        self.group, self.span = group, span
        self.events: list[trace.Span] = []
        self.handlers: list[trace.Span] = []
        self.token: Token[Batch | None] | None = None

    def __enter__(self) -> Self:
        self.span.__enter__()
        self.token = _batch.set(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.token:
            _batch.reset(self.token)
        self.span.says({names.BATCH_COUNT: len(self.events)})
        self._end(rolled_back=error is not None)
        self.span.__exit__(kind, error, at)

    def tried(self, once: Try[S, T]) -> Try[S, T]:
        """What an earlier try did is undone when the next one begins."""

        async def again(session: S) -> T:
            self._end(rolled_back=True)
            return await once(session)

        return again

    def _end(self, *, rolled_back: bool) -> None:
        for span in (*self.handlers, *self.events) if rolled_back else ():
            span.says({names.OUTCOME: names.ROLLED_BACK})
            span.fails(names.ROLLED_BACK)
        for span in self.handlers:
            span.end(as_left=True)
        for span in self.events:
            span.end()
        self.events, self.handlers = [], []


class NoBatch:
    """While tracing is off."""

    __slots__ = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        pass

    def tried(self, once: Try[S, T]) -> Try[S, T]:
        return once


NO_BATCH = NoBatch()
_batch: ContextVar[Batch | None] = ContextVar("batch", default=None)


def batch(group: str) -> Batch | NoBatch:
    """Around a transaction of that consumer group: a trace of its own, for its events have many."""
    if trace.tracer is None:
        return NO_BATCH
    about = {**RECEIVED, names.GROUP: group, names.OPERATION: "apply"}
    return Batch(group, trace.span(names.applies(group), kind="consumer", parent=None, attributes=about))


def event(record: Received) -> trace.Span:
    """Around what is done with one record."""
    of = _batch.get() if trace.tracer else None
    if of is None:
        return trace.NOTHING
    place: dict[str, str | int] = {
        names.DESTINATION: record.topic,
        names.PARTITION: str(record.partition),
        names.OFFSET: record.offset,
    }
    known = {names.MESSAGE_ID: names.message_id(record.event.id)} if record.event else {}
    about = {**RECEIVED, **place, **known, names.GROUP: of.group}
    name, links = names.processes(record.topic), (of.span.traceparent,)
    span = trace.span(name, kind="consumer", parent=parent_of(record), links=links, attributes=about).held()
    of.events.append(span)
    return span


def parent_of(record: Received) -> str | None:
    """The traceparent of a record, also of one that is no event."""
    if record.event:
        told: str | None = record.event.trace
        return told
    found = dict(record.headers).get("ce_traceparent")
    return found.decode("latin-1") if found else None


def done(span: trace.Span, outcome: str, problem: Invalid | None) -> None:
    """What became of the event; one that is parked needs somebody."""
    if span is trace.NOTHING:
        return
    span.says({names.OUTCOME: outcome, **({names.CODE: problem.code} if problem else {})})
    if problem:
        span.fails(problem.code)


def behind(record: Received, problem: Invalid) -> Invalid:
    """An event that waits behind a parked one is not even tried; its problem."""
    with event(record) as span:
        done(span, names.PARKED, problem)
    return problem


def handler(record: Received) -> trace.Span:
    """Around the handler, which only an event meets that has not been handled before."""
    of = _batch.get() if trace.tracer else None
    if of is None:
        return trace.NOTHING
    handle = record.reaction.handle
    span = trace.span(handle.__name__, attributes={names.FUNCTION: f"{handle.__module__}.{handle.__name__}"}).held()
    of.handlers.append(span)
    return span
