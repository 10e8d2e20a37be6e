"""Orders' memory of the catalogue, built once more from offset 0 by the consumer itself, in a database of its own."""

from dataclasses import replace

from services.orders.baskets.consumers import PRODUCTS
from services.orders.baskets.store import KnownProductDocument
from services.orders.wiring import SERVICE
from shared.consumer import consume
from shared.documents import Doc
from shared.health import Health, writes_to
from shared.mongo import Database, connect, ensure_indexes
from shared.service import Running, Stores
from tests.chaos.log import Log
from tests.chaos.system import System
from tests.processes import playing, until

NAME = "rebuilt"


async def rebuilt(system: System, log: Log) -> dict[str, Doc]:
    """The documents as the whole log makes them."""
    service = replace(SERVICE, name=NAME, kinds=(KnownProductDocument,), handlers=(PRODUCTS,), timers=())
    database = await connect(system.settings.mongodb_uri, system.settings.database_name(NAME))
    try:
        await ensure_indexes(database, service.kinds)
        running = Running(service, system.settings, database, Stores(database, service.kinds))
        async with playing(consume(running, Health(writes_to(database)))):
            await until(lambda: _read_to_the_end(database, log), what="rebuilt from offset 0", patience_seconds=240)
        return {doc["_id"]: doc async for doc in database.collection("known_products").find({})}
    finally:
        await database.client.close()


async def _read_to_the_end(database: Database, log: Log) -> bool:
    rows = await database.collection("consumer_offsets").find({}).to_list()
    return sum(int(row["next"]) for row in rows) == sum((await log.ends(PRODUCTS.topic)).values())
