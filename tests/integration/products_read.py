"""The orders service's consumer in this process, on a namespace of its own, and the tools as a person runs them."""

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from services.orders.settings import OrdersSettings
from services.orders.wiring import SERVICE
from shared.consumer import consume
from shared.documents import Doc
from shared.health import Health, writes_to
from shared.kafka import create_topics
from shared.mongo import connect, ensure_indexes
from shared.service import Running, Stores
from shared.testing import settings_for
from tests.integration.kernel.conftest import Log
from tests.processes import playing, spawn, until

TOPICS = tuple(handlers.topic for handlers in SERVICE.handlers)


@dataclass(frozen=True)
class Reading:
    running: Running
    log: Log

    @asynccontextmanager
    async def consuming(self) -> AsyncIterator[None]:
        async with playing(consume(self.running, Health(writes_to(self.running.database)))):
            yield

    async def consumed(self) -> None:
        """Until every record of the products' topic is behind the consumer."""

        async def all_of_it() -> bool:
            rows = self.running.database.collection("consumer_offsets").find({"_id": {"$regex": "catalog.products"}})
            return await self.log.size() == sum([int(row["next"]) async for row in rows])

        await until(all_of_it, what="all products consumed")

    async def parked(self, product: str) -> list[Doc]:
        """Its rows in order."""
        rows = self.running.database.collection("parked").find({"key": product.encode()})
        return await rows.sort("offset", 1).to_list()

    async def known(self, product: str) -> Doc | None:
        return await self.running.database.collection("known_products").find_one({"_id": product})

    async def tool(self, name: str, *arguments: str, **environment: str) -> tuple[int, str]:
        """`python -m tools.<name>`: its exit code and what it printed."""
        settings = self.running.settings
        named = {"NAMESPACE": settings.namespace, "MONGODB_URI": settings.mongodb_uri, "PROFILE": "local"}
        servers = {"KAFKA_BOOTSTRAP_SERVERS": settings.kafka_bootstrap_servers}
        process = spawn(f"tools.{name}", *arguments, environment={**named, **servers, **environment})
        try:
            return await process.ended(), process.text()
        finally:
            process.kill()


@asynccontextmanager
async def reading() -> AsyncIterator[Reading]:
    """Needs KAFKA_BOOTSTRAP_SERVERS and MONGODB_URI; the database is dropped at the end."""
    settings = settings_for(
        OrdersSettings,
        mongodb_uri=os.environ["MONGODB_URI"],
        kafka_bootstrap_servers=os.environ["KAFKA_BOOTSTRAP_SERVERS"],
        namespace=f"t{secrets.token_hex(4)}-",
        session_timeout_milliseconds=2000,
    )
    await asyncio.to_thread(create_topics, settings, TOPICS)
    database = await connect(settings.mongodb_uri, settings.database_name("orders"))
    try:
        await ensure_indexes(database, SERVICE.kinds)
        log = Log(settings)
        log.topic = settings.topic("catalog.products")
        yield Reading(Running(SERVICE, settings, database, Stores(database, SERVICE.kinds)), log)
    finally:
        await database.client.drop_database(database.db.name)
        await database.client.close()
