"""What groups answer to their allotments, and who gets what is given back, on a real MongoDB."""

import asyncio
import random

import pytest

from services.stalls.allotments.domain import Status
from services.stalls.draw.plan import Line
from services.stalls.outcomes.commands import drawn
from services.stalls.successions.commands import differences
from services.stalls.vacancies.commands import replayed
from shared.scope import Role
from tests.integration.houses import House
from tests.integration.stall_calls import OFFICE, PLAN, Fair, call, leader, stand
from tests.unit.stalls.small_fair import allotment_of, applied, ticket_of


async def test_she_confirms_and_others_see_and_do_nothing(fair: Fair) -> None:
    await fair.drawn()
    await fair.timers()
    ((number,), *_) = (await fair.holders()).values()
    id_ = (await fair.allotments())[number].id
    path = f"/v1/allotments/{id_}"
    other = number % 10 + 1
    assert (await fair.house.get(path, Role.GROUP_LEADER, **leader(other))).status_code == 404
    assert (await fair.house.write("POST", f"{path}/confirm", Role.GROUP_LEADER, **leader(other))).status_code == 404
    confirmed = await fair.answers(number, "confirm")
    assert (confirmed.status_code, confirmed.json()["status"]) == (200, "confirmed")
    assert (await fair.answers(number, "confirm")).json()["status"] == "confirmed"
    assert (await fair.answers(number, "decline")).json()["code"] == "NotDeclinable"
    assert await fair.house.facts("allotments", id_) == ["1 stall-allotted", "2 allotment-confirmed"]
    mine = (await fair.house.get("/v1/allotments", Role.GROUP_LEADER, **leader(number))).json()["items"]
    assert [one["id"] for one in mine] == [id_]
    assert mine[0]["seat"]["venue_name"]["mr"].startswith("शारदा प्रांगण")
    of_office = await fair.house.get(f"/v1/allotments?call={fair.call}&status=confirmed", Role.BLOCK_OFFICER, **OFFICE)
    assert [one["id"] for one in of_office.json()["items"]] == [id_]
    elsewhere = await fair.house.get("/v1/allotments", Role.DISTRICT_OFFICER, sub="o-2", district="482")
    assert elsewhere.json()["items"] == []
    assert (await fair.house.get("/v1/allotments", Role.BUYER)).json()["items"] == []


async def test_a_declined_stall_goes_to_the_next_in_line(fair: Fair) -> None:
    await fair.drawn()
    await fair.timers()
    before = await fair.holders()
    rows = (await fair.house.client.get(f"/v1/calls/{fair.call}/outcome", params={"limit": 200})).json()["items"]
    line = [int(row["ticket"][:4]) for row in rows if row["stall"] is None]
    leaves = next(int(row["ticket"][:4]) for row in rows if row["stall"])
    assert (await fair.answers(leaves, "decline")).json()["status"] == "declined"
    await fair.timers()
    after = await fair.holders()
    seat = next(stall for stall, who in before.items() if who == [leaves])
    (new,) = after[seat]
    assert new in line
    assert {stall: who for stall, who in before.items() if stall != seat} == {
        stall: who for stall, who in after.items() if stall != seat
    }
    offered = (await fair.allotments())[new]
    assert (offered.through, offered.status) == ("waitlist", Status.ALLOTTED)
    facts = await fair.house.facts("allotments", offered.id)
    assert facts == ["1 application-waitlisted", "2 stall-allotted"]


async def test_stalls_that_lapse_pass_down_the_line_until_nobody_is_left_and_never_have_two_holders(fair: Fair) -> None:
    await fair.drawn()
    await fair.timers()
    while held := await fair.holders():
        assert all(len(who) == 1 for who in held.values())
        await fair.later(days=15)
        await fair.timers()
    assert await fair.holders() == {}
    assert (await fair.told())["allotment-lapsed"] == 10
    assert all(one.due_at is None for one in (await fair.allotments()).values())


async def test_when_all_say_no_at_once_each_stall_still_has_one_holder_at_most(fair: Fair) -> None:
    await fair.drawn()
    await fair.timers()
    holders = [who for held in (await fair.holders()).values() for who in held]
    waiting = sorted(set(range(1, 11)) - set(holders))
    no = [*holders[:4], waiting[0]]
    relays = [asyncio.create_task(fair.timers()) for _ in range(3)]
    answers = await asyncio.gather(*(fair.answers(number, "decline") for number in no))
    assert {answer.status_code for answer in answers} == {200}
    await asyncio.gather(*relays)
    await fair.timers()
    held = await fair.holders()
    assert all(len(who) == 1 for who in held.values())
    assert {who for (who,) in held.values()} == set(range(1, 11)) - set(no)
    log = fair.house.running.database.collection("vacancy_log").find({"call": fair.call})
    assert {entry["ticket"] async for entry in log} >= {ticket_of(number) for number in holders[:4]}
    assert await differences(fair.house.running, fair.call) == []


async def test_who_left_the_waitlist_is_passed_over(fair: Fair) -> None:
    await fair.drawn()
    await fair.timers()
    holders = [who for held in (await fair.holders()).values() for who in held]
    for number in sorted(set(range(1, 11)) - set(holders)):
        assert (await fair.answers(number, "decline")).json()["status"] == "declined"
    assert (await fair.answers(holders[0], "decline")).status_code == 200
    await fair.timers()
    assert len(await fair.holders()) == 5


@pytest.mark.parametrize("fault", ["vacancy.recorded", "vacancy.offered", "write.after_update"])
async def test_a_stall_that_was_given_back_is_passed_on_whatever_dies(fair: Fair, fault: str) -> None:
    await fair.drawn()
    await fair.timers()
    ((number,), *_) = (await fair.holders()).values()
    await fair.answers(number, "decline")
    await fair.dies("fall-due", allotment_of(number, fair.call), fault)
    await fair.timers()
    held = await fair.holders()
    assert sorted(len(who) for who in held.values()) == [1] * 6
    assert (await fair.told())["stall-allotted"] == 7


@pytest.mark.parametrize("chance", [7, 26])
async def test_whatever_groups_answer_the_log_says_who_holds_what_and_nobody_kept_is_dropped(
    stalls: House, chance: int
) -> None:
    rolled = random.Random(chance)
    asked = call((Line(count=3), Line(tags=frozenset({"mavim"}), count=2)), PLAN)
    fair = await stand(stalls, asked, [applied(asked, number, (1, 2)) for number in range(1, 25)])
    await fair.drawn()
    await fair.timers()
    for _ in range(4):
        before = await fair.holders()
        said = {number: rolled.choice(["confirm", "decline", "nothing"]) for number in range(1, 25)}
        await asyncio.gather(*(fair.answers(number, word) for number, word in said.items() if word != "nothing"))
        await fair.timers()
        held = await fair.holders()
        assert all(len(who) == 1 for who in held.values())
        kept = {seat: who for seat, who in before.items() if said[who[0]] != "decline"}
        assert {seat: held[seat] for seat in kept} == kept
        assert await _by_the_log(fair) == {ticket_of(who): seat for seat, (who,) in held.items()}
        assert await differences(fair.house.running, fair.call) == []


async def _by_the_log(fair: Fair) -> dict[str, tuple[int, int]]:
    """Ticket → event and stall, from the outcome and what happened since."""
    call_ = await fair.state()
    live, wrong = await replayed(fair.house.running, await drawn(fair.house.running, call_), call_)
    assert wrong == []
    return live.held
