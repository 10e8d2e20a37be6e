"""Whose phone is where: contacts over HTTP on a real MongoDB."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.notify.contacts.commands import reach
from services.notify.contacts.domain import Contact
from services.notify.groups.domain import KnownGroup
from services.notify.wiring import SERVICE
from shared.scope import Role
from tests.integration.houses import House, house
from tests.integration.sms_parties import SECRET
from tests.integration.test_notify import GROUP, LEADER, NOWHERE, known

MARATHI = {"language": "mr", "phone": "०९८२३४ ५६७८९"}


@pytest.fixture
async def notify() -> AsyncIterator[House]:
    async with house(SERVICE, sms_provider_url=NOWHERE, sms_callback_secret=SECRET) as found:
        yield found


async def test_a_leader_puts_her_groups_number_in_her_own_digits_and_the_mission_sees_its_end(notify: House) -> None:
    put = await notify.write("PUT", f"/v1/contacts/{GROUP}", Role.GROUP_LEADER, MARATHI, **LEADER)
    again = await notify.write("PUT", f"/v1/contacts/{GROUP}", Role.GROUP_LEADER, MARATHI, **LEADER)
    assert (put.status_code, again.status_code, put.json()["phone"]) == (200, 200, "+919823456789")
    assert put.json() == again.json()
    seen = await notify.get(f"/v1/contacts/{GROUP}", Role.MISSION_MANAGER)
    assert seen.json()["phone"] == "**********789"
    assert (await notify.get(f"/v1/contacts/{GROUP}", Role.BUYER)).status_code == 404


BAD: list[dict[str, Any]] = [
    {"language": "mr", "phone": "1234567890"},
    {"language": "mr", "phone": "9" * 31},
    {"language": "ta", "phone": "9823456789"},
    {"language": "mr"},
    {"language": "mr", "phone": "9823456789", "consents": {"everything": True}},
    {"language": "mr", "phone": "9823456789", "name": "आशा"},
]


@pytest.mark.parametrize("bad", BAD, ids=str)
async def test_a_contact_that_cannot_be_is_sent_back_without_its_number(notify: House, bad: dict[str, Any]) -> None:
    answer = await notify.write("PUT", "/v1/contacts/asha", Role.BUYER, bad, sub="asha")
    assert answer.status_code == 422
    assert answer.json()["code"]
    assert "9823456789" not in answer.text


async def test_a_stranger_puts_nobodys_contact(notify: House) -> None:
    new = await notify.write("PUT", f"/v1/contacts/{GROUP}", Role.BUYER, MARATHI, sub="asha")
    assert (new.status_code, new.json()["code"]) == (403, "NotYourContact")
    await known(notify, GROUP, "+919011223344")
    changed = await notify.write("PUT", f"/v1/contacts/{GROUP}", Role.BUYER, MARATHI, sub="asha")
    assert (changed.status_code, changed.json()["code"]) == (403, "NotYourContact")


async def test_an_officer_of_another_state_neither_takes_nor_blocks_a_groups_contact(notify: House) -> None:
    path, theirs = f"/v1/contacts/{GROUP}", {"language": "mr", "phone": "9000000666"}
    taken = await notify.write("PUT", path, Role.DISTRICT_OFFICER, theirs, state="10", district="1")
    assert (taken.status_code, taken.json()["code"]) == (403, "NotYourContact")
    beside = await notify.write("PUT", path, Role.ADMIN, theirs, state="10")
    own = await notify.write("PUT", path, Role.GROUP_LEADER, MARATHI, **LEADER)
    assert (beside.status_code, own.status_code, own.json()["party"]) == (200, 200, GROUP)
    reached = await reach(notify.stores[Contact], notify.stores[KnownGroup], "27", GROUP)
    assert reached is not None
    assert reached.phone == "+919823456789"


async def test_an_officer_changes_no_contact_of_her_state(notify: House) -> None:
    await known(notify, "asha", "+919011223344")
    changed = await notify.write("PUT", "/v1/contacts/asha", Role.DISTRICT_OFFICER, MARATHI, district="490")
    assert (changed.status_code, changed.json()["code"]) == (403, "NotYourContact")


async def test_a_buyer_names_nobody_as_her_relay(notify: House) -> None:
    named = {"language": "mr", "relay": "usha"}
    answer = await notify.write("PUT", "/v1/contacts/asha", Role.BUYER, named, sub="asha")
    assert (answer.status_code, answer.json()["code"]) == (403, "RelayForGroupsOnly")


async def test_ten_first_puts_at_once_leave_one_contact(notify: House) -> None:
    puts = (notify.write("PUT", "/v1/contacts/asha", Role.BUYER, MARATHI, sub="asha") for _ in range(10))
    assert {answer.status_code for answer in await asyncio.gather(*puts)} == {200}
    assert await notify.running.database.collection("contacts").count_documents({}) == 1
