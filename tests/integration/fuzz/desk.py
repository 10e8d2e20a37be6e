"""A service behind a real HTTP server in a thread of its own, asked by whoever a test names."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from schemathesis.core.transport import Response

from deploy.local.ports import free_port
from shared.ids import derived_id
from shared.scope import Role
from shared.service import Service
from shared.testing import Signer
from tests.integration.houses import house
from tests.processes import PATIENCE_SECONDS, until

KEPT_IDS = 200
JSON = "application/json"
GROUP = derived_id("fuzz", "group")
PLACE: dict[str, Any] = {"state": "27", "district": "490", "block": "4189"}


@dataclass
class Desk:
    """`ids` are those that answers have shown, so that later requests meet something that is there."""

    url: str
    signer: Signer
    ids: list[str] = field(default_factory=list)

    def headers(self, role: Role | None) -> dict[str, str]:
        """Of somebody in Pune; None: nobody."""
        return self.signer.headers(role, None, **PLACE, groups=[GROUP]) if role else {}

    def remember(self, answer: Response) -> None:
        if answer.status_code in {200, 201} and JSON in answer.headers.get("content-type", ()):
            self.ids = [*found_in(answer.json()), *self.ids][:KEPT_IDS]


def found_in(said: Any) -> Iterator[str]:
    if isinstance(said, Mapping):
        yield from (value for name, value in said.items() if name == "id" and isinstance(value, str))
    for part in said.values() if isinstance(said, Mapping) else said if isinstance(said, list) else ():
        yield from found_in(part)


@contextmanager
def opened(service: Service, **settings: Any) -> Iterator[Desk]:
    """On the MongoDB the environment names; a database of its own, dropped at the end."""
    serving = Serving(service, settings)
    serving.thread.start()
    try:
        assert serving.ready.wait(PATIENCE_SECONDS), "the service is not served"
        yield Desk(f"http://127.0.0.1:{serving.port}", serving.signer)
    finally:
        serving.server.should_exit = True
        serving.thread.join(PATIENCE_SECONDS)


class Serving:
    def __init__(self, service: Service, settings: Mapping[str, Any]) -> None:
        self.service, self.settings, self.port = service, settings, free_port()
        self.ready = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self.server: uvicorn.Server
        self.signer: Signer

    async def _serve(self) -> None:
        async with house(self.service, **self.settings) as found:
            config = uvicorn.Config(
                found.app, port=self.port, lifespan="off", log_config=None, access_log=False, ws="none"
            )
            self.server, self.signer = uvicorn.Server(config), found.signer
            self.server.capture_signals = _no_signals  # type: ignore[method-assign]
            serving = asyncio.create_task(self.server.serve())
            await until(self._answers, what="the service answers")
            self.ready.set()
            await serving

    async def _answers(self) -> bool:
        return self.server.started


@contextmanager
def _no_signals() -> Iterator[None]:
    yield
