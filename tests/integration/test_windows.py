"""A window of 95 blocks in one call: a campaign's 27,000 stalls are drawn together."""

import asyncio
from typing import Any

from services.stalls.draw.plan import Line
from services.stalls.venues.domain import Venue
from shared.decisions import Decision
from shared.scope import Role
from tests.integration.fair_calls import OFFICER, offered, opening
from tests.integration.houses import House
from tests.integration.stall_calls import call, stand
from tests.unit.stalls.small_fair import applied, venue

GROUNDS = 900
GROUPS = 20


async def test_a_call_of_nine_hundred_grounds_is_opened_in_one_request(stalls: House) -> None:
    grounds = [venue(number) for number in range(1, GROUNDS + 1)]
    await asyncio.gather(*(_keep(stalls, ground) for ground in grounds))
    who: dict[str, Any] = {name: value for name, value in OFFICER.items() if name != "role"}
    asked = opening(*(offered(ground.id) for ground in grounds))
    answer = await stalls.write("POST", "/v1/calls", OFFICER["role"], asked, **who)
    assert answer.status_code == 201, answer.text
    seen = (await stalls.get(f"/v1/calls/{answer.json()['id']}", Role.BUYER)).json()
    assert [event["venue"] for event in seen["events"]] == [ground.id for ground in grounds]
    again = await stalls.write("POST", "/v1/calls", OFFICER["role"], opening(offered(grounds[-1].id)), **who)
    assert (again.status_code, again.json()["code"]) == (409, "GroundTaken")


async def test_a_window_of_nine_hundred_grounds_is_closed_drawn_and_told(stalls: House) -> None:
    window = call(*[(Line(count=30),)] * GROUNDS)
    wishes = {number: (number * 40, number, 1) for number in range(2, GROUPS + 2)}
    fair = await stand(stalls, window, (applied(window, number, choices) for number, choices in wishes.items()))
    assert (await fair.drawn())["allotted"] == GROUPS
    await fair.timers()
    assert await fair.holders() == {(number * 40, 1): [number] for number in wishes}


async def _keep(house: House, ground: Venue) -> None:
    async def decide() -> Decision[Venue]:
        return Decision(ground)

    await house.stores[Venue].create(ground.id, decide)
