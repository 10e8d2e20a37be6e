"""A report that comes back: what nobody mended is not taken for mended, and no phone hides in a text."""

from collections.abc import Sequence

import pytest

from shared.lists import writing
from shared.lists.reading import open_list
from shared.lists.returned import COLUMN, mark
from shared.lists.rows import BadRow, Line

HEADERS = ("_file", "_line", "_rule", "_fix", COLUMN, "code", "name", "district", "block", "village")
TWIN = {"code": "U-1", "name": "सावित्रीबाई बचत गट", "district": "490", "block": "4510", "village": "-५ वाडी"}


def reported(rule: str, told: dict[str, str], sent: dict[str, str]) -> list[Line]:
    ours = ["a.csv", "7", rule, "दुरुस्त करा", mark([rule], told)]
    row: Sequence[str] = [*ours, *(sent.get(field, "") for field in HEADERS[len(ours) :])]
    text = "".join(writing.lines([HEADERS, row], bom=True))
    with open_list(text.encode(), "report.csv", "umed") as opened:
        return list(opened.rows())


@pytest.mark.parametrize("rule", ["SameCodeTwice", "TooFewCells", "CutOff", "NotMended"])
def test_a_row_that_nobody_touched_is_as_bad_as_it_was(rule: str) -> None:
    (row,) = reported(rule, TWIN, TWIN)
    assert isinstance(row, BadRow)
    assert (row.problem.code, rule in row.problem.sentence("mr")) == ("NotMended", True)
    assert row.cells["code"] == "U-1"


def test_columns_of_ours_are_neither_read_nor_shown_as_a_lists_own_and_its_others_are_found_by_their_fields() -> None:
    text = "".join(writing.lines([[*HEADERS, "टीप"], ["a.csv", "7"]], bom=True))
    with open_list(text.encode(), "report.csv", "umed", {"village": "गावाचे ठिकाण"}) as opened:
        assert opened.columns.unread == ("टीप",)
        assert opened.columns.header("village") == "village"
        assert not any(opened.columns.header(field).startswith("_") for field in opened.columns.at)


def test_a_row_without_anything_to_read_does_not_vanish() -> None:
    (row,) = reported("UnreadableRow", {}, {})
    assert isinstance(row, BadRow)
    assert row.problem.code == "NotMended"


def test_a_row_that_was_mended_is_read() -> None:
    (row,) = reported("SameCodeTwice", TWIN, {**TWIN, "code": "U-2"})
    assert not isinstance(row, BadRow)
    assert row.cells["code"] == "U-2"


def test_what_shows_again_by_itself_is_asked_again_and_not_refused_for_being_the_same() -> None:
    (row,) = reported("OutsideArea", TWIN, TWIN)
    assert not isinstance(row, BadRow), "another officer may send it as it is"


@pytest.mark.parametrize("number", ["9823456783", "९८२३४ ५६७८३", "98234-56783", "+91 98234 56783"])
def test_a_phone_in_a_text_is_refused_without_being_repeated(number: str) -> None:
    (row,) = reported("X", {}, {**TWIN, "village": f"फोन {number}"})
    assert isinstance(row, BadRow)
    assert row.problem.code == "NumberInText"
    assert not any(run in row.problem.sentence("hi") for run in ("98234", "९८२३४"))


def test_marks_without_end_cost_no_more_than_a_long_cell() -> None:
    """Composing takes the square of their number: this would stand for minutes."""
    (row,) = reported("X", {}, {**TWIN, "village": "क" + "\u0316\u0301" * 100_000})
    assert isinstance(row, BadRow)
    assert row.problem.code == "CellTooLong"
