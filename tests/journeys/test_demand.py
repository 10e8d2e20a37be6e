"""Demand as it is: figures equal the orders that stand and the applications that stand, whatever happened to others."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from shared.clock import INDIA
from tests.journeys.fairs import (
    BHIVAPUR,
    LICENCE,
    LONG_SECONDS,
    MALEGAON,
    Fair,
    event,
    ground,
    known,
    maker,
    opened,
    sunday,
)
from tests.journeys.people import Body, Market, Person, Shop
from tests.processes import until

PRICE = 9_000
UNDONE = {"cancelled", "refused"}
Figures = Counter[tuple[str, ...]]
LEVELS = {"block": ("product", "district", "block"), "district": ("product", "district"), "state": ("product",)}


async def pages(who: Person, path: str, **asked: Any) -> list[Body]:
    """All rows."""
    rows: list[Body] = []
    cursor: dict[str, str] = {}
    while True:
        page = await who.reads(path, **asked, **cursor)
        rows += page["items"]
        if page["next_cursor"] is None:
            return rows
        cursor = {"cursor": page["next_cursor"]}


def summed(rows: list[Body], fields: tuple[str, ...], count: str = "units") -> Figures:
    figures: Figures = Counter()
    for row in rows:
        figures[tuple(str(row[field]) for field in fields)] += row[count]
    return figures


@dataclass(frozen=True)
class Trade:
    """Two groups of Pune and Nagpur, the first with two products, and what was ordered of them."""

    pune: Shop
    second: Shop
    nagpur: Shop
    orders: list[Body]

    @property
    def products(self) -> set[str]:
        return {shop.product_id for shop in (self.pune, self.second, self.nagpur)}

    def stands(self, span: str) -> Figures:
        """Units by product and start of the hour or day, of the orders that stand."""
        figures: Figures = Counter()
        for order in self.orders:
            placed = datetime.fromisoformat(order["placed_at"]).astimezone(INDIA)
            hour = 0 if span == "day" else placed.hour
            start = placed.replace(hour=hour, minute=0, second=0, microsecond=0)
            for line in order["lines"] if order["status"] not in UNDONE else ():
                figures[line["product_id"], start.isoformat()] += line["quantity"]
        return figures


@pytest.fixture(scope="session")
async def trade(market: Market) -> Trade:
    """Nine orders: one was cancelled by its buyer, one by the group, and one refused for want of stock."""
    pune, far = await asyncio.gather(market.shop(stock=100), maker(market, BHIVAPUR))
    second = await market.on_sale(pune.leader, pune.group_id, market.officer())
    for shop in (second, far):
        await shop.counts(100)
        await market.heard_of(shop)
    buyer = market.buyer()
    baskets = [[pune.line(n), second.line(2 * n)] for n in (1, 2, 3)] + [[far.line(n)] for n in (4, 5, 6, 7)]
    placed = [(await buyer.order(*lines)).json() for lines in (*baskets, [pune.line(101)], [second.line(1)])]
    for order in placed[:-2]:
        await buyer.sees(order["id"], "confirmed")
    await buyer.sees(placed[-2]["id"], "refused")
    await buyer.does("POST", f"/orders/{placed[0]['id']}/cancel", {"reason": "चुकून मागवले"})
    await far.leader.does("POST", f"/orders/{placed[3]['id']}/cancel", {"reason": "माल संपला"})
    now = [await buyer.reads(f"/orders/{order['id']}") for order in placed]
    return Trade(pune, second, far, now)


async def test_demand_is_the_sum_of_the_orders_that_stand_by_hour_and_by_day(market: Market, trade: Trade) -> None:
    mission = market.person("mission_manager")
    for span in ("hour", "day"):
        for shop in (trade.pune, trade.second, trade.nagpur):
            expected = Counter({key: n for key, n in trade.stands(span).items() if key[0] == shop.product_id})

            async def equal(span: str = span, shop: Shop = shop, expected: Mapping[Any, int] = expected) -> bool:
                rows = await pages(mission, "/demand", by=span, product=shop.product_id)
                return all(row["paise"] == row["units"] * PRICE for row in rows) and (
                    summed(rows, ("product", "from")) == expected
                )

            await until(equal, what=f"demand by {span} equals the orders: {expected}")


async def test_blocks_add_up_to_districts_and_districts_to_the_state(market: Market, trade: Trade) -> None:
    mission = market.person("mission_manager")
    seen: dict[str, Figures] = {}

    async def adds_up() -> bool:
        for level, fields in LEVELS.items():
            seen[level] = summed(await pages(mission, "/demand", level=level, limit=200), fields)
        districts, state = (Counter[tuple[str, ...]]() for _ in range(2))
        for key, units in seen["block"].items():
            districts[key[:2]] += units
        for key, units in seen["district"].items():
            state[key[:1]] += units
        return (districts, state) == (seen["district"], seen["state"])

    await until(adds_up, what="the levels of demand add up")
    assert trade.products <= {key[0] for key in seen["state"]}
    assert (trade.nagpur.product_id, BHIVAPUR.district, BHIVAPUR.block) in seen["block"]
    assert (trade.pune.product_id, MALEGAON.district, MALEGAON.block) in seen["block"]


async def test_a_group_sees_the_demand_for_its_own_goods_and_an_officer_that_of_her_area(
    market: Market, trade: Trade
) -> None:
    async def products(who: Person, **asked: str) -> set[str]:
        return {row["product"] for row in await pages(who, "/demand", **asked)}

    async def all_counted() -> bool:
        return trade.products <= await products(market.person("mission_manager"))

    await until(all_counted, what="all of it is counted")
    assert await products(trade.pune.leader) == {trade.pune.product_id, trade.second.product_id}
    assert await products(trade.nagpur.leader) == {trade.nagpur.product_id}
    assert await products(trade.nagpur.leader, product=trade.pune.product_id) == set()
    assert await products(trade.nagpur.leader, district=MALEGAON.district) == set()
    in_pune, in_nagpur = await products(MALEGAON.officer(market)), await products(BHIVAPUR.officer(market))
    assert {trade.pune.product_id, trade.second.product_id} <= in_pune
    assert trade.nagpur.product_id in in_nagpur - in_pune
    assert await products(market.person("admin", state="5")) == set()
    refused = await market.buyer().get("/demand")
    assert (refused.status_code, refused.json()["code"]) == (403, "Forbidden")


@pytest.mark.parametrize("language", ["mr", "hi", "en"])
@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"from": "२०२६-११-२२"}, "BadMoment"),
        ({"from": "2026-11-22T10:00:00"}, "BadMoment"),
        ({"from": "2026-11-22T10:30:00+05:30", "by": "hour"}, "NotOnTheHour"),
        ({"from": "2026-11-22", "to": "2026-11-20"}, "SpanReversed"),
        ({"from": "2020-01-01", "to": "2026-01-01"}, "SpanTooLong"),
    ],
)
async def test_a_span_that_cannot_be_is_refused_in_the_language_of_the_reader(
    market: Market, language: str, asked: dict[str, str], code: str
) -> None:
    answer = await market.officer().get("/demand", headers={"Accept-Language": language}, **asked)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.headers["content-language"] == language
    assert answer.json()["detail"].startswith(("from", "to"))


async def test_the_demand_of_a_call_equals_its_applications(market: Market, board: Fair) -> None:
    cooks, weaver = await asyncio.gather(
        asyncio.gather(*(maker(market) for _ in range(4))), maker(market, category="textiles", fssai=None)
    )
    also = await market.on_sale(cooks[0].leader, cooks[0].group_id, market.officer(), category="textiles", fssai=None)
    await asyncio.gather(*(known(board, one) for one in (*cooks, weaver)))
    fair = await opened(MALEGAON.officer(market), event(await ground(market), sunday()), seconds=LONG_SECONDS)
    sent = [await fair.applied(one, 1) for one in cooks]
    await fair.applied(weaver, 1, fssai=None)
    body = {"choices": [1], "products": [cooks[0].product_id, also.product_id], "fssai": LICENCE}

    async def taken() -> bool:
        return (await cooks[0].leader.send("PUT", f"/applications/{sent[0]['id']}", body)).is_success

    await until(taken, what="her second product is known")
    for cook, application in zip(cooks[1:3], sent[1:3], strict=True):
        await cook.leader.does("POST", f"/applications/{application['id']}/withdraw")
    back = {"choices": [1], "products": [cooks[1].product_id], "fssai": LICENCE}
    await cooks[1].leader.does("PUT", f"/applications/{sent[1]['id']}", back)

    standing = [one for one in await pages(fair.officer, "/applications", call=fair.id) if one["status"] == "submitted"]
    expected = Counter((category,) for one in standing for category in one["categories"])
    assert expected == {("food",): 3, ("textiles",): 2}

    async def equal() -> bool:
        by = {span: await pages(fair.officer, f"{fair.path}/demand", by=span) for span in ("hour", "day")}
        return all(summed(rows, ("category",), "applications") == expected for rows in by.values())

    await until(equal, what=f"the demand of the call is {expected}")
    food = await pages(market.person("mission_manager"), f"{fair.path}/demand", category="food")
    assert summed(food, ("category",), "applications") == {("food",): 3}
    refused = await cooks[0].leader.get(f"{fair.path}/demand")
    assert (refused.status_code, refused.json()["code"]) == (403, "Forbidden")
