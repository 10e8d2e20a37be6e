"""The spans of the relay: one for each fact, from its hand-over to Kafka until it is acknowledged."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from shared import trace
from shared.trace import Span
from shared.tracing import names


class Telling:
    """The facts handed over since the last look."""

    def __init__(self) -> None:
        self.spans: list[Span] = []

    def begun(self, fact: Mapping[str, Any], topic: str) -> Mapping[str, Any]:
        """The fact as it goes into the headers: whoever reads it carries on from here."""
        if trace.tracer is None:
            return fact
        about = {names.DESTINATION: topic, names.MESSAGE_ID: names.message_id(fact["id"]), names.SYSTEM: names.KAFKA}
        what = {names.OPERATION: "send", names.OPERATION_TYPE: "send"}
        span = trace.span(names.sends(topic), kind="producer", parent=fact["trace"], attributes={**about, **what})
        self.spans.append(span)
        return {**fact, "trace": span.traceparent}

    def handed_over(self) -> Sequence[Span]:
        if not self.spans:
            return ()
        handed, self.spans = self.spans, []
        return handed


@contextmanager
def acknowledged(spans: Sequence[Span]) -> Iterator[None]:
    """Ends them with the acknowledgement, or says why none came."""
    try:
        yield
    except BaseException as error:
        for span in spans:
            span.fails(type(error).__name__)
        raise
    finally:
        for span in spans:
            span.end()
