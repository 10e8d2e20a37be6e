"""`tools.look`: what a person on call sees of each process."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import httpx
import pytest
from typer.testing import CliRunner

from tools.look import app, look

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


@contextmanager
def answering(status: int) -> Iterator[str]:
    """A process whose /readyz answers so, at this address."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b'{"parts": {"database": "ok"}}')

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_a_script_hears_that_a_process_is_not_ready(status: int, code: int) -> None:
    with answering(status) as url:
        assert CliRunner().invoke(app, ["--url", url]).exit_code == code


def test_a_script_hears_that_a_process_does_not_answer() -> None:
    with answering(200) as url:
        pass
    assert CliRunner().invoke(app, ["--url", url, "outbox"]).exit_code == 1
