"""Sentences about contacts: how a number is written, who sees it, what she agreed to."""

from dataclasses import replace

import pytest

from services.notify.contacts import commands
from services.notify.contacts.domain import (
    Contact,
    NotAMobileNumber,
    NotYourContact,
    Purpose,
    Unreachable,
    Wanted,
    mobile,
)
from shared.errors import LANGUAGES, NotFound
from shared.scope import Role, Scope
from tests.unit.notify.people import ADMIN, ASHA, BUYER, LEADER, OFFICER, SAVITRI, request, stores_with

SPELLINGS = ["9823456789", "+91 98234 56789", "0 98234-56789", "०९८२३४ ५६७८९", "९८२३४५६७८९", "0091 9823456789"]
NO_MOBILES = ["1234567890", "98234 5678", "022 2345 6789", "+1 415 555 0100", "बचत गट", "", "+91 98234 56789 0"]


@pytest.mark.parametrize("written", SPELLINGS)
def test_a_number_may_be_written_as_people_write_it(written: str) -> None:
    assert mobile(written) == "+919823456789"


@pytest.mark.parametrize("written", NO_MOBILES)
def test_what_is_no_indian_mobile_number_is_sent_back(written: str) -> None:
    with pytest.raises(NotAMobileNumber):
        mobile(written)


def test_the_refusal_does_not_repeat_the_number() -> None:
    with pytest.raises(NotAMobileNumber) as refused:
        mobile("+1 415 555 0100")
    assert not any("415" in refused.value.sentence(language) for language in LANGUAGES)


async def test_a_contact_is_put_twice_and_stands_once() -> None:
    stores = await stores_with()
    contacts = stores[Contact]
    first = await commands.put(contacts, "asha", Wanted(phone="९८२३४५६७८९", language="mr"), request(BUYER))
    again = await commands.put(contacts, "asha", Wanted(phone="9823456789", language="mr"), request(BUYER))
    moved = await commands.put(contacts, "asha", Wanted(phone="9011223344", language="hi"), request(BUYER))
    assert first == again
    assert (moved.phone, moved.language) == ("+919011223344", "hi")


async def test_a_withdrawn_consent_survives_a_new_number() -> None:
    stores = await stores_with(ASHA)
    contacts = stores[Contact]
    stop = Wanted(phone=ASHA.phone, language="mr", consents={Purpose.TRANSACTIONAL: False})
    await commands.put(contacts, "asha", stop, request(BUYER))
    moved = await commands.put(contacts, "asha", Wanted(phone="9011223344", language="mr"), request(BUYER))
    assert not moved.agrees(Purpose.TRANSACTIONAL)


def test_nobody_is_sent_offers_who_did_not_agree_to_them() -> None:
    assert ASHA.agrees(Purpose.TRANSACTIONAL)
    assert not ASHA.agrees(Purpose.PROMOTIONAL)


async def test_a_party_without_phone_and_relay_cannot_be_reached() -> None:
    stores = await stores_with()
    with pytest.raises(Unreachable):
        await commands.put(stores[Contact], "asha", Wanted(language="mr"), request(BUYER))


@pytest.mark.parametrize("owner", [BUYER, LEADER], ids=["a buyer", "a leader"])
async def test_the_whole_number_is_shown_to_its_owner(owner: Scope) -> None:
    stores = await stores_with(ASHA, SAVITRI)
    party = "asha" if owner is BUYER else "savitri-gat"
    assert (await commands.get(stores[Contact], party, owner)).phone in (ASHA.phone, SAVITRI.phone)


async def test_an_officer_sees_the_last_three_digits() -> None:
    stores = await stores_with(SAVITRI)
    assert (await commands.get(stores[Contact], "savitri-gat", OFFICER)).phone == "**********344"


STRANGERS = [
    BUYER,
    replace(BUYER, role=Role.INSTITUTION, party="zilla-parishad"),
    replace(LEADER, groups=frozenset({"jijau-gat"})),
    replace(ADMIN, tenant="10"),
]


@pytest.mark.parametrize("stranger", STRANGERS, ids=["buyer", "institution", "another group", "another state"])
async def test_a_strangers_contact_is_not_there(stranger: Scope) -> None:
    stores = await stores_with(SAVITRI)
    with pytest.raises(NotFound):
        await commands.get(stores[Contact], "savitri-gat", stranger)
    with pytest.raises(NotFound):
        await commands.put(stores[Contact], "savitri-gat", Wanted(phone="9823456789", language="mr"), request(stranger))


async def test_nobody_registers_a_contact_for_a_stranger() -> None:
    stores = await stores_with()
    with pytest.raises(NotYourContact):
        await commands.put(stores[Contact], "savitri-gat", Wanted(phone="9823456789", language="mr"), request(BUYER))
    officers = await commands.put(
        stores[Contact], "savitri-gat", Wanted(phone="9823456789", language="mr"), request(ADMIN)
    )
    assert officers.id == "savitri-gat"


async def test_a_group_without_a_phone_is_reached_through_its_relay_in_its_own_language() -> None:
    stores = await stores_with(replace(SAVITRI, phone=None, relay="asha"), ASHA)
    reached = await commands.reach(stores[Contact], "savitri-gat")
    assert reached is not None
    assert (reached.phone, reached.language) == (ASHA.phone, "hi")


async def test_a_relay_that_has_no_phone_either_reaches_nobody() -> None:
    stores = await stores_with(replace(SAVITRI, phone=None, relay="nobody"))
    assert await commands.reach(stores[Contact], "savitri-gat") is None
    assert await commands.reach(stores[Contact], "unknown") is None
