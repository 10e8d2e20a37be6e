"""A party hears of one order or allotment in the order in which it happened, however many senders there are."""

from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.notify.channels.sender import LOOK_AHEAD, Sender
from services.notify.channels.sms import Sms, SmsProvider
from services.notify.contacts.domain import Contact
from services.notify.groups.domain import Aliases, KnownGroup
from services.notify.notifications.consumers import ALLOTMENTS, ORDERS
from services.notify.notifications.domain import Later, Notification, Outcome
from services.notify.notifications.store import due
from services.notify.settings import NotifySettings
from services.notify.wiring import SERVICE
from shared import clock
from shared.contracts.orders import OrderCancelled, OrderConfirmed, OrderLine
from shared.scope import Role
from shared.testing import settings_for
from tests.integration.houses import House, event, house
from tests.integration.sms_parties import SECRET
from tests.integration.test_notify import known
from tests.processes import playing, until
from tests.unit.notify.events_told import allotted, lapsed, waitlisted
from tests.unit.notify.fake_sms import FakeSms
from tests.unit.notify.first_schema import confirmation

LINE = OrderLine(product_id="papad", sku="UDID-200", quantity=2, unit_price_paise=6000, tax_basis_points=0, tax_paise=0)
CONFIRMED = OrderConfirmed(buyer="asha", seller="savitri-gat", total_paise=12_000)
CANCELLED = OrderCancelled(buyer="asha", seller="savitri-gat", by="buyer", reason="asked", lines=(LINE,))
ORDERS_TOLD = 30
SETTINGS = settings_for(NotifySettings, sms_provider_url="http://127.0.0.1:9", sms_callback_secret=SECRET)


class Outage(FakeSms):
    """A provider that has no time for anybody while it is `away`."""

    away = True

    async def send(self, sms: Sms) -> Outcome:
        return Later(unsure=False, after_seconds=0.3) if self.away else await super().send(sms)


@pytest.fixture
async def notify() -> AsyncIterator[House]:
    """Asha and the group that sells to her have phones; the group's provider is busy at first."""
    async with house(SERVICE, sms_provider_url="http://127.0.0.1:9", sms_callback_secret=SECRET) as found:
        await known(found, "asha", "+919823456789")
        await known(found, "savitri-gat", "+919999900429")
        yield found


def sender(notify: House, provider: SmsProvider, settings: NotifySettings = SETTINGS) -> Sender:
    return Sender(
        notify.running.database,
        notify.stores[Notification],
        notify.stores[Contact],
        notify.stores[KnownGroup],
        notify.stores[Aliases],
        provider=provider,
        settings=settings,
    )


async def everybody_hears(notify: House, fact: OrderConfirmed | OrderCancelled, sequence: int) -> None:
    await notify.reacts(ORDERS, *(event(fact, f"order-{n}", sequence) for n in range(ORDERS_TOLD)))


async def become(notify: House, wanted: dict[str, Any], what: str) -> None:
    """Returns once no row is left that is still to be sent and like `wanted`."""
    rows = notify.running.database.collection("notifications")

    async def none_left() -> bool:
        return not await rows.count_documents({"due_at": {"$ne": None}, **wanted})

    await until(none_left, what=what)


def heard(provider: FakeSms) -> dict[tuple[str, str], list[str]]:
    """By order and party the numbers of the events, as the provider took their messages."""
    sequences: dict[tuple[str, str], list[str]] = defaultdict(list)
    for ref in provider.taken:
        order, _, sequence, party, _ = ref.split(":")
        sequences[order, party].append(sequence)
    return sequences


async def test_nobody_hears_of_a_cancellation_before_the_order(notify: House) -> None:
    provider = FakeSms()
    await everybody_hears(notify, CONFIRMED, 2)
    await everybody_hears(notify, CANCELLED, 3)
    async with playing(sender(notify, provider).run()), playing(sender(notify, provider).run()):
        await become(notify, {}, "every message is out")
    assert len(heard(provider)) == 2 * ORDERS_TOLD
    assert {tuple(sequences) for sequences in heard(provider).values()} == {("2", "3")}


async def test_after_an_outage_messages_that_wait_for_others_do_not_hide_what_they_wait_for(notify: House) -> None:
    provider, narrow = Outage(), SETTINGS.model_copy(update={"send_concurrency": 2})
    assert narrow.send_concurrency * LOOK_AHEAD < ORDERS_TOLD
    async with playing(sender(notify, provider, narrow).run()):
        await everybody_hears(notify, CONFIRMED, 2)
        await become(notify, {"attempts": 0}, "every confirmation was tried")
        await everybody_hears(notify, CANCELLED, 3)
        provider.away = False
        await become(notify, {}, "every message is out")
    assert {tuple(sequences) for sequences in heard(provider).values()} == {("2", "3")}


async def test_what_was_queued_before_there_were_stalls_still_goes_out_first(notify: House) -> None:
    rows = notify.running.database.collection("notifications")
    before = clock.now() - timedelta(minutes=5)
    await rows.insert_many([confirmation(f"order-{n}", "asha", before) for n in range(ORDERS_TOLD)])
    await everybody_hears(notify, CANCELLED, 3)
    postponed = {"$set": {"due_at": clock.now() + timedelta(seconds=1)}}
    await rows.update_many({"schema": 1}, postponed)
    found = await due(notify.running.database, clock.now(), 4 * ORDERS_TOLD)
    assert {id_.split(":")[3] for id_, _ in found} == {"savitri-gat"}
    provider = FakeSms()
    async with playing(sender(notify, provider).run()), playing(sender(notify, provider).run()):
        await become(notify, {}, "every message is out")
    assert {heard(provider)[f"order-{n}", "asha"] == ["2", "3"] for n in range(ORDERS_TOLD)} == {True}
    listed = (await notify.get("/v1/notifications?party=asha&limit=200", Role.ADMIN)).json()["items"]
    assert {(row["kind"], row["about"] == row["order_id"]) for row in listed} == {("order", True)}


async def test_lines_are_read_by_index_under_their_name_of_today_and_of_then(notify: House) -> None:
    await everybody_hears(notify, CONFIRMED, 2)
    profiler = notify.running.database.db
    await profiler.command("profile", 2)
    await due(notify.running.database, clock.now(), 7)
    await profiler.command("profile", 0)
    plans = [
        said["planSummary"] async for said in profiler["system.profile"].find({"command.filter.$or": {"$exists": 1}})
    ]
    assert plans
    assert all("about: 1" in plan and "order_id: 1" in plan for plan in plans)


async def test_a_group_hears_that_a_stall_is_hers_before_it_hears_that_it_is_not(notify: House) -> None:
    provider = Outage()
    async with playing(sender(notify, provider).run()):
        for sequence, fact in enumerate((waitlisted(), allotted("waitlist"), lapsed()), start=1):
            await notify.reacts(ALLOTMENTS, *(event(fact, f"allotment-{n}", sequence) for n in range(ORDERS_TOLD)))
        await become(notify, {"attempts": 0, "_id": {"$regex": ":1:1:"}}, "every first message was tried")
        provider.away = False
        await become(notify, {}, "every message is out")
    assert len(heard(provider)) == ORDERS_TOLD
    assert {tuple(sequences) for sequences in heard(provider).values()} == {("1", "2", "3")}


async def test_a_look_finds_as_many_as_it_may_and_the_longest_due_first(notify: House) -> None:
    await everybody_hears(notify, CONFIRMED, 2)
    await everybody_hears(notify, CANCELLED, 3)
    rows = notify.running.database.collection("notifications")
    now = clock.now()
    for n in range(ORDERS_TOLD):
        postponed = {"$set": {"due_at": now + timedelta(seconds=ORDERS_TOLD - n)}}
        await rows.update_one({"_id": f"order-{n}:1:2:asha:sms"}, postponed)
        await rows.delete_one({"_id": f"order-{n}:1:2:savitri-gat:sms"})
        await rows.delete_one({"_id": f"order-{n}:1:3:savitri-gat:sms"})
    assert await due(notify.running.database, now, 7) == []
    found = await due(notify.running.database, now + timedelta(minutes=1), 7)
    assert [id_ for id_, _ in found] == [
        f"order-{n}:1:2:asha:sms" for n in reversed(range(ORDERS_TOLD - 7, ORDERS_TOLD))
    ]
