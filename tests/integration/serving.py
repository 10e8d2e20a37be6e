"""One service on a real MongoDB with a database of its own, its HTTP face in this process."""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from shared.health import Health, writes_to
from shared.mongo import Database, connect, ensure_indexes
from shared.scope import Role
from shared.service import Running, Service, Stores
from shared.testing import Signer, settings_for
from shared.web.app import create_app


@dataclass(frozen=True, slots=True)
class House:
    """`running` is the service as its commands know it; `ask` is a caller over HTTP."""

    running: Running
    signer: Signer
    client: httpx.AsyncClient

    @property
    def database(self) -> Database:
        return self.running.database

    async def ask(
        self,
        method: str,
        path: str,
        role: Role,
        body: Any = None,
        *,
        key: str | None = None,
        headers: dict[str, str] | None = None,
        **claims: Any,
    ) -> httpx.Response:
        """A request of that role; one that writes has an Idempotency-Key, a new one if none is given."""
        named = key or (secrets.token_hex(8) if method != "GET" else None)
        signed = self.signer.headers(role, named, **claims) | (headers or {})
        return await self.client.request(method, f"/v1{path}", json=body, headers=signed)


@asynccontextmanager
async def served(service: Service) -> AsyncIterator[House]:
    """Needs MONGODB_URI; the database is dropped at the end."""
    signer, namespace = Signer(), f"h{secrets.token_hex(4)}-"
    uri = os.environ["MONGODB_URI"]
    settings = settings_for(service.settings, issuer=signer.issuer, namespace=namespace, mongodb_uri=uri)
    database = await connect(uri, settings.database_name(service.name))
    await ensure_indexes(database, service.kinds)
    running = Running(service, settings, database, Stores(database, service.kinds))
    app = create_app(running, signer, Health(writes_to(database)), api=True)
    transport = httpx.ASGITransport(app=app)
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as client:
            yield House(running, signer, client)
    finally:
        await database.client.drop_database(database.db.name)
        await database.client.close()
