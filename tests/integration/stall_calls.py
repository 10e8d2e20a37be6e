"""A call with its grounds and applications on a real MongoDB, taken through its steps as officers and timers do."""

import asyncio
import os
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, TypeVar

import httpx

from services.stalls.allotments.domain import Allotment, Status
from services.stalls.applications.domain import Application
from services.stalls.calls.domain import Call
from services.stalls.calls.domain import Status as CallStatus
from services.stalls.draw.log import Entry, added, named
from services.stalls.draw.plan import Line
from services.stalls.makers.domain import KnownGroup, KnownProduct
from services.stalls.venues.domain import Venue
from services.stalls.wiring import SERVICE
from shared import clock
from shared.decisions import Decision
from shared.ids import new_id
from shared.scope import Role
from shared.service import Running
from shared.timers import fire
from tests.integration.houses import House
from tests.unit.stalls.small_fair import NONCE, OFFICER, PUBLIC_VALUE, group, opened, product, venue

T = TypeVar("T")

OFFICE: dict[str, Any] = {"sub": OFFICER.party, "district": OFFICER.district, "block": OFFICER.block}
SECOND_OFFICER = "officer-2"
PLAN = (Line(count=2), Line(tags=frozenset({"mavim"}), count=1))
LIVE = {Status.ALLOTTED, Status.CONFIRMED}
TIMES = ("opens_at", "closes_at", "public_at", "due_at", "closed_at", "public_value_at", "drawn_at")


def leader(number: int) -> dict[str, Any]:
    return {"sub": f"leader-{number}", "groups": [f"group-{number}"]}


async def earlier(running: Running, call_id: str, past: timedelta) -> None:
    """All of the call lies so much further back, and its log says so too."""
    calls = running.database.collection("calls")
    doc = await calls.find_one({"_id": call_id}) or {}
    moved = {field: doc[field] - past for field in TIMES if doc[field]}
    await calls.update_one({"_id": call_id}, {"$set": moved})
    call, log = await running[Call].get(call_id), tuple[Entry, ...]()
    value = named(call.value_round, call.public_value_at, call.public_value or "")
    said = {"opened": call.announced, "value_named": value, "confirmed": value}
    for entry in call.log:
        log = added(log, entry.at - past, entry.step, entry.by, said.get(entry.step, entry.what))
    await calls.update_one({"_id": call_id}, {"$set": {"log": [asdict(entry) for entry in log]}})


@dataclass(frozen=True)
class Fair:
    house: House
    call: str

    async def close(self, **claims: Any) -> httpx.Response:
        path = f"/v1/calls/{self.call}/close"
        return await self.house.write("POST", path, Role.BLOCK_OFFICER, **{**OFFICE, **claims})

    async def open_nonce(self, nonce: str = NONCE) -> httpx.Response:
        path = f"/v1/calls/{self.call}/open-nonce"
        return await self.house.write("POST", path, Role.BLOCK_OFFICER, {"nonce": nonce}, **OFFICE)

    async def draw(self, value: str = PUBLIC_VALUE, key: str | None = None, **body: Any) -> httpx.Response:
        """One officer names the value once it is out, another confirms it: what the last of them is told."""
        await self.until_the_value_is_out()
        kept = await self.state()
        when = (kept.public_value_at or clock.now()).isoformat()
        asked = {"public_value": value, "published_at": when, **body}
        answer = await self.asks_for_draw(asked, key, OFFICE["sub"])
        waits = answer.status_code == 200 and answer.json()["status"] == "closed"
        return await self.asks_for_draw(asked, None, SECOND_OFFICER) if waits else answer

    async def asks_for_draw(self, asked: dict[str, Any], key: str | None, officer: str) -> httpx.Response:
        path = f"/v1/calls/{self.call}/draw"
        return await self.house.write("POST", path, Role.BLOCK_OFFICER, asked, key, **{**OFFICE, "sub": officer})

    async def until_the_value_is_out(self) -> None:
        """A closed call waits for it."""
        call = await self.state()
        if call.status is CallStatus.CLOSED and call.public_at > clock.now():
            await self.later(hours=(call.public_at - clock.now()) / timedelta(hours=1) + 0.01)

    async def drawn(self) -> dict[str, Any]:
        """Closed, the nonce opened, drawn."""
        for answer in (await self.close(), await self.open_nonce(), await self.draw()):
            assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def later(self, **by: float) -> None:
        """So much time passes for this call and its allotments: all their times lie further back."""
        past = timedelta(**by)
        rows = self.house.running.database.collection("allotments")
        async for doc in rows.find({"call": self.call}):
            moved = {field: doc[field] - past for field in ("confirm_by", "due_at", "offered_at") if doc[field]}
            await rows.update_one({"_id": doc["_id"]}, {"$set": moved})
        await earlier(self.house.running, self.call, past)

    async def timers(self) -> None:
        """Whatever is due is done, and what is due then."""
        while sum([await fire(self.house.running, timer) for timer in SERVICE.timers]):
            pass

    async def state(self) -> Call:
        found: Call = await self.house.stores[Call].get(self.call)
        return found

    async def allotments(self) -> dict[int, Allotment]:
        """By the number of the group."""
        rows = self.house.running.database.collection("allotments").find({"call": self.call})
        found = [await self.house.stores[Allotment].get(doc["_id"]) async for doc in rows]
        return {int(one.group.removeprefix("group-")): one for one in found}

    async def holders(self) -> dict[tuple[int, int], list[int]]:
        """Who holds each stall now. Nobody may hold the same as somebody else."""
        held: dict[tuple[int, int], list[int]] = {}
        for number, one in (await self.allotments()).items():
            if one.status in LIVE and one.seat:
                held.setdefault((one.seat.event, one.seat.stall), []).append(number)
        return held

    async def told(self) -> Counter[str]:
        """How often each fact of the allotments was told."""
        rows = self.house.running.database.collection("allotments").find({"call": self.call})
        return Counter([fact["name"] async for doc in rows for fact in doc["outbox"]])

    async def answers(self, number: int, word: str) -> httpx.Response:
        """That group confirms or declines."""
        id_ = (await self.allotments())[number].id
        return await self.house.write("POST", f"/v1/allotments/{id_}/{word}", Role.GROUP_LEADER, **leader(number))

    async def dies(self, step: str, id_: str, fault: str) -> None:
        """The step in a process of its own, which is killed at that point; `fault` may say how often it comes there."""
        if step == "draw":
            await self.until_the_value_is_out()
        name = self.house.running.database.db.name
        command = [sys.executable, "-m", "tests.integration.drawing", name, step, id_]
        planned = {**os.environ, "ALLOW_UNSAFE": "1", "FAULT_POINTS": fault if "=" in fault else f"{fault}=kill"}
        process = await asyncio.create_subprocess_exec(*command, env=planned)
        assert await process.wait() == -9, f"{step} never came to {fault}"


async def stand(house: House, call: Call, applications: Iterable[Application], venues: Iterable[Venue] = ()) -> Fair:
    """As if its grounds, groups and applications had come in one by one."""
    asked = list(applications)
    numbers = [int(one.group.removeprefix("group-")) for one in asked]
    await _all(house, Venue, venues or [venue(number) for number, _ in enumerate(call.events, 1)])
    await _all(house, KnownGroup, map(group, numbers))
    await _all(house, KnownProduct, map(product, numbers))
    await _all(house, Call, [call])
    await _all(house, Application, asked)
    return Fair(house, call.id)


async def _all(house: House, kind: type[T], states: Iterable[T]) -> None:
    async def keep(state: Any) -> None:
        async def decide() -> Decision[T]:
            return Decision(state)

        await house.stores[kind].create(state.id, decide)

    await asyncio.gather(*(keep(state) for state in states))


def call(*lines: tuple[Line, ...], closed_hours_ago: float = 2) -> Call:
    """A call whose close lies behind us and whose public value is an hour ahead, its fair three weeks."""
    closes_at = (clock.now() - timedelta(hours=closed_hours_ago)).replace(microsecond=0)
    first_day = clock.today() + timedelta(days=21)
    return opened(*(lines or (PLAN, PLAN)), call_id=new_id(), closes_at=closes_at, first_day=first_day, public_hours=3)
