"""Sentences about reading demand: levels, hours and days add up exactly, and everybody sees her own part."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.orders.demand.streams import DEMAND
from services.orders.wiring import SERVICE
from shared.scope import Role
from shared.streaming.measures import Generation
from shared.streaming.sink import Row, Sink
from shared.streaming.spans import hour_of
from tests.integration.houses import House, house

PUNE, BARAMATI, HAVELI, NAGPUR = "490", "4512", "4516", "484"
SAVITRI, JIJAU = "savitri-gat", "jijau-gat"
DAY = datetime.fromisoformat("2026-11-21T00:00:00+05:30")
PLACES = ((PUNE, BARAMATI, SAVITRI), (PUNE, HAVELI, JIJAU), (PUNE, None, SAVITRI), (NAGPUR, "4141", JIJAU))
PRODUCTS = ("उडीद-पापड", "हळद")
HOURS = (0, 9, 23, 24, 33)
SPAN = {"from": "2026-11-21", "to": "2026-11-22"}

Rows = list[dict[str, Any]]


def rows(tenant: str = "27") -> list[Row]:
    """Two partial figures for each product, place and hour, and one of orders that all fell through."""
    made, number = [], 0
    for product in PRODUCTS:
        for district, block, seller in PLACES:
            for hour in HOURS:
                for part in ("0.1", "3.7"):
                    number += 1
                    at = hour_of(DAY + timedelta(hours=hour))
                    where = {"tenant": tenant, "product": f"{product}-{seller}", "seller": seller, "hour": at}
                    counts = {"units": number, "paise": number * 4_500}
                    fields = {**where, "district": district, "block": block, **counts}
                    made.append(Row(f"{part}|{tenant}|{product}|{block}|{hour}", 1, fields))
    gone = {**made[0].fields, "product": "सगळे-रद्द", "units": 0, "paise": 0}
    return [*made, Row("gone", 4, gone)]


@pytest.fixture
async def desk() -> AsyncIterator[House]:
    async with house(SERVICE) as found:
        sink = Sink(found.running.database, Generation(found.running.settings, "orders", DEMAND, 1))
        await sink.prepare()
        await sink.write([*rows(), *rows("09")])
        yield found


async def asked(desk: House, role: Role = Role.MISSION_MANAGER, claims: Any = None, **query: str) -> Rows:
    """All pages."""
    found: Rows = []
    cursor = ""
    while True:
        text = "&".join(f"{name}={value}" for name, value in {**SPAN, **query}.items() if value)
        answer = await desk.get(f"/v1/demand?{text}{cursor}", role, **(claims or {}))
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        if (following := answer.json()["next_cursor"]) is None:
            return found
        cursor = f"&cursor={following}"


def total(rows_: Rows, *by: str) -> dict[tuple[str, ...], tuple[int, int]]:
    found: dict[tuple[str, ...], tuple[int, int]] = {}
    for row in rows_:
        key = tuple(str(row[name]) for name in by)
        units, paise = found.get(key, (0, 0))
        found[key] = (units + row["units"], paise + row["paise"])
    return found


async def test_blocks_add_up_to_districts_districts_to_the_state_and_hours_to_days(desk: House) -> None:
    expected = sum(row.fields["units"] for row in rows())
    blocks, districts = await asked(desk, level="block"), await asked(desk, level="district")
    state, hours = await asked(desk, level="state"), await asked(desk, level="state", by="hour")
    assert total(blocks, "from", "product", "district") == total(districts, "from", "product", "district")
    assert total(districts, "from", "product") == total(state, "from", "product")
    assert total(hours, "product") == total(state, "product")
    assert total(state) == total(hours) == {(): (expected, expected * 4_500)}
    assert {row["block"] for row in blocks} == {BARAMATI, HAVELI, "4141", None}
    assert {(row["district"], row["block"]) for row in state} == {(None, None)}
    assert "सगळे-रद्द" not in {row["product"] for row in blocks}


async def test_days_and_hours_are_those_of_india(desk: House) -> None:
    days = sorted({(row["from"], row["to"]) for row in await asked(desk)})
    assert days == [
        ("2026-11-21T00:00:00+05:30", "2026-11-22T00:00:00+05:30"),
        ("2026-11-22T00:00:00+05:30", "2026-11-23T00:00:00+05:30"),
    ]
    night: dict[str, Any] = {"from": "2026-11-20T18:30:00Z", "to": "2026-11-21T01:00:00%2B05:30"}
    hours = {(row["from"], row["to"]) for row in await asked(desk, by="hour", **night)}
    assert hours == {("2026-11-21T00:00:00+05:30", "2026-11-21T01:00:00+05:30")}


async def test_pages_follow_each_other_without_a_gap_or_a_repeat(desk: House) -> None:
    whole = await asked(desk, level="block", by="hour", limit="200")
    paged = await asked(desk, level="block", by="hour", limit="7")
    assert whole == paged
    assert len(whole) == len(PRODUCTS) * len(PLACES) * len(HOURS)
    assert [row["from"] for row in whole] == sorted(row["from"] for row in whole)


async def test_an_officer_sees_her_area_a_group_its_own_products_and_another_state_nothing(desk: House) -> None:
    district = await asked(desk, Role.DISTRICT_OFFICER, {"district": PUNE}, level="block")
    assert {row["district"] for row in district} == {PUNE}
    block = await asked(desk, Role.BLOCK_OFFICER, {"district": PUNE, "block": HAVELI}, level="block")
    assert {row["block"] for row in block} == {HAVELI}
    leader = await asked(desk, Role.GROUP_LEADER, {"groups": [SAVITRI]}, level="block")
    assert {row["product"] for row in leader} == {f"{product}-{SAVITRI}" for product in PRODUCTS}
    assert await asked(desk, Role.DEPARTMENT) == await asked(desk, Role.ADMIN) == await asked(desk)
    assert await asked(desk, claims={"state": "29"}) == []
    elsewhere = await desk.get(f"/v1/demand?district={NAGPUR}", Role.BLOCK_OFFICER, district=PUNE, block=HAVELI)
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "OutsideArea")


async def test_narrowed_to_a_product_or_a_block_only_that_remains(desk: House) -> None:
    product = f"{PRODUCTS[1]}-{SAVITRI}"
    assert {row["product"] for row in await asked(desk, product=product)} == {product}
    assert {row["block"] for row in await asked(desk, level="block", block=BARAMATI)} == {BARAMATI}


async def test_an_older_value_that_comes_late_never_replaces_a_newer_one(desk: House) -> None:
    sink = Sink(desk.running.database, Generation(desk.running.settings, "orders", DEMAND, 1))
    newer, older = (replace(rows()[0], key="उशिरा", changes=changes) for changes in (5, 4))
    for row, units in ((newer, 50), (older, 40)):
        await sink.write([replace(row, fields={**row.fields, "units": units})])
    found = await sink.figures.find_one({"_id": "उशिरा"})
    assert found is not None
    assert (found["units"], found["changes"]) == (50, 5)


@pytest.mark.parametrize("role", [Role.BUYER, Role.INSTITUTION])
async def test_buyers_are_not_told(desk: House, role: Role) -> None:
    answer = await desk.get("/v1/demand", role)
    assert (answer.status_code, answer.json()["code"]) == (403, "Forbidden")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("from=yesterday", "BadMoment"),
        ("from=2026-11-21T09:00:00", "BadMoment"),
        ("from=2026-02-30", "BadMoment"),
        ("from=0001-01-01", "YearOutOfRange"),
        ("from=1999-12-31&to=2000-01-02", "YearOutOfRange"),
        ("from=2100-12-31&to=2101-01-01", "YearOutOfRange"),
        ("to=9999-12-31", "YearOutOfRange"),
        ("from=2026-11-21T09:15:00%2B05:30&by=hour", "NotOnTheHour"),
        ("from=2026-11-21T09:00:00%2B05:30&by=day", "NotMidnight"),
        ("from=2026-11-22&to=2026-11-21", "SpanReversed"),
        ("from=2024-01-01&to=2026-01-01", "SpanTooLong"),
        ("from=2026-01-01&to=2026-03-01&by=hour", "SpanTooLong"),
        ("level=village", "InvalidRequest"),
        ("by=week", "InvalidRequest"),
        ("cursor=x", "BadCursor"),
        ("cursor=W3sidiI6IDF9LCAiYSJd", "BadCursor"),
    ],
)
async def test_what_cannot_be_asked_is_refused_by_name(desk: House, query: str, code: str) -> None:
    answer = await desk.get(f"/v1/demand?{query}", Role.ADMIN)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
