from dataclasses import replace
from typing import Any

import pytest

from services.catalog.candidates.domain import candidates
from services.catalog.groups.domain import Group
from services.catalog.likeness.domain import LEAST, likeness, record, village
from shared.localized import Localized
from tests.unit.catalog.samples import GROUP

SAVITRI = replace(GROUP, village="माळेगाव बुद्रुक", names=Localized(mr="सावित्रीबाई महिला बचत गट"), account="k1:aa")
MAVIM = replace(
    SAVITRI, id="mavim-1", programme="mavim", code="M-1", names=Localized(en="Savitribai Mahila SHG"),
    village="Malegaon Bk", account=None,
)  # fmt: skip
IN_TOWN: dict[str, Any] = {"block": None, "village": None, "local_body": "251312"}


def asked(*groups: Group, only: set[str] | None = None) -> list[tuple[str, str]]:
    return [found.groups for found in candidates(map(record, groups), only)]


def reasons(one: Group, other: Group) -> set[str]:
    return set(likeness(record(one), record(other)).reasons)


def test_a_name_in_another_script_and_a_village_spelt_otherwise_are_seen_as_the_same() -> None:
    found = likeness(record(SAVITRI), record(MAVIM))
    assert found.score >= LEAST
    assert set(found.reasons) == {"other_script", "same_village"}
    assert asked(SAVITRI, MAVIM) == [tuple(sorted((SAVITRI.id, MAVIM.id)))]


def test_it_is_the_same_score_whichever_record_comes_first() -> None:
    assert likeness(record(SAVITRI), record(MAVIM)) == likeness(record(MAVIM), record(SAVITRI))


@pytest.mark.parametrize(
    ("typo", "why"),
    [
        ("Sawitri Bai Mahila SHG", "other_script"),
        ("सवित्रीबाइ महिला गट", "same_sound"),
        ("सावित्राबा महिला गट", "similar_name"),
    ],
)
def test_a_slip_of_the_pen_still_looks_alike(typo: str, why: str) -> None:
    other = replace(MAVIM, names=Localized(mr=typo))
    assert why in reasons(SAVITRI, other)
    assert asked(SAVITRI, other)


def test_one_account_in_one_place_is_always_shown_whatever_the_names() -> None:
    other = replace(MAVIM, names=Localized(mr="जिजाऊ बचत गट"), village=None, account="k1:aa")
    found = likeness(record(SAVITRI), record(other))
    assert "same_account" in found.reasons
    assert asked(SAVITRI, other)
    assert asked(SAVITRI, replace(other, programme="umed")), "also within one programme's list"


def test_accounts_sealed_with_two_keys_say_nothing() -> None:
    other = replace(MAVIM, account="k2:aa")
    assert not {"same_account", "other_account"} & reasons(SAVITRI, other)
    assert "other_account" in reasons(SAVITRI, replace(MAVIM, account="k1:bb"))


def test_the_same_name_in_the_next_village_is_another_group() -> None:
    for elsewhere in ("सांगवी", "माळेगाव खुर्द"):
        assert asked(SAVITRI, replace(MAVIM, village=elsewhere)) == [], elsewhere


def test_one_programme_lists_a_group_once_so_two_of_its_rows_are_two_groups() -> None:
    assert asked(SAVITRI, replace(SAVITRI, id="umed-2", code="U-2", account="k1:bb")) == []


def test_a_ward_is_its_number_in_any_digits_and_the_next_number_is_elsewhere() -> None:
    nulm = replace(SAVITRI, id="nulm-1", programme="nulm", ward="Ward No. 12", account=None, **IN_TOWN)
    mavim = replace(MAVIM, ward="प्रभाग १२", **IN_TOWN)
    assert "same_ward" in reasons(nulm, mavim)
    assert asked(nulm, mavim)
    assert asked(nulm, replace(mavim, ward="प्रभाग १३")) == []


def test_a_town_and_a_block_of_one_code_are_told_apart_by_their_records() -> None:
    assert record(replace(MAVIM, ward="4", **IN_TOWN)).town
    assert not record(MAVIM).town


def test_two_groups_that_are_both_closed_are_nobodys_question() -> None:
    gone = replace(SAVITRI, active=False)
    assert asked(gone, replace(MAVIM, active=False)) == []
    assert asked(gone, MAVIM)


def test_one_group_alone_is_compared_with_its_neighbours_only() -> None:
    pair = [replace(one, id=f"{one.id}-b", village="सांगवी", account=None) for one in (SAVITRI, MAVIM)]
    assert len(asked(SAVITRI, MAVIM, *pair)) == 2
    assert asked(SAVITRI, MAVIM, *pair, only={MAVIM.id}) == [tuple(sorted((SAVITRI.id, MAVIM.id)))]
    assert asked(SAVITRI, MAVIM, only={"nobody"}) == []


def test_budruk_and_khurd_of_one_name_are_two_villages_however_they_are_shortened() -> None:
    assert village("माळेगाव बु.") == village("Malegaon Budruk") == village("Malegav Bk")
    assert village("माळेगाव खु.") == village("Malegaon Khurd") != village("Malegaon Bk")
