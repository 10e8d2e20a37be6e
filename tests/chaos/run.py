"""One chaos run: a market opens, is used and broken at the same time, is mended, settles, and is looked at."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.chaos import world
from tests.chaos.dust import Dust
from tests.chaos.faults import Act, Faults
from tests.chaos.load import Load
from tests.chaos.log import Log
from tests.chaos.market import REQUEST_SECONDS, Market
from tests.chaos.rebuild import rebuilt
from tests.chaos.servers import Ground
from tests.chaos.system import Program, System
from tests.chaos.unruly import unruly
from tests.chaos.world import World

LOOK_EVERY_SECONDS = 0.5
LONGEST_SETTLING = 5
"""Times what it may take while nothing moves."""

EVERYTHING: tuple[Program, ...] = (
    Program("catalog-api", "catalog", ("api",)),
    Program("catalog-relay-1", "catalog", ("relay",), ("relay.sent=kill@60", "relay.before_trim=kill@40")),
    Program("catalog-relay-2", "catalog", ("relay",), ("relay.acked=kill@50",)),
    Program("catalog-consume-1", "catalog", ("consume",), ("consumer.between_collections=kill@25",)),
    Program("catalog-consume-2", "catalog", ("consume",), ("consumer.before_commit=kill@30",)),
    Program("orders-api-1", "orders", ("api",), ("write.after_insert=kill@150",)),
    Program("orders-api-2", "orders", ("api",), ("write.after_update=kill@60",)),
    Program("orders-relay", "orders", ("relay",), ("relay.acked=kill@80", "timer.before_command=kill")),
    Program("orders-consume", "orders", ("consume",), ("consumer.after_commit=kill@40",)),
    Program("notify-api", "notify", ("api",)),
    Program("notify-relay", "notify", ("relay",)),
    Program("notify-consume-1", "notify", ("consume",), ("notify.sent=kill@60",)),
    Program("notify-consume-2", "notify", ("consume",), ("notify.claimed=kill@90",)),
)


@dataclass(frozen=True)
class Size:
    """How long and how hard; `seed` decides which faults come when."""

    seed: int
    orders: int = 2_100  # some 2 % are refused at the door; 2,000 are to be placed
    seconds: float = 70.0
    buyers: int = 12
    groups: int = 4
    settling_seconds: float = 90.0
    faults_within: float = 1.0
    """The share of the time in which faults begin."""
    in_time: bool = False
    """Rather fewer orders than a longer time."""


@dataclass
class Stopwatch:
    """How long each part of the run took, in its order."""

    laps: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def lap(self, what: str) -> None:
        now = time.monotonic()
        self.laps.append(f"{what} {now - self.began:.0f} s")
        self.began = now


@asynccontextmanager
async def opened(system: System, size: Size) -> AsyncIterator[Market]:
    """A running system with goods on sale that orders knows of."""
    try:
        await system.start()
        if system.apis("notify"):
            await unruly(system)
        limits = httpx.Limits(max_connections=100)
        async with httpx.AsyncClient(timeout=REQUEST_SECONDS, limits=limits) as client:
            market = Market(client, system, random.Random(size.seed))
            await market.open(size.buyers, size.groups)
            await market.all_known([goods.product_id for goods in market.goods])
            yield market
    finally:
        await system.stop()


Choice = Callable[[Faults], Sequence[tuple[str, Act]]]
Beside = Callable[[Faults], Sequence[Coroutine[Any, Any, None]]]


def nothing(_: Faults) -> Sequence[Coroutine[Any, Any, None]]:
    return ()


async def chaos(
    servers: Ground,
    size: Size,
    programs: Sequence[Program] = EVERYTHING,
    acts: Choice = Faults.planned,
    *,
    breaker: Callable[..., Faults] = Faults,
    beside: Beside = nothing,
    sabotage: str = "",
    ports: Mapping[str, int] | None = None,
    **settings: str,
) -> World:
    """Use, break, mend, settle, look. `sabotage`: a rule that every process is told not to keep.

    `breaker` makes what knows how to break things; `beside`: what goes on as long as the market is used.
    """
    system = System(servers, servers.folder, programs, always=sabotage, ports=ports, **settings)
    log = Log(system.settings, size.seed)
    watch = Stopwatch()
    async with opened(system, size) as market:
        watch.lap("opening")
        load = Load(market)
        faults = breaker(system, servers, random.Random(size.seed), log, load)
        async with asyncio.TaskGroup() as together:
            others = [together.create_task(one) for one in beside(faults)]
            await _used_and_broken(load, faults, acts, size)
            for other in others:
                other.cancel()
        watch.lap("load and faults")
        await servers.mend()
        await system.calm()
        watch.lap("mending")
        return await looked_at(system, log, load, faults.done, size.settling_seconds, watch)


async def _used_and_broken(load: Load, faults: Faults, acts: Choice, size: Size) -> None:
    async with asyncio.TaskGroup() as together:
        together.create_task(load.run(size.orders, size.seconds, in_time=size.in_time))
        together.create_task(faults.run(acts(faults), size.seconds * size.faults_within))


async def settled(dust: Dust, seconds: float) -> Sequence[str]:
    """Wait until nothing flies, twice in a row; what still does when nothing has moved for so long.

    A busy machine is slow, which is no failure; what goes round and round for ever is one.
    """
    began = moved = time.monotonic()
    before, calm = list[str](), 0
    while True:
        flying = await dust.flying()
        now, calm = time.monotonic(), 0 if flying else calm + 1
        before, moved = flying, now if flying != before else moved
        if calm > 1 or now - moved > seconds or now - began > LONGEST_SETTLING * seconds:
            return flying
        await asyncio.sleep(LOOK_EVERY_SECONDS)


async def looked_at(
    system: System, log: Log, load: Load, done: Sequence[str], seconds: float, watch: Stopwatch
) -> World:
    dust = Dust(system, log)
    flying = await settled(dust, seconds)
    watch.lap("settling")
    parked = await world.parked_now(system, log, dust)
    await dust.replay_the_sound()
    flying = flying or await settled(dust, seconds)
    watch.lap("replaying")
    stored = await world.documents(system, dust)
    known = await rebuilt(system, log)
    watch.lap("rebuilding")
    return World(
        told=load.told,
        faults=done,
        died=system.died,
        flying=flying,
        parked=parked,
        waiting=await world.waiting(system, dust),
        log=await log.everything(),
        stored=stored,
        messages=world.messages(system.provider_log),
        reachable=world.reachable(stored.get("contacts", {}).values()),
        rebuilt=known,
        logs=system.log_files(),
        phases=watch.laps,
    )
