"""Applications over HTTP on a real MongoDB: one a group, changed until the close."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.stalls.wiring import SERVICE
from shared.scope import Role
from tests.integration.fair_calls import (
    MARKET,
    OFFICER,
    apply,
    at,
    closes,
    day,
    facts,
    group,
    knows,
    leader,
    offered,
    opened,
    opening,
    pauses,
    product,
    venue,
    wish,
)
from tests.integration.serving import House, served


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with served(SERVICE) as house:
        yield house


async def test_a_receipt_has_a_ticket_the_choices_in_words_and_how_to_check_them(house: House) -> None:
    await knows(house, 1)
    call = await opened(house)
    answer = await apply(house, call["id"], 1, headers={"Accept-Language": "mr"}, tags=["rural"], attending=2)
    receipt = answer.json()
    assert (answer.status_code, receipt["status"], receipt["frozen"]) == (201, "submitted", False)
    assert len(receipt["ticket"]) == 16
    assert receipt["ticket"].isdecimal()
    chosen = receipt["choices"][0]
    assert (chosen["rank"], chosen["event"], chosen["days"]) == (1, 1, [day(30), day(31)])
    assert chosen["venue_name"]["mr"] == "गुरुवारचा आठवडे बाजार, बारामती"
    assert (receipt["closes_at"], receipt["categories"]) == (call["closes_at"], ["food"])
    assert f"printf '%s:%s' SEED {receipt['ticket']} | sha256sum" in receipt["how_to_check"]
    assert "सोडत" in receipt["how_to_check"]
    read = await house.ask("GET", f"/applications/{receipt['id']}", headers={"Accept-Language": "mr"}, **leader(1))
    assert read.json() == receipt


async def test_the_same_group_applies_once_and_is_told_how_to_change_it(house: House) -> None:
    await knows(house, 1)
    call = (await opened(house))["id"]
    first = await apply(house, call, 1, "key-1")
    again = await apply(house, call, 1, "key-1")
    twice = await apply(house, call, 1, "key-2")
    assert (again.status_code, again.headers["idempotency-replayed"], again.json()) == (201, "true", first.json())
    assert (twice.status_code, twice.json()["code"]) == (409, "AlreadyApplied")
    assert f"PUT /v1/applications/{first.json()['id']}" in twice.json()["detail"]


async def test_of_the_same_group_at_once_one_application_stays_and_a_repeat_is_the_same_one(house: House) -> None:
    await knows(house, 1, 2)
    call = (await opened(house))["id"]
    members = await asyncio.gather(*(apply(house, call, 1, f"key-{n}") for n in range(8)))
    codes = sorted(answer.json().get("code", "") for answer in members)
    assert codes == ["", *["AlreadyApplied"] * 7]
    repeated = await asyncio.gather(*(apply(house, call, 2, "key-1") for _ in range(8)))
    assert {answer.status_code for answer in repeated} == {201}
    assert len({answer.json()["ticket"] for answer in repeated}) == 1


async def test_an_application_is_changed_withdrawn_and_brought_back_under_the_same_ticket(house: House) -> None:
    await knows(house, 1, categories=("food", "handicraft"))
    call = (await opened(house))["id"]
    receipt = (await apply(house, call, 1)).json()
    path = f"/applications/{receipt['id']}"
    both = wish(1, products=[product(1), product(1, "handicraft")])
    changed = await house.ask("PUT", path, body=both, **leader(1))
    same = await house.ask("PUT", path, body=both, **leader(1))
    gone = await house.ask("POST", f"{path}/withdraw", **leader(1))
    again = await house.ask("POST", f"{path}/withdraw", **leader(1))
    back = await house.ask("PUT", path, body=wish(1), **leader(1))
    assert [one.status_code for one in (changed, same, gone, again, back)] == [200] * 5
    assert (changed.json()["categories"], same.json()["revision"]) == (["food", "handicraft"], 2)
    assert (gone.json()["status"], back.json()["status"]) == ("withdrawn", "submitted")
    assert {one.json()["ticket"] for one in (changed, gone, back)} == {receipt["ticket"]}
    told = ["submitted", "changed", "withdrawn", "submitted"]
    assert await facts(house, receipt["id"]) == [f"{n} application-{name}" for n, name in enumerate(told, 1)]


async def test_any_ground_is_spelled_out_in_the_order_of_the_call(house: House) -> None:
    await knows(house, 1)
    grounds = [await venue(house), await venue(house, {**MARKET, "block": "4515"})]
    events = [offered(ground, day(30 + n)) for n in range(3) for ground in grounds]
    call = await house.ask("POST", "/calls", Role.DISTRICT_OFFICER, opening(*events), district="490")
    assert call.status_code == 201, call.text
    first = await apply(house, call.json()["id"], 1, choices=[4, {"any": {"block": "४५१२"}}, {"any": {"day": day(30)}}])
    assert first.status_code == 201, first.text
    assert [choice["event"] for choice in first.json()["choices"]] == [4, 1, 3, 5, 2]
    assert first.json()["asked"][1] == {"any": {"district": None, "block": "4512", "day": None}}


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"choices": [1] * 21}, 422, "TooManyChoices"),
        ({"choices": [1, 1]}, 422, "ChoiceTwice"),
        ({"choices": [2]}, 422, "UnknownEvent"),
        ({"choices": []}, 422, "InvalidRequest"),
        ({"choices": ["१"]}, 422, "InvalidRequest"),
        ({"choices": [{"any": {"block": "4515"}}]}, 422, "NoGroundFits"),
        ({"choices": [{"any": {"day": "उद्या"}}]}, 422, "InvalidRequest"),
        ({"products": [product(2)]}, 409, "ProductNotHers"),
        ({"products": [product(1, "handicraft")]}, 409, "ProductOffSale"),
        ({"products": ["no-such-product"]}, 503, "ProductNotKnownYet"),
        ({"fssai": None}, 422, "FoodLicenceMissing"),
        ({"fssai": "११५२१"}, 422, "FoodLicenceMalformed"),
        ({"tags": ["urban"]}, 409, "TagNotHeld"),
        ({"tags": ["first_stall"]}, 422, "TagNotDeclared"),
        ({"stages": ["sc"]}, 422, "UnknownStage"),
        ({"attending": 3}, 422, "InvalidRequest"),
        ({"group": group(2)}, 403, "GroupNotYours"),
        ({"phone": "9822012345"}, 422, "InvalidRequest"),
    ],
)
async def test_what_a_group_cannot_ask_for_is_refused_by_name_and_leaves_nothing(
    house: House, changed: dict[str, Any], status: int, code: str
) -> None:
    await knows(house, 1, 2, categories=("food", "handicraft"))
    await pauses(house, product(1, "handicraft"))
    call = (await opened(house))["id"]
    refused = await apply(house, call, 1, **changed)
    assert (refused.status_code, refused.json()["code"]) == (status, code), refused.text
    assert await house.database.collection("applications").count_documents({}) == 0


async def test_a_choice_that_is_none_is_one_fault_said_in_her_language(house: House) -> None:
    await knows(house, 1)
    call = (await opened(house))["id"]
    faults = {}
    for wrong in ("१", {"any": {"day": "उद्या"}}):
        refused = await apply(house, call, 1, choices=[1, wrong], headers={"Accept-Language": "mr"})
        (fault,) = refused.json()["errors"]
        faults[fault["field"]] = fault["fix"]
    assert faults == {
        "choices.1.number": "संख्या अवतरण चिन्हांशिवाय ASCII अंकांत पाठवा, जसे 24.",
        "choices.1.ground.any.day": "तारीख अशी पाठवा: 2026-11-22.",
    }


async def test_a_licence_in_devanagari_digits_is_understood(house: House) -> None:
    await knows(house, 1)
    call = (await opened(house))["id"]
    receipt = await apply(house, call, 1, fssai="११५२१०३४०००१२३")
    assert (receipt.status_code, receipt.json()["fssai"]) == (201, "11521034000123")


async def test_a_group_that_has_not_reached_the_stall_desk_is_asked_to_come_again(house: House) -> None:
    call = (await opened(house))["id"]
    refused = await apply(house, call, 1)
    assert (refused.status_code, refused.json()["code"]) == (503, "RegistryBehind")
    assert refused.headers["retry-after"] == "2"


async def test_a_group_that_a_call_is_not_meant_for_is_told_whom_it_is_meant_for(house: House) -> None:
    await knows(house, 1)
    call = (await opened(house, eligibility={"districts": ["467", "४७१"]}))["id"]
    refused = await apply(house, call, 1, headers={"Accept-Language": "mr"})
    assert (refused.status_code, refused.json()["code"]) == (409, "NotEligible")
    assert "जिल्हा" in refused.json()["detail"]
    assert "490 Pune" in refused.json()["detail"]


async def test_a_ground_whose_permission_was_withdrawn_takes_no_application(house: House) -> None:
    await knows(house, 1)
    paper = {"document": "नगरपालिकेचा आदेश", "issuer": "बारामती नगरपरिषद", "kind": "municipal_order"}
    paper |= {"valid_from": day(0), "valid_until": day(60)}
    ground = await venue(house, {**MARKET, "kind": "municipal_ground", "permissions": [paper]})
    call = (await opened(house, offered(ground)))["id"]
    permission = (await house.ask("GET", f"/venues/{ground}", **OFFICER)).json()["permissions"][0]["id"]
    path = f"/venues/{ground}/permissions/{permission}/withdraw"
    withdrawn = await house.ask("POST", path, body={"reason": "निवडणुकीसाठी मैदान लागणार आहे"}, **OFFICER)
    assert withdrawn.status_code == 200, withdrawn.text
    refused = await apply(house, call, 1)
    assert (refused.status_code, refused.json()["code"]) == (409, "GroundNotUsable")


async def test_a_group_sees_its_own_applications_and_an_officer_those_of_her_area(house: House) -> None:
    await knows(house, 1, 2)
    call = (await opened(house))["id"]
    mine, hers = [(await apply(house, call, number)).json()["id"] for number in (1, 2)]
    listed = {
        name: {one["id"] for one in (await house.ask("GET", f"/applications?call={call}", **who)).json()["items"]}
        for name, who in {"mine": leader(1), "officer": OFFICER, "elsewhere": {**OFFICER, "block": "4515"}}.items()
    }
    assert listed == {"mine": {mine}, "officer": {mine, hers}, "elsewhere": set()}
    assert (await house.ask("GET", f"/applications/{hers}", **leader(1))).status_code == 404
    assert (await house.ask("PUT", f"/applications/{hers}", body=wish(1), **leader(1))).status_code == 404
    assert (await house.ask("GET", "/applications", Role.BUYER)).json()["items"] == []
    of_group = await house.ask("GET", f"/applications?group={group(2)}&status=submitted", **OFFICER)
    assert [one["id"] for one in of_group.json()["items"]] == [hers]


async def test_the_officer_who_opened_a_call_reads_what_groups_of_other_blocks_sent_to_it(house: House) -> None:
    await knows(house, 2, block="4515")
    call = (await opened(house))["id"]
    hers = (await apply(house, call, 2)).json()
    assert (hers["district"], hers["block"]) == ("490", "4515")
    for who in (OFFICER, {**OFFICER, "block": "4515"}):
        listed = await house.ask("GET", f"/applications?call={call}", **who)
        assert [one["id"] for one in listed.json()["items"]] == [hers["id"]]
        assert (await house.ask("GET", f"/applications/{hers['id']}", **who)).status_code == 200
    elsewhere = {**OFFICER, "block": "4514"}
    assert (await house.ask("GET", f"/applications/{hers['id']}", **elsewhere)).status_code == 404


async def test_before_the_opening_and_after_the_close_nothing_comes_in(house: House) -> None:
    await knows(house, 1, 2)
    early = (await opened(house, opens_at=at(0.5)))["id"]
    assert (await apply(house, early, 1)).json()["code"] == "CallNotOpenYet"
    call = (await opened(house))["id"]
    receipt = (await apply(house, call, 1, "key-1")).json()
    await closes(house, call)
    path = f"/applications/{receipt['id']}"
    late = [
        await apply(house, call, 2),
        await house.ask("PUT", path, body=wish(1, attending=2), **leader(1)),
        await house.ask("POST", f"{path}/withdraw", **leader(1)),
    ]
    assert [(one.status_code, one.json()["code"]) for one in late] == [(409, "CallClosed")] * 3
    assert (await apply(house, call, 1, "key-1")).json()["ticket"] == receipt["ticket"]
    assert (await house.ask("GET", path, **leader(1))).json()["frozen"] is True
