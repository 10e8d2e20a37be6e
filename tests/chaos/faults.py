"""What is done to the system, and when: at seeded times, every kind of fault on every kind of process."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from pymongo.errors import PyMongoError

from tests.chaos.load import Load
from tests.chaos.log import Log
from tests.chaos.servers import Ground
from tests.chaos.system import System
from tests.chaos.unruly import crash_provider

ZOMBIE_SECONDS = 5.0  # longer than a session, a relay's lease and a sender's lease
FROZEN_SERVER_SECONDS = 3.0
REPEATED_RECORDS = 150
POISONED_KEYS = 2

Act = Callable[[], Awaitable[None]]


@dataclass
class Blows:
    """What can be done to processes and servers. `done`: what was, each a sentence with the second it came at."""

    system: System
    servers: Ground
    rng: random.Random
    done: list[str] = field(default_factory=list, kw_only=True)
    server: asyncio.Lock = field(default_factory=asyncio.Lock, kw_only=True)

    async def run(self, acts: Sequence[tuple[str, Act]], seconds: float) -> None:
        """All of them, in a seeded order, at seeded moments of that time."""
        order = self.rng.sample(list(acts), len(acts))
        moments = sorted(self.rng.uniform(0, seconds) for _ in order)
        began = time.monotonic()
        async with asyncio.TaskGroup() as going:
            for moment, (name, act) in zip(moments, order, strict=True):
                await asyncio.sleep(began + moment - time.monotonic())
                self.done.append(f"{moment:5.1f} s {name}")
                going.create_task(act())  # type: ignore[arg-type]

    def kill(self, name: str) -> Act:
        async def act() -> None:
            await asyncio.to_thread(self.system.kill, name)

        return act

    def zombie(self, name: str) -> Act:
        async def act() -> None:
            await self._stopped(name)

        return act

    def kill_relay(self, service: str) -> Act:
        async def act() -> None:
            await asyncio.to_thread(self.system.kill, await self._at_work(service))

        return act

    def relay_zombie(self, service: str) -> Act:
        async def act() -> None:
            await self._stopped(await self._at_work(service))

        return act

    async def _stopped(self, name: str) -> None:
        process = self.system.processes[name]
        process.pause()
        try:
            await asyncio.sleep(ZOMBIE_SECONDS)
        finally:
            process.resume()

    async def _at_work(self, service: str) -> str:
        """The relay that holds the lease, by the process id in it."""
        relays = [p.name for p in self.system.programs.values() if p.service == service and "relay" in p.roles]
        row: Any = {}
        with suppress(PyMongoError):  # nobody can be asked just now
            row = await self.system.database(service)["relay"].find_one({"_id": "relay"}) or {}
        pid = str(row.get("owner", "")).split(":")[1:2]
        return next((name for name in relays if [str(self.system.processes[name].pid)] == pid), relays[0])

    def crash(self, server: str) -> Act:
        async def act() -> None:
            async with self.server:
                await self.servers.crash(server)

        return act

    def freeze(self, server: str) -> Act:
        async def act() -> None:
            async with self.server:
                await self.servers.freeze(server, FROZEN_SERVER_SECONDS)

        return act


@dataclass
class Faults(Blows):
    """Also at what the market itself writes and reads."""

    log: Log
    load: Load

    def planned(self) -> list[tuple[str, Act]]:
        """One of each: its name and the act."""
        one_of_each = {p.kind: p.name for p in self.system.programs.values() if "relay" not in p.roles}
        frozen = [name for kind, name in one_of_each.items() if "consume" in kind or kind == "orders api"]
        return [
            *((f"kill -9 {name}", self.kill(name)) for name in one_of_each.values()),
            *((f"kill -9 the relay of {service}", self.kill_relay(service)) for service in self._services()),
            *((f"SIGSTOP {name}", self.zombie(name)) for name in frozen),
            *((f"SIGSTOP the relay of {service}", self.relay_zombie(service)) for service in self._services()),
            ("kill -9 the SMS provider", partial(crash_provider, self.system)),
            *((f"kill -9 {server}", self.crash(server)) for server in ("mongodb", "kafka")),
            *((f"SIGSTOP {server}", self.freeze(server)) for server in ("mongodb", "kafka")),
            *((f"repeat records of {topic}", self.repeat(topic)) for topic in self._topics("orders.orders")),
            *((f"poison in {topic}", self._poison(topic)) for topic in self._topics()),
        ]

    def _services(self) -> list[str]:
        return sorted({program.service for program in self.system.programs.values() if "relay" in program.roles})

    @staticmethod
    def _topics(*again: str) -> tuple[str, ...]:
        return ("orders.orders", "catalog.reservations", "catalog.products", *again)

    def repeat(self, topic: str) -> Act:
        async def act() -> None:
            async with self.server:
                await self.log.repeat(topic, REPEATED_RECORDS)

        return act

    def _poison(self, topic: str) -> Act:
        """On the keys of orders that are under way; a product's own key stays clean, for its facts are rebuilt."""

        async def act() -> None:
            recent = list(self.load.told.placed)[-60:] if topic != "catalog.products" else []
            async with self.server:
                await self.log.plant(topic, self.rng.sample(recent, min(POISONED_KEYS, len(recent))))

        return act
