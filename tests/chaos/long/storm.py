"""A rebalance storm: members of one service's consumer group join and leave all the time, cleanly or not.

`python -m tests.chaos.long.storm SERVICE SECONDS` with the service's environment; it prints a line for each joining.
"""

import asyncio
import importlib
import random
import sys
from collections.abc import Mapping
from pathlib import Path

from deploy.local.process import Process
from shared.consumer import consume
from shared.health import Health, writes_to
from shared.mongo import connect
from shared.service import Running, Service, Stores
from shared.settings import read_settings
from tests.chaos.system import START_PATIENCE_SECONDS, System
from tests.processes import LEAVE_SECONDS, ROOT, until

MEMBERS = 3
STAYS_SECONDS = (0.5, 4.0)
JOINED = "joined"


async def main(service: Service, seconds: float) -> None:
    settings = read_settings(service.settings)
    database = await connect(settings.mongodb_uri, settings.database_name(service.name))
    running = Running(service, settings, database, Stores(database, service.kinds))
    members = [asyncio.create_task(_comes_and_goes(running)) for _ in range(MEMBERS)]
    await asyncio.wait(members, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    for member in members:
        member.cancel()
    await asyncio.wait(members, timeout=LEAVE_SECONDS)


async def _comes_and_goes(running: Running) -> None:
    while True:
        print(JOINED, flush=True)
        member = asyncio.create_task(consume(running, Health(writes_to(running.database))))
        await asyncio.wait([member], timeout=random.uniform(*STAYS_SECONDS))
        member.cancel()
        await asyncio.wait([member], timeout=LEAVE_SECONDS)


async def storm(system: System, service: str, seconds: float) -> str:
    """For so long; its end is a kill -9 of whoever is a member just then. In words."""
    command = [sys.executable, "-m", "tests.chaos.long.storm", service, str(seconds + START_PATIENCE_SECONDS)]
    environment: Mapping[str, str] = {**system.environment, "ALLOW_UNSAFE": "", "FAULT_POINTS": "", "HTTP_PORT": "0"}
    log = system.logs / f"storm-{service}.log"
    before = _joined(log)
    process = Process(f"storm-{service}", command, env=environment, cwd=ROOT, log=log)
    await asyncio.to_thread(process.start)

    async def begun() -> bool:
        return _joined(log) > before

    try:
        await until(begun, what="somebody joins", patience_seconds=START_PATIENCE_SECONDS)
        await asyncio.sleep(seconds)
    finally:
        await asyncio.to_thread(process.kill)
    return f"{_joined(log) - before} times somebody joined"


def _joined(path: Path) -> int:
    return path.read_text(encoding="utf-8").splitlines().count(JOINED) if path.exists() else 0


if __name__ == "__main__":
    asyncio.run(main(importlib.import_module(f"services.{sys.argv[1]}.wiring").SERVICE, float(sys.argv[2])))
