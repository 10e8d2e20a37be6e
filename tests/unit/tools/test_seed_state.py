"""The lists of a state: what is in them, and that the answer key says so. Read here by the standard library alone."""

import json
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from services.notify.contacts.domain import mobile
from shared.places.area import check_place
from shared.places.directory import blocks_of, districts_of, local_bodies
from tools.seed.__main__ import app
from tools.seed.state.columns import COLUMNS
from tools.seed.state.lines import Row, Sheet
from tools.seed.state.making import made, planned
from tools.seed.state.shares import URBAN, Place, places
from tools.seed.state.spelling import misspelt
from tools.seed.state.words import names, villages

SUBURBS = "483"
"""Mumbai Suburban: the one town of both is listed under Mumbai."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest state."""
    out = tmp_path_factory.mktemp("state")
    made("27", 0.001, 7, out)
    return out


@pytest.fixture(scope="module")
def answers(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "answers.json").read_text("utf-8"))
    return found


def sheet(programme: Any, scale: float = 0.02, state: str = "27") -> Iterator[Row]:
    kinds = {"umed": (False,), "nulm": (True,), "mavim": (False, True)}[programme]
    return Sheet(state=state, seed=7, programme=programme, plans=planned(state, scale, 7)).rows(kinds)


def good(scale: float = 0.02, state: str = "27") -> Iterator[Row]:
    for programme in COLUMNS:
        yield from (row for row in sheet(programme, scale, state) if row.group and not row.repeated)


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    made("27", 0.001, 7, tmp_path)
    assert {file.name for file in folder.iterdir()} == {"umed.csv", "nulm.xlsx", "mavim.csv", "answers.json"}
    for file in folder.iterdir():
        assert file.read_bytes() == (tmp_path / file.name).read_bytes()


def test_another_seed_gives_other_lists(folder: Path, tmp_path: Path) -> None:
    made("27", 0.001, 8, tmp_path)
    assert (folder / "umed.csv").read_bytes() != (tmp_path / "umed.csv").read_bytes()


@pytest.mark.parametrize("state", ["27", "5", "10"])
@pytest.mark.parametrize(("scale", "groups"), [(1.0, 782_000), (0.125, 97_750), (0.001, 782)])
def test_a_state_has_as_many_groups_as_its_programmes_say(state: str, scale: float, groups: int) -> None:
    found = places(state, scale, 7)
    assert sum(sum(place.counts.values()) for place in found) == groups
    assert sum(place.counts.get("umed", 0) for place in found) == round(599_000 * scale)


def test_in_every_block_and_district_stands_somebody_in_uneven_numbers() -> None:
    found = places("27", 1.0, 7)
    rural = [place.counts["umed"] for place in found if not place.urban]
    assert len(rural) == sum(len(blocks_of(district.code)) for district in districts_of("27"))
    assert min(rural) > 500
    assert max(rural) > 2.5 * min(rural)
    assert {place.district for place in found} == {district.code for district in districts_of("27")} - {SUBURBS}


def test_a_town_lies_in_one_district_and_only_mumbai_is_the_largest() -> None:
    towns = [place for place in places("27", 1.0, 7) if place.urban]
    assert len({place.code for place in towns}) == len(towns) > 350
    largest = max(towns, key=lambda place: sum(place.counts.values()))
    assert local_bodies()[largest.code].name == "Greater Mumbai"


def test_every_good_row_names_a_place_of_the_state() -> None:
    for row in good():
        assert row.group is not None
        cells = row.group.cells
        check_place("27", cells["district"], cells["block"] or None, cells["local_body"] or None)


def test_the_counts_are_those_of_the_good_rows(answers: dict[str, Any]) -> None:
    found = Counter(row.group.plan.place.district for row in good(0.001) if row.group)
    assert answers["counts"]["district"] == found
    assert answers["groups"] == sum(found.values()) == 782
    assert answers["counts"]["programme"] == {"umed": 599, "nulm": 31, "mavim": 152}
    towns = sum(answers["counts"]["local_body"].values())
    assert towns == sum(round(count / 1000) for count in URBAN.values())


def test_a_group_has_an_account_of_its_own_and_doubles_share_theirs() -> None:
    owners: dict[str, str] = {}
    for row in good():
        assert row.group is not None
        account = row.group.cells["account"]
        if row.group.twin and row.group.twin[1] == "account":
            assert owners.get(account, row.group.twin[0]) == row.group.twin[0]
        elif account:
            assert account not in owners
            owners[account] = row.group.id


def test_doubles_are_of_two_programmes_in_one_place_and_show_in_three_ways() -> None:
    known = {row.group.id: row.group for row in good() if row.group}
    doubles = [group for group in known.values() if group.twin]
    guests = [group for group in known.values() if group.programme == group.plan.guest]
    kinds = Counter(group.twin[1] for group in doubles if group.twin)
    for group in doubles:
        assert group.twin is not None
        other = known[group.twin[0]]
        assert other.programme != group.programme
        assert other.plan.place == group.plan.place
        if group.twin[1] == "script":
            assert other.cells["name"].isascii() != group.cells["name"].isascii()
    assert len(doubles) / len(guests) == pytest.approx(0.06, abs=0.005)
    assert kinds["account"] / len(doubles) == pytest.approx(0.6, abs=0.04)
    assert set(kinds) == {"account", "script", "typo"}


def test_two_groups_of_one_village_are_named_alike_only_when_they_are_one() -> None:
    there: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
    script = {word: triple[0] for triple in names() for word in triple}
    for row in good(0.1):
        assert row.group is not None
        cells = row.group.cells
        spot = cells["village"] or "".join(filter(str.isdigit, cells["ward"]))
        word = next((known for word, known in script.items() if cells["name"].startswith(f"{word} ")), "")
        if word and not row.group.twin:
            there[cells["block"] or cells["local_body"], spot, word].append(row)
    for rows in there.values():
        assert len({row.group.programme for row in rows if row.group}) == 1


def test_what_only_looks_alike_is_in_one_place_and_never_a_double() -> None:
    known = {row.group.id: row.group for row in good() if row.group}
    near = [group for group in known.values() if group.near]
    assert len(near) > 20
    for group in near:
        assert group.near is not None
        assert not group.twin
        other = known[group.near]
        assert other.plan.place == group.plan.place
        assert other.cells["account"] != group.cells["account"] or not group.cells["account"]


@pytest.mark.parametrize("state", ["27", "10"])
def test_names_are_clean_and_no_two_villages_of_a_block_are_one(state: str) -> None:
    for row in good(0.002, state):
        assert row.group is not None
        for cell in row.group.cells.values():
            assert cell == unicodedata.normalize("NFC", cell).strip()
    for district in districts_of(state)[:6]:
        for block in blocks_of(district.code):
            there = villages(state, block.code, 7)
            assert len(set(there)) == len({latin for _, latin in there}) == len(there) >= 60


def test_phones_are_indian_mobile_numbers_and_one_may_serve_two_groups() -> None:
    found = Counter(mobile(row.group.cells["phone"]) for row in good() if row.group and row.group.cells["phone"])
    assert 1.03 < found.total() / len(found) < 1.2
    assert {number[:7] for number in found} == {"+919000"[:7]}


@pytest.mark.parametrize("word", [word for triple in names()[::9] for word in triple])
def test_a_misspelt_name_is_another_one_and_still_starts_alike(word: str) -> None:
    for salt in map(str, range(30)):
        other = misspelt(word, salt)
        assert other != word
        assert other[0] == word[0]
        assert abs(len(other) - len(word)) <= 2
        assert unicodedata.category(other[-1])[0] in "LM"


def test_no_two_words_for_groups_are_the_same() -> None:
    for script in range(3):
        words = [triple[script] for triple in names()]
        assert len(set(words)) >= len(words) - (2 if script == 1 else 0)
    assert all(one.casefold() != other.casefold() for one, other in combinations([t[2] for t in names()], 2))


def test_a_larger_state_keeps_the_codes_of_the_smaller() -> None:
    small, large = ({row.group.code for row in sheet("umed", scale) if row.group} for scale in (0.001, 0.02))
    assert len(small - large) < len(small) // 4


def test_the_program_writes_a_folder_and_needs_no_server(tmp_path: Path) -> None:
    ran = CliRunner().invoke(app, ["--state", "10", "--scale", "0.001", "--out", str(tmp_path / "lists")])
    assert ran.exit_code == 0, ran.output
    assert "782 groups" in ran.output
    assert json.loads((tmp_path / "lists" / "answers.json").read_text("utf-8"))["state"] == "10"


@pytest.mark.parametrize(
    "asked", [["--out", "lists"], ["--scale", "0.0001", "--out", "lists"], ["--state", "99", "--scale", "0.001"]]
)
def test_what_cannot_be_made_is_refused(asked: list[str]) -> None:
    assert CliRunner().invoke(app, asked).exit_code == 2


def test_a_place_says_whether_it_is_a_corporation() -> None:
    assert Place(district="482", local_body="251488").corporation
    assert not Place(district="490", block="4512").corporation
