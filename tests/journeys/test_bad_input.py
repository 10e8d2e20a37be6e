"""Whatever is sent over HTTP: a stable code, a sentence of what to do, nothing kept, and the next order works."""

import json
import uuid
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.journeys.people import SKU, Body, Market, Person, Shop
from tests.journeys.shouting import shouted

TEN_MEGABYTES = 10 * 1024 * 1024
HOME = {"district": "482", "pincode": "400050"}


@pytest.fixture(scope="session")
async def shop(market: Market) -> Shop:
    return await market.shop(stock=10_000)


@pytest.fixture
async def asha(market: Market, shop: Shop) -> AsyncIterator[Person]:
    """A buyer whose bad requests left nothing, and who gets what she orders right after."""
    buyer = market.buyer()
    yield buyer
    assert (await buyer.reads("/orders"))["items"] == []
    good = await buyer.order(shop.line())
    assert good.status_code == 201, good.text
    await buyer.sees(good.json()["id"], "confirmed")


async def sent(buyer: Person, body: bytes, kind: str = "application/json") -> httpx.Response:
    headers = {"Content-Type": kind, "Idempotency-Key": str(uuid.uuid4()), "Accept-Language": "mr"}
    return await buyer.client.post("/orders", content=body, headers=headers)


def refused(answer: httpx.Response, status: int, code: str) -> Body:
    assert answer.status_code == status, answer.text
    problem: Body = answer.json()
    assert problem["code"] == code
    assert problem["detail"].endswith(".")
    assert problem["request_id"]
    return problem


UNREADABLE = {
    "cut off": b'{"lines": [{"product_id": "',
    "no JSON at all": "दोन पापड".encode(),
    "not UTF-8": b'{"lines": "\xff\xfe"}',
    "NUL": b'{"lines": "papad\\u0000"}',
    "half a surrogate pair": b'{"lines": "\\ud83d"}',
    "half a surrogate pair in a name": b'{"\\udc00": 1}',
    "nested a hundred thousand deep": b"[" * 100_000,
    "nested a hundred thousand deep and closed": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "NaN": b'{"lines": [{"quantity": NaN}]}',
    "a number of a thousand digits": b'{"lines": [{"quantity": ' + b"9" * 1000 + b"}]}",
    "the same name twice": b'{"lines": [], "lines": []}',
    "two values": b"{} {}",
}


@pytest.mark.parametrize("what", UNREADABLE)
async def test_a_body_that_cannot_be_read_is_sent_back(asha: Person, what: str) -> None:
    refused(await sent(asha, UNREADABLE[what]), 400, "MalformedJson")


async def test_a_body_of_another_kind_is_sent_back(asha: Person) -> None:
    refused(await sent(asha, b"lines=papad", "application/x-www-form-urlencoded"), 415, "WrongContentType")


WRONG_SHAPES = {
    "nothing": b"",
    "a list": b"[]",
    "a text": '"पापड"'.encode(),
    "null": b"null",
    "no lines": json.dumps({"lines": [], "deliver_to": HOME}).encode(),
    "lines that are a text": json.dumps({"lines": "papad", "deliver_to": HOME}).encode(),
    "a field nobody knows": json.dumps({"lines": [], "deliver_to": HOME, "discount": 100}).encode(),
}


@pytest.mark.parametrize("what", WRONG_SHAPES)
async def test_a_body_of_another_shape_is_sent_back_with_the_fields_to_mend(asha: Person, what: str) -> None:
    assert refused(await sent(asha, WRONG_SHAPES[what]), 422, "InvalidRequest")["errors"]


@pytest.mark.parametrize("quantity", [0, -1, -(10**9), 10_001, 2**63 - 1, 1.5, "2", "२", True, None, [2]])
async def test_a_quantity_that_cannot_be_is_sent_back(asha: Person, shop: Shop, quantity: object) -> None:
    problem = refused(await asha.order({**shop.line(), "quantity": quantity}), 422, "InvalidRequest")
    assert [fault["field"] for fault in problem["errors"]] == ["lines.0.quantity"]


async def test_a_quantity_beyond_all_databases_is_sent_back(asha: Person, shop: Shop) -> None:
    refused(await asha.order(shop.line(10**30)), 400, "MalformedJson")


async def test_a_product_nobody_knows_and_a_variant_it_has_not_are_told_apart(asha: Person, shop: Shop) -> None:
    unknown = {**shop.line(), "product_id": str(uuid.uuid4())}
    refused(await asha.order(unknown), 503, "CatalogueBehind")
    problem = refused(await asha.order({**shop.line(), "sku": "NACHNI-200"}), 422, "VariantNotOffered")
    assert SKU in problem["detail"]


async def test_an_id_that_is_none_finds_nothing(asha: Person, market: Market) -> None:
    for strange in ("%00", "..%2f..", "'; drop", '{"$gt":""}', "पापड", "a" * 3_000):
        answer = await asha.get(f"/orders/{strange}")
        assert answer.status_code in (400, 404, 422), (strange, answer.text)
        assert answer.json()["code"] in ("NotFound", "BadRequest", "NoSuchRoute", "InvalidRequest")


@pytest.mark.parametrize("by", ["gateway", "orders"])
@pytest.mark.parametrize("length_told", [True, False])
async def test_ten_megabytes_are_refused_by_the_gateway_and_by_the_service_itself(
    asha: Person, market: Market, by: str, length_told: bool
) -> None:
    known = market.system.known
    base = {"gateway": known.gateway, "orders": known.services["orders"]}[by]
    headers = {**asha.headers, "Content-Type": "application/json", "Idempotency-Key": "ten-megabytes"}
    status, problem = await shouted(f"{base}/v1/orders", headers, TEN_MEGABYTES, length_told=length_told)
    assert (status, problem["code"]) == (413, "BodyTooLarge")
    assert any(advice in problem["detail"] for advice in ("send less at once", "send less at a time"))


@pytest.mark.parametrize("on_hand", [-1, 10_000_001, 2**63 - 1, 1.5, "ten", None])
async def test_a_count_that_cannot_be_leaves_the_stock_as_it_was(shop: Shop, on_hand: object) -> None:
    before = await shop.stock()
    answer = await shop.leader.send("PUT", shop.stock_path, {"on_hand": on_hand})
    refused(answer, 422, "InvalidRequest")
    assert await shop.stock() == before


@pytest.mark.parametrize(
    "signature", [{}, {"webhook-id": "a", "webhook-timestamp": "1", "webhook-signature": "v1,AA=="}]
)
async def test_a_report_nobody_signed_changes_nothing(market: Market, signature: dict[str, str]) -> None:
    url = f"{market.system.known.gateway}/v1/provider-callbacks/local-sms"
    async with httpx.AsyncClient() as anybody:
        answer = await anybody.post(url, json={"status": "delivered"}, headers=signature)
    refused(answer, 401, "BadSignature")
