"""Places of a list's row: every wrong one is reported with what may be meant."""

import pytest

from services.catalog.nearby.domain import PlaceOfAnotherState, check
from shared.places.area import BlockElsewhere, BlockOrLocalBody, UnknownPlace
from shared.places.directory import blocks_of, districts_of

PUNE, BARAMATI = "490", "4512"


def test_a_place_of_the_state_is_right() -> None:
    check("27", PUNE, BARAMATI, None)
    check("27", PUNE, None, "248077")


@pytest.mark.parametrize("name", ["Chandrapur", "चंद्रपूर", "Chanda", "CHANDRAPUR DIST", "चन्द्रपुर", "473 Chandrapur"])
def test_a_name_in_the_place_of_a_code_hears_the_code(name: str) -> None:
    with pytest.raises(UnknownPlace) as refused:
        check("27", name, None, None)
    assert "473 Chandrapur" in str(refused.value.params["near"])


def test_of_one_place_alone_it_is_not_said_that_there_are_several() -> None:
    unknown = UnknownPlace(field="district", code="Chanda", near="473 Chandrapur")
    elsewhere = PlaceOfAnotherState(field="district", place="45 Surat", near="497 Nandurbar")
    assert unknown.sentence("en").endswith("Nearest: 473 Chandrapur; send the right one.")
    assert elsewhere.sentence("en").endswith("Nearest in this one: 497 Nandurbar; send the right one.")


@pytest.mark.parametrize(("name", "code"), [("Ahmednagar", "466"), ("औरंगाबाद", "469"), ("उस्मानाबाद", "488")])
def test_a_district_is_found_by_its_former_name(name: str, code: str) -> None:
    with pytest.raises(UnknownPlace) as refused:
        check("27", name, None, None)
    assert code in str(refused.value.params["near"])


def test_every_district_is_suggested_first_by_its_own_name() -> None:
    for district in districts_of("27"):
        with pytest.raises(UnknownPlace) as refused:
            check("27", district.name, None, None)
        near = str(refused.value.params["near"])
        assert near.startswith(("482", "483")) if "Mumbai" in district.name else near.startswith(str(district))


@pytest.mark.parametrize("name", ["Baramati", "बारामती", "Baramti"])
def test_a_block_is_suggested_among_those_of_its_district(name: str) -> None:
    with pytest.raises(UnknownPlace) as refused:
        check("27", PUNE, name, None)
    assert str(refused.value.params["near"]).startswith("4512 ")


def test_a_wrong_code_hears_the_nearest_codes() -> None:
    with pytest.raises(UnknownPlace) as refused:
        check("27", "9490", None, None)
    assert len(str(refused.value.params["near"]).split(", ")) == 5


def test_a_missing_district_is_an_unknown_one() -> None:
    with pytest.raises(UnknownPlace):
        check("27", "", BARAMATI, None)


@pytest.mark.parametrize(
    ("district", "block", "body"), [("192", BARAMATI, None), (PUNE, "352", None), (PUNE, "352", "248077")]
)
def test_a_place_of_another_state_is_named(district: str, block: str | None, body: str | None) -> None:
    with pytest.raises(PlaceOfAnotherState, match="another state"):
        check("27", district, block, body)


def test_a_block_of_another_district_is_told_where_it_lies() -> None:
    elsewhere = blocks_of("473")[0].code
    with pytest.raises(BlockElsewhere, match="Chandrapur"):
        check("27", PUNE, elsewhere, None)
    with pytest.raises(BlockElsewhere):
        check("27", PUNE, elsewhere, "248077")


@pytest.mark.parametrize(("block", "body"), [(None, None), (BARAMATI, "248077")])
def test_a_group_lies_in_a_village_or_in_a_town(block: str | None, body: str | None) -> None:
    with pytest.raises(BlockOrLocalBody):
        check("27", PUNE, block, body)


def near(district: str, block: str | None, local_body: str | None = None) -> list[str]:
    """The suggestions for the one code that is wrong."""
    with pytest.raises((UnknownPlace, PlaceOfAnotherState, BlockElsewhere)) as refused:
        check("27", district, block, local_body)
    return str(refused.value.params["near"]).split(", ")


@pytest.mark.parametrize("wrong", ["999", "9490", "", "Puna", "192"])
def test_a_wrong_district_hears_first_in_which_one_the_rows_own_block_lies(wrong: str) -> None:
    assert near(wrong, BARAMATI)[0] == "490 Pune"


@pytest.mark.parametrize("wrong", ["4152", "5412", "45112", "4612"])
def test_a_slip_of_a_digit_is_nearer_than_a_near_number(wrong: str) -> None:
    assert near(PUNE, wrong)[0] == "4512 Baramati"


def test_a_block_is_suggested_in_the_rows_own_district_and_one_of_that_name_elsewhere_only_without_any() -> None:
    for wrong in ("4152", "Indapoor", "990"):
        assert all(one.split()[0] in {block.code for block in blocks_of(PUNE)} for one in near(PUNE, wrong))
    assert near("484", "Baramati")[-1] == "4512 Baramati"


def test_the_block_of_the_same_name_is_suggested_where_the_code_is_anothers() -> None:
    assert near("466", "4526")[0] == "4279 Karjat"


def test_a_town_is_suggested_first_in_the_rows_own_district() -> None:
    for wrong in ("999999", "251536x", "1"):
        assert {one.split()[1] for one in near(PUNE, None, wrong)} & {"Baramati", "Bhor", "Daund", "Junnar"}, wrong
    assert near(PUNE, None, "251536x")[0] == "251536 Baramati"
    assert near(PUNE, None, "Shirur")[0] == "251518 Shirur"
    assert near(PUNE, None, BARAMATI)[0] == "251536 Baramati"
