"""Stalls given back, exchanged for better ones and given on the day, on a real MongoDB: every write in its order."""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.stalls.allotments.commands import two_holders
from services.stalls.allotments.domain import Status
from services.stalls.draw.chain_log import Entry, Kind
from services.stalls.draw.plan import Line
from services.stalls.successions.commands import UnlikeTheLog, differences
from services.stalls.vacancies.commands import every
from services.stalls.wiring import SERVICE
from shared import clock
from shared.scope import Role
from tests.integration.houses import House, house
from tests.integration.stall_calls import PLAN, Fair, call, leader, stand
from tests.unit.stalls.small_fair import allotment_of, applied, ticket_of

ONE = (Line(count=1),)


async def upward(stalls: House, groups: int = 4, *lines: tuple[Line, ...]) -> tuple[Fair, list[int]]:
    """A published draw in which all want the first ground most and asked for more; the groups in order of place."""
    asked = call(*(lines or (ONE, ONE)))
    wishes = tuple(range(1, len(lines or (ONE, ONE)) + 1))
    people = [applied(asked, number, wishes) for number in range(1, groups + 1)]
    people = [replace(one, asked=replace(one.asked, upgrade=True)) for one in people]
    fair = await stand(stalls, asked, people)
    await fair.drawn()
    await fair.timers()
    found = await fair.allotments()
    return fair, sorted(found, key=lambda number: found[number].place)


async def begins_in(fair: Fair, event: int, days: int) -> None:
    """As if that event began in so many days."""
    first = clock.today() + timedelta(days=days)
    moved = [(first + timedelta(days=n)).isoformat() for n in range(2)]
    database = fair.house.running.database
    await database.collection("calls").update_one({"_id": fair.call}, {"$set": {f"events.{event - 1}.days": moved}})
    seats = {"call": fair.call, "seat.event": event}
    await database.collection("allotments").update_many(seats, {"$set": {"seat.days": moved}})


async def log(fair: Fair) -> list[Entry]:
    return await every(fair.house.running.database, fair.call)


async def stands(fair: Fair, number: int, event: int) -> Any:
    path = f"/v1/allotments/{allotment_of(number, fair.call)}/standby"
    return await fair.house.write("POST", path, Role.GROUP_LEADER, {"event": event}, **leader(number))


async def all_is_well(fair: Fair) -> None:
    assert await differences(fair.house.running, fair.call) == []
    assert await two_holders(fair.house.running.database) == []
    assert await UnlikeTheLog(after=timedelta(seconds=-1)).look(fair.house.running.database) == []
    assert all(len(who) == 1 for who in (await fair.holders()).values())


async def test_a_confirmed_stall_given_back_moves_the_next_up_and_brings_one_new_group(stalls: House) -> None:
    fair, (first, second, third, _) = await upward(stalls)
    for number in (first, second):
        assert (await fair.answers(number, "confirm")).status_code == 200
    given = await fair.answers(first, "give-back")
    assert (given.status_code, given.json()["status"]) == (200, "given_back")
    await fair.timers()
    assert await fair.holders() == {(1, 1): [second], (2, 1): [third]}
    moved = (await fair.allotments())[second]
    assert (moved.status, moved.through, [seat.event for seat in moved.before]) == (Status.CONFIRMED, "upgrade", [2])
    facts = await fair.house.facts("allotments", moved.id)
    assert facts[-1] == "3 allotment-upgraded"
    shown = await fair.house.get(f"/v1/allotments/{moved.id}", Role.GROUP_LEADER, **leader(second))
    assert [seat["event"] for seat in shown.json()["before"]] == [2]
    assert (await fair.allotments())[third].status is Status.ALLOTTED
    await all_is_well(fair)


async def test_anybody_reads_who_followed_whom_page_by_page_without_a_token(stalls: House) -> None:
    fair, (first, second, third, fourth) = await upward(stalls)
    await fair.answers(first, "decline")
    await fair.timers()
    await fair.answers(third, "decline")
    await fair.timers()
    path = f"/v1/calls/{fair.call}/vacancies"
    page = (await fair.house.client.get(path, params={"limit": 2})).json()
    rest = (await fair.house.client.get(path, params={"limit": 2, "cursor": page["next_cursor"]})).json()
    rows = [*page["items"], *rest["items"]]
    assert [(row["number"], row["kind"], row["after"], row["ticket"], row["taker"]) for row in rows] == [
        (1, "left", 0, ticket_of(first), ticket_of(second)),
        (2, "moved", 1, ticket_of(second), ticket_of(third)),
        (3, "left", 0, ticket_of(third), ticket_of(fourth)),
    ]
    assert rest["next_cursor"] is None
    assert [row["digest"] for row in rows] == [entry.digest for entry in await log(fair)]
    assert (await fair.house.client.get("/v1/calls/nowhere/vacancies")).json()["code"] == "NotFound"


async def test_before_the_draw_there_is_no_log(stalls: House) -> None:
    asked = call(ONE)
    fair = await stand(stalls, asked, [applied(asked, 1)])
    answer = await fair.house.client.get(f"/v1/calls/{fair.call}/vacancies")
    assert (answer.status_code, answer.json()["code"]) == (404, "NothingDrawn")


async def test_what_cannot_be_given_back_is_refused_in_words(stalls: House) -> None:
    fair, (first, second, third, _) = await upward(stalls)
    for number in (first, third):
        assert (await fair.answers(number, "give-back")).json()["code"] == "NotGivenBack"
    await fair.answers(second, "confirm")
    await begins_in(fair, 2, 0)
    assert (await fair.answers(second, "give-back")).json()["code"] == "GivenBackTooLate"
    path = f"/v1/allotments/{allotment_of(second, fair.call)}/give-back"
    other = await fair.house.write("POST", path, Role.GROUP_LEADER, **leader(third))
    assert other.status_code == 404


async def test_in_the_last_week_nobody_moves_up_and_who_waits_is_asked(stalls: House) -> None:
    fair, (first, second, third, _) = await upward(stalls)
    await fair.answers(second, "confirm")
    await begins_in(fair, 1, 3)
    await fair.answers(first, "decline")
    await fair.timers()
    assert await fair.holders() == {(1, 1): [third], (2, 1): [second]}
    await all_is_well(fair)


async def test_on_the_day_an_empty_stall_goes_to_who_stands_there_in_order_of_place(stalls: House) -> None:
    fair, (first, second, third, fourth) = await upward(stalls)
    await fair.answers(second, "confirm")
    await begins_in(fair, 1, 0)
    await fair.later(days=30)
    await fair.timers()
    assert (await fair.allotments())[first].status is Status.LAPSED
    assert (await stands(fair, second, 1)).json()["code"] == "NotOnWaitlist"
    assert (await stands(fair, fourth, 2)).json()["code"] == "NotTheDay"
    assert (await stands(fair, fourth, 7)).json()["code"] == "NotWaitingThere"
    for number in (fourth, third):
        assert (await stands(fair, number, 1)).status_code == 200
        await fair.timers()
    seated = (await fair.allotments())[fourth]
    assert (seated.status, seated.through, seated.seat and seated.seat.stall) == (Status.CONFIRMED, "standby", 1)
    facts = await fair.house.facts("allotments", seated.id)
    assert facts[1:] == ["2 standby-checked-in", "3 standby-seated"]
    waits = (await fair.allotments())[third]
    assert (waits.status, waits.due_at) == (Status.WAITLISTED, None)
    assert [entry.kind for entry in await log(fair)] == [Kind.LEFT, Kind.STANDS_BY, Kind.EMPTY, Kind.STANDS_BY]
    await all_is_well(fair)


POINTS = ["vacancy.recorded", "vacancy.recorded@2", "vacancy.offered", "vacancy.offered@2", "write.after_insert@2"]


@pytest.mark.parametrize("point", [*POINTS, "write.before_update@2", "write.after_update@2"])
async def test_a_chain_is_finished_whatever_dies_in_its_midst(stalls: House, point: str) -> None:
    fair, (first, second, third, _) = await upward(stalls)
    await fair.answers(first, "decline")
    name, _, count = point.partition("@")
    await fair.dies("fall-due", allotment_of(first, fair.call), f"{name}=kill{'@' + count if count else ''}")
    await fair.timers()
    assert await fair.holders() == {(1, 1): [second], (2, 1): [third]}
    told = await fair.told()
    assert (told["allotment-upgraded"], told["stall-allotted"]) == (1, 3)
    assert [entry.kind for entry in await log(fair)] == [Kind.LEFT, Kind.MOVED]
    await all_is_well(fair)


async def test_who_was_next_when_the_process_died_until_the_fair_began_still_waits_for_other_grounds(
    stalls: House,
) -> None:
    fair, (first, second, third, _) = await upward(stalls)
    await begins_in(fair, 1, 3)
    await fair.answers(second, "confirm")
    await fair.answers(first, "decline")
    await fair.dies("fall-due", allotment_of(first, fair.call), "vacancy.recorded")
    await begins_in(fair, 1, 0)
    await fair.timers()
    assert [(entry.kind, entry.ticket, entry.taker) for entry in await log(fair)] == [
        (Kind.LEFT, ticket_of(first), ticket_of(third)),
        (Kind.LATE, ticket_of(third), ""),
    ]
    assert (await fair.allotments())[third].status is Status.WAITLISTED
    await all_is_well(fair)
    await fair.answers(second, "give-back")
    await fair.timers()
    assert await fair.holders() == {(2, 1): [third]}
    await all_is_well(fair)


async def test_who_was_to_move_up_when_the_process_died_until_the_fair_began_keeps_what_she_has(stalls: House) -> None:
    fair, (first, second, *_) = await upward(stalls)
    await fair.answers(second, "confirm")
    await fair.answers(first, "decline")
    await fair.dies("fall-due", allotment_of(first, fair.call), "vacancy.recorded")
    await begins_in(fair, 1, 0)
    await fair.timers()
    assert await fair.holders() == {(2, 1): [second]}
    assert [entry.kind for entry in await log(fair)] == [Kind.LEFT, Kind.LATE]
    await all_is_well(fair)


async def test_who_says_no_while_she_is_to_move_up_is_passed_over_and_both_stalls_go_on(stalls: House) -> None:
    fair, (first, second, third, fourth) = await upward(stalls)
    await fair.answers(first, "decline")
    await fair.dies("fall-due", allotment_of(first, fair.call), "vacancy.recorded")
    await fair.answers(second, "decline")
    await fair.timers()
    assert sorted(who for (who,) in (await fair.holders()).values()) == sorted([third, fourth])
    assert {Kind.PASSED} <= {entry.kind for entry in await log(fair)}
    await all_is_well(fair)


async def watched(fair: Fair, until: asyncio.Event) -> list[str]:
    """What the watch for two holders sees while others work."""
    found: list[str] = []
    while not until.is_set():
        found += await two_holders(fair.house.running.database)
        await asyncio.sleep(0)
    return found


@pytest.mark.parametrize("chance", [11, 12])
async def test_while_many_leave_and_three_processes_pass_on_no_stall_ever_has_two_holders(
    stalls: House, chance: int
) -> None:
    rolled = random.Random(chance)
    fair, groups = await upward(stalls, 24, PLAN, PLAN, PLAN)
    for _ in range(3):
        done = asyncio.Event()
        watch = asyncio.create_task(watched(fair, done))
        relays = [asyncio.create_task(fair.timers()) for _ in range(3)]
        said = {number: rolled.choice(["confirm", "decline", "give-back", "nothing"]) for number in groups}
        before = await fair.holders()
        await asyncio.gather(*(fair.answers(number, word) for number, word in said.items() if word != "nothing"))
        await asyncio.gather(*relays)
        await fair.timers()
        done.set()
        assert await watch == []
        await all_is_well(fair)
        kept = {who for (who,) in before.values() if said[who] not in {"decline", "give-back"}}
        assert kept <= {who for (who,) in (await fair.holders()).values()}


async def test_nobody_leaves_a_ground_on_its_first_day() -> None:
    """Also where stalls may be confirmed until the day itself."""
    async with house(SERVICE, confirm_days_before=0) as stalls:
        fair, (first, second, *_) = await upward(stalls)
        await fair.answers(second, "confirm")
        await begins_in(fair, 1, 1)
        await begins_in(fair, 2, 0)
        await fair.answers(first, "decline")
        async with asyncio.timeout(30):
            await fair.timers()
        assert (await fair.holders())[2, 1] == [second]
        assert Kind.LATE not in {entry.kind for entry in await log(fair)}
