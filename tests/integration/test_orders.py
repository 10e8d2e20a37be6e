"""Sentences about the order service on a real MongoDB."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.orders.baskets.consumers import PRODUCTS
from services.orders.baskets.domain import KnownProduct
from services.orders.retail import commands
from services.orders.retail.consumers import RESERVATIONS
from services.orders.retail.domain import Deadlines, Order, Status, place
from services.orders.wiring import SERVICE
from shared import clock
from shared.contracts.catalog import (
    HeldLine,
    ProductListed,
    ProductPaused,
    ReservationHeld,
    ReservationRefused,
    ShortLine,
    VariantOffer,
)
from shared.decisions import Decision
from shared.ids import new_id
from shared.scope import Role
from shared.service import Timer
from shared.timers import fire
from tests.integration.houses import House, event, house
from tests.unit.orders.goods import BUYER, KNOWN, PUNE_GROUP, basket

VARIANTS = (
    VariantOffer(sku="udid-250g", unit_price_paise=12_550, tax_basis_points=500),
    VariantOffer(sku="moong-250g", unit_price_paise=11_000, tax_basis_points=500),
)
PAPAD = ProductListed(seller=PUNE_GROUP, district="490", category="papad", variants=VARIANTS)
HOME = {"district": "482", "pincode": "400050"}
LEADER: dict[str, Any] = {"sub": "person-savita", "groups": [PUNE_GROUP]}


@pytest.fixture
async def orders() -> AsyncIterator[House]:
    """The service, which has heard of papad from a group in Pune."""
    async with house(SERVICE) as found:
        await found.reacts(PRODUCTS, event(PAPAD, "papad"))
        yield found


def body(quantity: Any = 2, **changed: Any) -> dict[str, Any]:
    line = {"product_id": "papad", "sku": "udid-250g", "quantity": quantity, **changed}
    return {"lines": [line], "deliver_to": HOME}


async def placed(orders: House, buyer: str = "asha") -> str:
    answer = await orders.write("POST", "/v1/orders", Role.BUYER, body(), sub=buyer)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def held(order_id: str) -> Any:
    line = HeldLine(product_id="papad", sku="udid-250g", quantity=2, stock_left=8)
    return event(ReservationHeld(lines=(line,)), order_id)


async def test_an_order_is_placed_held_accepted_and_every_step_is_told_once(orders: House) -> None:
    answer = await orders.write("POST", "/v1/orders", Role.BUYER, body(), sub="asha")
    order = answer.json()
    assert (answer.status_code, order["status"], order["total_paise"]) == (201, "placed", 25_100)
    assert order["lines"][0]["tax_paise"] == 1_195
    await orders.reacts(RESERVATIONS, held(order["id"]))
    accepted = await orders.write("POST", f"/v1/orders/{order['id']}/accept", Role.GROUP_LEADER, **LEADER)
    assert accepted.json()["status"] == "accepted"
    told = await orders.facts("orders", order["id"])
    assert told == ["1 order-placed", "2 order-confirmed", "3 order-accepted"]


async def test_a_refused_order_says_what_is_left(orders: House) -> None:
    order_id = await placed(orders)
    line = ShortLine(product_id="papad", sku="udid-250g", quantity=2, stock_left=1)
    await orders.reacts(RESERVATIONS, event(ReservationRefused(code="NotEnoughStock", short=(line,)), order_id))
    order = (await orders.get(f"/v1/orders/{order_id}", Role.BUYER, sub="asha")).json()
    assert (order["status"], order["due_at"]) == ("refused", None)
    assert order["refusal"] == {"code": "NotEnoughStock", "short": [line.model_dump()]}


async def test_a_product_listed_changed_and_paused_in_one_batch_is_known_as_it_is_at_last(orders: House) -> None:
    await orders.reacts(PRODUCTS, event(PAPAD, "lonche"), event(ProductPaused(), "lonche", 2))
    refused = await orders.write("POST", "/v1/orders", Role.BUYER, body(product_id="lonche"))
    assert (refused.status_code, refused.json()["code"]) == (409, "ProductNotOnSale")


async def test_a_request_that_is_repeated_gets_the_same_order_marked_as_replayed(orders: House) -> None:
    first, again = [await orders.write("POST", "/v1/orders", Role.BUYER, body(), key="tap-1") for _ in range(2)]
    assert first.json() == again.json()
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
    other = await orders.write("POST", "/v1/orders", Role.BUYER, body(quantity=3), key="tap-1")
    assert (other.status_code, other.json()["code"]) == (422, "KeyReused")


async def test_twenty_taps_at_once_are_one_order(orders: House) -> None:
    taps = (orders.write("POST", "/v1/orders", Role.BUYER, body(), key="tap-1", sub="asha") for _ in range(20))
    answers = await asyncio.gather(*taps)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len((await orders.get("/v1/orders", Role.BUYER, sub="asha")).json()["items"]) == 1


async def test_when_both_sides_and_the_timer_come_at_once_the_order_ends_once(orders: House) -> None:
    order_id = await placed(orders)
    await orders.reacts(RESERVATIONS, held(order_id))
    why = {"reason": "सणासाठी उशीर होईल"}
    answers = await asyncio.gather(
        *(orders.write("POST", f"/v1/orders/{order_id}/accept", Role.GROUP_LEADER, **LEADER) for _ in range(5)),
        *(orders.write("POST", f"/v1/orders/{order_id}/cancel", Role.BUYER, why, sub="asha") for _ in range(5)),
    )
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(200) == 1
    assert statuses.count(409) == 9
    assert len(await orders.facts("orders", order_id)) == 3


async def test_an_order_that_is_due_is_cancelled_by_the_timer_and_others_are_left(orders: House) -> None:
    waiting = await placed(orders)
    past = Deadlines.after(clock.now() - timedelta(hours=1), 900, 172_800)

    async def an_hour_ago() -> Decision[Order]:
        return place(new_id(), BUYER, basket(), KNOWN, past)

    overdue = (await orders.stores[Order].create("overdue", an_hour_ago)).id
    assert await fire(orders.running, Timer(Order, commands.expire)) == 1
    cancelled = await orders.stores[Order].get(overdue)
    assert (cancelled.status, cancelled.reason) == (Status.CANCELLED, "hold-expired")
    assert (await orders.stores[Order].get(waiting)).status is Status.PLACED
    assert await fire(orders.running, Timer(Order, commands.expire)) == 0


async def test_a_list_is_read_page_by_page_newest_first(orders: House) -> None:
    made = [await placed(orders, buyer="asha") for _ in range(5)]
    await placed(orders, buyer="somebody else")
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        more = f"&cursor={cursor}" if cursor else ""
        page = (await orders.get(f"/v1/orders?limit=2{more}", Role.BUYER, sub="asha")).json()
        seen, cursor = [*seen, *(item["id"] for item in page["items"])], page["next_cursor"]
    assert len(seen) == 5
    assert set(seen) == set(made)
    placed_at = [(await orders.stores[Order].get(id_)).placed_at for id_ in seen]
    assert placed_at == sorted(placed_at, reverse=True)


async def test_a_list_is_filtered_by_status(orders: House) -> None:
    await placed(orders)
    confirmed = await placed(orders)
    await orders.reacts(RESERVATIONS, held(confirmed))
    listed = await orders.get("/v1/orders?status=confirmed", Role.GROUP_LEADER, **LEADER)
    assert [item["id"] for item in listed.json()["items"]] == [confirmed]
    assert (await orders.get("/v1/orders?status=lost", Role.BUYER)).status_code == 422


READERS: list[tuple[Role, dict[str, Any], int]] = [
    (Role.BUYER, {"sub": "asha"}, 200),
    (Role.BUYER, {"sub": "usha"}, 404),
    (Role.BUYER, {"sub": "asha", "state": "10"}, 404),
    (Role.GROUP_MEMBER, LEADER, 200),
    (Role.GROUP_LEADER, {"groups": ["another"]}, 404),
    (Role.DISTRICT_OFFICER, {"district": "490"}, 200),
    (Role.DISTRICT_OFFICER, {"district": "484"}, 404),
    (Role.MISSION_MANAGER, {}, 200),
    (Role.ADMIN, {"state": "10"}, 404),
]


@pytest.mark.parametrize(("role", "claims", "status"), READERS)
async def test_an_order_is_there_for_its_two_sides_and_their_officers(
    orders: House, role: Role, claims: dict[str, Any], status: int
) -> None:
    order_id = await placed(orders)
    assert (await orders.get(f"/v1/orders/{order_id}", role, **claims)).status_code == status
    listed = (await orders.get("/v1/orders", role, **claims)).json()["items"]
    assert [item["id"] for item in listed] == ([order_id] if status == 200 else [])


async def test_only_the_seller_accepts_and_only_buyers_order(orders: House) -> None:
    order_id = await placed(orders)
    by_buyer = await orders.write("POST", f"/v1/orders/{order_id}/accept", Role.BUYER, sub="asha")
    by_officer = await orders.write("POST", f"/v1/orders/{order_id}/cancel", Role.ADMIN, {"reason": "why not"})
    by_leader = await orders.write("POST", "/v1/orders", Role.GROUP_LEADER, body(), **LEADER)
    assert [answer.status_code for answer in (by_buyer, by_officer, by_leader)] == [403, 403, 403]
    too_early = await orders.write("POST", f"/v1/orders/{order_id}/accept", Role.GROUP_LEADER, **LEADER)
    assert (too_early.status_code, too_early.json()["code"]) == (409, "NotAcceptable")


async def test_a_new_price_is_told_in_marathi_with_the_figure(orders: House) -> None:
    headers = {**orders.signer.headers(Role.BUYER, "k"), "Accept-Language": "mr-IN, en;q=0.5"}
    answer = await orders.client.post("/v1/orders", json=body(expected_unit_paise=12_000), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "PriceChanged")
    assert answer.json()["detail"].startswith("udid-250g ची किंमत आता ₹125.50 आहे")


async def test_an_unheard_of_product_is_asked_for_again_later(orders: House) -> None:
    answer = await orders.write("POST", "/v1/orders", Role.BUYER, body(product_id="kurdai"))
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "CatalogueBehind", "2")


BAD: list[dict[str, Any]] = [
    body(quantity=0),
    body(quantity=-5),
    body(quantity=10_001),
    body(quantity=10**18),
    body(quantity="2"),
    body(quantity=2.5),
    body(quantity=True),
    body(sku="jeera-250g"),
    body(discount=5),
    {"lines": [], "deliver_to": HOME},
    {"lines": body()["lines"] * 2, "deliver_to": HOME},
    {"lines": body()["lines"] * 51, "deliver_to": HOME},
    {"lines": body()["lines"]},
    {**body(), "deliver_to": {**HOME, "pincode": "012345"}},
    {**body(), "deliver_to": {**HOME, "pincode": "४००००१"}},
    {**body(), "deliver_to": {**HOME, "district": "99999"}},
    {**body(), "deliver_to": {**HOME, "district": "9" * 5000}},
    {**body(), "deliver_to": {**HOME, "phone": "+919823456789"}},
]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: str(bad)[:60])
async def test_a_basket_that_cannot_be_is_sent_back_with_a_code_and_leaves_nothing(
    orders: House, bad: dict[str, Any]
) -> None:
    answer = await orders.write("POST", "/v1/orders", Role.BUYER, bad, sub="asha")
    assert answer.status_code == 422
    assert answer.json()["code"]
    assert answer.json()["detail"]
    assert (await orders.get("/v1/orders", Role.BUYER, sub="asha")).json()["items"] == []


async def test_what_was_learned_of_a_product_stays_one_document(orders: House) -> None:
    known = await orders.stores[KnownProduct].get("papad")
    assert (known.seller, known.on_sale, len(known.offers)) == (PUNE_GROUP, True, 2)


async def test_an_odd_id_or_status_of_an_order_is_refused_and_breaks_nothing(orders: House) -> None:
    for odd in ("[" * 1_400, "%ED%A0%80", "%00"):
        read = await orders.get(f"/v1/orders/{odd}", Role.BUYER, sub="asha")
        accepted = await orders.write("POST", f"/v1/orders/{odd}/accept", Role.GROUP_LEADER, None, **LEADER)
        by_status = await orders.get(f"/v1/orders?status={odd}", Role.BUYER, sub="asha")
        wanted = 422 if len(odd) > 200 else 404
        assert (read.status_code, accepted.status_code, by_status.status_code) == (wanted, wanted, 422), odd[:9]
