"""The answer key of a state's lists: found again by the standard library and by the reader of lists."""

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from services.notify.contacts.domain import mobile
from shared.contracts.catalog import Programme
from shared.errors import Invalid
from shared.lists import problems
from shared.lists.reading import open_list
from shared.lists.rows import BadRow
from shared.places.directory import blocks_of
from tools.seed.state.columns import COLUMNS, NUMBER, PERSON
from tools.seed.state.faults import CUT, CUT_OFF, of
from tools.seed.state.making import FILES, made

SEEN: dict[str, Callable[[dict[str, str]], bool]] = {
    "CodeMissing": lambda cells: cells["code"] == "",
    "NameMissing": lambda cells: cells["name"] == "",
    "LostLetters": lambda cells: "???" in cells["name"],
    "NumberInName": lambda cells: cells["name"].isdigit(),
    "UnreadableRow": lambda cells: "\ufffd" in cells["name"],
    "FormulaCell": lambda cells: cells["name"].startswith("="),
    "ErrorCell": lambda cells: cells["name"].startswith("="),
    "NotAnAccount": lambda cells: len(cells["account"]) < 9,
    "BlockElsewhere": lambda cells: cells["block"] not in {block.code for block in blocks_of(cells["district"])},
    "BlockOrLocalBody": lambda cells: not cells.get("block") and not cells.get("local_body"),
}
"""What is wrong with the cells, for who looks at them."""


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


def lines(folder: Path, file: str) -> dict[int, list[str]]:
    """The rows by the line an editor, or the spreadsheet, shows for them."""
    name, _, title = file.partition("!")
    if title:
        rows = load_workbook(folder / name)[title].iter_rows(values_only=True)
        return {at: ["" if cell is None else str(cell) for cell in row] for at, row in enumerate(rows, 1)}
    encoding, delimiter = ("utf-16-le", "\t") if name == "mavim.csv" else ("utf-8", ",")
    text = (folder / name).read_bytes().decode(encoding, "replace").removeprefix("\ufeff")
    found, began = {}, 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for row in reader:
        found[began] = row
        began = 1 + reader.line_num
    return found


@pytest.mark.parametrize("file", ["umed.csv", "nulm.xlsx!महानगरपालिका", "nulm.xlsx!नगरपालिका", "mavim.csv"])
def test_the_answers_count_what_stands_in_the_file(folder: Path, answers: dict[str, Any], file: str) -> None:
    part = answers["files"][file]
    titles = len(COLUMNS["umed" if "umed" in file else "nulm" if "nulm" in file else "mavim"].titles)
    assert part["rows"] == len(lines(folder, file)) - titles - 1
    assert part["rows"] == part["good"] + part["repeated"] + len(part["bad"])
    assert part["good"] == sum(part["contacts"].values())


@pytest.mark.parametrize("file", ["umed.csv", "nulm.xlsx!महानगरपालिका", "nulm.xlsx!नगरपालिका", "mavim.csv"])
def test_a_bad_line_is_where_the_answers_say(folder: Path, answers: dict[str, Any], file: str) -> None:
    programme: Any = file[: file.index(".")]
    headers = list(COLUMNS[programme].headers.values())
    rows, seen = lines(folder, file), Counter[str]()
    codes = Counter(dict(zip(COLUMNS[programme].headers, row, strict=False)).get("code") for row in rows.values())
    for line, rule in answers["files"][file]["bad"].items():
        row = rows[int(line)]
        cells = dict(zip(COLUMNS[programme].headers, row, strict=False))
        assert rule not in SEEN or SEEN[rule](cells)
        assert rule != "HeaderAgain" or row == headers
        assert rule not in {"TooManyCells", "TooFewCells"} or (len(row) > len(headers)) == (rule == "TooManyCells")
        assert rule != "SameCodeTwice" or codes[cells["code"]] > 1
        seen[rule] += 1
    assert set(seen) == {fault.rule for fault in (*of(programme), *([CUT_OFF] if programme == CUT else []))}


@pytest.mark.parametrize("programme", COLUMNS)
def test_the_reader_of_lists_finds_what_the_answers_say(
    folder: Path, answers: dict[str, Any], programme: Programme
) -> None:
    """Its own rules line for line; what is wrong with a code or a place it does not know."""
    rules = {name for name, kind in vars(problems).items() if isinstance(kind, type) and issubclass(kind, Invalid)}
    found: defaultdict[str, dict[int, str]] = defaultdict(dict)
    with open_list(folder / FILES[programme], FILES[programme], programme) as opened:
        for row in opened.rows():
            found[row.file][row.line] = row.problem.code if isinstance(row, BadRow) else "good"
        assert set(opened.columns.at) == set(COLUMNS[programme].headers) - {NUMBER, PERSON}
    for file, rows in found.items():
        part = answers["files"][file]
        assert len(rows) == part["rows"]
        wanted = {int(line): rule for line, rule in part["bad"].items() if rule in rules}
        assert {line: rule for line, rule in rows.items() if rule != "good"} == wanted


def test_what_is_bad_has_no_phone_and_a_bad_phone_stands_in_a_good_row(folder: Path, answers: dict[str, Any]) -> None:
    at = list(COLUMNS["umed"].headers).index("phone")
    part, rows = answers["files"]["umed.csv"], lines(folder, "umed.csv")
    whole = [
        rows[int(line)] for line, rule in part["bad"].items() if rule not in {"TooFewCells", "HeaderAgain", "CutOff"}
    ]
    assert {row[at] for row in whole} == {""}
    assert not set(part["bad_phones"]) & set(map(int, part["bad"]))
    assert len(part["bad_phones"]) == part["contacts"]["bad"] > 0
    for line in part["bad_phones"]:
        with pytest.raises(Exception, match="mobile"):
            mobile(rows[line][at])
