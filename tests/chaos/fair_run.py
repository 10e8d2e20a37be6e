"""One fair under blows: groups apply, the call is closed and drawn, stalls are answered; then it is looked at."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import httpx

from tests.chaos import fair_ground, fair_world
from tests.chaos.fair_crowd import Crowd, planned
from tests.chaos.fair_desk import Desk
from tests.chaos.fair_ground import Fair, Maker
from tests.chaos.fair_world import FairWorld
from tests.chaos.faults import Act, Blows
from tests.chaos.log import Log
from tests.chaos.market import REQUEST_SECONDS, Market
from tests.chaos.run import Stopwatch
from tests.chaos.servers import Ground
from tests.chaos.system import Program, System
from tests.chaos.unruly import crash_provider, unruly

SETTLING_SECONDS = 90.0
FREEZES = "stalls-api-1"
FREEZES_AT_SECONDS = 0.97  # of the call's last second

STALLS: tuple[Program, ...] = (
    Program("catalog-relay", "catalog", ("relay",)),
    Program("catalog-consume", "catalog", ("consume",)),
    Program("stalls-api-1", "stalls", ("api",), ("write.after_insert=kill@40",)),
    Program("stalls-api-2", "stalls", ("api",), ("write.after_update=kill@8",)),
    Program("stalls-relay-1", "stalls", ("relay",), ("relay.acked=kill@12", "draw.frozen=kill")),
    Program("stalls-relay-2", "stalls", ("relay",), ("relay.sent=kill@12", "draw.frozen=kill")),
    Program("stalls-consume-1", "stalls", ("consume",), ("consumer.before_commit=kill@6",)),
    Program("stalls-consume-2", "stalls", ("consume",), ("consumer.after_commit=kill@6",)),
    Program("stalls-stream", "stalls", ("stream",), ("stream.logged=kill@4",)),
    Program("notify-api", "notify", ("api", "relay")),
    Program("notify-consume-1", "notify", ("consume",), ("notify.sent=kill@50",)),
    Program("notify-consume-2", "notify", ("consume",), ("notify.claimed=kill@20",)),
)
PUBLISHERS_DIE = ("write.before_insert=kill@3", "draw.chunk=kill@2")
"""One before a chunk is written, the other before the mark moves; both when some is published and some is not."""
STEPS_DIE = {
    "stalls-api-1": ("draw.computed=kill,draw.outcome_written=kill",),
    "stalls-api-2": ("draw.frozen=kill", "draw.sealed=kill,draw.outcome_written=kill", "draw.outcome_written=kill"),
}
"""Once killed, both die again: one twice in the middle of the close, each in the middle of the draw."""
RELAYS = ("stalls-relay-1", "stalls-relay-2")


@dataclass(frozen=True)
class FairSize:
    """How many groups, of whom how many come at the last second; how long the call is open."""

    seed: int
    groups: int = 200
    late: int = 24
    seconds: float = 28.0
    confirm: int = 20
    decline: int = 14
    leave: int = 6


@asynccontextmanager
async def opened(system: System, size: FairSize, watch: Stopwatch) -> AsyncIterator[Fair]:
    """A running system with an open call, and the groups that may apply."""
    try:
        planting = asyncio.create_task(fair_ground.planted(system, size.groups))
        await system.start()
        makers = await _known(system, await planting)
        watch.lap("opening")
        async with httpx.AsyncClient(timeout=REQUEST_SECONDS, limits=httpx.Limits(max_connections=100)) as client:
            market = Market(client, system, random.Random(size.seed))
            yield await fair_ground.opened(market, makers, size.seconds)
    finally:
        await system.stop()


async def _known(system: System, makers: list[Maker]) -> list[Maker]:
    await unruly(system)
    _, led = await asyncio.gather(fair_ground.all_known(system, makers), fair_ground.with_leaders(system, makers))
    return led


async def held(
    servers: Ground,
    size: FairSize,
    *,
    publishers: Sequence[str] = PUBLISHERS_DIE,
    sabotage: str = "",
    calm: bool = False,
) -> FairWorld:
    """Apply, close, draw, answer, under blows unless `calm`. `sabotage`: a rule that no process keeps."""
    programs = [replace(program, plans=()) for program in STALLS] if calm else STALLS
    system, watch = System(servers, servers.folder, programs, always=sabotage, TOLD_AT_ONCE="25"), Stopwatch()
    log = Log(system.settings, size.seed)
    async with opened(system, size, watch) as fair:
        rng = random.Random(size.seed)
        blows = Blows(system, servers, random.Random(size.seed))
        crowd = Crowd(fair, planned(fair.makers, size.seconds * 0.85, size.late, rng))
        desk = Desk(fair, rng)
        async with asyncio.TaskGroup() as together:
            together.create_task(crowd.run())
            together.create_task(_closed(desk, blows))
            if not calm:
                together.create_task(blows.run(while_open(blows), size.seconds * 0.7))
        watch.lap("open and closing")
        await _drawn(desk, blows, publishers)
        watch.lap("drawing and telling")
        await _answered(desk, blows, size, calm=calm)
        await desk.an_hour_later()
        watch.lap("answering")
        await system.calm()
        watch.lap("mending")
        return await fair_world.looked_at(system, log, crowd.promised, desk, blows.done, SETTLING_SECONDS, watch)


def while_open(blows: Blows) -> list[tuple[str, Act]]:
    """Once each while groups apply."""
    return [
        *((f"kill -9 {name}", _die_again(blows, name, *plans)) for name, plans in STEPS_DIE.items()),
        *((f"kill -9 {name}", blows.kill(name)) for name in ("stalls-consume-1", "notify-consume-2")),
        ("kill -9 the relay of stalls", blows.kill_relay("stalls")),
        ("kill -9 notify-api", blows.kill("notify-api")),
        ("kill -9 the SMS provider", lambda: crash_provider(blows.system)),
        ("kill -9 mongodb", blows.crash("mongodb")),
        ("kill -9 kafka", blows.crash("kafka")),
    ]


def _die_again(blows: Blows, name: str, *plans: str) -> Act:
    async def act() -> None:
        blows.system.arm(name, *plans)
        await blows.kill(name)()

    return act


async def _closed(desk: Desk, blows: Blows) -> None:
    """One process freezes with late applications in its hands and wakes up when the other has closed the call."""
    await asyncio.sleep(desk.fair.seconds_left + FREEZES_AT_SECONDS)
    frozen = blows.system.processes[FREEZES]
    frozen.pause()
    blows.done.append(f"SIGSTOP {FREEZES} in the last second, until the call is closed")
    async with asyncio.TaskGroup() as together:
        together.create_task(desk.close())
        await desk.reached("closed")
        frozen.resume()
    await desk.step("close")


async def _drawn(desk: Desk, blows: Blows, publishers: Sequence[str]) -> None:
    """Whoever publishes dies in the middle, and so does who goes on with it."""
    await desk.open_nonce()
    first, second = publishers
    blows.system.arm(RELAYS[0], first, second)
    blows.system.arm(RELAYS[1], second, first)
    await _kill(blows, *RELAYS, why="as the draw begins")
    await desk.draw()
    await desk.reached("published")
    await desk.draw()


async def _kill(blows: Blows, *names: str, why: str) -> None:
    for name in names:
        blows.done.append(f"kill -9 {name} {why}")
        await blows.kill(name)()


async def _answered(desk: Desk, blows: Blows, size: FairSize, *, calm: bool) -> None:
    """Some leave the line; then stalls are confirmed and given back while what passes them on freezes and dies."""
    await desk.leave_the_line(size.leave)
    async with asyncio.TaskGroup() as together:
        together.create_task(desk.answer(size.confirm, size.decline))
        if not calm:
            together.create_task(blows.run(while_answered(blows), 1.0))
    await desk.passed_on()
    await asyncio.gather(
        desk.answer(size.confirm // 5, size.decline // 3, through="waitlist"), desk.leave_the_line(size.leave)
    )
    await desk.passed_on()


def while_answered(blows: Blows) -> list[tuple[str, Act]]:
    return [
        ("SIGSTOP the relay of stalls", blows.relay_zombie("stalls")),
        ("kill -9 stalls-consume-2", blows.kill("stalls-consume-2")),
    ]
