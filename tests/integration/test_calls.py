"""Calls over HTTP on a real MongoDB: opened on free grounds, closed, their nonce opened."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.stalls.calls.api import MOST_EVENTS
from services.stalls.wiring import SERVICE
from shared.scope import Role
from tests.integration.fair_calls import (
    OFFICER,
    PLAN,
    SCHOOL,
    at,
    begins_to_close,
    closes,
    day,
    nonce_of,
    offered,
    opened,
    opening,
    promised,
    venue,
)
from tests.integration.serving import House, served

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with served(SERVICE) as house:
        yield house


async def test_a_call_is_opened_once_and_shows_what_a_stranger_needs_to_check_its_draw(house: House) -> None:
    ground = await venue(house)
    asked = opening(offered(ground))
    first = await house.ask("POST", "/calls", body=asked, key="call-1", **OFFICER)
    again = await house.ask("POST", "/calls", body=asked, key="call-1", **OFFICER)
    assert (first.status_code, again.headers["idempotency-replayed"], again.json()) == (201, "true", first.json())
    seen = (await house.ask("GET", f"/calls/{first.json()['id']}", Role.BUYER)).json()
    assert seen == first.json()
    assert (seen["status"], seen["accepting"], seen["district"], seen["block"]) == ("open", True, "490", "4512")
    assert (seen["commitment"], seen["public_source"]) == (asked["commitment"], "NSE: Nifty 50 चा बंद भाव")
    event = seen["events"][0]
    assert (event["number"], event["venue"], event["stalls"], event["caps"]) == (1, ground, 6, {"paper": 4})
    assert event["venue_name"]["mr"] == "गुरुवारचा आठवडे बाजार, बारामती"
    assert event["lines"][1] == PLAN[1] | {"stage": "open", "tags": [], "district": None}
    assert (event["lines"][0]["fallback"], event["lines"][2]["stage"]) == (None, "st")


async def test_a_commitment_serves_one_call_and_the_other_gets_no_ground_either(house: House) -> None:
    first = await opened(house)
    ground = await venue(house)
    used = opening(offered(ground), commitment=first["commitment"])
    answer = await house.ask("POST", "/calls", body=used, headers={"Accept-Language": "mr"}, **OFFICER)
    assert (answer.status_code, answer.json()["code"]) == (409, "CommitmentUsed")
    assert "नवा गुप्त शब्द" in answer.json()["detail"]
    assert (await opened(house, offered(ground)))["status"] == "open"


async def test_parties_are_shown_by_name_with_what_each_promised(house: House) -> None:
    names = ({"mr": "जिल्हा कक्ष, पुणे"}, {"mr": "दैनिक, पुणे", "en": "A newspaper"})
    parties = [{"name": name, "commitment": promised()} for name in names]
    asked = {**opening(offered(await venue(house)), parties=parties, public_round=4821)}
    both = await house.ask("POST", "/calls", body=asked, **OFFICER)
    assert (both.status_code, both.json()["code"]) == (422, "PartiesUnclear")
    del asked["commitment"]
    seen = (await house.ask("POST", "/calls", body=asked, **OFFICER)).json()
    assert [(party["name"]["mr"], party["state"]) for party in seen["parties"]] == [
        ("जिल्हा कक्ष, पुणे", "secret"),
        ("दैनिक, पुणे", "secret"),
    ]
    assert [party["commitment"] for party in seen["parties"]] == [party["commitment"] for party in parties]
    assert (seen["public_round"], seen["next"]["step"]) == (4821, "close")


async def test_the_log_of_a_call_is_public_and_an_edit_in_the_database_is_refused(house: House) -> None:
    call = (await opened(house))["id"]
    await closes(house, call)
    path = f"/v1/calls/{call}/log"
    shown = await house.client.get(path)
    assert [entry["step"] for entry in shown.json()["items"]] == ["opened", "closed"]
    assert "officer-1" not in shown.text
    calls = house.database.collection("calls")
    await calls.update_one({"_id": call}, {"$set": {"public_source": "माझ्या घरी"}})
    refused = await house.client.get(path, headers={"Accept-Language": "hi"})
    assert (refused.status_code, refused.json()["code"]) == (409, "LogDamaged")
    assert "log.csv, पंक्ति 1" in refused.json()["detail"]


async def test_the_fact_of_a_call_stands_in_the_same_document_without_a_name(house: House) -> None:
    call = await opened(house)
    doc = await house.database.collection("calls").find_one({"_id": call["id"]})
    assert doc is not None
    assert [fact["type"] for fact in doc["outbox"]] == ["in.bachathaat.stalls.call-opened.v1"]
    assert "बाजार" not in doc["outbox"][0]["data"]


async def test_a_ground_belongs_to_one_call_a_day(house: House) -> None:
    ground = await venue(house)
    first = await opened(house, offered(ground, day(30)))
    taken = await house.ask("POST", "/calls", body=opening(offered(ground, day(29), day(30))), **OFFICER)
    assert (taken.status_code, taken.json()["code"]) == (409, "GroundTaken")
    assert first["id"] == taken.json()["params"]["call"]
    assert "गुरुवारचा आठवडे बाजार, बारामती" in taken.json()["detail"]
    assert not re.search(UUID, taken.json()["detail"])
    await opened(house, offered(ground, day(29)))


async def test_a_call_that_cannot_have_all_its_grounds_gives_the_others_back(house: House) -> None:
    grounds = sorted([await venue(house), await venue(house), await venue(house)])
    await opened(house, offered(grounds[2], day(30)))
    both = opening(*(offered(ground, day(30)) for ground in grounds))
    refused = await house.ask("POST", "/calls", body=both, **OFFICER)
    assert refused.json()["code"] == "GroundTaken"
    await opened(house, *(offered(ground, day(30)) for ground in grounds[:2]))


async def test_a_school_ground_without_its_papers_is_refused_with_all_that_is_missing(house: House) -> None:
    ground = await venue(house, SCHOOL)
    asked = opening(offered(ground, day(30)))
    headers = {"Accept-Language": "mr"}
    refused = await house.ask("POST", "/calls", body=asked, headers=headers, **OFFICER)
    assert (refused.status_code, refused.json()["code"]) == (409, "GroundNotUsable")
    codes = {missing["code"] for missing in refused.json()["params"]["missing"]}
    assert {"SchoolConsentMissing", "ZillaParishadOrderMissing"} <= codes


FIRST_DAY = {"days": [day(30)]}


@pytest.mark.parametrize(
    ("event", "changed", "code"),
    [
        ({}, {"opens_at": "2026-11-22T18:00:00"}, "InvalidRequest"),
        ({}, {"closes_at": 1_795_000_000}, "InvalidRequest"),
        ({}, {"public_at": "१७९५००००००"}, "InvalidRequest"),
        ({}, {"commitment": "A" * 64}, "InvalidRequest"),
        ({}, {"names": {"en": "Diwali fair"}}, "LocalTextMissing"),
        ({}, {"closes_at": at(-0.5)}, "WindowOrder"),
        ({}, {"opens_at": at(1.5)}, "WindowOrder"),
        ({}, {"public_at": at(1)}, "WindowOrder"),
        ({"days": [day(0)]}, {}, "WindowOrder"),
        ({"days": ["२०२६-१२-२०"]}, {}, "InvalidRequest"),
        ({"days": [day(30), day(30)]}, {}, "DayTwiceInEvent"),
        ({"days": [day(-2)]}, {}, "EventDayOver"),
        ({"lines": [{"count": "४०"}]}, {}, "InvalidRequest"),
        ({"lines": [{"count": 41}]}, {}, "PlanExceedsStalls"),
        ({"lines": [{"count": 1}] * 65}, {}, "InvalidRequest"),
        ({"lines": [{"count": 1, "categories": ["पापड"]}]}, {}, "InvalidRequest"),
        ({"lines": [{"count": 5}], "caps": {"food": 4}}, {}, "CapBroken"),
        ({"lines": [{"count": 1, "colour": "हिरवा"}]}, {}, "InvalidRequest"),
        ({"venue": "no-such-ground"}, {}, "NotFound"),
    ],
)
async def test_what_a_call_cannot_be_is_refused_by_name_and_leaves_its_ground_free(
    house: House, event: dict[str, Any], changed: dict[str, Any], code: str
) -> None:
    ground = await venue(house)
    wrong = opening(offered(ground, **FIRST_DAY) | event, **changed)
    refused = await house.ask("POST", "/calls", body=wrong, **OFFICER)
    assert refused.json()["code"] == code, refused.text
    assert await house.database.collection("calls").count_documents({}) == 0
    assert (await house.ask("POST", "/calls", body=opening(offered(ground)), **OFFICER)).status_code == 201


async def test_devanagari_digits_in_a_json_number_are_refused_before_anything_else(house: House) -> None:
    headers = house.signer.headers(Role.ADMIN, "key-1") | {"Content-Type": "application/json"}
    refused = await house.client.post("/v1/calls", content='{"count": ४०}'.encode(), headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (400, "MalformedJson")


async def test_a_thousand_and_one_grounds_are_too_many_for_one_call(house: House) -> None:
    ground = await venue(house)
    many = [offered(ground, day(30 + n)) for n in range(MOST_EVENTS + 1)]
    refused = await house.ask("POST", "/calls", body=opening(*many), **OFFICER)
    assert refused.json()["errors"][0]["field"] == "events"
    assert (await house.ask("POST", "/calls", body=opening(*many[:60]), **OFFICER)).status_code == 201


async def test_calls_are_listed_by_district_and_by_what_they_are_today(house: House) -> None:
    open_ = await opened(house)
    announced = await opened(house, opens_at=at(0.5))
    found = {
        query: [call["id"] for call in (await house.ask("GET", f"/calls?{query}", Role.GROUP_MEMBER)).json()["items"]]
        for query in ("status=open", "status=announced", "status=closed", "district=490", "district=467")
    }
    assert (found["status=open"], found["status=announced"]) == ([open_["id"]], [announced["id"]])
    assert (announced["status"], announced["accepting"]) == ("announced", False)
    assert (sorted(found["district=490"]), found["district=467"]) == (sorted([open_["id"], announced["id"]]), [])
    assert found["status=closed"] == []


async def test_a_call_whose_next_step_comes_by_the_clock_is_never_said_to_be_unchanged(house: House) -> None:
    path = f"/calls/{(await opened(house))['id']}"
    anything = {"If-None-Match": "*"}
    open_ = await house.ask("GET", path, Role.BUYER, headers=anything)
    assert (open_.status_code, "etag" in open_.headers) == (200, False)
    await closes(house, open_.json()["id"])
    closed = await house.ask("GET", path, Role.BUYER, headers=anything)
    assert (closed.status_code, "etag" in closed.headers, closed.json()["next"]["step"]) == (200, False, "open_nonces")


async def test_a_call_is_opened_by_the_officer_of_its_grounds_and_listed_in_her_state_only(house: House) -> None:
    asked = opening(offered(await venue(house)))
    elsewhere = await house.ask("POST", "/calls", Role.BLOCK_OFFICER, asked, district="490", block="4515")
    buyer = await house.ask("POST", "/calls", Role.BUYER, asked)
    assert (elsewhere.json()["code"], buyer.json()["code"]) == ("OutsideArea", "Forbidden")
    call = (await house.ask("POST", "/calls", Role.MISSION_MANAGER, asked)).json()
    assert (call["district"], call["block"]) == ("490", None)
    assert (await house.ask("GET", "/calls", Role.ADMIN, state="5")).json()["items"] == []


async def test_anybody_reads_a_call_and_lists_those_of_a_state_without_a_token(house: House) -> None:
    call = await opened(house)
    alone = await house.client.get(f"/v1/calls/{call['id']}")
    assert (alone.status_code, alone.json()) == (200, call)
    assert "officer" not in alone.text
    listed = await house.client.get("/v1/calls", params={"state": "२७"})
    assert [one["id"] for one in listed.json()["items"]] == [call["id"]]
    assert (await house.client.get("/v1/calls", params={"state": "5"})).json()["items"] == []
    signed = await house.ask("GET", "/calls?state=5", **OFFICER)
    assert signed.json()["items"] == listed.json()["items"]
    nowhere = await house.client.get("/v1/calls", headers={"Accept-Language": "mr"})
    assert (nowhere.status_code, nowhere.json()["code"]) == (422, "StateMissing")
    assert "?state=27" in nowhere.json()["detail"]
    forged = await house.client.get("/v1/calls", headers={"Authorization": "Bearer nobody"})
    assert forged.status_code == 401
    unknown = await house.client.get("/v1/calls/nothing", headers={"Accept-Language": "hi"})
    assert (unknown.status_code, unknown.json()["detail"]) == (404, "nothing क्रमांक का रिकॉर्ड (आवेदन आमंत्रण) नहीं मिला।")


async def test_the_nonce_is_opened_after_the_close_and_must_be_the_one_that_was_promised(house: House) -> None:
    asked = await opened(house)
    call, nonce = asked["id"], nonce_of(asked)
    path = f"/calls/{call}/open-nonce"
    early = await house.ask("POST", path, body={"nonce": nonce}, **OFFICER)
    await begins_to_close(house, call)
    closing = await house.ask("POST", path, body={"nonce": nonce}, **OFFICER)
    assert (early.json()["code"], closing.json()["code"]) == ("NotClosedYet", "NotClosedYet")
    await closes(house, call)
    wrong = await house.ask("POST", path, body={"nonce": nonce + " "}, headers={"Accept-Language": "hi"}, **OFFICER)
    assert (wrong.status_code, wrong.json()["code"]) == (409, "NonceMismatch")
    assert "SHA-256" in wrong.json()["detail"]
    assert "किसी ने नहीं बताया था" in wrong.json()["detail"]
    elsewhere = {**OFFICER, "block": "4515"}
    assert (await house.ask("POST", path, body={"nonce": nonce}, **elsewhere)).json()["code"] == "OutsideArea"
    right = await house.ask("POST", path, body={"nonce": nonce}, **OFFICER)
    again = await house.ask("POST", path, body={"nonce": nonce}, **OFFICER)
    assert (right.status_code, right.json()["nonce"], right.json()["status"]) == (200, nonce, "closed")
    assert again.json() == right.json()
    unprintable = await house.ask("POST", path, body={"nonce": "गुपित\n"}, **OFFICER)
    assert unprintable.json()["code"] == "InvalidRequest"
