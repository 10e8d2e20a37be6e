"""The public log of who followed whom, where somebody changed it or what it tells of; on a real MongoDB."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx

from services.stalls.successions.commands import UnlikeTheLog, differences
from services.stalls.vacancies.commands import BOOKS
from tests.integration.houses import House
from tests.integration.stall_calls import Fair
from tests.integration.test_successions import log, upward
from tests.unit.stalls.small_fair import allotment_of, ticket_of


async def test_a_seat_changed_behind_the_log_is_found(stalls: House) -> None:
    fair, (first, _, third, _) = await upward(stalls)
    await fair.answers(first, "decline")
    await fair.timers()
    allotments = fair.house.running.database.collection("allotments")
    await allotments.update_one(
        {"_id": allotment_of(third, fair.call)}, {"$set": {"status": "waitlisted", "seat": None}}
    )
    assert await UnlikeTheLog().look(fair.house.running.database) == [], "what is on its way is no difference"
    watch = UnlikeTheLog(at_once=2, after=timedelta(seconds=-1))
    looks = [await watch.look(fair.house.running.database) for _ in range(2)]
    assert looks[-1] == [f"{fair.call} {ticket_of(third)}: log (2, 1), allotment None"]
    [said] = await differences(fair.house.running, fair.call)
    assert said == f"{ticket_of(third)}: the log says (2, 1), the allotment None"


async def test_a_log_whose_end_is_lost_gives_no_stall_twice_and_does_not_go_on_for_ever(fair: Fair) -> None:
    await fair.drawn()
    await fair.timers()
    seated = sorted(number for (number,) in (await fair.holders()).values())
    for number in seated:
        await fair.answers(number, "confirm")
    await fair.answers(seated[0], "give-back")
    await fair.timers()
    await fair.house.running.database.collection("vacancy_log").delete_many({"call": fair.call})
    BOOKS.clear()
    held = await fair.holders()
    left = next(seat for seat, who in held.items() if who == [seated[1]])
    assert (await fair.answers(seated[1], "give-back")).status_code == 200
    async with asyncio.timeout(30):
        await fair.timers()
    assert len(await log(fair)) <= 2
    assert await fair.holders() == {seat: who for seat, who in held.items() if seat != left}


async def test_the_public_log_is_not_shown_where_an_entry_was_changed_or_its_beginning_is_lost(fair: Fair) -> None:
    await fair.drawn()
    await fair.timers()
    for number in sorted(number for (number,) in (await fair.holders()).values()):
        await fair.answers(number, "decline")
        await fair.timers()
    path, kept = f"/v1/calls/{fair.call}/vacancies", fair.house.running.database.collection("vacancy_log")

    async def asked(**params: Any) -> httpx.Response:
        return await fair.house.client.get(path, params={"limit": 2, **params})

    first = (await asked()).json()
    assert [one["number"] for one in (await asked(cursor=first["next_cursor"])).json()["items"]] == [3, 4]
    entry = await kept.find_one({"_id": f"{fair.call}:2"}) or {}
    await kept.update_one({"_id": entry["_id"]}, {"$set": {"taker": ticket_of(99)}})
    assert (await asked()).json()["code"] == "LogBroken"
    await kept.replace_one({"_id": entry["_id"]}, entry)
    await kept.delete_one({"_id": f"{fair.call}:1"})
    assert (await asked()).json()["code"] == "LogBroken"
