"""A window of some thousand applications, drawn by workers that are killed at every step; then it is looked at."""

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from services.stalls.applications.store import ApplicationDocument
from services.stalls.calls.domain import Call, Status
from services.stalls.calls.store import CallDocument
from services.stalls.draw.plan import Line
from services.stalls.draws import commands as draws
from services.stalls.draws.commands import Value
from services.stalls.makers.store import KnownGroupDocument
from services.stalls.outcomes.domain import KeptOutcome
from services.stalls.settings import StallsSettings
from services.stalls.texts import commands as texts
from services.stalls.texts.domain import TextPart
from services.stalls.venues.store import VenueDocument
from services.stalls.wiring import SERVICE
from shared import clock
from shared.decisions import Decision
from shared.documents import Doc, Kind
from shared.ids import new_id
from shared.mongo import connect, ensure_indexes
from shared.outbox import insert_all
from shared.scope import Caller
from shared.service import Running, Stores
from tests.chaos.log import Log, Told
from tests.chaos.servers import Servers
from tests.chaos.system import Program, System
from tests.unit.stalls.small_fair import OFFICER, PUBLIC_VALUE, applied, group, opened, venue

PATIENCE_SECONDS = 150.0
LOOK_SECONDS = 0.1
SECOND = 1 / 3600
GROUNDS = 4
PLAN = (Line(count=150), Line(tags=frozenset({"mavim"}), count=60), Line(tags=frozenset({"rural"}), count=40))
POINTS = (
    "draw.frozen_batch",
    "draw.part",
    "draw.frozen",
    "draw.sealed_part",
    "draw.sealed",
    "draw.computed",
    "draw.part",
    "draw.outcome_written",
    "write.after_insert@2",
    "draw.chunk",
    "draw.chunk@2",
    "draw.chunk@3",
    "draw.ended",
)
"""Where a worker dies, from the first step to the last."""
WORKERS = ("stalls-consume-1", "stalls-consume-2")
RELAY = "stalls-relay"


@dataclass(frozen=True)
class Drawn:
    """What is left when the dust has settled."""

    call: Call
    tickets: dict[str, str]
    """Application → ticket, as planted."""
    outcome: KeptOutcome
    files: dict[str, str]
    allotments: list[Doc]
    told: dict[str, list[Told]]
    died: list[tuple[str, int, str]]
    seconds: float


def plans() -> dict[str, tuple[str, ...]]:
    """Each start dies at the next point that is still ahead of the draw; the two workers take turns."""
    ahead = [",".join(_kill(point) for point in _once(POINTS[at:])) for at in range(len(POINTS))]
    return {name: tuple(ahead[at::2]) for at, name in enumerate(WORKERS)}


def _once(points: Sequence[str]) -> Sequence[str]:
    """The first of each name: one process counts how often it comes to a point."""
    names = [point.partition("@")[0] for point in points]
    return [point for at, point in enumerate(points) if names[at] not in names[:at]]


def _kill(point: str) -> str:
    name, _, nth = point.partition("@")
    return f"{name}=kill@{nth or 1}"


async def drawn(servers: Servers, groups: int, seed: int) -> Drawn:
    """Plant, close, draw, tell; kill all the while."""
    programs = [Program(name, "stalls", ("consume",), plan) for name, plan in plans().items()]
    relay = Program(RELAY, "stalls", ("relay",), ("relay.sent=kill@3", "relay.acked=kill@3"))
    small = {"DRAW_AT_ONCE": "100", "TOLD_AT_ONCE": "400", "DRAW_LEASE_SECONDS": "1", "DRAW_POLL_SECONDS": "0.1"}
    system = System(servers, servers.folder, [*programs, relay], always="", ports=None, **small)
    running = await _running(system, small)
    began = time.monotonic()
    try:
        call, tickets = await _planted(running, groups)
        await system.start()
        async with asyncio.TaskGroup() as together:
            blows = together.create_task(_killed_at_random(system, random.Random(seed)))
            together.create_task(_through(running, call.id, blows))
        await system.calm()
        return await _looked_at(system, running, call.id, tickets, time.monotonic() - began)
    finally:
        await system.stop()
        await running.database.client.close()


async def _running(system: System, small: dict[str, str]) -> Running:
    """The service as this test asks it: what an officer's request would do."""
    same = system.settings.model_dump(exclude_unset=True)
    settings = StallsSettings.model_validate({**same, **{name.lower(): value for name, value in small.items()}})
    database = await connect(settings.mongodb_uri, settings.database_name(SERVICE.name))
    await ensure_indexes(database, SERVICE.kinds)
    return Running(SERVICE, settings, database, Stores(database, SERVICE.kinds))


async def _planted(running: Running, groups: int) -> tuple[Call, dict[str, str]]:
    """A call whose close lies behind us; its public value comes a second after it was closed."""
    closes_at = (clock.now() - timedelta(hours=2)).replace(microsecond=0)
    grounds = tuple(venue(number, stalls=250) for number in range(1, GROUNDS + 1))
    first_day = clock.today() + timedelta(days=21)
    plan = (PLAN,) * GROUNDS
    call = opened(
        *plan, call_id=new_id(), closes_at=closes_at, first_day=first_day, venues=grounds, public_hours=SECOND
    )
    wishes = [tuple((number + step) % GROUNDS + 1 for step in range(number % GROUNDS + 1)) for number in range(groups)]
    asked = [applied(call, number, choices) for number, choices in enumerate(wishes, 1)]
    planted: list[tuple[Kind, Sequence[object]]] = [
        (VenueDocument, grounds),
        (KnownGroupDocument, [group(number) for number in range(1, groups + 1)]),
        (CallDocument, [call]),
        (ApplicationDocument, asked),
    ]
    for kind, states in planted:
        await insert_all(running.database, kind, [Decision(state) for state in states])
    return call, {one.id: one.ticket for one in asked}


async def _killed_at_random(system: System, rng: random.Random) -> None:
    """Few: who is killed so does not die where it was to die."""
    for victim in rng.sample((*WORKERS, RELAY), 3):
        await asyncio.sleep(rng.uniform(4, 9))
        await asyncio.to_thread(system.kill, victim)


async def _through(running: Running, call_id: str, blows: "asyncio.Task[None]") -> None:
    """As two officers take it through; no nonce is opened in time, so all are struck out."""
    await draws.close(running, call_id, Caller(scope=OFFICER, key="close", body="close"))
    call = await _until(running, call_id, Status.CLOSED)
    await asyncio.sleep(max(0.0, (call.value_from - clock.now()).total_seconds()))
    value = Value(value=PUBLIC_VALUE, published_at=clock.now())
    for party in ("officer-1", "officer-2"):
        by = Caller(scope=replace(OFFICER, party=party), key=f"draw-{party}", body=party)
        await draws.draw(running, call_id, value, by)
    await _until(running, call_id, Status.PUBLISHED)
    blows.cancel()


async def _until(running: Running, call_id: str, status: Status) -> Call:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (call := await running[Call].get(call_id)).status is not status:  # noqa: ASYNC110  another process
            await asyncio.sleep(LOOK_SECONDS)
    return call


async def _looked_at(system: System, running: Running, call_id: str, tickets: dict[str, str], took: float) -> Drawn:
    """Once nothing waits in an outbox any more."""
    allotments = running.database.collection("allotments")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await allotments.count_documents({"outbox.0": {"$exists": True}}):  # noqa: ASYNC110  another process
            await asyncio.sleep(LOOK_SECONDS)
    outcome = await running[KeptOutcome].get(call_id)
    return Drawn(
        call=await running[Call].get(call_id),
        tickets=tickets,
        outcome=outcome,
        files=await texts.read_all(running[TextPart], outcome.files),
        allotments=await allotments.find({"call": call_id}).to_list(),
        told=await Log(system.settings, 0).everything("stalls.allotments", "stalls.calls"),
        died=system.died,
        seconds=took,
    )
