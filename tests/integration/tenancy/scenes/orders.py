"""The shop desk: Asha's orders from a group of Baramati, other buyers', other sellers', and what was ordered."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from services.orders.demand.streams import DEMAND
from services.orders.retail.domain import Order, Status
from shared import clock
from shared.streaming.measures import Generation
from shared.streaming.sink import Row, Sink
from shared.streaming.spans import hour_of
from tests.integration.houses import House
from tests.integration.tenancy.people import (
    ANOTHER,
    ANOTHER_GROUP,
    DISTRICT,
    HER,
    HER_GROUP,
    PLACES,
)
from tests.integration.tenancy.world import Ask, Shown, World, keep
from tests.unit.orders.goods import PAPAD, placed

SELLERS = {**PLACES, "group-town": ("27", DISTRICT, None)}
BASKET = {
    "lines": [{"product_id": "papad", "sku": "udid-250g", "quantity": 1}],
    "deliver_to": {"district": "482", "pincode": "400050"},
}


def order(seller: str, buyer: str, status: Status = Status.PLACED) -> Order:
    tenant, district, block = SELLERS[seller]
    now = clock.now().replace(microsecond=0)
    times: dict[str, Any] = {"placed_at": now, "accept_by": now + timedelta(days=2), "due_at": now + timedelta(days=2)}
    whose: dict[str, Any] = {
        "tenant": tenant,
        "seller": seller,
        "seller_district": district,
        "seller_block": block,
        "buyer": buyer,
    }
    return replace(placed(), id=f"{seller}-{buyer}-{status}", status=status, **whose, **times)


def figure(number: int, seller: str) -> Row:
    """What was ordered of one product yesterday."""
    tenant, district, block = SELLERS[seller]
    hour = hour_of(clock.now() - timedelta(hours=2))
    fields = {"tenant": tenant, "seller": seller, "district": district, "block": block, "hour": hour}
    return Row(f"0.{number}|{seller}", 1, {**fields, "product": f"papad-{seller}", "units": 7, "paise": 63_000})


async def arrange(house: House) -> World:
    orders = [order(seller, buyer) for seller in SELLERS for buyer in (HER, ANOTHER)]
    confirmed = order(HER_GROUP, HER, Status.CONFIRMED)
    await keep(house, *orders, confirmed, replace(PAPAD, seller=HER_GROUP))
    sink = Sink(house.running.database, Generation(house.running.settings, "orders", DEMAND, 1))
    await sink.prepare()
    await sink.write([figure(number, seller) for number, seller in enumerate(SELLERS)])
    hers, ready = Ask({"order_id": f"{HER_GROUP}-{HER}-placed"}), Ask({"order_id": confirmed.id})
    return World(
        house,
        {
            ("POST /v1/orders", "of what is on sale"): Ask(body=BASKET),
            ("GET /v1/orders", "list"): Ask(),
            ("GET /v1/orders/{order_id}", "any"): hers,
            ("POST /v1/orders/{order_id}/accept", "confirmed"): ready,
            ("POST /v1/orders/{order_id}/cancel", "placed"): replace(hers, body={"reason": "गावाला जात आहे"}),
            ("GET /v1/demand", "list"): Ask(query="level=block"),
        },
        {
            "GET /v1/orders": ("id", tuple(map(shown, [*orders, confirmed]))),
            "GET /v1/demand": ("product", tuple(map(sold, SELLERS))),
        },
        private=frozenset({'"400050"', ANOTHER_GROUP}),
    )


def shown(one: Order) -> Shown:
    place = (one.seller_district, one.seller_block)
    return Shown(one.id, one.tenant, party=one.buyer, group=one.seller, places=(place,))


def sold(seller: str) -> Shown:
    tenant, district, block = SELLERS[seller]
    return Shown(f"papad-{seller}", tenant, group=seller, places=((district, block),))
