"""A decision in a process of its own, to be killed: `python -m tests.integration.doubling DATABASE STEP CASE`."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from pathlib import Path

from services.catalog.doubles import commands
from services.catalog.doubles.domain import Double
from services.catalog.settings import CatalogSettings
from services.catalog.wiring import SERVICE
from shared.mongo import connect
from shared.scope import Caller
from shared.service import Running, Stores
from shared.testing import settings_for
from tests.processes import until
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


async def begun(database: str, what: str, id_: str, fault: str) -> Process:
    """In a process of its own, with a fault planned."""
    command = [sys.executable, "-m", "tests.integration.doubling", database, what, id_]
    planned = {**os.environ, "ALLOW_UNSAFE": "1", "FAULT_POINTS": fault}
    return await asyncio.create_subprocess_exec(*command, env=planned)


async def dies(database: str, what: str, id_: str, fault: str) -> None:
    """It is killed at that point."""
    process = await begun(database, what, id_, fault)
    assert await process.wait() == -9, f"{what} never came to {fault}"


async def sleeps(database: str, what: str, id_: str, point: str) -> Process:
    """It is frozen at that point, and may be woken."""
    process = await begun(database, what, id_, f"{point}=stop")

    async def frozen() -> bool:
        return " T " in await asyncio.to_thread(Path(f"/proc/{process.pid}/stat").read_text, "utf-8")

    await until(frozen, what=f"{what} is frozen at {point}")
    return process


if __name__ == "__main__":
    asyncio.run(step(*sys.argv[1:]))
