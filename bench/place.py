"""Where one benchmark runs: a namespace of its own on the servers of the environment, cleared away afterwards."""

import asyncio
import os
import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TypeVar

from kafka.admin import KafkaAdminClient

from bench.processes import Serving, issuer
from deploy.local.issuer.keys import kept_key
from deploy.local.issuer.tokens import Ask, mint
from deploy.local.ports import free_port
from shared.contracts import TOPICS
from shared.kafka import create_topics
from shared.mongo import connect, ensure_indexes
from shared.service import Running, Service, Stores
from shared.settings import CommonSettings

S = TypeVar("S", bound=CommonSettings)


class Place:
    """Services started here share a namespace, an issuer's key and a folder; all of it is temporary."""

    def __init__(self, folder: Path, ends: AsyncExitStack) -> None:
        self.folder, self._ends = folder, ends
        self.namespace = f"bench{secrets.token_hex(4)}-"
        self._issuer_port = free_port()
        self.issuer = f"http://127.0.0.1:{self._issuer_port}"

    def environment(self, **more: str) -> dict[str, str]:
        """What every process is told: as in `make run`, and what the benchmark itself turns."""
        return {
            **os.environ,
            "PROFILE": "local",
            "ALLOW_UNSAFE": "0",
            "NAMESPACE": self.namespace,
            "ISSUER": self.issuer,
            "JWKS_URL": f"{self.issuer}/jwks.json",
            "SMS_PROVIDER_URL": "http://127.0.0.1:9",
            "SMS_CALLBACK_SECRET": secrets.token_hex(16),
            **more,
        }

    def settings(self, kind: type[S]) -> S:
        """The settings a process started here has."""
        return kind.model_validate({name.lower(): value for name, value in self.environment().items()})

    async def running(self, service: Service) -> Running:
        """The service's own view of its database, indexes made, for preparing and looking."""
        settings = self.settings(service.settings)
        database = await connect(settings.mongodb_uri, settings.database_name(service.name))
        self._ends.push_async_callback(database.client.close)
        self._ends.push_async_callback(database.client.drop_database, database.db.name)
        await ensure_indexes(database, service.kinds)
        return Running(service, settings, database, Stores(database, service.kinds))

    def start(self, service: str, *roles: str, **told: str) -> Serving:
        """A process of that service; ended with the place. `ready()` tells when it can be used."""
        return self.begin(f"services.{service}", *roles, **told)

    def begin(self, module: str, *arguments: str, **told: str) -> Serving:
        serving = Serving(module, arguments, self.environment(**told), self.folder)
        self._ends.callback(serving.stop)
        return serving

    def start_issuer(self) -> None:
        """Its public keys over HTTP, for the role api."""
        serving = issuer(self._issuer_port, self.folder, self.environment())
        self._ends.callback(serving.stop)
        serving.ready("/healthz")

    def token(self) -> str:
        """A buyer's."""
        return mint(kept_key(self.folder), self.issuer, Ask(role="buyer"))


@asynccontextmanager
async def place(*topics: str) -> AsyncIterator[Place]:
    """With every topic of the system and those named besides, created as services want them, deleted in the end."""
    with tempfile.TemporaryDirectory(prefix="bachat-haat-bench-") as folder:
        async with AsyncExitStack() as ends:
            here = Place(Path(folder), ends)
            made = await asyncio.to_thread(create_topics, here.settings(CommonSettings), (*TOPICS, *topics))
            ends.push_async_callback(asyncio.to_thread, _delete, made)
            yield here


def _delete(topics: list[str]) -> None:
    admin = KafkaAdminClient(bootstrap_servers=os.environ["KAFKA_BOOTSTRAP_SERVERS"])
    try:
        admin.delete_topics(topics)
    finally:
        admin.close()
