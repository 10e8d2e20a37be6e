"""Every kind of fault of a long run: on processes at any time, on servers, links and disks one after another."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from typing import cast

from pymongo.write_concern import WriteConcern

from shared import clock
from shared.ids import new_id
from shared.outbox import told
from tests.chaos.faults import Act, Faults
from tests.chaos.ground.harsh import KAFKA, Harsh
from tests.chaos.ground.replicas import MEMBERS, Member, link_of
from tests.chaos.log import FACTS
from tests.chaos.long.storm import storm
from tests.chaos.system import System

MODES = {"cut": 0.0, "stall": 0.0, "mute": 0.0, "slow": 0.2}
PROVIDER = "provider"
PROVIDER_SLOW_SECONDS = 1.5  # longer than a sender waits
JUMP_SECONDS = 45.0  # longer than every time-out and lease of the run; shorter than it waits for the dust to settle
LINK_SECONDS = (2.0, 6.0)
STORM_SECONDS = 12.0
FSYNC_MILLISECONDS = 60
ALONE_SECONDS, LONELY = 3.0, 3
POISON_SHARE = 0.01
FACTS_AN_ORDER = 3
POISON_EVERY_SECONDS = 2.0

Does = Callable[[], Awaitable[str | None]]


@dataclass(frozen=True)
class Mark:
    """One fault: its kind, from when to when (monotonic), and what it says of itself."""

    kind: str
    began: float
    ended: float
    said: str = ""


@dataclass
class HarshFaults(Faults):
    """`marks`: what really happened."""

    marks: list[Mark] = field(default_factory=list, kw_only=True)
    poisoned: int = field(default=0, kw_only=True)
    lonely: list[str] = field(default_factory=list, kw_only=True)
    """Orders that only an isolated primary had."""

    @property
    def ground(self) -> Harsh:
        """The servers, as what they are in a long run."""
        return cast("Harsh", self.servers)

    def on_processes(self) -> list[tuple[str, Act]]:
        """Kills, zombies, repeats and clocks."""
        planned = [(name, act) for name, act in self.planned() if not name.endswith((" mongodb", " kafka"))]
        plain = [self._marked(name, partial(_nothing_said, act)) for name, act in planned if "poison" not in name]
        jumps = [(program, side) for program in self.system.programs for side in (JUMP_SECONDS, -JUMP_SECONDS)]
        return [
            *plain,
            *(self._marked(f"clock of {name} {by:+.0f} s", partial(self._jump, name, by)) for name, by in jumps),
            *(
                self._marked(f"restart with the clock {by:+.0f} s: {name}", partial(self._born, name, by))
                for name, by in jumps
            ),
        ]

    def on_servers(self) -> list[tuple[str, Act]]:
        """One at a time, for the next needs whole servers to begin with."""
        links = [(name, mode) for name in ("mongodb", KAFKA, PROVIDER) for mode in MODES]
        alone = [(name, mode) for name in ("mongodb", KAFKA) for mode in ("cut", "stall")]
        acts: list[tuple[str, Does]] = [
            *((f"network {mode}: {name}", partial(self._link, name, mode)) for name, mode in links),
            *((f"network {mode}: one process and {name}", partial(self._alone, name, mode)) for name, mode in alone),
            *((f"full disk: {name}", partial(self.ground.fill_disk, name)) for name in self.ground.disks),
            *((f"slow disk: {name}", partial(self._slow, name)) for name in self.ground.disks),
            *(
                (f"kill -9 {name}", partial(_nothing_said, partial(self.ground.crash, name)))
                for name in ("mongodb", KAFKA)
            ),
            *((f"SIGSTOP {name}", partial(self._frozen, name)) for name in ("mongodb", KAFKA)),
            ("restart kafka", partial(_nothing_said, self.ground.restart_kafka)),
            ("primary cut off, killed and rolled back", self.roll_back),
            *(
                (f"rebalance storm: {name}", partial(storm, self.system, name, STORM_SECONDS))
                for name in self._readers()
            ),
        ]
        return [self._marked(name, does, self.server) for name, does in acts]

    def _readers(self) -> list[str]:
        return sorted({program.service for program in self.system.programs.values() if "consume" in program.roles})

    def _marked(self, kind: str, does: Does, turn: asyncio.Lock | None = None) -> tuple[str, Act]:
        async def act() -> None:
            async with turn or nullcontext():
                began = time.monotonic()
                said = await does()
                self.marks.append(Mark(kind, began, time.monotonic(), said or ""))

        return kind, act

    async def _link(self, name: str, mode: str) -> str:
        link = name
        if name == "mongodb":
            primary = await asyncio.to_thread(self.ground.replicas.wait_primary)
            link = link_of(self.ground.replicas.members.index(primary))
        before = self.ground.links.counts(link)
        self.ground.links.set(link, mode, seconds=PROVIDER_SLOW_SECONDS if name == PROVIDER else MODES[mode])
        try:
            await asyncio.sleep(self.rng.uniform(*LINK_SECONDS))
        finally:
            self.ground.links.set(link, "open")
        counted = "reset" if mode == "cut" else mode
        return f"{self.ground.links.counts(link).get(counted, 0) - before.get(counted, 0)} x {counted}"

    async def _alone(self, name: str, mode: str) -> str:
        """One process is without a server that all others reach."""
        chosen = self.rng.choice(list(self.system.programs))
        links = [KAFKA] if name == KAFKA else [link_of(n) for n in range(MEMBERS)]
        for link in links:
            self.ground.links.set(link, mode, [self.system.processes[chosen].pid])
        try:
            await asyncio.sleep(self.rng.uniform(*LINK_SECONDS))
        finally:
            for link in links:
                self.ground.links.set(link, "open")
        return chosen

    async def _slow(self, name: str) -> str:
        return await self.ground.slow_disk(name, FSYNC_MILLISECONDS, self.rng.uniform(*LINK_SECONDS))

    async def _frozen(self, name: str) -> None:
        await self.ground.freeze(name, self.rng.uniform(*LINK_SECONDS))
        await self.ground.mend()

    async def roll_back(self) -> str:
        return await self.ground.roll_back(self._written_alone)

    async def _written_alone(self, primary: Member) -> None:
        """Clients reach the primary that nobody follows, and write; so do we, and content ourselves with its word."""
        for _ in range(LONELY):
            self.lonely.append(await asyncio.to_thread(lonely_order, self.system, primary))
        await asyncio.sleep(ALONE_SECONDS)

    async def _jump(self, name: str, seconds: float) -> None:
        """While it runs; back again later."""
        self.system.set_clock(name, seconds)
        await asyncio.sleep(self.rng.uniform(*LINK_SECONDS))
        self.system.set_clock(name, 0)

    async def _born(self, name: str, seconds: float) -> None:
        """It dies and starts with another clock; later that is set right while it runs."""
        self.system.set_clock(name, seconds)
        await asyncio.to_thread(self.system.kill, name)
        await asyncio.sleep(self.rng.uniform(*LINK_SECONDS))
        self.system.set_clock(name, 0)

    async def poison(self) -> None:
        """Until cancelled: 1 % of what is told, on keys of orders under way, on keys of its own, or on none."""
        owed, before = 0.0, 0
        while True:
            await asyncio.sleep(POISON_EVERY_SECONDS)
            placed = len(self.load.told.placed)
            owed, before = owed + (placed - before) * FACTS_AN_ORDER * POISON_SHARE, placed
            if owed >= 1:
                async with self.server:
                    planted = await self._some_poison(int(owed))
                owed -= planted
                self.poisoned += planted

    async def _some_poison(self, count: int) -> int:
        """How many records; a product's own key stays clean, for its facts are rebuilt."""
        topic = self.rng.choice(self._topics("orders.orders"))
        recent = list(self.load.told.placed)[-60:] if topic != "catalog.products" else []
        keys = self.rng.sample(recent, min(count, len(recent)))
        return await self.log.plant(topic, keys, alone=not keys or self.rng.random() < 0.2)


def lonely_order(system: System, primary: Member) -> str:
    """An order with its fact, as the isolated primary alone has it: never acknowledged by a majority. Its id."""
    id_ = new_id()
    fact = told(FACTS["orders.orders"], id_, "27", (1, 1), clock.now())
    alone = {"_id": id_, "version": 1, "sequence": 1, "requests": [], "due_at": None, "outbox": [fact]}
    with primary.direct() as client:
        database = client.get_database(system.settings.database_name("orders"), write_concern=WriteConcern(1))
        like = database["orders"].find_one() or {}
        database["orders"].insert_one({**like, **alone})
    return id_


async def _nothing_said(act: Act) -> None:
    await act()


def dealt(cards: Sequence[tuple[str, Act]], shuffled: Sequence[int], first: int, count: int) -> list[tuple[str, Act]]:
    """So many of these, going round and round the same seeded order, so that every kind comes."""
    return [cards[shuffled[(first + n) % len(cards)]] for n in range(count)]
