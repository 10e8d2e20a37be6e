"""What groups may be asked for: by whom without a place, with which texts, and which ids a number may mean."""

from typing import Any, get_args

import pytest

from services.catalog.filters.domain import (
    GroupFilters,
    NotAGroupNumber,
    NothingToFind,
    PlaceNeeded,
    check_filters,
    of_number,
)
from services.catalog.filters.views import GroupsAsked
from shared import clock
from shared.contracts.catalog import Programme, group_id
from shared.scope import Role
from tests.unit.catalog.samples import BARAMATI, LEADER, PUNE, scope

MANAGER = scope(Role.MISSION_MANAGER)


def test_a_village_is_asked_for_with_its_block_or_town_but_by_those_who_see_one_place_anyway() -> None:
    for by in (BARAMATI, LEADER, scope(Role.GROUP_MEMBER, groups=LEADER.groups)):
        check_filters(GroupFilters(village="माळेगाव"), by)
    for by in (PUNE, MANAGER):
        with pytest.raises(PlaceNeeded, match="village"):
            check_filters(GroupFilters(village="माळेगाव", district="490"), by)
        check_filters(GroupFilters(village="माळेगाव", block="4512"), by)
        check_filters(GroupFilters(village="माळेगाव", local_body="251536"), by)


@pytest.mark.parametrize("field", ["q", "activity", "federation", "village"])
def test_signs_alone_find_nothing_in_any_text(field: str) -> None:
    signs: dict[str, Any] = {field: "- …"}
    with pytest.raises(NothingToFind, match=field):
        check_filters(GroupFilters(block="4512", **signs), MANAGER)


def test_a_number_is_looked_up_as_written_and_all_in_one_case_in_its_programme_or_in_any() -> None:
    written = ("PN/17b", "PN/17B", "pn/17b")
    for named in get_args(Programme):
        hers = of_number(GroupFilters(code=" PN / 17b", programme=named), "27")
        assert hers == sorted(group_id("27", named, one) for one in written)
    anywhere = of_number(GroupFilters(code="PN/17b"), "27")
    assert anywhere == sorted(group_id("27", named, one) for named in get_args(Programme) for one in written)
    with pytest.raises(NotAGroupNumber):
        check_filters(GroupFilters(code="क्र. 17"), MANAGER)


def test_a_code_is_read_in_any_digits_and_a_stall_this_year_is_asked_for_or_against() -> None:
    asked = GroupsAsked.model_validate({"block": " ४५१२ ", "programme": "UMED", "has_stall": "false"}).filters()
    assert (asked.block, asked.programme) == ("4512", "umed")
    assert (asked.stall_in, asked.no_stall_in) == (None, clock.today().year)
    wanted = GroupsAsked(has_stall=True).filters()
    assert (wanted.stall_in, wanted.no_stall_in) == (clock.today().year, None)
