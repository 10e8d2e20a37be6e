"""`tools.look`: what a person on call sees of each process."""

import httpx
import pytest

from tools.look import look

READY = {"status": "ready", "parts": {"database": "ok", "relay": "ok"}}
SILENT = {"status": "not ready", "parts": {"database": "ok", "relay": "has been silent for 40 s"}}
FIGURES = """\
# TYPE bachat_outbox_depth gauge
bachat_outbox_depth{kind="orders"} 1.7e+09
# TYPE bachat_request_seconds histogram
bachat_request_seconds_bucket{le="0.1",route="/v1/orders"} 3.0
bachat_request_seconds_count{route="/v1/orders"} 3.0
bachat_request_seconds_sum{route="/v1/orders"} 0.5
"""


def process(status: int, body: object) -> httpx.Client:
    def answered(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/metrics":
            return httpx.Response(200, text=FIGURES)
        return httpx.Response(status, json=body)

    return httpx.Client(transport=httpx.MockTransport(answered))


def test_a_process_says_of_each_part_whether_it_is_well() -> None:
    assert list(look(process(200, READY), "http://orders.test", [])) == [("ready", "database: ok, relay: ok")]
    (said,) = look(process(503, SILENT), "http://orders.test", [])
    assert said == ("NOT READY", "database: ok, relay: has been silent for 40 s")


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (["outbox"], ["bachat_outbox_depth kind=orders"]),
        (["request", "lag"], [f"bachat_request_seconds_{end} route=/v1/orders" for end in ("count", "sum")]),
        (["parked"], []),
    ],
)
def test_figures_are_found_by_a_word_of_their_name_without_buckets(words: list[str], names: list[str]) -> None:
    assert [row[0] for row in look(process(200, READY), "http://orders.test", words)] == names


def test_a_large_figure_is_written_out() -> None:
    assert [row[1] for row in look(process(200, READY), "http://orders.test", ["outbox"])] == ["1700000000"]


def test_a_process_that_is_away_is_a_line_too() -> None:
    def away(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("कोणी नाही")

    with httpx.Client(transport=httpx.MockTransport(away)) as client:
        assert list(look(client, "http://orders.test", ["outbox"])) == [("does not answer", "ConnectError")]
