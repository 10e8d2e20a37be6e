"""A decision in a process of its own, to be killed: `python -m tests.integration.doubling DATABASE STEP CASE`."""

import asyncio
import os
import sys

from services.catalog.doubles import commands
from services.catalog.doubles.domain import Double
from services.catalog.settings import CatalogSettings
from services.catalog.wiring import SERVICE
from shared.mongo import connect
from shared.scope import Caller
from shared.service import Running, Stores
from shared.testing import settings_for
from tests.unit.catalog.samples import BARAMATI


async def step(name: str, what: str, id_: str) -> None:
    """`merge` keeps the first of the pair; the same request, however often it is asked."""
    settings = settings_for(CatalogSettings)
    database = await connect(settings.mongodb_uri, name)
    running = Running(SERVICE, settings, database, Stores(database, SERVICE.kinds))
    by = Caller(scope=BARAMATI, key=f"{what}-1", body=what)
    if what == "undo":
        await commands.undo(running, id_, "दोन वेगळे गट आहेत", by)
        return
    case = await running[Double].get(id_)
    await commands.merge(running, id_, case.groups[0], by)


async def dies(database: str, what: str, id_: str, fault: str) -> None:
    """In a process of its own, which is killed at that point."""
    command = [sys.executable, "-m", "tests.integration.doubling", database, what, id_]
    planned = {**os.environ, "ALLOW_UNSAFE": "1", "FAULT_POINTS": fault if "=" in fault else f"{fault}=kill"}
    process = await asyncio.create_subprocess_exec(*command, env=planned)
    assert await process.wait() == -9, f"{what} never came to {fault}"


if __name__ == "__main__":
    asyncio.run(step(*sys.argv[1:]))
