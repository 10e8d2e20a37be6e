"""Notify's sender in a process of its own, to be killed: `python -m tests.integration.sending DATABASE`."""

import asyncio
import sys

from services.notify.settings import NotifySettings
from services.notify.wiring import SERVICE
from shared.mongo import connect
from shared.service import Running, Stores
from shared.testing import settings_for


async def send(name: str) -> None:
    settings = settings_for(NotifySettings)
    database = await connect(settings.mongodb_uri, name)
    running = Running(SERVICE, settings, database, Stores(database, SERVICE.kinds))
    await SERVICE.workers[0](running)


if __name__ == "__main__":
    asyncio.run(send(sys.argv[1]))
