"""Records that are merged into others, and those of several places: what each stands for and whom it meets."""

from dataclasses import replace

from services.catalog.candidates.domain import Standing
from services.catalog.groups.domain import Group
from services.catalog.merges.domain import absorb, merge
from tests.unit.catalog.test_likeness import IN_TOWN, MAVIM, SAVITRI

TOWN = {**IN_TOWN, "local_body": "4512", "ward": "४"}
NULM = replace(SAVITRI, id="nulm-1", programme="nulm", code="N-1")


def standing(*groups: Group) -> Standing:
    return Standing({group.id: group for group in groups})


def pairs(*groups: Group, only: set[str] | None = None) -> list[set[str]]:
    return [set(found.groups) for found in standing(*groups).pairs([group.id for group in groups], only)]


def test_an_id_means_the_group_it_was_merged_into_though_its_own_record_is_elsewhere() -> None:
    holds = absorb(SAVITRI, MAVIM).state
    alias = merge(MAVIM, holds, MAVIM.tries).state
    for there in (standing(holds), standing(holds, alias)):
        assert there.means[MAVIM.id] == SAVITRI.id
        assert there.ids == {SAVITRI.id, MAVIM.id}
    assert pairs(holds, alias) == [], "they are one"
    assert all(NULM.id in pair for pair in pairs(holds, alias, NULM))
    assert len(pairs(holds, alias, NULM)) == 2


def test_a_block_and_a_town_of_one_code_are_two_places() -> None:
    town = replace(NULM, **TOWN)
    assert pairs(SAVITRI, NULM) == [{SAVITRI.id, NULM.id}]
    assert pairs(SAVITRI, town) == []


def test_of_a_town_too_only_the_asked_records_are_compared() -> None:
    one, other = replace(SAVITRI, **TOWN), replace(NULM, **TOWN)
    assert pairs(one, other, only={other.id}) == [{one.id, other.id}]
    assert pairs(one, other, only={"nobody"}) == []


def test_what_spoke_for_two_before_anything_was_merged_is_looked_for_in_one_place_each() -> None:
    holds = absorb(SAVITRI, MAVIM).state
    family = (holds, merge(MAVIM, holds, MAVIM.tries).state, replace(MAVIM, id="mavim-2", code="M-2"))
    assert [set(pair) for pair in standing(*family).still()] == [{SAVITRI.id, "mavim-2"}]
    assert standing(SAVITRI, replace(NULM, block="4515")).still() == {}


def test_a_merged_record_is_as_active_as_the_group_it_stands_for() -> None:
    holds = absorb(SAVITRI, replace(MAVIM, active=False, why="closed")).state
    alias = merge(replace(MAVIM, active=False, why="closed"), holds, MAVIM.tries).state
    gone = replace(NULM, active=False, why="closed")
    assert {MAVIM.id, NULM.id} in pairs(holds, alias, gone)
    assert pairs(replace(holds, active=False), replace(alias, active=True), gone) == []
