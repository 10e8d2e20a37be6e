"""A service that tells its caller what reached it, for the tests of the gateway."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar


class Upstream(BaseHTTPRequestHandler):
    """A service that answers with what it was sent; `/stream` and `/hurried` wait until they are let go."""

    protocol_version = "HTTP/1.1"
    let_go: ClassVar[threading.Event]

    def do_GET(self) -> None:
        if self.headers.get("upgrade") == "websocket":
            self._shake_hands()
        elif self.path.endswith("/stream"):
            self._stream()
        else:
            if self.path.endswith("/hurried"):
                self.let_go.wait(20)
            self._echo()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self._echo()

    def _echo(self) -> None:
        seen = {"path": self.path, "headers": {name.lower(): value for name, value in self.headers.items()}}
        body = json.dumps(seen).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write("data: पहिली\n\n".encode())
        self.let_go.wait(20)

    def _shake_hands(self) -> None:
        self.send_response(101)
        self.send_header("upgrade", "websocket")
        self.send_header("connection", "upgrade")
        self.end_headers()
        self.wfile.write(b"echo:" + self.rfile.readline())
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """The test's output is for the test."""


@contextmanager
def listening() -> Iterator[str]:
    """Its address, host:port, for as long as it answers."""
    Upstream.let_go = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Upstream)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    Upstream.let_go.set()
    server.shutdown()
    server.server_close()
