"""Every no has a code, and a sentence in the caller's language that says what to do."""

import re
from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.journeys.people import PUNE, Body, Market, Shop
from tests.processes import until

Ask = Callable[[Market, Shop, str], Awaitable[httpx.Response]]
DEVANAGARI = re.compile(r"[ऀ-ॿ]")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture(scope="session")
async def shop(market: Market) -> Shop:
    return await market.shop(stock=7)


async def a_new_price(market: Market, shop: Shop, language: str) -> httpx.Response:
    return await market.buyer().order(shop.line(expected_unit_paise=8_500), accept_language=language)


async def an_unheard_of_product(market: Market, shop: Shop, language: str) -> httpx.Response:
    line = {**shop.line(), "product_id": "01a14e12-00c0-7fb3-8eb7-ffa80e6445a8"}
    return await market.buyer().order(line, accept_language=language)


async def two_sellers(market: Market, shop: Shop, language: str) -> httpx.Response:
    other = await market.shop()
    return await market.buyer().order(shop.line(), other.line(), accept_language=language)


async def a_second_cancel(market: Market, shop: Shop, language: str) -> httpx.Response:
    buyer = market.buyer()
    path, why = f"/orders/{(await buyer.order(shop.line())).json()['id']}/cancel", {"reason": "नको आता"}
    await buyer.does("POST", path, why)
    return await buyer.post(path, why, accept_language=language)


async def fields_to_mend(market: Market, shop: Shop, language: str) -> httpx.Response:
    return await market.buyer().order({"product_id": 7, "sku": "", "quantity": "दोन"}, accept_language=language)


async def a_key_used_twice(market: Market, shop: Shop, language: str) -> httpx.Response:
    buyer = market.buyer()
    await buyer.order(shop.line(expected_unit_paise=9_000), key="tap-1")
    return await buyer.order(shop.line(2), key="tap-1", accept_language=language)


async def a_place_of_another_officer(market: Market, shop: Shop, language: str) -> httpx.Response:
    body = {"programme": "umed", "code": "MH-1", "names": {"mr": "जिजाऊ गट"}, "district": PUNE, "block": "4512"}
    return await market.officer("484").post("/groups", body, accept_language=language)


async def a_role_that_may_not(market: Market, shop: Shop, language: str) -> httpx.Response:
    return await shop.leader.order(shop.line(), accept_language=language)


async def a_missing_key(market: Market, shop: Shop, language: str) -> httpx.Response:
    return await market.buyer().client.post("/orders", json={}, headers={"Accept-Language": language})


REFUSALS: dict[str, tuple[Ask, int, str]] = {
    "PriceChanged": (a_new_price, 409, "₹90"),
    "CatalogueBehind": (an_unheard_of_product, 503, "01a14e12-00c0-7fb3-8eb7-ffa80e6445a8"),
    "OneSellerABasket": (two_sellers, 409, "2"),
    "NotCancellable": (a_second_cancel, 409, "cancelled"),
    "InvalidRequest": (fields_to_mend, 422, "3"),
    "KeyReused": (a_key_used_twice, 422, "Idempotency-Key"),
    "OutsideArea": (a_place_of_another_officer, 403, "484"),
    "Forbidden": (a_role_that_may_not, 403, "group_leader"),
    "IdempotencyKeyMissing": (a_missing_key, 400, "Idempotency-Key"),
}


@pytest.mark.parametrize("code", REFUSALS)
@pytest.mark.parametrize("language", ["mr", "hi", "en"])
async def test_a_refusal_says_why_and_what_to_do_in_the_language_of_the_caller(
    market: Market, shop: Shop, code: str, language: str
) -> None:
    ask, status, holds = REFUSALS[code]
    answer = await ask(market, shop, f"{language}-IN, *;q=0.1")
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code), problem
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.headers["content-language"] == language
    assert bool(DEVANAGARI.search(problem["detail"])) is (language != "en")
    assert holds in problem["detail"]
    assert UUID.fullmatch(problem["request_id"])
    assert answer.headers["x-request-id"] == problem["request_id"]


async def test_a_new_price_comes_with_the_figure_to_agree_to(market: Market) -> None:
    shop = await market.shop()
    changed = [{**shop.product["variants"][0], "unit_price_paise": 9_550}]
    await shop.leader.does("PATCH", f"/products/{shop.product_id}", {"variants": changed})
    buyer = market.buyer()
    problem: Body = {}

    async def refused() -> bool:
        problem.update((await buyer.order(shop.line(expected_unit_paise=9_000))).json())
        return "code" in problem

    await until(refused, what="the new price has reached the order desk")
    assert (problem["code"], problem["params"]["unit_price_paise"]) == ("PriceChanged", 9_550)
    assert "₹95.50" in problem["detail"]
    assert (await buyer.order(shop.line(expected_unit_paise=9_550))).status_code == 201


async def test_what_is_not_known_yet_is_asked_for_again_in_two_seconds(market: Market, shop: Shop) -> None:
    answer = await an_unheard_of_product(market, shop, "mr")
    assert answer.headers["retry-after"] == "2"


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("mr", "बचत हाट: ऑर्डर {order} होऊ शकली नाही. मागितले 8 नग, शिल्लक 7."),
        ("hi", "बचत हाट: ऑर्डर {order} नहीं हो सका। माँगे 8 नग, बचे 7।"),
        ("en", "Bachat Haat: order {order} could not be made. Asked for 8, left 7."),
    ],
)
async def test_too_much_is_refused_with_what_is_left_in_the_order_and_on_the_phone(
    market: Market, language: str, says: str
) -> None:
    shop, buyer, her_phone = await market.shop(stock=7), market.buyer(), market.number()
    await buyer.leaves_number(buyer.party, language, her_phone)
    order = (await buyer.order(shop.line(8))).json()
    refused = await buyer.sees(order["id"], "refused")
    short = {"product_id": shop.product_id, "sku": "UDID-200", "quantity": 8, "stock_left": 7}
    assert refused["refusal"] == {"code": "NotEnoughStock", "short": [short]}
    assert (await market.texts(her_phone, 1))[0].startswith(says.format(order=order["id"][-6:].upper()))
    await shop.has(on_hand=7, held=0, sold=0)


async def test_each_field_that_is_wrong_is_named_with_the_way_to_mend_it(market: Market, shop: Shop) -> None:
    problem = (await fields_to_mend(market, shop, "mr")).json()
    faults = {fault["field"]: fault for fault in problem["errors"]}
    assert set(faults) == {"lines.0.product_id", "lines.0.sku", "lines.0.quantity"}
    assert all(fault["rule"] and DEVANAGARI.search(fault["fix"]) for fault in faults.values())
