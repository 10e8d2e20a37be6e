"""One service is put back to its backup while the others have gone on: what is replayed, and what is reported."""

from collections.abc import AsyncIterator

import pytest

from tests.journeys.restoring import SERVICES, Ground, Houses, fates, opened
from tests.journeys.system import System
from tools.backup.archive import archives
from tools.backup.presence import StillRunning
from tools.backup.restoring import Occupied

HOLD_SECONDS = "5"  # over long before the restored service is back: only what is read again may then decide

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
async def ground(system: System, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ground]:
    """On the Kafka and MongoDB of the other journeys, in a namespace of its own."""
    folder = tmp_path_factory.mktemp("restore")
    houses = Houses(system.known, folder, SERVICES, HOLD_SECONDS=HOLD_SECONDS)
    async with opened(houses, folder / "backups") as market:
        yield market


async def test_orders_is_put_back_reads_again_what_it_was_told_and_reports_what_it_forgot(ground: Ground) -> None:
    (buyer,), (leader,) = ground.market.buyers, ground.market.leaders
    goods = await ground.goods(11, stock=100)
    accepted = await ground.places(buyer, goods)
    await ground.becomes(accepted, "confirmed")
    ground.houses.processes["catalog"].pause()
    waiting = await ground.places(buyer, goods)
    archive = await ground.backup("orders")
    ground.houses.processes["catalog"].resume()
    sent_again, cancelled = await ground.places(buyer, goods, key="tap-1"), await ground.places(buyer, goods)
    for order in (waiting, sent_again, cancelled):
        await ground.becomes(order, "confirmed")
    await ground.does(leader, "accept", accepted)
    await ground.does(buyer, "cancel", cancelled, reason="चुकून मागवले")
    await ground.messages_are(11)
    before = ground.sent()

    with pytest.raises(StillRunning, match="are connected"):
        await ground.restore(archive)
    await ground.houses.away("orders")
    with pytest.raises(Occupied, match="--over"):
        await ground.restore(archive, over=False)
    rows = await ground.restore(archive)
    assert fates(rows) == {
        (waiting, "order-confirmed"): "missing",
        (accepted, "order-accepted"): "missing",
        **{
            (order, f"order-{what}"): "missing" for order in (sent_again, cancelled) for what in ("placed", "confirmed")
        },
        (cancelled, "order-cancelled"): "missing",
    }
    await ground.houses.back("orders")

    await ground.becomes(waiting, "confirmed")
    assert await ground.places(buyer, goods, key="tap-1") == sent_again
    await ground.becomes(sent_again, "confirmed")
    await ground.does(leader, "accept", accepted)
    new = await ground.places(buyer, goods)
    await ground.becomes(new, "confirmed")
    await ground.all_read()
    await ground.messages_are(13)
    assert before <= ground.sent()
    assert set(ground.sent().values()) == {1}
    await ground.has(goods, on_hand=99, held=3, sold=1)
    assert (await ground.row("catalog", "reservations", new))["seen"] == {"orders/orders": [2, 2]}
    assert await ground.parked() == 0
    left = {what for what, fate in (await ground.report(archive)).items() if fate == "missing"}
    assert left == {(cancelled, f"order-{what}") for what in ("placed", "confirmed", "cancelled")}
    assert [one.manifest().incarnation for one in archives(ground.folder)] == [1, 1]


async def test_catalog_is_put_back_holds_again_what_is_held_and_reports_the_count_it_forgot(ground: Ground) -> None:
    (buyer,), (leader,) = ground.market.buyers, ground.market.leaders
    goods, already = await ground.goods(12, stock=50), ground.sent().total()
    first = await ground.places(buyer, goods, 2)
    await ground.becomes(first, "confirmed")
    await ground.all_read()
    archive = await ground.backup("catalog")
    second = await ground.places(buyer, goods, 3)
    await ground.becomes(second, "confirmed")
    await ground.does(leader, "accept", first)
    await ground.has(goods, on_hand=48, held=3, sold=2)
    path = f"/products/{goods.product_id}/variants/{goods.sku}/stock"
    await ground.market.done("catalog", "PUT", path, leader, {"on_hand": 60})
    await ground.messages_are(already + 5)

    await ground.houses.away("catalog")
    await ground.restore(archive)
    await ground.houses.back("catalog")
    await ground.has(goods, on_hand=48, held=3, sold=2)
    await ground.all_read()
    assert [(await ground.row("orders", "orders", one))["status"] for one in (first, second)] == [
        "accepted",
        "confirmed",
    ]
    await ground.messages_are(already + 5)
    left = await ground.report(archive)
    assert left[second, "reservation-held"] == "told again"
    assert left[f"{goods.product_id}:{goods.sku}", "stock-changed"] == "missing"
    new = await ground.places(buyer, goods)
    await ground.becomes(new, "confirmed")
    await ground.has(goods, on_hand=48, held=4, sold=2)
    await ground.messages_are(already + 7)
    assert await ground.parked() == 0


async def test_notify_is_put_back_and_nobody_gets_a_message_twice(ground: Ground) -> None:
    (buyer,), (leader,) = ground.market.buyers, ground.market.leaders
    goods, already = await ground.goods(13, stock=10), ground.sent().total()
    archive = await ground.backup("notify")
    order = await ground.places(buyer, goods)
    await ground.becomes(order, "confirmed")
    await ground.does(leader, "accept", order)
    await ground.delivered(order, 3)

    await ground.houses.away("notify")
    await ground.restore(archive)
    await ground.houses.back("notify")
    await ground.delivered(order, 3)
    await ground.all_read()
    await ground.messages_are(already + 3)
    assert set(ground.sent().values()) == {1}
    assert await ground.parked() == 0
