"""The spans of writes: facts carry the traceparent of the span that wrote them."""

from collections.abc import Callable, Coroutine, Sequence
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from shared import trace
from shared.tracing import names

P = ParamSpec("P")
T = TypeVar("T")
Method = Callable[P, Coroutine[Any, Any, T]]


def writes(verb: str) -> Callable[[Method[P, T]], Method[P, T]]:
    """Around a method of something that has a `kind`, from the first read to the durable write."""

    def around(method: Method[P, T]) -> Method[P, T]:
        @wraps(method)
        def begun(*args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, T]:
            if trace.tracer is None:
                return method(*args, **kwargs)
            stored: Any = args[0]
            return _within(names.writes(verb, stored.kind.collection), method(*args, **kwargs))

        return begun

    return around


async def _within(name: str, work: Coroutine[Any, Any, T]) -> T:
    with trace.span(name):
        return await work


def together(verb: str, traces: Sequence[str | None]) -> trace.Span:
    """One command that serves several: of the first one's trace, linked to the others'."""
    if trace.tracer is None or (len(traces) == 1 and traces[0] == trace.current.get()):
        return trace.NOTHING
    return trace.span(names.together(verb), parent=traces[0], links=traces[1:])
