"""Sentences about `python -m tools.draw export`: the public file as the gateway gives it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.unit.tools.test_draw import CALL, PACKED, draw


@contextmanager
def gateway(status: int, body: bytes) -> Iterator[str]:
    """Answers the one path of the public file without a token, anything else with 404."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            known = self.path == f"/v1/calls/{CALL}/outcome/file" and not self.headers.get("Authorization")
            self.send_response(status if known else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_public_file_is_exported_byte_for_byte(tmp_path: Path) -> None:
    target = tmp_path / "draw.zip"
    with gateway(200, PACKED) as url:
        found = draw("export", CALL, target, "--gateway", url)
    assert found.exit_code == 0, found.output
    assert target.read_bytes() == PACKED
    assert [path.name for path in tmp_path.iterdir()] == ["draw.zip"]


def test_before_the_draw_the_server_s_sentence_is_passed_on_and_no_file_is_left(tmp_path: Path) -> None:
    told_by_server = json.dumps({"code": "NotDrawnYet", "detail": "The draw is on 23 November."}).encode()
    with gateway(409, told_by_server) as url:
        found = draw("export", CALL, tmp_path / "draw.zip", "--gateway", url)
    assert found.exit_code == 1
    assert found.stderr == "Not exported: 409 The draw is on 23 November.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_gateway_that_is_away_is_one_sentence(tmp_path: Path) -> None:
    with gateway(200, b"") as url:
        pass
    found = draw("export", CALL, tmp_path / "draw.zip", "--gateway", url)
    assert found.exit_code == 1
    assert found.stderr.startswith(f"Not exported: {url}")
