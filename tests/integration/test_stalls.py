"""Venues, their papers and calendars over HTTP on a real MongoDB."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.stalls.wiring import SERVICE
from shared.scope import Role
from tests.integration.serving import House, served

OFFICER: dict[str, Any] = {"role": Role.BLOCK_OFFICER, "district": "490", "block": "4512"}
GROUND: dict[str, Any] = {
    "kind": "school_ground",
    "owner": "जिल्हा परिषद पुणे",
    "names": {"mr": "जिल्हा परिषद शाळेचे मैदान, माळेगाव"},
    "district": "490",
    "block": "4512",
    "stalls": 40,
    "facilities": ["water", "toilet"],
    "permissions": [
        {
            "kind": "school_committee_consent",
            "document": "शाळा व्यवस्थापन समितीची संमती",
            "issuer": "जिल्हा परिषद शाळा, माळेगाव",
            "valid_from": "2026-10-01",
            "valid_until": "2026-12-31",
        }
    ],
}
ORDER = {
    "kind": "zilla_parishad_order",
    "document": "जिल्हा परिषदेचा आदेश",
    "issuer": "जिल्हा परिषद पुणे",
    "valid_from": "2026-11-01",
    "valid_until": "2027-03-31",
}
PUNE: dict[str, Any] = {"role": Role.DISTRICT_OFFICER, "district": "490"}
SOLAPUR: dict[str, Any] = {"role": Role.DISTRICT_OFFICER, "district": "491"}
REASON = {"reason": "मैदानावर परीक्षा केंद्र"}
HOLIDAYS_2026 = [
    {"date": "2026-01-26", "kind": "holiday", "names": {"mr": "प्रजासत्ताक दिन", "hi": "गणतंत्र दिवस"}},
    {"date": "2026-08-15", "kind": "holiday", "names": {"mr": "स्वातंत्र्य दिन"}},
    {"date": "2026-10-02", "kind": "holiday", "names": {"mr": "महात्मा गांधी जयंती"}},
    {"date": "2026-12-25", "kind": "holiday", "names": {"mr": "नाताळ"}},
    {"date": "2026-12-06", "kind": "exam", "names": {"mr": "शिष्यवृत्ती परीक्षा"}},
]


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
    assert [fact["type"] for fact in doc["outbox"]] == [
        "in.bachathaat.stalls.venue-registered.v1",
        "in.bachathaat.stalls.permission-filed.v1",
    ]


async def test_another_state_sees_no_venue(house: House) -> None:
    venue = (await house.ask("POST", "/venues", body=GROUND, **OFFICER)).json()["id"]
    assert (await house.ask("GET", f"/venues/{venue}", Role.ADMIN, state="5")).status_code == 404
    assert (await house.ask("GET", "/venues", Role.ADMIN, state="5")).json()["items"] == []


@pytest.mark.parametrize(
    "wrong", [{"stalls": 0}, {"stalls": 513}, {"stalls": "४०"}, {"kind": "मैदान"}, {"facilities": ["wifi"]}, {"x": 1}]
)
async def test_what_a_venue_cannot_be_is_refused_by_field(house: House, wrong: dict[str, object]) -> None:
    refused = await house.ask("POST", "/venues", body={**GROUND, **wrong}, **OFFICER)
    assert (refused.status_code, refused.json()["code"]) == (422, "InvalidRequest")
    assert refused.json()["errors"][0]["field"].startswith(next(iter(wrong)))


@pytest.mark.parametrize("wrong", ["२०२६-११-०१", "2026-11-31", "1-11-2026", 1793491200, "1793491200", None])
async def test_a_day_in_devanagari_digits_or_seconds_is_no_date_and_what_is_one_is_shown(
    house: House, wrong: object
) -> None:
    venue = (await house.ask("POST", "/venues", body=GROUND, **OFFICER)).json()["id"]
    body = {**ORDER, "valid_from": wrong}
    mr = {"Accept-Language": "mr"}
    refused = await house.ask("POST", f"/venues/{venue}/permissions", body=body, headers=mr, **OFFICER)
    assert (refused.status_code, refused.json()["code"]) == (422, "InvalidRequest")
    assert [fault["field"] for fault in refused.json()["errors"]] == ["valid_from"]
    assert refused.json()["errors"][0]["fix"] == "तारीख अशी पाठवा: 2026-11-22."
    asked = await house.ask("GET", f"/venues/{venue}/use?date={wrong}", Role.GROUP_LEADER, headers=mr)
    assert (asked.status_code, asked.json()["errors"][0]["field"]) == (422, "date")


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


async def used(house: House, venue: str, day: str, language: str = "en") -> tuple[bool, list[str], list[str]]:
    """Whether it may, the codes of what is missing, and its sentences."""
    asked = {"Accept-Language": language}
    answer = await house.ask("GET", f"/venues/{venue}/use?date={day}", Role.GROUP_MEMBER, headers=asked)
    body = answer.json()
    assert (answer.status_code, body["venue"], body["date"]) == (200, venue, day)
    missing = body["missing"]
    return body["may"], [lack["code"] for lack in missing], [lack["detail"] for lack in missing]


async def test_the_answer_whether_a_ground_may_be_used_names_all_that_is_missing_until_nothing_is(
    house: House,
) -> None:
    venue = (await house.ask("POST", "/venues", body=GROUND, **OFFICER)).json()["id"]
    may, codes, sentences = await used(house, venue, "2026-12-25", "mr")
    assert (may, codes) == (False, ["CalendarNotDeclared", "NeitherSundayNorHoliday", "ZillaParishadOrderMissing"])
    assert sentences[2] == "2026-12-25 रोजी लागू असलेला जिल्हा परिषदेचा आदेश नोंदीत नाही."
    declared = await house.ask("PUT", "/calendars/490/2026", body={"days": HOLIDAYS_2026}, **PUNE)
    filed = await house.ask("POST", f"/venues/{venue}/permissions", body=ORDER, **PUNE)
    assert (declared.status_code, filed.status_code) == (200, 201)
    assert filed.json()["permissions"][1].items() > ORDER.items()
    assert await used(house, venue, "2026-12-25") == (True, [], [])
    assert (await used(house, venue, "2026-12-06"))[1] == ["ExamDay"]
    assert (await used(house, venue, "2026-12-07"))[1] == ["NeitherSundayNorHoliday"]
    assert (await used(house, venue, "2027-01-03"))[1] == ["CalendarNotDeclared", "SchoolConsentMissing"]


async def test_a_withdrawn_permission_is_missing_at_once_and_told_once(house: House) -> None:
    both = {**GROUND, "permissions": [*GROUND["permissions"], ORDER]}
    venue = (await house.ask("POST", "/venues", body=both, **OFFICER)).json()
    path = f"/venues/{venue['id']}/permissions/{venue['permissions'][0]['id']}/withdraw"
    await house.ask("PUT", "/calendars/490/2026", body={"days": HOLIDAYS_2026}, **PUNE)
    assert (await used(house, venue["id"], "2026-11-22"))[0]
    elsewhere = await house.ask("POST", path, body=REASON, **SOLAPUR)
    other_state = await house.ask("POST", path, Role.ADMIN, REASON, state="5")
    buyer = await house.ask("POST", path, Role.BUYER, REASON)
    assert [answer.status_code for answer in (elsewhere, other_state, buyer)] == [403, 404, 403]
    assert elsewhere.json()["code"] == "OutsideArea"
    first = await house.ask("POST", path, body=REASON, **PUNE)
    again = await house.ask("POST", path, body={"reason": "दुसरे कारण"}, **OFFICER)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["permissions"][0]["withdrawn_reason"] == REASON["reason"]
    assert (await used(house, venue["id"], "2026-11-22"))[1] == ["SchoolConsentMissing"]
    doc = await house.database.collection("venues").find_one({"_id": venue["id"]})
    assert doc is not None
    assert [fact["name"] for fact in doc["outbox"]].count("permission-withdrawn") == 1


async def test_a_permission_that_is_not_on_file_cannot_be_withdrawn(house: House) -> None:
    venue = (await house.ask("POST", "/venues", body=GROUND, **OFFICER)).json()["id"]
    for odd in ("p-1", "%00", "१"):
        gone = await house.ask("POST", f"/venues/{venue}/permissions/{odd}/withdraw", body=REASON, **OFFICER)
        assert (gone.status_code, gone.json()["code"]) == (404, "PermissionUnknown"), odd
    nowhere = await house.ask("GET", f"/venues/{venue}x/use?date=2026-11-22", Role.BUYER)
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "NotFound")


async def test_a_calendar_is_declared_by_its_district_and_read_by_everybody_of_the_state(house: House) -> None:
    body = {"days": HOLIDAYS_2026}
    for who in (SOLAPUR, OFFICER, {"role": Role.BUYER}):
        assert (await house.ask("PUT", "/calendars/490/2026", body=body, **who)).status_code == 403, who
    first = await house.ask("PUT", "/calendars/490/2026", body=body, key="key-1", **PUNE)
    again = await house.ask("PUT", "/calendars/490/2026", body=body, key="key-1", **PUNE)
    assert (first.status_code, again.json()) == (200, first.json())
    read = await house.ask("GET", "/calendars/490/2026", Role.BUYER)
    assert [day["date"] for day in read.json()["days"]] == sorted(str(day["date"]) for day in HOLIDAYS_2026)
    assert read.json()["days"][0]["names"]["hi"] == "गणतंत्र दिवस"
    fewer = await house.ask("PUT", "/calendars/490/2026", body={"days": HOLIDAYS_2026[:1]}, **PUNE)
    assert len(fewer.json()["days"]) == 1
    assert (await house.ask("GET", "/calendars/490/2026", Role.ADMIN, state="5")).status_code == 404
    silent = await house.ask("GET", "/calendars/490/2027", Role.BUYER)
    assert (silent.status_code, silent.json()["code"]) == (404, "NoCalendar")
    assert silent.json()["detail"] == "The district 490 Pune has declared no calendar for 2027 yet."


@pytest.mark.parametrize(
    ("path", "day", "status", "code"),
    [
        ("490/2026", {"date": "२०२६-०१-२६"}, 422, "InvalidRequest"),
        ("490/2026", {"date": "2027-01-26"}, 422, "DayOfAnotherYear"),
        ("490/2026", {"kind": "सुट्टी"}, 422, "InvalidRequest"),
        ("490/2026", {"names": {"en": "Republic Day"}}, 422, "LocalTextMissing"),
        ("490/1999", {}, 422, "InvalidRequest"),
        ("490/२०२६", {}, 422, "InvalidRequest"),
        ("191/2026", {}, 422, "UnknownPlace"),
        ("४९०/2026", {}, 422, "UnknownPlace"),
    ],
)
async def test_what_no_calendar_can_hold_is_refused_by_name(
    house: House, path: str, day: dict[str, object], status: int, code: str
) -> None:
    body = {"days": [{**HOLIDAYS_2026[0], **day}]}
    refused = await house.ask("PUT", f"/calendars/{path}", Role.ADMIN, body)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


async def test_two_first_words_on_a_year_at_once_leave_one_of_them_whole(house: House) -> None:
    bodies = [{"days": [day]} for day in HOLIDAYS_2026]
    answers = await asyncio.gather(*(house.ask("PUT", "/calendars/490/2026", body=body, **PUNE) for body in bodies * 2))
    assert {answer.status_code for answer in answers} == {200}
    kept = (await house.ask("GET", "/calendars/490/2026", Role.BUYER)).json()["days"]
    assert [day["date"] for day in kept] in [[body["days"][0]["date"]] for body in bodies]
