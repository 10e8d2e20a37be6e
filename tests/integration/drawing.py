"""One step of a draw in a process of its own, to be killed: `python -m tests.integration.drawing DATABASE STEP ID`."""

import asyncio
import sys
from dataclasses import replace

from services.stalls.draws.commands import Value, carry_on, close, draw
from services.stalls.settings import StallsSettings
from services.stalls.successions.commands import fall_due
from services.stalls.wiring import SERVICE
from shared import clock
from shared.mongo import connect
from shared.scope import Caller
from shared.service import Running, Stores
from shared.testing import settings_for
from tests.unit.stalls.small_fair import OFFICER, PUBLIC_VALUE


async def step(name: str, what: str, id_: str) -> None:
    settings = settings_for(StallsSettings, **({"draw_at_once": 5} if what.startswith("large") else {}))
    database = await connect(settings.mongodb_uri, name)
    running = Running(SERVICE, settings, database, Stores(database, SERVICE.kinds))
    by = Caller(scope=OFFICER, key=f"{what}-1", body=what)
    if what.endswith("close"):
        await close(running, id_, by)
    elif what == "draw":
        await _drawn(running, id_, by)
    else:
        await {"tell": carry_on, "fall-due": fall_due}[what](running, id_)


async def _drawn(running: Running, id_: str, first: Caller) -> None:
    value = Value(value=PUBLIC_VALUE, published_at=clock.now())
    second = Caller(scope=replace(OFFICER, party="officer-2"), key="draw-2", body="draw")
    for by in (first, second):
        await draw(running, id_, value, by)


if __name__ == "__main__":
    asyncio.run(step(*sys.argv[1:]))
