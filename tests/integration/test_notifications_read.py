"""Who lists which messages, and what each of them says it is about."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.notify.notifications.consumers import ALLOTMENTS, ORDERS
from services.notify.wiring import SERVICE
from shared.contracts.orders import OrderConfirmed
from shared.ids import new_id
from shared.scope import Role
from tests.integration.houses import House, event, house
from tests.integration.sms_parties import SECRET
from tests.unit.notify.events_told import allotted

GROUP = "savitri-gat"
LEADER: dict[str, Any] = {"sub": "savita", "groups": [GROUP]}


@pytest.fixture
async def notify() -> AsyncIterator[House]:
    async with house(SERVICE, sms_provider_url="http://127.0.0.1:9", sms_callback_secret=SECRET) as found:
        yield found


async def test_everybody_lists_what_was_sent_to_her_and_hers(notify: House) -> None:
    fact = OrderConfirmed(buyer="asha", seller=GROUP, total_paise=25_100)
    await notify.reacts(ORDERS, event(fact, new_id(), 2))

    async def recipients(role: Role, query: str = "", **claims: Any) -> list[str]:
        items = (await notify.get(f"/v1/notifications{query}", role, **claims)).json()["items"]
        return sorted(item["recipient"] for item in items)

    assert await recipients(Role.BUYER, sub="asha") == ["asha"]
    assert await recipients(Role.BUYER, sub="usha") == []
    assert await recipients(Role.GROUP_LEADER, **LEADER) == [GROUP]
    assert await recipients(Role.DISTRICT_OFFICER, district="490") == []
    assert await recipients(Role.MISSION_MANAGER) == ["asha", GROUP]
    assert await recipients(Role.ADMIN, "?party=asha&status=queued") == ["asha"]
    assert await recipients(Role.ADMIN, "?status=failed") == []
    assert await recipients(Role.ADMIN, state="10") == []


async def test_the_list_says_what_each_message_is_about(notify: House) -> None:
    order, allotment = new_id(), new_id()
    await notify.reacts(ORDERS, event(OrderConfirmed(buyer="asha", seller=GROUP, total_paise=25_100), order, 2))
    await notify.reacts(ALLOTMENTS, event(allotted("draw"), allotment))
    items = (await notify.get("/v1/notifications", Role.GROUP_LEADER, **LEADER)).json()["items"]
    about = {(item["kind"], item["about"], item["order_id"]) for item in items}
    assert about == {("order", order, order), ("allotment", allotment, None)}
