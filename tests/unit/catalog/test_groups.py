from dataclasses import replace

import pytest

from services.catalog.groups import commands
from services.catalog.groups.domain import Group, register, sees_entry
from services.catalog.groups.store import GroupDocument
from shared.contracts.catalog import GroupRegistered
from shared.errors import AlreadyExists, NotFound
from shared.ids import derived_id
from shared.localized import Localized, LocalTextMissing
from shared.places.area import BlockElsewhere, BlockOrLocalBody, OutsideArea, UnknownPlace
from shared.scope import Role
from shared.testing import FakeStores
from tests.unit.catalog.samples import BARAMATI, BUYER, ENTRY, GROUP, HAVELI, LEADER, PUNE, caller, scope

URBAN = replace(ENTRY, programme="nulm", block=None, village=None, local_body="251312", ward="प्रभाग ४", district="467")


def test_a_registered_group_is_told_with_its_place_and_without_its_name() -> None:
    decision = register(ENTRY, BARAMATI)
    assert decision.facts == (GroupRegistered(programme="umed", district="490", block="4512"),)
    assert "सावित्रीबाई" not in decision.facts[0].model_dump_json()


def test_the_same_number_of_the_same_programme_is_the_same_group() -> None:
    again = register(replace(ENTRY, names=Localized(mr="दुसरे नाव")), PUNE).state
    assert again.id == register(ENTRY, BARAMATI).state.id == derived_id("27", "umed", ENTRY.code)


def test_an_officer_of_another_block_is_refused_and_reads_both_places_in_marathi() -> None:
    with pytest.raises(OutsideArea) as refused:
        register(ENTRY, HAVELI)
    assert refused.value.status == 403
    assert "4512 Baramati, 490 Pune" in refused.value.sentence("mr")
    assert "4515 Haveli, 490 Pune" in refused.value.sentence("mr")


def test_a_district_officer_registers_in_each_block_and_town_of_her_district() -> None:
    akola = scope(Role.DISTRICT_OFFICER, district="467")
    assert register(ENTRY, PUNE).state.block == "4512"
    assert register(URBAN, akola).state.ward == "प्रभाग ४"


def test_an_officer_without_a_place_in_her_token_registers_nothing() -> None:
    for role in (Role.BLOCK_OFFICER, Role.DISTRICT_OFFICER):
        with pytest.raises(OutsideArea):
            register(ENTRY, scope(role))


def test_a_block_of_another_district_is_refused_with_the_blocks_to_choose_from() -> None:
    with pytest.raises(BlockElsewhere, match=r"4512 Baramati lies in the district 490 Pune, not in 467 Akola"):
        register(replace(ENTRY, district="467"), PUNE)


def test_an_unknown_block_is_refused_with_the_nearest_codes_and_names() -> None:
    with pytest.raises(UnknownPlace, match=r"block: 4599 is not .* 4523 Shirur, 4524 Velhe"):
        register(replace(ENTRY, block="4599"), PUNE)


def test_a_district_of_another_state_is_unknown_there() -> None:
    with pytest.raises(UnknownPlace, match="district: 45 is not"):
        register(replace(ENTRY, district="45", block="352"), PUNE)


def test_a_group_has_a_block_or_a_local_body_never_both_or_none() -> None:
    for wrong in (replace(ENTRY, local_body="251312"), replace(ENTRY, block=None)):
        with pytest.raises(BlockOrLocalBody):
            register(wrong, PUNE)


def test_a_name_in_english_alone_is_refused_with_the_field_to_fill() -> None:
    with pytest.raises(LocalTextMissing, match=r"add names.mr or names.hi"):
        register(replace(ENTRY, names=Localized(en="Savitribai Phule Group")), BARAMATI)


def test_the_whole_entry_is_for_its_members_and_the_officers_of_its_place() -> None:
    allowed = [sees_entry(GROUP, by) for by in (LEADER, BARAMATI, PUNE, scope(Role.MISSION_MANAGER))]
    refused = [sees_entry(GROUP, by) for by in (HAVELI, BUYER, scope(Role.DEPARTMENT))]
    assert (allowed, refused) == ([True] * 4, [False] * 3)


async def test_a_group_registered_again_with_another_key_is_a_conflict_with_the_same_key_the_same_answer() -> None:
    groups = FakeStores(GroupDocument)[Group]
    first = await commands.register(groups, ENTRY, caller(BARAMATI))
    assert await commands.register(groups, ENTRY, caller(BARAMATI)) == first
    with pytest.raises(AlreadyExists):
        await commands.register(groups, ENTRY, caller(BARAMATI, key="key-2"))


async def test_a_group_comes_back_from_its_document_as_it_was() -> None:
    stores = FakeStores(GroupDocument)
    stored = await commands.register(stores[Group], URBAN, caller(scope(Role.MISSION_MANAGER)))
    assert await commands.read(stores[Group], stored.id, BUYER) == stored
    assert [fact["name"] for fact in stores.facts(Group)] == ["group-registered"]


async def test_a_group_of_another_state_is_not_there() -> None:
    groups = FakeStores(GroupDocument)[Group]
    stored = await commands.register(groups, ENTRY, caller(BARAMATI))
    with pytest.raises(NotFound):
        await commands.read(groups, stored.id, replace(BUYER, tenant="5"))
