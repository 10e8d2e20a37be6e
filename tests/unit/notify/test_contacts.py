"""Sentences about contacts: how a number is written, who sees it, what she agreed to."""

from dataclasses import replace

import pytest

from services.notify.contacts import commands
from services.notify.contacts.domain import (
    Contact,
    NotAMobileNumber,
    NotYourContact,
    Purpose,
    RelayForGroupsOnly,
    Unreachable,
    Wanted,
    mobile,
)
from services.notify.groups.domain import Aliases, KnownGroup
from shared.errors import LANGUAGES, NotFound
from shared.scope import Role, Scope
from tests.unit.notify.people import ADMIN, ASHA, BUYER, LEADER, OFFICER, SAVITRI, USHA, request, seen, stores_with

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
    assert (await seen(stores, party, owner)).phone in (ASHA.phone, SAVITRI.phone)


async def test_the_offices_of_the_state_see_the_last_three_digits() -> None:
    stores = await stores_with(SAVITRI)
    for office in (replace(OFFICER, role=Role.MISSION_MANAGER), ADMIN):
        assert (await seen(stores, "savitri-gat", office)).phone == "**********344"


HERE = KnownGroup(id="savitri-gat", tenant="27", district="490", block="4512")
IN_TOWN = replace(HERE, block=None)
BLOCK = replace(OFFICER, role=Role.BLOCK_OFFICER, block="4512")


@pytest.mark.parametrize("officer", [OFFICER, BLOCK], ids=["district", "block"])
async def test_the_officers_of_a_groups_area_see_the_last_three_digits(officer: Scope) -> None:
    stores = await stores_with(SAVITRI, HERE)
    assert (await seen(stores, "savitri-gat", officer)).phone == "**********344"


async def test_an_officer_of_another_area_learns_nothing_of_a_groups_contact() -> None:
    elsewhere = [replace(OFFICER, district="484"), replace(BLOCK, block="4515"), replace(BLOCK, block=None)]
    for stores in (await stores_with(SAVITRI, HERE), await stores_with(SAVITRI, IN_TOWN)):
        for officer in elsewhere:
            with pytest.raises(NotFound):
                await seen(stores, "savitri-gat", officer)
    abroad = await stores_with(SAVITRI, replace(HERE, tenant="5"))
    with pytest.raises(NotFound):
        await seen(abroad, "savitri-gat", OFFICER)


async def test_an_officer_sees_no_buyers_contact_and_her_own() -> None:
    own = replace(ASHA, id="27:officer", party="officer")
    stores = await stores_with(ASHA, own, HERE)
    assert (await seen(stores, "officer", OFFICER)).phone == ASHA.phone
    with pytest.raises(NotFound):
        await seen(stores, "asha", OFFICER)


MERGED = replace(HERE, merged_into="jijau-gat")
JIJAU = replace(SAVITRI, id="27:jijau-gat", party="jijau-gat", phone="+919000000077")


async def test_a_merged_group_without_a_number_is_reached_where_the_one_is_that_it_stands_for() -> None:
    nobody = replace(SAVITRI, phone=None, relay="nobody")
    for stores in (await stores_with(JIJAU, MERGED), await stores_with(nobody, JIJAU, MERGED)):
        assert await commands.reach(stores[Contact], stores[KnownGroup], stores[Aliases], "27", "savitri-gat") == JIJAU
    alone = await stores_with(JIJAU, HERE)
    assert await commands.reach(alone[Contact], alone[KnownGroup], alone[Aliases], "27", "savitri-gat") is None


async def test_a_group_without_a_number_is_reached_by_that_of_any_record_merged_into_it() -> None:
    """Some lists have a telephone column and some have none: which record was kept must not matter."""
    kept, other = replace(HERE, id="jijau-gat"), replace(MERGED, id="usha-gat")
    ids = Aliases(id="jijau-gat", tenant="27", ids=("savitri-gat", "usha-gat"))
    stores = await stores_with(SAVITRI, kept, MERGED, other, ids)
    for party in ("jijau-gat", "usha-gat", "savitri-gat"):
        reached = await commands.reach(stores[Contact], stores[KnownGroup], stores[Aliases], "27", party)
        assert reached == SAVITRI, party
    abroad = await stores_with(SAVITRI, replace(kept, tenant="10"), MERGED, replace(ids, tenant="10"))
    assert await commands.reach(abroad[Contact], abroad[KnownGroup], abroad[Aliases], "10", "jijau-gat") is None, (
        "a number of another state is nobody's here"
    )


async def test_a_merged_group_with_a_number_of_its_own_keeps_it() -> None:
    stores = await stores_with(SAVITRI, JIJAU, MERGED)
    assert await commands.reach(stores[Contact], stores[KnownGroup], stores[Aliases], "27", "savitri-gat") == SAVITRI


STRANGERS = [
    BUYER,
    replace(BUYER, role=Role.INSTITUTION, party="zilla-parishad"),
    replace(LEADER, groups=frozenset({"jijau-gat"})),
    OFFICER,
    replace(OFFICER, role=Role.BLOCK_OFFICER, block="4512"),
]
MOVED = Wanted(phone="9823456789", language="mr")


@pytest.mark.parametrize("stranger", STRANGERS, ids=["buyer", "institution", "another group", "district", "block"])
async def test_a_strangers_contact_is_not_there(stranger: Scope) -> None:
    stores = await stores_with(SAVITRI)
    with pytest.raises(NotFound):
        await seen(stores, "savitri-gat", stranger)
    for party in ("savitri-gat", "nobody"):  # what she is told does not say whether there is one
        with pytest.raises(NotYourContact):
            await commands.put(stores[Contact], party, MOVED, request(stranger))


@pytest.mark.parametrize("state", ["10", "28"])
async def test_another_states_contact_of_the_same_party_is_another_contact(state: str) -> None:
    stores = await stores_with()
    elsewhere = replace(ADMIN, tenant=state)
    await commands.put(stores[Contact], "savitri-gat", MOVED, request(elsewhere))
    with pytest.raises(NotFound):
        await seen(stores, "savitri-gat", LEADER)
    assert await commands.reach(stores[Contact], stores[KnownGroup], stores[Aliases], "27", "savitri-gat") is None
    own = await commands.put(stores[Contact], "savitri-gat", Wanted(phone="9011223344", language="hi"), request(LEADER))
    assert (own.party, own.tenant) == ("savitri-gat", "27")
    assert await commands.reach(stores[Contact], stores[KnownGroup], stores[Aliases], "27", "savitri-gat") == SAVITRI
    theirs = await commands.reach(stores[Contact], stores[KnownGroup], stores[Aliases], state, "savitri-gat")
    assert theirs is not None
    assert theirs.phone == "+919823456789"


OFFICERS = [replace(OFFICER, role=role) for role in (Role.BLOCK_OFFICER, Role.DISTRICT_OFFICER, Role.MISSION_MANAGER)]


@pytest.mark.parametrize("officer", OFFICERS, ids=[scope.role.value for scope in OFFICERS])
@pytest.mark.parametrize("party", ["asha", "savitri-gat", "new-gat"])
async def test_an_officer_writes_nobodys_contact_but_her_own(officer: Scope, party: str) -> None:
    stores = await stores_with(ASHA, SAVITRI)
    with pytest.raises(NotYourContact):
        await commands.put(stores[Contact], party, MOVED, request(officer))
    assert (await commands.put(stores[Contact], officer.party, MOVED, request(officer))).party == officer.party


async def test_nobody_registers_a_contact_for_a_stranger_but_an_admin() -> None:
    stores = await stores_with()
    with pytest.raises(NotYourContact):
        await commands.put(stores[Contact], "savitri-gat", MOVED, request(BUYER))
    assert (await commands.put(stores[Contact], "savitri-gat", MOVED, request(ADMIN))).party == "savitri-gat"


async def test_a_group_without_a_phone_is_reached_through_its_relay_in_its_own_language() -> None:
    stores = await stores_with(replace(SAVITRI, phone=None, relay="asha"), ASHA)
    reached = await commands.reach(stores[Contact], stores[KnownGroup], stores[Aliases], "27", "savitri-gat")
    assert reached is not None
    assert (reached.phone, reached.language) == (ASHA.phone, "hi")


async def test_a_relay_that_has_no_phone_either_reaches_nobody() -> None:
    stores = await stores_with(replace(SAVITRI, phone=None, relay="nobody"))
    assert await commands.reach(stores[Contact], stores[KnownGroup], stores[Aliases], "27", "savitri-gat") is None
    assert await commands.reach(stores[Contact], stores[KnownGroup], stores[Aliases], "27", "unknown") is None


async def test_a_party_of_another_state_is_nobodys_relay() -> None:
    abroad = replace(ASHA, id="10:asha", tenant="10")
    stores = await stores_with(replace(SAVITRI, phone=None, relay="asha"), abroad)
    assert await commands.reach(stores[Contact], stores[KnownGroup], stores[Aliases], "27", "savitri-gat") is None


@pytest.mark.parametrize("agreed", [(True, False), (False, True)], ids=["the group did", "the relay did"])
async def test_over_a_relay_only_that_is_sent_to_which_both_agreed(agreed: tuple[bool, bool]) -> None:
    group, relay = ({Purpose.SERVICE: yes, Purpose.TRANSACTIONAL: yes} for yes in agreed)
    stores = await stores_with(
        replace(SAVITRI, phone=None, relay="asha", consents=group), replace(ASHA, consents=relay)
    )
    reached = await commands.reach(stores[Contact], stores[KnownGroup], stores[Aliases], "27", "savitri-gat")
    assert reached is not None
    assert not any(reached.agrees(purpose) for purpose in Purpose)


MAY_NOT_NAME_A_RELAY = [
    BUYER,
    replace(BUYER, role=Role.INSTITUTION),
    replace(OFFICER, party="asha"),
    replace(LEADER, party="asha"),
]


@pytest.mark.parametrize("who", MAY_NOT_NAME_A_RELAY, ids=[scope.role.value for scope in MAY_NOT_NAME_A_RELAY])
async def test_nobody_sends_her_own_messages_to_a_strangers_phone(who: Scope) -> None:
    for stores in (await stores_with(USHA), await stores_with(USHA, ASHA)):
        with pytest.raises(RelayForGroupsOnly):
            await commands.put(stores[Contact], "asha", Wanted(language="mr", relay="usha"), request(who))


@pytest.mark.parametrize("who", [LEADER, replace(LEADER, role=Role.RELAY), ADMIN], ids=["leader", "relay", "admin"])
async def test_who_acts_for_a_group_names_its_relay(who: Scope) -> None:
    stores = await stores_with(USHA)
    await commands.put(stores[Contact], "savitri-gat", Wanted(language="mr", relay="usha"), request(who))
    reached = await commands.reach(stores[Contact], stores[KnownGroup], stores[Aliases], "27", "savitri-gat")
    assert reached is not None
    assert reached.phone == USHA.phone
