"""Venues over HTTP on a real MongoDB."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.stalls.wiring import SERVICE
from shared.scope import Role
from tests.integration.serving import House, served

OFFICER: dict[str, Any] = {"role": Role.BLOCK_OFFICER, "district": "490", "block": "4512"}
GROUND = {
    "kind": "school_ground",
    "owner": "जिल्हा परिषद पुणे",
    "names": {"mr": "जिल्हा परिषद शाळेचे मैदान, माळेगाव"},
    "district": "490",
    "block": "4512",
    "stalls": 40,
    "facilities": ["water", "toilet"],
    "permissions": [
        {
            "document": "शाळा व्यवस्थापन समितीची संमती",
            "issuer": "जिल्हा परिषद शाळा, माळेगाव",
            "valid_from": "2026-10-01",
            "valid_until": "2026-12-31",
        }
    ],
}


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with served(SERVICE) as house:
        yield house


async def test_a_venue_is_registered_once_and_found_by_district_and_kind(house: House) -> None:
    first = await house.ask("POST", "/venues", body=GROUND, key="key-1", **OFFICER)
    again = await house.ask("POST", "/venues", body=GROUND, key="key-1", **OFFICER)
    assert (first.status_code, again.json()) == (201, first.json())
    assert (first.json()["facilities"], first.json()["block"]) == (["toilet", "water"], "4512")
    read = await house.ask("GET", f"/venues/{first.json()['id']}", Role.BUYER)
    assert read.json() == first.json()
    for query, many in (
        ("", 1),
        ("?district=490&kind=school_ground", 1),
        ("?district=467", 0),
        ("?kind=route_stop", 0),
    ):
        assert len((await house.ask("GET", f"/venues{query}", Role.GROUP_MEMBER)).json()["items"]) == many, query


async def test_the_fact_of_a_venue_stands_in_the_same_document(house: House) -> None:
    venue = (await house.ask("POST", "/venues", body=GROUND, **OFFICER)).json()["id"]
    doc = await house.database.collection("venues").find_one({"_id": venue})
    assert doc is not None
    assert [fact["type"] for fact in doc["outbox"]] == ["in.bachathaat.stalls.venue-registered.v1"]


async def test_another_state_sees_no_venue(house: House) -> None:
    venue = (await house.ask("POST", "/venues", body=GROUND, **OFFICER)).json()["id"]
    assert (await house.ask("GET", f"/venues/{venue}", Role.ADMIN, state="5")).status_code == 404
    assert (await house.ask("GET", "/venues", Role.ADMIN, state="5")).json()["items"] == []


@pytest.mark.parametrize(
    "wrong", [{"stalls": 0}, {"stalls": 513}, {"kind": "मैदान"}, {"facilities": ["wifi"]}, {"x": 1}]
)
async def test_what_a_venue_cannot_be_is_refused_by_field(house: House, wrong: dict[str, object]) -> None:
    refused = await house.ask("POST", "/venues", body={**GROUND, **wrong}, **OFFICER)
    assert (refused.status_code, refused.json()["code"]) == (422, "InvalidRequest")
    assert refused.json()["errors"][0]["field"].startswith(next(iter(wrong)))


async def test_buyers_and_officers_of_elsewhere_register_nothing(house: House) -> None:
    buyer = await house.ask("POST", "/venues", Role.BUYER, GROUND)
    elsewhere = await house.ask("POST", "/venues", Role.BLOCK_OFFICER, GROUND, district="490", block="4515")
    assert (buyer.status_code, elsewhere.status_code) == (403, 403)
    assert elsewhere.json()["code"] == "OutsideArea"


async def test_an_odd_filter_or_id_of_a_venue_finds_nothing_and_breaks_nothing(house: House) -> None:
    for odd in ("[" * 1_400, "%ED%A0%80", "%00"):
        by_district = await house.ask("GET", f"/venues?district={odd}", Role.BUYER)
        by_id = await house.ask("GET", f"/venues/{odd}", Role.BUYER)
        wanted = (422, 422) if len(odd) > 200 else (200, 404)
        assert (by_district.status_code, by_id.status_code) == wanted, odd[:9]
        assert (await house.ask("GET", f"/venues?kind={odd}", Role.BUYER)).status_code == 422
