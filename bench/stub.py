"""`python -m bench.stub`: a provider that takes every message at once, on HTTP_PORT. GET / tells how many it took.

On the event loop's own protocol: a framework would cost more than the sender under test.
"""

import asyncio
import json
import os
import time
from typing import Any
from urllib.request import urlopen

import uvloop

from bench.place import Place
from bench.processes import Serving


class Taking(asyncio.Protocol):
    """Keep-alive connections; every POST is taken, its moment kept."""

    taken: list[float] = []  # noqa: RUF012  of all connections

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.got = transport, b""

    def data_received(self, data: bytes) -> None:
        self.got += data
        head, found, body = self.got.partition(b"\r\n\r\n")
        if found and len(body) >= _length(head):
            self.got = b""
            self.transport.write(self._answer(head))  # type: ignore[attr-defined]

    def _answer(self, head: bytes) -> bytes:
        if head.startswith(b"POST"):
            self.taken.append(time.time())
            return _whole({"provider_id": f"stub-{len(self.taken)}", "status": "sent"}, b"201 Created")
        return _whole({"taken": len(self.taken), "most_in_a_second": busiest(self.taken)}, b"200 OK")


def busiest(moments: list[float], seconds: float = 1.0) -> int:
    """The most that fell into any window of that length."""
    most = first = 0
    for last, at in enumerate(moments):
        while at - moments[first] >= seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0


def _whole(body: dict[str, object], status: bytes) -> bytes:
    text = json.dumps(body).encode()
    return b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (status, len(text), text)


def stub(here: Place) -> Serving:
    """A process of it, ended with the place."""
    serving = here.begin("bench.stub")
    serving.ready("/")
    return serving


def asked(provider: Serving) -> dict[str, Any]:
    """`taken` so far, and `most_in_a_second` of them."""
    with urlopen(f"http://127.0.0.1:{provider.port}/", timeout=30) as answer:
        said: dict[str, Any] = json.loads(answer.read())
    return said


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Taking, "127.0.0.1", int(os.environ["HTTP_PORT"]))
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve())
