"""A TCP link between clients and one server, as a test wants it: open, cut, stalled, mute or slow, for all or for some.

`cut` resets what is open and refuses what comes. `stall` moves no byte and closes nothing (half-open); what was sent
arrives when the link is opened again. `mute` lets requests through and holds the answers; opened again, these
connections are reset, so the answers are lost for ever. `slow` delays every piece.
"""

import asyncio
import socket
import struct
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK = "127.0.0.1"
PIECE_BYTES = 256 * 1024
RESET = struct.pack("ii", 1, 0)  # SO_LINGER of no time: closing sends RST


@dataclass(frozen=True)
class Rule:
    """`clients`: process ids it counts for; None: everybody."""

    mode: str = "open"
    clients: frozenset[int] | None = None
    seconds: float = 0.0

    def ports(self) -> frozenset[int] | None:
        """The local ports of these processes' connections just now."""
        return None if self.clients is None else frozenset().union(*map(ports_of, self.clients))


def ports_of(pid: int) -> frozenset[int]:
    """Local TCP ports of one process, from /proc; none when it has ended."""
    try:
        descriptors = list(Path(f"/proc/{pid}/fd").iterdir())
        rows = [line.split() for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]]
    except OSError:
        return frozenset()
    inodes = set(map(_points_to, descriptors))
    return frozenset(int(row[1].rpartition(":")[2], 16) for row in rows if f"socket:[{row[9]}]" in inodes)


def _points_to(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except OSError:  # closed since it was listed: the others count nevertheless
        return ""


@dataclass(eq=False)
class Connection:
    """Both sides of one client's connection; `mode` is what holds for it now."""

    port: int
    client: asyncio.StreamWriter
    server: asyncio.StreamWriter | None = None
    mode: str = "open"

    def reset(self) -> None:
        for side in (self.client, self.server):
            if side is not None:
                known: socket.socket = side.get_extra_info("socket")
                if known.fileno() >= 0:
                    known.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                side.transport.abort()


@dataclass(eq=False)
class Link:
    """Listens on `port`, leads to `target`. `counts`: what happened, by name."""

    port: int
    target: int
    rule: Rule = field(default_factory=Rule)
    connections: set[Connection] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        await asyncio.start_server(self._taken, LOOPBACK, self.port)

    def set(self, rule: Rule) -> None:
        """From now on, also for what is open."""
        self.rule = rule
        ports = rule.ports()
        for connection in list(self.connections):
            before, connection.mode = connection.mode, self._mode(connection.port, ports)
            if connection.mode == "cut" or (before == "mute" and connection.mode != "mute"):
                self._reset(connection)
        self.changed.set()
        self.changed = asyncio.Event()

    def _mode(self, port: int, ports: frozenset[int] | None) -> str:
        return self.rule.mode if ports is None or port in ports else "open"

    def _reset(self, connection: Connection) -> None:
        self.counts["reset"] += 1
        connection.reset()

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = writer.get_extra_info("peername")[1]
        connection = Connection(port, writer, mode=self._mode(port, self.rule.ports()))
        self.counts["taken"] += 1
        self.connections.add(connection)
        try:
            if connection.mode == "cut":
                self._reset(connection)
            else:
                await self._joined(connection, reader)
        except OSError:
            connection.reset()
        finally:
            self.connections.discard(connection)

    async def _joined(self, connection: Connection, reader: asyncio.StreamReader) -> None:
        """Until either side ends."""
        back, connection.server = await asyncio.open_connection(LOOPBACK, self.target)
        ways = [
            asyncio.create_task(self._pump(connection, reader, connection.server, held=("stall",))),
            asyncio.create_task(self._pump(connection, back, connection.client, held=("stall", "mute"))),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        for side in (connection.client, connection.server):
            side.close()

    async def _pump(
        self, connection: Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, held: tuple[str, ...]
    ) -> None:
        while piece := await reader.read(PIECE_BYTES):
            while connection.mode in held:
                self.counts[connection.mode] += 1
                await self.changed.wait()
            if connection.mode == "slow":
                self.counts["slow"] += 1
                await asyncio.sleep(self.rule.seconds)
            writer.write(piece)
            await writer.drain()
