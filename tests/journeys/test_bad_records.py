"""Whatever stands on a topic is parked by the services with its reason, and the next order goes through."""

import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError

from shared import clock
from shared.contracts.catalog import GroupRegistered, HeldLine, ProductListed, ReservationHeld, VariantOffer
from shared.contracts.orders import OrderCancelled, OrderLine
from shared.contracts.stalls import ApplicationSubmitted, VenueName
from shared.contracts.stalls_allotments import AllotmentConfirmed, Held
from shared.events import Fact
from shared.kafka import headers_of, partition_of
from shared.outbox import told
from tests.journeys.people import PUNE, SKU, Market, Shop
from tests.processes import until

LINE: dict[str, Any] = {"product_id": "papad", "sku": SKU, "quantity": 2}
OFFER = VariantOffer(sku=SKU, unit_price_paise=9_000, tax_basis_points=500)
ORDERED = OrderLine(**LINE, unit_price_paise=9_000, tax_basis_points=500, tax_paise=857)
HELD = Held(application="a", call="c", group="g", event=1, venue="v", days=(clock.today(),), stall=7)
TOPICS: dict[str, tuple[Fact, tuple[str, ...]]] = {
    "orders.orders": (
        OrderCancelled(buyer="b", seller="s", by="buyer", reason="asked", lines=(ORDERED,)),
        ("catalog", "notify"),
    ),
    "catalog.products": (
        ProductListed(seller="s", district=PUNE, category="food", variants=(OFFER,)),
        ("orders", "stalls"),
    ),
    "catalog.groups": (GroupRegistered(programme="umed", district=PUNE, block="4512"), ("notify", "orders", "stalls")),
    "stalls.applications": (
        ApplicationSubmitted(
            call="c", group="g", ticket="4071928356104729", categories=("food",), choices=(1,), submitted_at=clock.now()
        ),
        ("notify",),
    ),
    "stalls.allotments": (AllotmentConfirmed(held=HELD, venue_name=VenueName()), ("catalog", "notify", "stalls")),
    "catalog.reservations": (ReservationHeld(lines=(HeldLine(**LINE, stock_left=3),)), ("orders",)),
}
POISON: dict[str, dict[str, Any]] = {
    "NotACloudEvent": {"ce_type": None, "ce_time": None},
    "DoesNotParse": {"value": b'{"lines": "\xff\xfe"}'},
    "RecordTooLarge": {"value": b"1" * 900_000},
    "NewerVersion": {"major": "v9"},
    "KeyMismatch": {"ce_subject": b"another"},
}


@pytest.fixture(scope="session")
async def kafka(market: Market) -> AsyncIterator[AIOKafkaProducer]:
    """A producer without our own limit: what it sends is for the broker to refuse."""
    producer = AIOKafkaProducer(bootstrap_servers=market.system.known.kafka, max_request_size=8 * 1024 * 1024)
    await producer.start()
    yield producer
    await producer.stop()


@pytest.fixture(scope="session")
async def shop(market: Market) -> Shop:
    return await market.shop(stock=1_000)


async def send(kafka: AIOKafkaProducer, market: Market, topic: str, fact: Fact, **changed: Any) -> bytes:
    """The fact as its service would send it but for what is changed; its key."""
    subject = str(uuid.uuid4())
    row = told(fact, subject, "27", (1, 1), clock.now())
    headers: dict[str, bytes | None] = dict(headers_of(row, f"/{topic.partition('.')[0]}", topic, subject))
    if major := changed.get("major"):
        headers["ce_type"] = fact.type().replace("v1", major).encode()
    headers |= {name: value for name, value in changed.items() if name.startswith("ce_")}
    kept = [(name, value) for name, value in headers.items() if value is not None]
    value, key = changed.get("value", row["data"].encode()), subject.encode()
    full = f"{market.system.known.namespace}{topic}"
    await kafka.send_and_wait(full, value, key=key, headers=kept, partition=partition_of(key, 4))
    return key


async def a_good_order_goes_through(market: Market, shop: Shop) -> None:
    """Held by catalog, confirmed by orders, told by notify; and every service calls itself ready."""
    buyer, her_phone = market.buyer(), market.number()
    await buyer.leaves_number(buyer.party, "mr", her_phone)
    order = (await buyer.order(shop.line())).json()
    await buyer.sees(order["id"], "confirmed")
    assert order["id"][-6:].upper() in (await market.texts(her_phone, 1))[0]
    async with httpx.AsyncClient() as anybody:
        for url in market.system.known.services.values():
            assert (await anybody.get(f"{url}/readyz")).json()["status"] == "ready"


@pytest.mark.parametrize("code", POISON)
@pytest.mark.parametrize("topic", TOPICS)
async def test_a_bad_record_is_parked_with_its_reason_and_the_next_order_goes_through(
    market: Market, shop: Shop, kafka: AIOKafkaProducer, topic: str, code: str
) -> None:
    fact, readers = TOPICS[topic]
    key = await send(kafka, market, topic, fact, **POISON[code])
    for service in readers:

        async def parked(service: str = service) -> bool:
            return await market.system.document(service, "parked", key=key) is not None

        await until(parked, what=f"{service} parked it")
        row = await market.system.document(service, "parked", key=key) or {}
        assert (row["status"], row["code"]) == ("poison", code)
        assert row["reason"].endswith(".")
        assert row["topic"].endswith(topic)
    await a_good_order_goes_through(market, shop)


async def test_a_record_of_two_megabytes_is_refused_by_the_broker(
    market: Market, shop: Shop, kafka: AIOKafkaProducer
) -> None:
    with pytest.raises(MessageSizeTooLargeError, match="MessageSizeTooLarge"):
        await send(kafka, market, "orders.orders", TOPICS["orders.orders"][0], value=b"1" * 2_000_000)
    await a_good_order_goes_through(market, shop)


async def test_parked_records_are_counted_where_operators_look(
    market: Market, shop: Shop, kafka: AIOKafkaProducer
) -> None:
    await send(kafka, market, "orders.orders", TOPICS["orders.orders"][0], value=b"")

    async def counted() -> bool:
        async with httpx.AsyncClient() as anybody:
            said = (await anybody.get(f"{market.system.known.services['catalog']}/metrics")).text
        return any(line.startswith("bachat_parked ") and float(line.split()[1]) >= 1 for line in said.splitlines())

    await until(counted, what="catalog shows that events are parked")
