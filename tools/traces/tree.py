"""A trace as an indented tree: when each span began, how long it took, and what it says."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from tools.traces.receiver import Span

NAME_WIDTH = 58
TOLD = ("http.response.status_code", "bachat.outcome", "bachat.code", "messaging.batch.message_count")


def is_batch(spans: Sequence[Span]) -> bool:
    """A consumer's transaction: a trace of its own, which the events in it are linked to."""
    return any(span.name.startswith("apply ") for span in spans)


def tree(spans: Sequence[Span]) -> str:
    """All spans of one trace; those whose parent is not here stand at the left."""
    ordered = sorted(spans, key=lambda span: (span.began, span.ended))
    first, last = ordered[0].began, max(span.ended for span in ordered)
    services = sorted({span.service for span in ordered})
    heading = f"trace {ordered[0].trace}   {len(ordered)} spans   {(last - first) / 1e6:.1f} ms   {', '.join(services)}"
    here, below = {span.id for span in ordered}, defaultdict(list)
    for span in ordered:
        below[span.parent if span.parent in here else ""].append(span)
    lines = (line(span, depth, first) for span, depth in _walk(below, "", 0))
    return "\n".join([heading, f"{'':{NAME_WIDTH + 2}}{'at ms':>9} {'took ms':>9}", *lines])


def _walk(below: dict[str, list[Span]], parent: str, depth: int) -> Iterator[tuple[Span, int]]:
    for span in below.get(parent, []):
        yield span, depth
        yield from _walk(below, span.id, depth + 1)


def line(span: Span, depth: int, first: int) -> str:
    name = f"{'  ' * depth}{span.service}: {span.name}"
    said = [str(span.attributes[key]) for key in TOLD if key in span.attributes]
    linked = [f"→ {trace[:8]}" for trace, _ in span.links if trace != span.trace]
    wrong = [f"! {span.error}"] if span.error else []
    at = f"{(span.began - first) / 1e6:9.1f} {span.milliseconds:9.1f}"
    return f"  {name:{NAME_WIDTH}}{at}  {' '.join([*said, *wrong, *linked])}".rstrip()
