"""Ports of 127.0.0.1: a free one, and who holds one that is not."""

import random
import socket
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

LOOPBACK: Final = "127.0.0.1"
_LISTEN: Final = "0A"
_OUTGOING: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")
_BELOW_OUTGOING: Final = range(10_240, int(_OUTGOING.read_text(encoding="ascii").split()[0]))
_CHOICE: Final = random.SystemRandom()
_given_out: set[int] = set()


class PortInUse(RuntimeError):
    """Something else listens on a port that this run needs."""

    def __init__(self, port: int, setting: str) -> None:
        who = holder(port) or "another program"
        super().__init__(f"port {port} is in use by {who}: stop it, or choose another port with {setting}=NUMBER")


def free_port() -> int:
    """A port nobody listens on, never given out twice by this process.

    Below the kernel's range for outgoing connections: there, a client that keeps trying to reach a killed server is
    sooner or later given that server's own port, connects to itself, and the server cannot come back.
    """
    for port in _CHOICE.sample(_BELOW_OUTGOING, len(_BELOW_OUTGOING)):
        if port not in _given_out and is_free(port):
            _given_out.add(port)
            return port
    raise RuntimeError(f"no port between {_BELOW_OUTGOING.start} and {_BELOW_OUTGOING.stop} is free")


def is_free(port: int) -> bool:
    """Whether a server could listen on it now (closed connections that linger do not count)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def gets_free(port: int, within_seconds: float = 15) -> bool:
    """Whether it is free now or soon: the processes of a run that was killed need a moment to be gone."""
    deadline = time.monotonic() + within_seconds
    while not is_free(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def answers(port: int) -> bool:
    """Whether something accepts a connection on it."""
    with suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
        return True
    return False


def holder(port: int) -> str | None:
    """`name (pid 123)` of the listener, when this user may see it."""
    inodes = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if str(descriptor.readlink()) in inodes:
                process = descriptor.parent.parent
                return f"{(process / 'comm').read_text().strip()} (pid {process.name})"
    return None


def _listening_inodes(port: int) -> list[str]:
    found: list[str] = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            rows = [line.split() for line in Path(table).read_text().splitlines()[1:]]
            found += [row[9] for row in rows if row[3] == _LISTEN and int(row[1].rpartition(":")[2], 16) == port]
    return found
