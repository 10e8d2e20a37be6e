"""Who applies while a call closes is never told yes and then left out of the draw."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from services.stalls.applications import commands
from services.stalls.applications.domain import Application, CloseNotDone, Status
from services.stalls.calls.domain import Call, CallClosed
from services.stalls.wiring import SERVICE
from services.stalls.wishes.domain import Wish
from shared.scope import Caller, Role, Scope
from tests.integration.fair_calls import (
    apply,
    begins_to_close,
    closes,
    day,
    facts,
    frozen,
    group,
    knows,
    leader,
    offered,
    opened,
    product,
    venue,
    wish,
    withdrawn_once,
)
from tests.integration.serving import House, served


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with served(SERVICE) as house:
        yield house


class Believes:
    """The work of a request that read the call before its close began: what it then decides, and writes, is late."""

    def __init__(self, house: House, call: Call) -> None:
        self.house, self.call = house, call

    def __getitem__(self, holds: type[Any]) -> Any:
        return self if holds is Call else self.house.running[holds]

    async def get(self, id_: str, scope: Scope) -> Call:
        return self.call

    async def find(self, id_: str) -> Call | None:
        return await self.house.running[Call].find(id_)


def caller(number: int, key: str) -> Caller:
    party = Scope(tenant="27", role=Role.GROUP_LEADER, party=f"leader-{number}", groups=frozenset({group(number)}))
    return Caller(scope=party, key=key, body=key)


WISH = Wish(choices=(1,), products=(product(1),), fssai="11521034000123")


async def test_what_is_written_after_the_freeze_is_withdrawn_again_and_refused_also_when_repeated(house: House) -> None:
    await knows(house, 1)
    call = (await opened(house))["id"]
    believes = Believes(house, await house.running[Call].get(call))
    await closes(house, call)
    for _ in range(2):
        with pytest.raises(CallClosed):
            await commands.submit(believes, call, group(1), WISH, caller(1, "key-1"), 0)
    (application,) = (await house.ask("GET", "/applications", **leader(1))).json()["items"]
    assert (application["status"], application["too_late"]) == ("withdrawn", True)
    assert withdrawn_once(await facts(house, application["id"]))
    assert await frozen(house, call) == {}


async def test_a_withdrawn_application_brought_back_after_the_freeze_stays_withdrawn(house: House) -> None:
    await knows(house, 1)
    call = (await opened(house))["id"]
    id_ = (await apply(house, call, 1)).json()["id"]
    await house.ask("POST", f"/applications/{id_}/withdraw", **leader(1))
    believes = Believes(house, await house.running[Call].get(call))
    await closes(house, call)
    with pytest.raises(CallClosed):
        await commands.revise(believes, id_, WISH, caller(1, "key-2"), 0)
    assert (await house.running[Application].get(id_)).status is Status.WITHDRAWN
    assert await frozen(house, call) == {}


async def test_no_change_gets_past_the_lock_of_a_close_that_has_begun(house: House) -> None:
    await knows(house, 1)
    call = (await opened(house))["id"]
    id_ = (await apply(house, call, 1)).json()["id"]
    believes = Believes(house, await house.running[Call].get(call))
    await commands.lock(house.database, call, "27")
    with pytest.raises(CallClosed):
        await commands.revise(believes, id_, replace(WISH, attending=2), caller(1, "key-2"), 0)
    with pytest.raises(CallClosed):
        await commands.withdraw(believes, id_, caller(1, "key-3"))
    assert (await house.running[Application].get(id_)).revision == 1


async def test_who_cannot_hear_yet_whether_she_was_in_time_hears_it_with_the_same_key(house: House) -> None:
    await knows(house, 1)
    call = (await opened(house))["id"]
    believes = Believes(house, await house.running[Call].get(call))
    await begins_to_close(house, call)
    with pytest.raises(CloseNotDone) as refused:
        await commands.submit(believes, call, group(1), WISH, caller(1, "key-1"), 0)
    assert (refused.value.status, refused.value.headers) == (503, {"Retry-After": "3"})
    await closes(house, call)
    heard = await commands.submit(believes, call, group(1), WISH, caller(1, "key-1"), 0)
    assert heard.application.ticket in await frozen(house, call)


async def test_what_a_dead_request_left_after_the_freeze_is_settled_by_the_timer(house: House) -> None:
    await knows(house, 1)
    call = (await opened(house))["id"]
    believes = Believes(house, await house.running[Call].get(call))
    await begins_to_close(house, call)
    with pytest.raises(CloseNotDone):
        await commands.submit(believes, call, group(1), WISH, caller(1, "key-1"), 0)
    (left,) = (await house.ask("GET", "/applications", **leader(1))).json()["items"]
    waiting = await commands.settle(house.running, left["id"])
    assert (waiting.status, waiting.due_at is not None) == (Status.SUBMITTED, True)
    await closes(house, call)
    settled = await commands.settle(house.running, left["id"])
    assert (settled.frozen_revision, settled.due_at) == (1, None)


class Crowd:
    """Groups that apply at once, some of which then change their mind, and an officer who closes amid their answers."""

    def __init__(self, house: House, call: str) -> None:
        self.house, self.call, self.answers = house, call, asyncio.Semaphore(0)

    async def applies(self, number: int) -> dict[str, Any]:
        """Her last word that was taken; nothing when none was."""
        said = self.heard(await apply(self.house, self.call, number))
        if said and number % 3:
            path, other = f"/applications/{said['id']}", wish(number, choices=[2, 1])
            method, path, body = ("PUT", path, other) if number % 3 == 1 else ("POST", f"{path}/withdraw", None)
            said = self.heard(await self.house.ask(method, path, body=body, **leader(number))) or said
        return said

    def heard(self, answer: httpx.Response) -> dict[str, Any]:
        self.answers.release()
        if answer.is_success:
            said: dict[str, Any] = answer.json()
            return said
        assert (answer.status_code, answer.json()["code"]) == (409, "CallClosed"), answer.text
        return {}

    async def closes_after(self, answers: int) -> None:
        for _ in range(answers):
            await self.answers.acquire()
        await closes(self.house, self.call)


async def test_while_a_call_closes_everyone_told_yes_is_in_the_draw_as_told_and_nobody_else(house: House) -> None:
    groups, rounds = range(12), 20
    await knows(house, *groups)
    taken = 0
    for turn in range(rounds):
        ground = await venue(house)
        call = (await opened(house, offered(ground, day(30)), offered(ground, day(31))))["id"]
        crowd = Crowd(house, call)
        *words, _ = await asyncio.gather(*map(crowd.applies, groups), crowd.closes_after(turn))
        said = [word for word in words if word]
        promised = {
            word["ticket"]: tuple(choice["event"] for choice in word["choices"])
            for word in said
            if word["status"] == "submitted"
        }
        assert await frozen(house, call) == promised
        taken += len(said)
        await nothing_is_left_open(house, call, promised)
    assert taken


async def nothing_is_left_open(house: House, call: str, promised: dict[str, tuple[int, ...]]) -> None:
    """Whatever stands as submitted is sealed, and the facts of the others end with their withdrawal."""
    docs = await house.database.collection("applications").find({"call": call}).to_list()
    assert {doc["ticket"] for doc in docs if doc["status"] == "submitted"} == set(promised)
    for doc in docs:
        last = doc["outbox"][-1]["name"]
        assert (last == "application-withdrawn") == (doc["status"] == "withdrawn")
        assert (doc["frozen_revision"] is not None) == (doc["ticket"] in promised)
        assert doc["due_at"] is None
