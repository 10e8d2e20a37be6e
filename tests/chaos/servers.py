"""The chaos run's own Kafka and MongoDB, which can be killed, frozen and started again where they were."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from deploy.local.kafka import Kafka
from deploy.local.mongo import Mongo
from deploy.local.ports import free_port


class Ground(Protocol):
    """What a run stands on and can be broken."""

    folder: Path

    @property
    def kafka(self) -> str: ...

    @property
    def mongodb(self) -> str: ...

    async def crash(self, name: str) -> None: ...

    async def away(self, name: str, meanwhile: Callable[[], Awaitable[None]]) -> None: ...

    async def freeze(self, name: str, seconds: float) -> None: ...

    async def mend(self) -> None: ...


class Servers:
    """Both on free ports, their data in `folder`; started once, shared by the runs in namespaces of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.broker = Kafka(folder / "kafka", free_port())
        self.mongod = Mongo(folder / "mongodb", free_port())

    @property
    def kafka(self) -> str:
        return self.broker.address

    @property
    def mongodb(self) -> str:
        return self.mongod.uri

    async def crash(self, name: str) -> None:
        """kill -9, then the same server on the same port and data; returns when it answers again."""
        await asyncio.to_thread(self._crash, self._server(name))

    async def away(self, name: str, meanwhile: Callable[[], Awaitable[None]]) -> None:
        """kill -9, and the same server again when `meanwhile` is over."""
        server = self._server(name)
        await asyncio.to_thread(server.kill)
        try:
            await meanwhile()
        finally:
            await asyncio.to_thread(_ready, server)

    async def freeze(self, name: str, seconds: float) -> None:
        """Nobody gets an answer for so long, and no connection is closed."""
        process = self._server(name).process
        process.pause()
        try:
            await asyncio.sleep(seconds)
        finally:
            process.resume()

    async def mend(self) -> None:
        """Who breaks these mends them at once."""

    def _server(self, name: str) -> Kafka | Mongo:
        return self.broker if name == "kafka" else self.mongod

    def _crash(self, server: Kafka | Mongo) -> None:
        server.kill()
        server.start()
        server.wait_ready()


@contextmanager
def servers(folder: Path) -> Iterator[Servers]:
    """Both started and ready; killed at the end, for nobody needs their data again."""
    started = Servers(folder)
    both: tuple[Kafka | Mongo, ...] = (started.broker, started.mongod)
    try:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(_ready, both))
        yield started
    finally:
        for server in both:
            server.kill()


def _ready(server: Kafka | Mongo) -> None:
    server.start()
    server.wait_ready()
