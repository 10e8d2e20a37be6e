"""All links of a run, in a process of its own so that they cost the test nothing, told what to do line by line.

`python -m tests.chaos.ground.network PORT` listens there for one JSON object a line and answers each with one.
"""

import asyncio
import json
import socket
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.local.ports import LOOPBACK, free_port
from deploy.local.process import Process
from tests.chaos.ground.links import Link, Rule
from tests.processes import ROOT

START_SECONDS = 30.0
ANSWER_SECONDS = 20.0


class Network:
    """Links by name. Blocking calls of a few milliseconds."""

    def __init__(self, control: int) -> None:
        self.told = socket.create_connection((LOOPBACK, control), timeout=ANSWER_SECONDS)
        self.lines = self.told.makefile("rw", encoding="utf-8")
        self.ports: dict[str, int] = {}

    def link(self, name: str, target: int) -> int:
        """A new open link to a port of this machine; the port clients must be told."""
        self.ports[name] = free_port()
        self._ask(do="link", name=name, port=self.ports[name], target=target)
        return self.ports[name]

    def set(self, name: str, mode: str, clients: Collection[int] | None = None, seconds: float = 0.0) -> None:
        """`clients`: ids of the processes it is for; None: everybody."""
        self._ask(do="set", name=name, mode=mode, clients=clients and sorted(clients), seconds=seconds)

    def mend(self) -> None:
        for name in self.ports:
            self.set(name, "open")

    def counts(self, name: str) -> dict[str, int]:
        """taken: connections; reset; stall, mute, slow: how often a piece was held."""
        said: dict[str, int] = self._ask(do="counts", name=name)
        return said

    def _ask(self, **what: Any) -> Any:
        self.lines.write(json.dumps(what) + "\n")
        self.lines.flush()
        return json.loads(self.lines.readline())


@contextmanager
def network(log: Path) -> Iterator[Network]:
    control = free_port()
    command = [sys.executable, "-m", "tests.chaos.ground.network", str(control)]
    process = Process("network", command, cwd=ROOT, log=log)
    process.start()
    try:
        yield _reached(control)
    finally:
        process.kill()


def _reached(control: int) -> Network:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return Network(control)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


class Links:
    """The other end: does what it is told."""

    def __init__(self) -> None:
        self.links: dict[str, Link] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            answer = await self.do(json.loads(line))
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()

    async def do(self, told: dict[str, Any]) -> Any:
        name = told["name"]
        if told["do"] == "link":
            self.links[name] = Link(told["port"], told["target"])
            await self.links[name].listen()
        elif told["do"] == "set":
            clients = told["clients"]
            self.links[name].set(Rule(told["mode"], clients and frozenset(clients), told["seconds"]))
        return dict(self.links[name].counts)


async def main(port: int) -> None:
    server = await asyncio.start_server(Links().serve, LOOPBACK, port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
