"""What is left of a fair when the dust has settled: what stands, what was told, what was promised, the public file."""

import asyncio
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import httpx

from services.stalls.draw import archive, reading
from services.stalls.draw.accept import Outcome
from services.stalls.draw.plan import Instance
from shared.clock import INDIA
from shared.documents import Doc
from tests.chaos import load, world
from tests.chaos.dust import Dust
from tests.chaos.fair_crowd import Promised
from tests.chaos.fair_desk import Desk
from tests.chaos.fair_ground import Fair
from tests.chaos.log import Log
from tests.chaos.run import LOOK_EVERY_SECONDS, Stopwatch, settled
from tests.chaos.system import System
from tests.chaos.world import World
from tests.processes import ROOT

Counted = Counter[tuple[str, datetime]]
"""(category, hour) → applications that stand."""
TOPICS = ("stalls.venues", "stalls.calls", "stalls.applications", "stalls.allotments", "notify.notifications")
COUNTING_SECONDS = 120.0


@dataclass(frozen=True)
class FairWorld:
    """`left`: documents, records, messages. `file`: the public zip; `verified`: what a run of our own says of it."""

    left: World
    fair: Fair
    promised: Promised
    desk: Desk
    file: bytes
    verified: tuple[int, str]
    demand: Counted
    """As the stream counts it, when it had time to catch up."""

    @cached_property
    def files(self) -> dict[str, str]:
        return archive.unpack(self.file)

    @cached_property
    def instance(self) -> Instance:
        return reading.instance(self.files)

    @cached_property
    def outcome(self) -> Outcome:
        return reading.outcome(self.files, self.instance)

    @property
    def allotments(self) -> dict[str, Doc]:
        return self.left.stored["stalls.allotments"]

    @property
    def call(self) -> Doc:
        return self.left.stored["stalls.calls"][self.fair.call]


async def looked_at(
    system: System, log: Log, promised: Promised, desk: Desk, done: Sequence[str], seconds: float, watch: Stopwatch
) -> FairWorld:
    """Raises when the public file cannot be had."""
    dust = Dust(system, log)
    flying = await settled(dust, seconds)
    watch.lap("settling")
    stored = await world.documents(system, dust)
    file = await _file(desk)
    verified, told = await asyncio.gather(asyncio.to_thread(_verified, system, file), log.everything(*TOPICS))
    left = World(
        told=load.Told(),
        faults=done,
        died=system.died,
        flying=flying,
        parked=world.Parked(),
        waiting=await world.waiting(system, dust),
        log=told,
        stored=stored,
        messages=world.messages(system.provider_log),
        reachable=_reachable(desk.fair, stored["contacts"]),
        rebuilt={},
        logs=system.log_files(),
        phases=watch.laps,
    )
    demand = await _demand(desk, counted(stored["stalls.applications"].values()))
    watch.lap("looking")
    return FairWorld(left, desk.fair, promised, desk, file, verified, demand)


def counted(applications: Iterable[Doc]) -> Counted:
    """What has to be counted of these: each in all its categories, under the hour in India it was submitted in."""
    standing = [doc for doc in applications if doc["status"] == "submitted"]
    return Counter((category, _hour(doc["submitted_at"])) for doc in standing for category in doc["categories"])


def _hour(moment: datetime) -> datetime:
    return moment.astimezone(INDIA).replace(minute=0, second=0, microsecond=0)


async def _demand(desk: Desk, expected: Counted) -> Counted:
    """As soon as it is what is expected; else what it is when the time is over."""
    market, path = desk.fair.market, f"/calls/{desk.fair.call}/demand?by=hour&limit=200"
    deadline = time.monotonic() + COUNTING_SECONDS
    while True:
        answer = await market.ask("stalls", "GET", path, desk.fair.officers[0])
        rows = {(row["category"], _hour(datetime.fromisoformat(row["from"]))): row for row in answer.json()["items"]}
        demand = Counter({where: row["applications"] for where, row in rows.items() if row["applications"]})
        if demand == expected or time.monotonic() > deadline:
            return demand
        await asyncio.sleep(LOOK_EVERY_SECONDS)


async def _file(desk: Desk) -> bytes:
    """The same bytes from every process."""
    market, path = desk.fair.market, f"/v1/calls/{desk.fair.call}/outcome/file"
    urls = [f"{url}{path}" for url in market.system.apis("stalls")]
    answers: list[httpx.Response] = await asyncio.gather(*(market.client.get(url) for url in urls))
    for answer in answers:
        answer.raise_for_status()
    assert len({answer.content for answer in answers}) == 1
    return answers[0].content


def _verified(system: System, file: bytes) -> tuple[int, str]:
    """What a stranger's own run of the draw says: exit code and words."""
    path = system.folder / "draw.zip"
    path.write_bytes(file)
    ran = subprocess.run(
        [sys.executable, "-m", "tools.draw", "verify", str(path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return ran.returncode, ran.stdout + ran.stderr


def _reachable(fair: Fair, contacts: dict[str, Doc]) -> frozenset[str]:
    """Groups with a phone, their own or that of who brings their messages."""
    has_phone = world.reachable(contacts.values())
    by_relay = {str(doc["party"]) for doc in contacts.values() if doc["relay"] in has_phone}
    return frozenset(maker.id for maker in fair.makers if maker.id in has_phone | by_relay)
