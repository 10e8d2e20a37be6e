"""A folder of an earlier release, killed in the middle, under today's code: nothing is lost, all of it is finished."""

import base64
import json
from collections import Counter
from typing import Any

import httpx
import pytest
from pymongo import AsyncMongoClient

from tests import frozen
from tests.journeys.people import Market, Person, Shop
from tests.processes import until

Story = dict[str, Any]
Rows = list[dict[str, Any]]
ON_HAND, HELD_BEFORE, SOLD = 97, 3, 3  # of a hundred three were sold; two and one stood confirmed


@pytest.fixture(scope="session")
def before(market: Market) -> Story:
    return frozen.story(market.system.folder)


@pytest.fixture(scope="session")
def buyer(market: Market, before: Story) -> Person:
    return market.buyer(sub=before["settled"]["buyer"])


@pytest.fixture(scope="session")
def shop(market: Market, before: Story) -> Shop:
    group = before["shop"]["group"]
    return Shop(group, market.leader(group), before["shop"]["product"])


async def rows(market: Market, service: str, collection: str, **where: Any) -> Rows:
    known = market.system.known
    async with AsyncMongoClient[dict[str, Any]](known.mongodb) as client:
        return await client[f"{known.namespace}{service}"][collection].find(where).to_list()


@pytest.fixture(scope="session")
async def in_flight(market: Market, shop: Shop, before: Story) -> dict[str, str]:
    """Orders that were written in the last moment, answered or not: what became of each, once nothing is awaited."""
    settled = [*before["settled"]["orders"].values(), before["unsent"]["order"]]
    mine = {"lines.product_id": shop.product_id, "_id": {"$nin": settled}}

    async def answered() -> bool:
        return all(order["status"] != "placed" for order in await rows(market, "orders", "orders", **mine))

    await until(answered, what="every order of that day is held or given up")
    return {order["_id"]: order["status"] for order in await rows(market, "orders", "orders", **mine)}


async def test_every_order_that_was_answered_before_the_kill_is_there_and_ended_as_its_stock_did(
    market: Market, shop: Shop, before: Story, in_flight: dict[str, str]
) -> None:
    assert set(before["acknowledged"]) <= set(in_flight)
    assert set(in_flight.values()) <= {"confirmed", "cancelled"}
    held = Counter(in_flight.values())["confirmed"]
    await shop.has(on_hand=ON_HAND, held=HELD_BEFORE + held, sold=SOLD)
    ends = {"confirmed": "held", "cancelled": "released"}
    for order_id, status in in_flight.items():
        reservation = await market.system.document("catalog", "reservations", _id=order_id) or {}
        assert reservation.get("status") == ends[status]


async def test_settled_orders_read_as_they_were_and_an_old_document_is_written_in_todays_shape(
    market: Market, shop: Shop, buyer: Person, before: Story
) -> None:
    for status, order_id in before["settled"]["orders"].items():
        assert (await market.system.document("orders", "orders", _id=order_id) or {})["schema"] == 1
        assert (await buyer.reads(f"/orders/{order_id}"))["status"] == status
    old = before["settled"]["orders"]["confirmed"]
    await shop.leader.does("POST", f"/orders/{old}/accept")
    written = await market.system.document("orders", "orders", _id=old) or {}
    assert (written["schema"], written["status"], written["seller_block"]) == (2, "accepted", None)
    await buyer.sees(old, "accepted")


async def test_each_message_of_that_day_reached_the_provider_once_and_all_are_delivered(
    market: Market, before: Story, in_flight: dict[str, str]
) -> None:
    orders = [*in_flight, *before["settled"]["orders"].values(), before["unsent"]["order"]]
    of_that_day = {"order_id": {"$in": orders}}

    async def ended() -> bool:
        found = await rows(market, "notify", "notifications", **of_that_day)
        return all(row["status"] in ("delivered", "failed") for row in found)

    await until(ended, what="every message of that day has ended")
    told = {row["_id"]: row for row in await rows(market, "notify", "notifications", **of_that_day)}
    sent = Counter(message["client_ref"] for message in market.system.messages())
    assert {sent[id_] for id_, row in told.items() if row["status"] == "delivered"} == {1}
    assert {row["code"] for row in told.values() if row["status"] == "failed"} <= {"NoContact"}
    assert len(await market.texts(before["unsent"]["phone"], 1)) == 1


async def test_what_was_parked_waits_with_its_reason_and_what_follows_waits_behind(
    market: Market, before: Story
) -> None:
    for service in ("catalog", "notify"):
        waiting = await rows(market, service, "parked", key=before["parked"].encode())
        found = [(row["status"], row["code"]) for row in sorted(waiting, key=lambda row: int(row["offset"]))]
        assert found == [("poison", "DoesNotParse"), ("behind", "Behind")]


async def test_a_token_of_that_day_is_refused_and_its_key_still_signs(market: Market, before: Story) -> None:
    """It names another issuer than today's and is over; the key pair stayed in the folder."""
    old = before["settled"]["token"]
    async with httpx.AsyncClient(base_url=market.system.known.gateway) as anybody:
        answer = await anybody.get("/v1/orders", headers={"Authorization": f"Bearer {old}"})
        keys = (await anybody.get(market.system.known.jwks)).json()["keys"]
    assert answer.status_code == httpx.codes.UNAUTHORIZED
    head = old.split(".")[0]
    kid = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))["kid"]
    assert kid in {key["kid"] for key in keys}


async def test_a_product_that_was_paused_is_refused_until_it_is_listed_again(
    market: Market, buyer: Person, before: Story
) -> None:
    product = await market.officer().reads(f"/products/{before['paused']}")
    again = Shop(product["seller"], market.leader(product["seller"]), product)
    refused = await buyer.order(again.line())
    assert (refused.status_code, refused.json()["code"]) == (409, "ProductNotOnSale")
    await again.leader.does("POST", f"/products/{again.product_id}/list")
    await market.heard_of(again)
    await buyer.sees((await buyer.order(again.line())).json()["id"], "confirmed")
