"""A call too large for a request: a worker closes it, draws it and tells its outcome, and anybody can watch."""

import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest

from services.stalls.calls.domain import Call
from services.stalls.draw import archive, files, reading
from services.stalls.draw.accept import accept
from services.stalls.draws import commands, domain
from services.stalls.draws.domain import Work, WorkTaken
from services.stalls.draws.worker import Held, work_once
from services.stalls.outcomes.domain import DrawFilesDamaged
from services.stalls.settings import StallsSettings
from services.stalls.wiring import SERVICE
from shared import clock
from shared.scope import Role
from shared.service import Running
from tests.integration.houses import House, house
from tests.integration.stall_calls import OFFICE, Fair, call, stand
from tests.unit.stalls.small_fair import applied


@pytest.fixture
async def large() -> AsyncIterator[Fair]:
    """Ten groups, where five are too many for a request; told three at a time."""
    async with house(SERVICE, draw_at_once=5, told_at_once=3, draw_listeners=1) as stalls:
        asked = call()
        yield await stand(stalls, asked, [applied(asked, number, (1, 2)) for number in range(1, 11)])


async def progress(fair: Fair, role: Role = Role.BLOCK_OFFICER) -> dict[str, object]:
    answer = await fair.house.get(f"/v1/draws/{fair.call}", role, **OFFICE)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


async def works(fair: Fair) -> None:
    while await work_once(fair.house.running):
        pass


def left(answer: httpx.Response, fair: Fair) -> bool:
    return answer.status_code == 202 and answer.headers["location"] == f"/v1/draws/{fair.call}"


async def drawn(fair: Fair) -> None:
    """Every step begun by an officer and done by a worker."""
    assert left(await fair.close(), fair)
    await works(fair)
    assert (await fair.open_nonce()).status_code == 200
    assert left(await fair.draw(), fair)
    await works(fair)


async def test_a_large_call_is_begun_by_the_request_and_done_by_a_worker(large: Fair) -> None:
    closing = await large.close()
    assert left(closing, large)
    assert (closing.json()["status"], closing.json()["applications"]) == ("closing", None)
    assert (await progress(large))["stage"] == "wait"
    await works(large)
    assert (await large.state()).status == "closed"
    assert await progress(large) == {
        "id": large.call,
        "status": "closed",
        "stage": None,
        "done": 0,
        "total": 0,
        "started_at": None,
        "eta": None,
        "refused": None,
    }
    assert (await large.open_nonce()).status_code == 200
    assert left(await large.draw(), large)
    await works(large)
    state = await large.state()
    assert (state.status, state.told, state.due_at) == ("published", 10, None)
    assert await large.told() == {"stall-allotted": 6, "application-waitlisted": 4}
    again = await large.close()
    assert (again.status_code, again.json()["status"]) == (200, "published")


async def test_what_a_worker_draws_is_what_the_specification_draws(large: Fair) -> None:
    await drawn(large)
    zipped = await large.house.client.get(f"/v1/calls/{large.call}/outcome/file")
    assert int(zipped.headers["content-length"]) == len(zipped.content)
    texts = archive.unpack(zipped.content)
    reading.checked(texts)
    outcome = accept(reading.instance(texts), (await large.state()).seed or "")
    assert {name: texts[name] for name in files.OUTCOME} == files.result(outcome)
    page = await large.house.client.get(f"/v1/calls/{large.call}/outcome", params={"limit": 200})
    assert [row["ticket"] for row in page.json()["items"]] == [row.ticket for row in outcome.rows]


async def test_the_timer_only_calls_a_worker(large: Fair) -> None:
    await large.timers()
    state = await large.state()
    assert (state.status, state.due_at) == ("closing", None)
    assert await commands.due(large.house.running.database) == [large.call]
    await works(large)
    assert (await large.state()).status == "closed"


@pytest.mark.parametrize("fault", ["write.after_update", "draw.asked"])
async def test_a_request_that_dies_before_it_has_called_a_worker_is_made_up_by_the_timer(
    large: Fair, fault: str
) -> None:
    await large.dies("large-close", large.call, fault)
    await large.later(minutes=1)
    await large.timers()
    await works(large)
    assert (await large.state()).status == "closed"
    assert await large.house.facts("calls", large.call) == ["1 call-closed"]


async def test_two_workers_at_once_draw_once(large: Fair) -> None:
    assert left(await large.close(), large)
    assert sorted(await asyncio.gather(*(work_once(large.house.running) for _ in range(4)))) == [False] * 3 + [True]
    await large.open_nonce()
    await large.draw()
    await asyncio.gather(*(works(large) for _ in range(4)))
    assert (await large.state()).status == "published"
    assert await large.told() == {"stall-allotted": 6, "application-waitlisted": 4}
    kept = await large.house.running.database.collection("outcomes").find().to_list()
    assert [doc["version"] for doc in kept] == [1]


async def test_a_zombie_whose_lease_ran_out_stops_and_changes_nothing(large: Fair) -> None:
    assert left(await large.close(), large)
    running = short_lease(large.house.running)
    zombie = Held(running, large.call)
    await zombie.claim()
    await asyncio.sleep(0.06)
    successor = Held(running, large.call)
    await successor.claim()
    zombie.lost = True
    with pytest.raises(WorkTaken):
        zombie.progress("freeze", 1, 10)
    with pytest.raises(WorkTaken):
        await running[Work].change(large.call, lambda work: domain.ended(work, zombie.epoch, zombie.asked, clock.now()))
    assert (await running[Work].get(large.call)).owner == successor.owner


def short_lease(running: Running) -> Running:
    settings = running.settings.model_copy(update={"draw_lease_seconds": 0.05})
    assert isinstance(settings, StallsSettings)
    return Running(running.service, settings, running.database, running.stores)


async def test_what_cannot_be_drawn_says_why_rests_and_is_tried_again(large: Fair) -> None:
    await large.close()
    await works(large)
    await large.open_nonce()
    await large.draw()
    rows = large.house.running.database.collection("draw_files")
    part = await rows.find_one({"text": {"$regex": "^ticket,tier"}}) or {}
    await rows.update_one({"_id": part["_id"]}, {"$set": {"text": part["text"].replace(",0,0,,", ",3,0,,", 1)}})
    await works(large)
    assert (await progress(large))["refused"] == DrawFilesDamaged.__name__
    assert await commands.due(large.house.running.database) == []
    await rows.update_one({"_id": part["_id"]}, {"$set": {"text": part["text"]}})
    await large.house.running.database.collection("draws").update_one({}, {"$set": {"due_at": clock.now()}})
    await works(large)
    assert (await large.state()).status == "published"


async def test_work_that_stands_still_is_found(large: Fair) -> None:
    await large.close()
    database = large.house.running.database
    assert await commands.still(database) == []
    long_ago = clock.now() - domain.STANDS_STILL_AFTER * 2
    await database.collection("draws").update_one({}, {"$set": {"asked_at": long_ago}})
    assert await commands.still(database) == [large.call]
    await works(large)
    assert await commands.still(database) == []


async def test_progress_is_shown_to_whoever_is_signed_in_and_to_nobody_else(large: Fair) -> None:
    await large.close()
    for role, claims in ((Role.GROUP_LEADER, {"groups": ["group-1"]}), (Role.BUYER, {}), (Role.ADMIN, {})):
        answer = await large.house.get(f"/v1/draws/{large.call}", role, **claims)
        assert (answer.status_code, answer.json()["status"]) == (200, "closing")
    assert (await large.house.client.get(f"/v1/draws/{large.call}")).status_code == 401
    elsewhere = await large.house.get(f"/v1/draws/{large.call}", Role.ADMIN, state="29")
    assert elsewhere.status_code == 404


async def heard(fair: Fair) -> list[tuple[str, dict[str, object]]]:
    """All that a listener hears, to the end."""
    answer = await fair.house.get(f"/v1/draws/{fair.call}/events", Role.BLOCK_OFFICER, **OFFICE)
    assert answer.headers["content-type"].startswith("text/event-stream")
    found = []
    for event in answer.text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in event.splitlines() if not line.startswith(":"))
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


async def test_a_listener_hears_how_far_it_is_until_it_is_published(large: Fair) -> None:
    assert left(await large.close(), large)
    with commands.LISTENERS.one_more():
        full = await large.house.get(f"/v1/draws/{large.call}/events", Role.BLOCK_OFFICER, **OFFICE)
        assert (full.status_code, full.json()["code"]) == (503, "TooManyListeners")
    listening = asyncio.create_task(heard(large))
    await works(large)
    await large.open_nonce()
    await large.draw()
    await works(large)
    events = await listening
    assert events[0][0] == "progress"
    assert (events[-1][0], events[-1][1]["status"]) == ("published", "published")
    assert not commands.LISTENERS.listening
    assert [name for name, _ in await heard(large)] == ["published"], "who comes late hears the end"


async def test_an_outcome_kept_before_there_were_shelves_is_read_and_told(large: Fair) -> None:
    await drawn(large)
    path = f"/v1/calls/{large.call}/outcome"
    before = (await large.house.client.get(path, params={"limit": 3})).json()
    zipped = (await large.house.client.get(f"{path}/file")).content
    outcomes = large.house.running.database.collection("outcomes")
    await outcomes.update_one({}, {"$unset": {"shelves": "", "weights": ""}, "$set": {"schema": 1}})
    assert (await large.house.client.get(path, params={"limit": 3})).json() == before
    ticket = before["items"][2]["ticket"]
    (found,) = (await large.house.client.get(path, params={"ticket": ticket})).json()["items"]
    assert found == before["items"][2]
    assert (await large.house.client.get(f"{path}/file")).content == zipped
    database = large.house.running.database
    await database.collection("allotments").delete_many({})
    await database.collection("calls").update_one({}, {"$set": {"status": "drawn", "told": 0, "due_at": clock.now()}})
    await large.timers()
    await works(large)
    assert await large.told() == {"stall-allotted": 6, "application-waitlisted": 4}


async def test_a_small_call_needs_no_worker(stalls: House) -> None:
    asked = call()
    fair = await stand(stalls, asked, [applied(asked, number) for number in range(1, 4)])
    assert (await fair.close()).status_code == 200
    assert await commands.due(stalls.running.database) == []
    assert (await stalls.stores[Call].get(fair.call)).status == "closed"
