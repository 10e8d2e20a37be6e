"""What a person sees of traces: a tree, shown when it is quiet, and only those she asked for."""

from tools.traces.__main__ import MOST_TRACES, QUIET_SECONDS, Shown, wanted
from tools.traces.receiver import Span
from tools.traces.tree import tree

MILLISECOND = 1_000_000


def span(id_: str, parent: str, name: str, began: int, took: int, **more: object) -> Span:
    """Times in milliseconds."""
    kept = {"trace": "f1" * 16, "kind": 1, "service": "orders", "attributes": {}, **more}
    return Span(id=id_, parent=parent, name=name, began=began * MILLISECOND, ended=(began + took) * MILLISECOND, **kept)  # type: ignore[arg-type]


def test_a_tree_shows_what_caused_what_when_and_how_long() -> None:
    spans = [
        span("c", "b", "process orders.orders", 20, 8, service="catalog", attributes={"bachat.outcome": "applied"},
             links=(("ab" * 16, "x"),)),
        span("b", "a", "create orders", 1, 4),
        span("d", "b", "insert orders", 2, 2, error="DuplicateKey"),
        span("a", "elsewhere", "POST /v1/orders", 0, 9, attributes={"http.response.status_code": 201}),
    ]  # fmt: skip
    heading, _, *lines = tree(spans).splitlines()
    assert heading == f"trace {'f1' * 16}   4 spans   28.0 ms   catalog, orders"
    assert [line.split() for line in lines] == [
        ["orders:", "POST", "/v1/orders", "0.0", "9.0", "201"],
        ["orders:", "create", "orders", "1.0", "4.0"],
        ["orders:", "insert", "orders", "2.0", "2.0", "!", "DuplicateKey"],
        ["catalog:", "process", "orders.orders", "20.0", "8.0", "applied", "→", "abababab"],
    ]
    assert [len(line) - len(line.lstrip()) for line in lines] == [2, 4, 6, 6]


def test_a_trace_is_shown_when_it_is_quiet_and_whole_again_when_more_comes() -> None:
    shown = Shown()
    shown.take([span("a", "", "POST /v1/orders", 0, 9)])
    soon = shown.changed["f1" * 16]
    assert not shown.due(soon)
    assert [len(spans) for spans in shown.due(soon + QUIET_SECONDS)] == [1]
    assert not shown.due(soon + 2 * QUIET_SECONDS)
    shown.take([span("b", "a", "create orders", 1, 4)])
    assert [len(spans) for spans in shown.due(shown.changed["f1" * 16] + QUIET_SECONDS)] == [2]


def test_the_oldest_traces_are_forgotten() -> None:
    shown = Shown()
    for number in range(MOST_TRACES + 10):
        shown.take([span("a", "", "timer orders", 0, 1, trace=f"{number:032x}")])
    assert (len(shown.traces), len(shown.changed)) == (MOST_TRACES, MOST_TRACES)


def test_only_what_was_asked_for_is_shown() -> None:
    order, batch = [span("a", "", "POST /v1/orders", 0, 9)], [span("b", "", "apply catalog.reactions", 0, 9)]
    failed = [span("c", "", "timer orders", 0, 9, error="not_done")]
    every = {"batches": False, "errors": False, "only": ""}
    assert [wanted(spans, **every) for spans in (order, batch, failed)] == [True, False, True]  # type: ignore[arg-type]
    assert [wanted(s, batches=True, errors=True, only="") for s in (order, batch, failed)] == [False, False, True]
    assert [wanted(s, batches=True, errors=False, only="POST") for s in (order, batch, failed)] == [True, False, False]
