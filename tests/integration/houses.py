"""One service on a real MongoDB, in a database of its own: its HTTP face, and its reactions as a batch decides them."""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

from shared import clock
from shared.consumer.work import UnitOfWork
from shared.events import Event, Fact
from shared.handlers import Handlers
from shared.health import Health, writes_to
from shared.ids import new_id
from shared.mongo import connect, ensure_indexes
from shared.scope import Role
from shared.service import Running, Service, Stores
from shared.testing import Signer, settings_for
from shared.web.app import create_app


@dataclass(frozen=True)
class House:
    running: Running
    signer: Signer
    app: FastAPI
    client: httpx.AsyncClient

    @property
    def stores(self) -> Stores:
        return self.running.stores

    async def get(self, path: str, role: Role, **claims: Any) -> httpx.Response:
        return await self.client.get(path, headers=self.signer.headers(role, **claims))

    async def write(
        self, method: str, path: str, role: Role, body: Any = None, key: str | None = None, **claims: Any
    ) -> httpx.Response:
        headers = self.signer.headers(role, key or new_id(), **claims)
        return await self.client.request(method, path, json=body, headers=headers)

    async def facts(self, collection: str, id_: str) -> list[str]:
        """Names of the facts one document has told, in their order."""
        doc = await self.running.database.collection(collection).find_one({"_id": id_})
        return [f"{fact['sequence']} {fact['name']}" for fact in doc["outbox"]] if doc else []

    async def reacts(self, handlers: Handlers, *events: Event[Any]) -> None:
        """The events as one batch of the consumer decides them, in one transaction."""
        kinds = {kind.holds: kind for kind in self.running.service.kinds}
        async with self.running.database.client.start_session() as session, await session.start_transaction():
            work = UnitOfWork(self.running.database, kinds, session)
            for event in events:
                await handlers.reactions[event.data.name, event.data.major].handle(event, work)
                work.keep()
            await work.write()


@asynccontextmanager
async def house(service: Service, **settings: Any) -> AsyncIterator[House]:
    """On the MongoDB the environment names (missing: the test fails); its database is dropped at the end."""
    signer = Signer()
    uri = os.environ["MONGODB_URI"]
    found = settings_for(service.settings, mongodb_uri=uri, issuer=signer.issuer, **settings)
    database = await connect(uri, f"h{secrets.token_hex(4)}-{service.name}")
    await ensure_indexes(database, service.kinds)
    running = Running(service, found, database, Stores(database, service.kinds))
    app = create_app(running, signer, Health(writes_to(database)), api=True)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://house.test") as client:
        yield House(running, signer, app, client)
    await database.client.drop_database(database.db.name)
    await database.client.close()


def event(data: Fact, subject: str, sequence: int = 1) -> Event[Any]:
    id_ = f"{subject}:1:{sequence}"
    return Event(data=data, id=id_, subject=subject, tenant="27", incarnation=1, sequence=sequence, time=clock.now())
