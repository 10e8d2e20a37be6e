"""A shaky line: whatever is sent again is done once."""

import asyncio

import pytest

from tests.journeys.people import Market, Shop


@pytest.fixture(scope="session")
async def shop(market: Market) -> Shop:
    return await market.shop(stock=500)


async def test_the_same_request_again_is_answered_the_same_and_marked(market: Market, shop: Shop) -> None:
    buyer = market.buyer()
    first, again = [await buyer.order(shop.line(2), key="tap-1") for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["id"] == first.json()["id"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert len((await buyer.reads("/orders"))["items"]) == 1


async def test_a_cancel_sent_again_is_answered_as_the_first_was(market: Market, shop: Shop) -> None:
    buyer = market.buyer()
    order_id = (await buyer.order(shop.line())).json()["id"]
    path, why = f"/orders/{order_id}/cancel", {"reason": "चुकून मागवले"}
    first, again = [await buyer.post(path, why, key="cancel-1") for _ in range(2)]
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == first.json()


async def test_the_same_key_for_another_order_is_refused_and_nothing_is_made(market: Market, shop: Shop) -> None:
    buyer = market.buyer()
    await buyer.order(shop.line(2), key="tap-1")
    other = await buyer.order(shop.line(3), key="tap-1")
    assert (other.status_code, other.json()["code"]) == (422, "KeyReused")
    assert [order["lines"][0]["quantity"] for order in (await buyer.reads("/orders"))["items"]] == [2]


async def test_the_same_key_of_two_buyers_makes_two_orders(market: Market, shop: Shop) -> None:
    answers = [await market.buyer().order(shop.line(), key="tap-1") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert len({answer.json()["id"] for answer in answers}) == 2


async def test_twenty_taps_at_once_make_one_order_and_hold_its_stock_once(market: Market) -> None:
    shop, buyer = await market.shop(stock=50), market.buyer()
    answers = await asyncio.gather(*(buyer.order(shop.line(2), key="tap-1") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    await buyer.sees(answers[0].json()["id"], "confirmed")
    await shop.has(on_hand=50, held=2, sold=0)
    assert len((await buyer.reads("/orders"))["items"]) == 1


async def test_twenty_cancels_at_once_release_the_stock_once(market: Market) -> None:
    shop, buyer = await market.shop(stock=50), market.buyer()
    order_id = (await buyer.order(shop.line(5))).json()["id"]
    await buyer.sees(order_id, "confirmed")
    path, why = f"/orders/{order_id}/cancel", {"reason": "उशीर होईल"}
    answers = await asyncio.gather(*(buyer.post(path, why) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 19
    await shop.has(on_hand=50, held=0, sold=0)
