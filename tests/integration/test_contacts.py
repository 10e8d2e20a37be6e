"""Whose phone is where: contacts over HTTP on a real MongoDB."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.notify.contacts.commands import reach
from services.notify.contacts.domain import Contact
from services.notify.groups.consumers import GROUPS
from services.notify.groups.domain import Aliases, KnownGroup
from services.notify.wiring import SERVICE
from shared.contracts.catalog import GroupMerged, GroupRegistered, GroupSplit
from shared.scope import Role
from tests.integration.houses import House, event, house
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
    reached = await reach(notify.stores[Contact], notify.stores[KnownGroup], notify.stores[Aliases], "27", GROUP)
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


async def test_a_group_is_reached_by_the_number_of_what_was_merged_into_it_until_that_is_undone(notify: House) -> None:
    kept, other = GROUP, "0199d5b4-0000-7000-8000-000000000002"
    for id_ in (kept, other):
        await notify.reacts(GROUPS, event(GroupRegistered(programme="umed", district="490", block="4512"), id_))
    stated = await notify.write("PUT", f"/v1/contacts/{other}", Role.GROUP_LEADER, MARATHI, groups=[other])
    assert stated.status_code == 200, stated.text

    async def number() -> str | None:
        reached = await reach(notify.stores[Contact], notify.stores[KnownGroup], notify.stores[Aliases], "27", kept)
        return reached.phone if reached else None

    assert await number() is None
    await notify.reacts(GROUPS, event(GroupMerged(into=kept), other, 2))
    assert await number() == "+919823456789"
    await notify.reacts(GROUPS, event(GroupSplit(out_of=kept), other, 3))
    assert await number() is None
