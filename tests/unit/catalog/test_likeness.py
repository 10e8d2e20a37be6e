from dataclasses import replace
from typing import Any

import pytest

from services.catalog.candidates.domain import candidates, likest, pair_of
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


def test_a_name_alone_is_not_enough_where_the_village_of_one_is_not_known() -> None:
    unknown = replace(SAVITRI, id="nulm-1", programme="nulm", code="N-1", village=None, account=None)
    alike = replace(SAVITRI, federation="प्रगती ग्रामसंघ", activities=("पापड",))
    assert "same_name" in reasons(alike, replace(unknown, federation="Pragati Gramsangh", activities=("Papad",)))
    assert asked(alike, replace(unknown, federation="Pragati Gramsangh", activities=("Papad",))) == []
    assert asked(alike, replace(unknown, village=SAVITRI.village))


def test_what_both_say_besides_counts_a_little_and_another_village_much() -> None:
    def score(**other: Any) -> int:
        return likeness(record(working), record(replace(MAVIM, **other))).score

    working = replace(SAVITRI, federation="प्रगती ग्रामसंघ", activities=("पापड", "मसाला"))
    assert score() < score(federation="Pragati Gramsangh") == score(activities=("Papad",)) < score(account="k1:aa")
    assert score(account="k1:bb") < score()
    assert score(village="सांगवी") < score(village=None) < score(village="माळेगाव बुद्रुप") < score()
    assert "similar_village" in reasons(SAVITRI, replace(MAVIM, village="माळेगाव बुद्रुप"))


def test_a_score_is_never_below_nothing_nor_above_the_whole() -> None:
    assert likeness(record(SAVITRI), record(replace(SAVITRI, id="mavim-1"))).score == 100
    stranger = replace(MAVIM, names=Localized(mr="जिजाऊ बचत गट"), village="सांगवी", account="k1:bb")
    assert likeness(record(SAVITRI), record(stranger)).score == 0


def test_of_several_records_of_two_groups_the_likest_speak_whichever_come_first() -> None:
    third = replace(MAVIM, id="nulm-1", programme="nulm", names=SAVITRI.names)
    pairs = candidates([record(one) for one in (SAVITRI, MAVIM, third)])
    means = {MAVIM.id: SAVITRI.id}
    best = max(one.likeness.score for one in pairs if third.id in one.groups)
    assert len({one.likeness.score for one in pairs if third.id in one.groups}) == 2
    for order in (pairs, pairs[::-1]):
        assert likest(order, means)[pair_of((third.id, MAVIM.id), means)].score == best
    assert pair_of((third.id, MAVIM.id), means) == pair_of((SAVITRI.id, third.id), means)


def test_one_programme_lists_a_group_once_so_two_of_its_rows_are_two_groups() -> None:
    assert asked(SAVITRI, replace(SAVITRI, id="umed-2", code="U-2", account="k1:bb")) == []


def test_a_ward_is_its_number_in_any_digits_and_the_next_number_is_elsewhere() -> None:
    nulm = replace(SAVITRI, id="nulm-1", programme="nulm", ward="Ward No. 12", account=None, **IN_TOWN)
    mavim = replace(MAVIM, ward="प्रभाग १२", **IN_TOWN)
    assert "same_ward" in reasons(nulm, mavim)
    assert asked(nulm, mavim)
    assert asked(nulm, replace(mavim, ward="प्रभाग १३")) == []
    assert "same_ward" in reasons(replace(nulm, ward="Ward 04"), replace(mavim, ward="प्रभाग ४"))
    assert "same_ward" in reasons(replace(nulm, ward="गांधी चौक"), replace(mavim, ward="Gandhi Chowk"))
    assert "other_ward" in reasons(replace(nulm, ward="गांधी चौक"), replace(mavim, ward="Nehru Nagar"))


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
