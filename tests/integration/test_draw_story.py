"""The whole story of one call as its officer and five groups live it over HTTP."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.stalls.draw import archive, claims
from services.stalls.wiring import SERVICE
from shared.timers import fire
from tests.integration import fair_calls
from tests.integration.fair_calls import OFFICER, at, leader
from tests.integration.serving import House, served
from tests.integration.stall_calls import earlier
from tools.draw.verifying import verified

GROUPS = range(1, 6)
ONE_STALL: list[dict[str, Any]] = [{"categories": ["food"], "fallback": None, "count": 2}]


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with served(SERVICE) as found:
        await fair_calls.knows(found, *GROUPS)
        yield found


async def passes(house: House, call: str, **time: float) -> None:
    """For this call everything happened so much earlier."""
    await earlier(house.running, call, timedelta(**time))


async def timers(house: House) -> None:
    while sum([await fire(house.running, timer) for timer in SERVICE.timers]):
        pass


async def act(house: House, path: str, body: Any = None, **by: Any) -> dict[str, Any]:
    answer = await house.ask("POST", path, body=body, **(by or OFFICER))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def of_group(house: House, number: int) -> dict[str, Any]:
    answer = await house.ask("GET", "/allotments", **leader(number))
    (found,) = answer.json()["items"]
    assert isinstance(found, dict)
    return found


async def test_from_an_open_call_to_the_next_in_line(house: House) -> None:
    opened = await fair_calls.opened(house, fair_calls.offered(await fair_calls.venue(house), lines=ONE_STALL))
    call = opened["id"]
    receipts = {number: (await fair_calls.apply(house, call, number)).json() for number in GROUPS}
    assert (await fair_calls.apply(house, call, 1)).json()["code"] == "AlreadyApplied"
    assert (await house.ask("POST", f"/calls/{call}/close", **OFFICER)).json()["code"] == "CallStillOpen"

    await passes(house, call, hours=1.5)
    assert (await fair_calls.apply(house, call, 1)).json()["code"] in {"AlreadyApplied", "CallClosed"}
    closed = await act(house, f"/calls/{call}/close")
    assert (closed["status"], closed["applications"]) == ("closed", 5)
    assert closed["next"]["step"] == "open_nonces"
    rehearsed = await act(house, f"/calls/{call}/dry-run")
    assert [(one["given"], one["waiting"], one["wanted"]) for one in rehearsed["events"]] == [(2, 3, 5)]
    nonce = fair_calls.nonce_of(opened)
    await act(house, f"/calls/{call}/open-nonce", {"nonce": nonce})
    await passes(house, call, hours=1)
    value = {"public_value": "NSE: Nifty 50, 26,068.15", "published_at": at(0)}
    named = await act(house, f"/calls/{call}/draw", value, **OFFICER, sub="officer-1")
    assert (named["status"], named["next"]["step"], named["seed"]) == ("closed", "confirm_value", None)
    drawn = await act(house, f"/calls/{call}/draw", value, **OFFICER, sub="officer-2")
    assert drawn["seed"] != rehearsed["seed"]
    assert (drawn["allotted"], drawn["waitlisted"]) == (2, 3)
    await timers(house)
    assert (await house.ask("GET", f"/calls/{call}", **OFFICER)).json()["status"] == "published"

    mine = {number: await of_group(house, number) for number in GROUPS}
    assert {number: one["ticket"] for number, one in mine.items()} == {
        number: receipt["ticket"] for number, receipt in receipts.items()
    }
    line = sorted(GROUPS, key=lambda number: int(mine[number]["place"]))
    assert [mine[number]["status"] for number in line] == ["allotted"] * 2 + ["waitlisted"] * 3
    assert await act(house, f"/allotments/{mine[line[0]]['id']}/confirm", **leader(line[0]))
    assert await act(house, f"/allotments/{mine[line[1]]['id']}/decline", **leader(line[1]))
    await timers(house)

    after = {number: await of_group(house, number) for number in GROUPS}
    assert [after[number]["status"] for number in line] == ["confirmed", "declined", "allotted", *["waitlisted"] * 2]
    assert after[line[2]]["seat"] == mine[line[1]]["seat"]
    assert after[line[2]]["through"] == "waitlist"
    zipped = await house.client.get(f"/v1/calls/{call}/outcome/file")
    texts = archive.unpack(zipped.content)
    said = claims.said(texts)
    assert (said.public_value, said.seed) == (value["public_value"], drawn["seed"])
    assert [party.nonce for party in claims.parties(texts)] == [nonce]
    log = (await house.client.get(f"/v1/calls/{call}/log", headers={"Accept-Language": "mr"})).json()
    assert [entry["digest"] for entry in log["items"]] == [entry.digest for entry in claims.log(texts)]
    assert log["items"][-1]["sentence"] == "सोडत निघाली"
    assert verified(texts).said == said


async def test_a_source_that_no_file_can_show_is_refused_before_the_call_opens(house: House) -> None:
    event = fair_calls.offered(await fair_calls.venue(house))
    asked = fair_calls.opening(event, public_source="राजपत्र \u0378")
    answer = await house.ask("POST", "/calls", body=asked, **OFFICER)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "public_source")
