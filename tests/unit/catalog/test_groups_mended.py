"""An entry after its first day: who may correct, close and reopen it, and what a newer list still says of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.catalog.groups.domain import (
    AlreadyActive,
    Group,
    Listed,
    Membership,
    MergedAlready,
    NotActive,
    compared,
    deactivate,
    enter,
    mend,
    reactivate,
    register,
    relist,
    sees_entry,
)
from shared.contracts.catalog import GroupChanged, GroupDeactivated, GroupReactivated, GroupRegistered
from shared.decisions import Decision
from shared.localized import Localized, LocalTextMissing
from shared.places.area import BlockElsewhere, OutsideArea
from shared.scope import Role, Scope
from tests.unit.catalog.samples import BARAMATI, BUYER, ENTRY, GROUP, HAVELI, PUNE, scope

NOW = datetime(2026, 10, 18, 9, tzinfo=UTC)
CLOSED = replace(GROUP, active=False, why="closed")
ROW = Listed(digest="ab", run="umed:2", what="changed", order=2)
ACTS: dict[str, tuple[Group, Callable[[Group, Scope], Decision[Group]]]] = {
    "mend": (GROUP, lambda group, by: mend(group, {"village": "पणदरे"}, by, NOW)),
    "deactivate": (GROUP, lambda group, by: deactivate(group, "inactive", by)),
    "reactivate": (CLOSED, lambda group, by: reactivate(group, by, NOW)),
}


@pytest.mark.parametrize("act", ACTS)
def test_only_an_officer_of_its_area_changes_an_entry_and_none_that_of_an_alias(act: str) -> None:
    group, changes = ACTS[act]
    assert changes(group, BARAMATI).state != group
    with pytest.raises(OutsideArea):
        changes(group, HAVELI)
    with pytest.raises(MergedAlready, match="group-9"):
        changes(replace(group, merged_into="group-9"), BARAMATI)


def test_an_officer_takes_no_group_from_another_area_gives_none_to_it_and_no_place_that_is_none() -> None:
    with pytest.raises(OutsideArea):
        mend(GROUP, {"block": "4515"}, BARAMATI, NOW)
    with pytest.raises(OutsideArea):
        mend(replace(GROUP, block="4515"), {"block": "4512"}, BARAMATI, NOW)
    with pytest.raises(BlockElsewhere):
        mend(GROUP, {"district": "484"}, scope(Role.MISSION_MANAGER), NOW)
    assert mend(GROUP, {"block": "4515"}, PUNE, NOW).state.block == "4515"


def test_what_was_mended_is_remembered_field_by_field_and_the_group_is_compared_again() -> None:
    once = mend(GROUP, {"village": "पणदरे"}, BARAMATI, NOW)
    twice = mend(once.state, {"ward": None}, BARAMATI, NOW).state
    assert (twice.village, twice.mended, twice.compare_at) == ("पणदरे", frozenset({"village", "ward"}), NOW)
    assert once.facts == (), "of a village nobody is told"
    moved = mend(GROUP, {"block": "4515"}, PUNE, NOW).facts
    assert moved == (GroupChanged(programme="umed", programmes=("umed",), district="490", block="4515"),)


def test_a_name_is_mended_in_a_language_of_the_state_and_one_of_a_list_may_stay_as_it_was() -> None:
    latin = replace(GROUP, names=Localized(en="Savitribai Phule SHG"))
    with pytest.raises(LocalTextMissing):
        mend(GROUP, {"names": latin.names}, BARAMATI, NOW)
    assert mend(latin, {"village": "पणदरे"}, BARAMATI, NOW).state.names == latin.names


def test_a_group_is_closed_once_and_reopened_once_and_is_then_compared_again() -> None:
    closed = deactivate(GROUP, "closed", BARAMATI)
    assert (closed.state, closed.facts) == (CLOSED, (GroupDeactivated(reason="closed"),))
    with pytest.raises(NotActive):
        deactivate(CLOSED, "inactive", BARAMATI)
    opened = reactivate(CLOSED, BARAMATI, NOW)
    assert (opened.state, opened.facts) == (replace(GROUP, compare_at=NOW), (GroupReactivated(),))
    with pytest.raises(AlreadyActive):
        reactivate(GROUP, BARAMATI, NOW)


def test_a_newer_row_changes_all_but_what_an_officer_set_and_half_of_a_place_is_none() -> None:
    mended = replace(GROUP, relay="rekha", village="पणदरे", block="4515", mended=frozenset({"village", "block"}))
    row = replace(ENTRY, village="सांगवी", federation="प्रगती ग्रामसंघ", district="484", block="4444", relay=None)
    told = relist(mended, row, ROW, scope(Role.MISSION_MANAGER)).state
    assert told == replace(mended, federation="प्रगती ग्रामसंघ", activities=ENTRY.activities, listed=ROW)


@pytest.mark.parametrize("by", [HAVELI, scope(Role.BLOCK_OFFICER)])
def test_a_list_of_another_area_enters_nothing_and_changes_nothing(by: Scope) -> None:
    with pytest.raises(OutsideArea):
        enter(ENTRY, ROW, by)
    with pytest.raises(OutsideArea):
        relist(GROUP, ENTRY, ROW, by)


def test_a_group_of_a_town_is_told_with_its_town_and_waits_to_be_compared() -> None:
    town: dict[str, Any] = {"district": "490", "block": None, "local_body": "251536"}
    entered = register(replace(ENTRY, **town), PUNE, NOW)
    assert entered.facts == (GroupRegistered(programme="umed", **town),)
    assert entered.state.compare_at == NOW


def test_what_was_mended_while_its_neighbours_were_looked_at_is_looked_at_again() -> None:
    waiting = replace(GROUP, compare_at=NOW)
    assert compared(waiting, NOW).state.compare_at is None
    assert compared(waiting, NOW - timedelta(seconds=1)).state == waiting


def test_a_programme_is_named_once_and_a_buyer_who_names_a_group_in_her_token_sees_no_entry() -> None:
    twice = replace(GROUP, absorbs=(Membership(id="group-9", programme="umed", code="U-9"),))
    assert twice.programmes == ("umed",)
    assert not sees_entry(twice, replace(BUYER, groups=frozenset({GROUP.id, "group-9"})))
