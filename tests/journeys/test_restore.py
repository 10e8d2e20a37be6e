"""One service is put back to its backup while the others have gone on: what is replayed, and what is reported."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.chaos.market import Goods
from tests.journeys.restoring import SERVICES, Ground, Houses, fates, opened
from tests.journeys.system import System
from tools.backup.archive import Archive
from tools.backup.presence import StillRunning
from tools.backup.reconcile import Forgotten
from tools.backup.restoring import Occupied

HOLD_SECONDS = "5"  # over long before the restored service is back: only what is read again may then decide

pytestmark = pytest.mark.timeout(400)  # the first test starts two systems


@pytest.fixture(scope="module")
async def ground(system: System, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ground]:
    """On the Kafka and MongoDB of the other journeys, in a namespace of its own."""
    folder = tmp_path_factory.mktemp("restore")
    houses = Houses(system.known, folder, SERVICES, HOLD_SECONDS=HOLD_SECONDS)
    async with opened(houses, folder / "backups") as market:
        yield market


@dataclass(frozen=True)
class Went:
    """Orders by what became of them around the backup; the first two are in it."""

    archive: Archive
    accepted: str
    waiting: str
    sent_again: str
    cancelled: str
    kept: str

    @property
    def forgotten(self) -> dict[tuple[str, str], str]:
        new = (self.sent_again, self.cancelled, self.kept)
        facts = [(order, f"order-{what}") for order in new for what in ("placed", "confirmed")]
        changes = [(self.waiting, "order-confirmed"), (self.accepted, "order-accepted")]
        return dict.fromkeys([*facts, *changes, (self.cancelled, "order-cancelled")], "missing")


async def went_on(ground: Ground, goods: Goods) -> Went:
    """A backup while one order waits for catalog, which is frozen; then people go on."""
    (buyer,), (leader,) = ground.market.buyers, ground.market.leaders
    accepted = await ground.places(buyer, goods)
    await ground.becomes(accepted, "confirmed")
    ground.houses.processes["catalog"].pause()
    waiting = await ground.places(buyer, goods)
    archive = await ground.backup("orders")
    ground.houses.processes["catalog"].resume()
    sent_again, cancelled, kept = [await ground.places(buyer, goods, key=key) for key in ("tap-1", "tap-2", "tap-3")]
    for order in (waiting, sent_again, cancelled, kept):
        await ground.becomes(order, "confirmed")
    await ground.does(leader, "accept", accepted)
    await ground.does(buyer, "cancel", cancelled, reason="चुकून मागवले")
    await ground.messages_are(13)
    return Went(archive, accepted, waiting, sent_again, cancelled, kept)


async def put_back(ground: Ground, *archives: Archive) -> list[Forgotten]:
    """Their services, all stopped at once. Not while one runs, and not over anything without a word."""
    with pytest.raises(StillRunning, match="are connected"):
        await ground.restore(archives[0])
    services = [archive.manifest().service for archive in archives]
    await asyncio.gather(*map(ground.houses.away, services))
    with pytest.raises(Occupied, match="--over"):
        await ground.restore(archives[0], over=False)
    rows = await asyncio.gather(*map(ground.restore, archives))
    await ground.houses.back(*services)
    return [row for of_one in rows for row in of_one]


async def test_orders_is_put_back_reads_again_what_it_was_told_and_reports_what_it_forgot(ground: Ground) -> None:
    (buyer,), (leader,) = ground.market.buyers, ground.market.leaders
    goods = await ground.goods(11, stock=100)
    went = await went_on(ground, goods)
    before = ground.sent()
    assert fates(await put_back(ground, went.archive)) == went.forgotten

    await ground.becomes(went.waiting, "confirmed")  # its hold was over long ago: the answer was read before the timer
    assert await ground.places(buyer, goods, key="tap-1") == went.sent_again
    await ground.becomes(went.sent_again, "confirmed")
    await ground.does(leader, "accept", went.accepted)
    assert await ground.bring_back(went.kept) == [went.kept]
    await ground.does(leader, "accept", went.kept)
    new = await ground.places(buyer, goods)
    await ground.becomes(new, "confirmed")
    await ground.all_read()

    await ground.messages_are(16)
    assert before <= ground.sent()
    assert set(ground.sent().values()) == {1}
    await ground.has(goods, on_hand=98, held=3, sold=2)
    assert (await ground.row("catalog", "reservations", new))["seen"] == {"orders/orders": [2, 2]}
    assert await ground.parked() == 0
    left = {what for what, fate in (await ground.report(went.archive)).items() if fate == "missing"}
    assert left == {(went.cancelled, f"order-{what}") for what in ("placed", "confirmed", "cancelled")}


async def test_catalog_and_notify_are_put_back_hold_again_what_is_held_and_nobody_gets_a_message_twice(
    ground: Ground,
) -> None:
    (buyer,), (leader,) = ground.market.buyers, ground.market.leaders
    goods, already = await ground.goods(12, stock=50), ground.sent().total()
    first = await ground.places(buyer, goods, 2)
    await ground.becomes(first, "confirmed")
    await ground.all_read()
    await ground.delivered(first, 2)  # a report that came between is not given again: such a row stays `sent`
    catalog, notify = await asyncio.gather(ground.backup("catalog"), ground.backup("notify"))
    second = await ground.places(buyer, goods, 3)
    await ground.becomes(second, "confirmed")
    await ground.does(leader, "accept", first)
    await ground.has(goods, on_hand=48, held=3, sold=2)
    path = f"/products/{goods.product_id}/variants/{goods.sku}/stock"
    await ground.market.done("catalog", "PUT", path, leader, {"on_hand": 60})
    await ground.delivered(first, 3)
    await ground.delivered(second, 2)

    await put_back(ground, catalog, notify)
    await ground.has(goods, on_hand=48, held=3, sold=2)
    await ground.all_read()
    assert [(await ground.row("orders", "orders", one))["status"] for one in (first, second)] == [
        "accepted",
        "confirmed",
    ]
    await ground.delivered(first, 3)
    await ground.delivered(second, 2)
    await ground.messages_are(already + 5)
    left = await ground.report(catalog)
    assert left[second, "reservation-held"] == "told again"
    assert left[f"{goods.product_id}:{goods.sku}", "stock-changed"] == "missing"
    new = await ground.places(buyer, goods)
    await ground.becomes(new, "confirmed")
    await ground.has(goods, on_hand=48, held=4, sold=2)
    await ground.messages_are(already + 7)
    assert set(ground.sent().values()) == {1}
    assert await ground.parked() == 0
