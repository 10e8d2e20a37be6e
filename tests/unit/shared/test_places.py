import pytest

from shared.places.area import check_place, covers, near, place_name, within
from shared.places.directory import (
    DATA,
    blocks,
    blocks_of,
    districts,
    districts_of,
    local_bodies,
    local_bodies_of,
)
from shared.scope import Role, Scope


def scope(role: Role, **named: str) -> Scope:
    return Scope(tenant="27", role=role, party="p", **named)  # type: ignore[arg-type]


@pytest.mark.parametrize(("state", "many"), [("27", (36, 352, 406)), ("5", (13, 95, 111)), ("10", (38, 534, 252))])
def test_the_directory_has_every_place_of_the_three_states(state: str, many: tuple[int, int, int]) -> None:
    found = districts_of(state)
    inside = [block for district in found for block in blocks_of(district.code)]
    assert (len(found), len(inside), len(local_bodies_of(state))) == many


def test_a_renamed_district_goes_by_its_name_of_today() -> None:
    renamed = {code: (place.name, place.formerly) for code, place in districts().items() if place.formerly}
    assert renamed == {
        "466": ("Ahilyanagar", "Ahmednagar"),
        "469": ("Chhatrapati Sambhajinagar", "Aurangabad"),
        "488": ("Dharashiv", "Osmanabad"),
    }


def test_every_block_lies_in_a_district_there_is() -> None:
    assert {block.district for block in blocks().values()} <= set(districts())


def test_a_code_stands_for_one_place() -> None:
    for name, found in (("districts", districts()), ("blocks", blocks()), ("local_bodies", local_bodies())):
        lines = (DATA / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        assert len(found) == len(lines) - 2


def test_the_two_districts_of_mumbai_have_local_bodies_only() -> None:
    assert (blocks_of("482"), blocks_of("483")) == ((), ())


def test_every_table_names_its_source_and_licence() -> None:
    for file in (*DATA.glob("*.csv"), DATA / "README.md"):
        said = " ".join(file.read_text(encoding="utf-8").split())
        for words in (
            "Local Government Directory, Ministry of Panchayati Raj",
            "Government Open Data License - India",
            "December 2022",
        ):
            assert words in said, file.name


def test_the_nearest_codes_are_told_in_their_order_with_names() -> None:
    assert near("4513", blocks_of("490")) == "4511 Ambegaon, 4512 Baramati, 4513 Bhor, 4514 Daund, 4515 Haveli"


def test_a_code_in_another_script_or_no_number_is_answered_too() -> None:
    assert near("४५१२", blocks_of("490")).startswith("4511 Ambegaon")


def test_a_place_is_a_district_with_a_block_or_a_local_body() -> None:
    check_place("27", "490", "4512", None)
    check_place("27", "482", None, next(iter(local_bodies_of("27"))).code)


def test_a_place_is_called_by_code_and_name() -> None:
    assert place_name("490", "4512") == "4512 Baramati, 490 Pune"
    assert place_name("488", None) == "488 Dharashiv"


def test_each_officer_acts_where_she_is_posted_and_buyers_nowhere() -> None:
    acts = {
        "block": covers(scope(Role.BLOCK_OFFICER, district="490", block="4512"), "490", "4512"),
        "district": covers(scope(Role.DISTRICT_OFFICER, district="490"), "490", None),
        "state": covers(scope(Role.MISSION_MANAGER), "490", "4512"),
    }
    does_not = {
        "other block": covers(scope(Role.BLOCK_OFFICER, district="490", block="4515"), "490", "4512"),
        "same block, other district": covers(scope(Role.BLOCK_OFFICER, district="467", block="4512"), "490", "4512"),
        "town": covers(scope(Role.BLOCK_OFFICER, district="490", block="4512"), "490", None),
        "no block": covers(scope(Role.BLOCK_OFFICER), "490", None),
        "other district": covers(scope(Role.DISTRICT_OFFICER, district="467"), "490", "4512"),
        "buyer": covers(scope(Role.BUYER), "490", "4512"),
    }
    assert all(acts.values())
    assert not any(does_not.values())


def test_an_officer_without_a_place_finds_nothing() -> None:
    nothing = within(scope(Role.BUYER))
    assert within(scope(Role.BLOCK_OFFICER)) == within(scope(Role.DISTRICT_OFFICER)) == nothing
    assert within(scope(Role.DISTRICT_OFFICER, district="490")) == {"district": "490"}
