"""One order as one trace through every process, as a receiver of OTLP sees it."""

from tests.journeys.people import Market
from tests.processes import until
from tools.traces.receiver import Span
from tools.traces.tree import tree


def way_to(last: Span, spans: list[Span]) -> list[Span]:
    """From the root to that span, parent by parent."""
    known = {span.id: span for span in spans}
    way = [last]
    while way[0].parent in known:
        way.insert(0, known[way[0].parent])
    return way


async def test_an_order_is_one_trace_from_the_request_to_the_call_of_the_provider(
    market: Market, spans: tuple[str, list[Span]]
) -> None:
    shop, buyer, number = await market.shop(), market.buyer(), market.number()
    await buyer.leaves_number(buyer.party, "mr", number)
    await market.heard_of(shop)
    order = (await buyer.order(shop.line(2))).json()["id"]
    await buyer.sees(order, "confirmed")
    await market.texts(number, 1)
    came, told = spans[1], f"{order}:1:1"

    def whole() -> list[Span]:
        first = next((span for span in came if span.attributes.get("messaging.message.id") == told), None)
        return [span for span in came if first and span.trace == first.trace]

    async def is_whole() -> bool:
        found = whole()
        called = any(span.service == "notify" and span.name == "POST" for span in found)
        return called and way_to(found[-1], found)[0].name == "POST /v1/orders"

    await until(is_whole, what="the provider's call in the order's trace")
    found, ns = whole(), market.system.known.namespace
    call = next(span for span in found if span.service == "notify" and span.name == "POST")
    way = [(span.service, span.name) for span in way_to(call, found)]
    assert way == [
        ("orders", "POST /v1/orders"),
        ("orders", "create orders"),
        ("orders", f"send {ns}orders.orders"),
        ("catalog", f"process {ns}orders.orders"),
        ("catalog", "on_order_placed"),
        ("catalog", f"send {ns}catalog.reservations"),
        ("orders", f"process {ns}catalog.reservations"),
        ("orders", "on_reservation_held"),
        ("orders", f"send {ns}orders.orders"),
        ("notify", f"process {ns}orders.orders"),
        ("notify", "on_order_confirmed"),
        ("notify", "deliver message"),
        ("notify", "POST"),
    ], tree(found)
    assert call.attributes["url.full"] == market.system.known.provider
    assert {span.resource["bachat.namespace"] for span in found} == {ns}
    assert number not in str(found)
