"""`python -m bench.http_load SPEC`: orders posted over raw connections, as many as are answered. Prints JSON.

Written on the event loop's own protocol and for one request at a time on a connection: a client library would cost
more than the service under test.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from typing import Any

import uvloop

CREATED = b"HTTP/1.1 201"
WARM_SECONDS = 1.0


def request(port: int, token: str, key: str, body: bytes) -> bytes:
    """POST /v1/orders, whole."""
    head = (
        f"POST /v1/orders HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {token}\r\n"
        f"Idempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class Connection(asyncio.Protocol):
    """One keep-alive connection, one request at a time."""

    def __init__(self) -> None:
        self.transport: Any = None
        self.got = b""
        self.waiting: asyncio.Future[bytes] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.got += data
        head, found, body = self.got.partition(b"\r\n\r\n")
        if found and len(body) >= _length(head) and self.waiting:
            self.got = b""
            self.waiting.set_result(head)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.waiting and not self.waiting.done():
            self.waiting.set_exception(exc or ConnectionResetError("closed by the server"))

    async def ask(self, whole: bytes) -> bytes:
        """The head of the answer."""
        self.waiting = asyncio.get_running_loop().create_future()
        self.transport.write(whole)
        return await self.waiting


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])


async def connected(port: int) -> Connection:
    _, connection = await asyncio.get_running_loop().create_connection(Connection, "127.0.0.1", port)
    return connection


async def load(spec: dict[str, Any]) -> dict[str, Any]:
    """Warm up, then count. spec: ports, connections, seconds, token, body, prefix of the keys."""
    answers: Counter[str] = Counter()
    asked = 0
    body = json.dumps(spec["body"]).encode()
    began = time.perf_counter() + WARM_SECONDS
    ends = began + spec["seconds"]

    async def post_on(place: int) -> None:
        nonlocal asked
        port, sent = spec["ports"][place % len(spec["ports"])], 0
        connection = await connected(port)
        while (now := time.perf_counter()) < ends:
            head = await connection.ask(request(port, spec["token"], f"{spec['prefix']}-{place}-{sent}", body))
            sent, asked = sent + 1, asked + 1
            if now >= began:
                answers["created" if head.startswith(CREATED) else head[:50].decode()] += 1

    async def processor_then() -> float:
        await asyncio.sleep(WARM_SECONDS)
        return time.process_time()

    counting = asyncio.create_task(processor_then())
    await asyncio.gather(*(post_on(place) for place in range(spec["connections"])))
    took = time.perf_counter() - began
    return {"answers": answers, "asked": asked, "seconds": took, "cpu_seconds": time.process_time() - await counting}


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(load(json.loads(sys.argv[1])))))
