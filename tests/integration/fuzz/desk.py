"""An arranged service behind a real HTTP server in a thread of its own, asked by whoever a test names."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from deploy.local.ports import free_port
from shared.scope import Role
from tests.integration.tenancy.houses import world
from tests.integration.tenancy.people import ALL_CLAIMS
from tests.integration.tenancy.world import Ask, World
from tests.processes import PATIENCE_SECONDS, until


class Desk:
    """On the MongoDB the environment names; a database of its own, dropped at the end."""

    def __init__(self, name: str) -> None:
        self.name, self.port = name, free_port()
        self.ready = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self.server: uvicorn.Server
        self.world: World

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def headers(self, role: Role | None) -> dict[str, str]:
        """Of somebody of that role who may see much; None: nobody."""
        return self.world.house.signer.headers(role, **ALL_CLAIMS) if role else {}

    def asks(self, route: str) -> list[Ask]:
        """How that route is asked by those who know it, of what is there."""
        return [ask for (named, _), ask in self.world.asks.items() if named == route]

    async def _serve(self) -> None:
        async with world(self.name) as self.world:
            app: Any = self.world.house.app
            config = uvicorn.Config(app, port=self.port, lifespan="off", log_config=None, access_log=False, ws="none")
            self.server = uvicorn.Server(config)
            self.server.capture_signals = _no_signals  # type: ignore[method-assign]
            serving = asyncio.create_task(self.server.serve())
            await until(self._answers, what="the service answers")
            self.ready.set()
            await serving

    async def _answers(self) -> bool:
        return self.server.started


@contextmanager
def opened(name: str) -> Iterator[Desk]:
    desk = Desk(name)
    desk.thread.start()
    try:
        assert desk.ready.wait(PATIENCE_SECONDS), "the service is not served"
        yield desk
    finally:
        desk.server.should_exit = True
        desk.thread.join(PATIENCE_SECONDS)


@contextmanager
def _no_signals() -> Iterator[None]:
    yield
