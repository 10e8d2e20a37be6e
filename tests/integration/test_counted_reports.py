"""A provider reports twice and out of order if it likes: a message that arrived is counted once."""

from collections.abc import AsyncIterator

import pytest
from prometheus_client import REGISTRY

from services.notify.notifications import commands
from services.notify.notifications.consumers import ORDERS
from services.notify.notifications.domain import Notification, Status, Taken
from services.notify.wiring import SERVICE
from shared.contracts.orders import OrderConfirmed
from tests.integration.houses import House, event, house


@pytest.fixture
async def notify() -> AsyncIterator[House]:
    async with house(SERVICE, sms_provider_url="http://sms.test", sms_callback_secret="a-secret-of-the-tests") as found:
        yield found


def delivered() -> float:
    labels = {"channel": "sms", "state": "delivered"}
    return REGISTRY.get_sample_value("bachat_notifications_total", labels) or 0


async def test_a_message_that_is_reported_delivered_twice_is_counted_once(notify: House) -> None:
    confirmed = OrderConfirmed(buyer="asha", seller="savitri-gat", total_paise=25_100)
    await notify.reacts(ORDERS, event(confirmed, "order-1", 2))
    rows, id_, before = notify.stores[Notification], "order-1:1:2:asha:sms", delivered()
    for status in (Status.DELIVERED, Status.DELIVERED, Status.SENT):
        row = await commands.hear(rows, id_, "local-sms", Taken("p-1", status))
        assert row.status is Status.DELIVERED
    assert delivered() == before + 1
