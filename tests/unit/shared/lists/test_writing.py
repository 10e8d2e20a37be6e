"""No cell of a CSV of ours comes alive in a spreadsheet, and each is read back as it was."""

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.lists.columns import fields
from shared.lists.reading import open_list
from shared.lists.rows import Row
from shared.lists.writing import guarded, lines, unguarded

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize(
    "cell",
    [
        '=HYPERLINK("http://example.invalid","सखी")',
        "+919000000001",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u00a0=1",
        "\u3000=1",
        "\uff1d1+1",
        "\uff0b1",
        "\uff0d1",
        "\uff20SUM(A1)",
        "'=1",
    ],
)
def test_what_a_spreadsheet_would_compute_is_written_as_text(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"
    assert unguarded(guarded(cell)) == cell


@pytest.mark.parametrize("cell", ["", "सखी महिला बचत गट", "'सखी'", "9000000001", "a=b", "x-y", "'"])
def test_other_cells_are_written_as_they_are(cell: str) -> None:
    assert guarded(cell) == cell
    assert unguarded(cell) == cell


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\n \u00a0\u3000\uff1da१"), max_size=6) | st.text(max_size=20))
def test_the_guard_is_taken_off_exactly(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell
    begins = guarded(cell).lstrip(" \u00a0\u3000")[:1]
    assert begins not in {*"=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"} or not begins


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=2, max_size=4)
    )
)
def test_a_written_file_reads_back_cell_by_cell(rows: list[list[str]]) -> None:
    text = "".join(lines(rows, bom=True))
    read = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert [[unguarded(cell) for cell in row] for row in read] == rows


def test_a_report_that_is_sent_again_says_what_the_list_said() -> None:
    cells = {
        "code": "U-1",
        "name": '-जय "भवानी", महिला गट',
        "district": "490",
        "block": "4278",
        "phone": "+919000000001",
    }
    ours = ["_file", "_line", "_rule", "_fix"]
    header = [*ours, *fields()]
    row = ["umed.csv", "7", "UnknownPlace", "=fix", *(cells.get(field, "") for field in fields())]
    text = "".join(lines([header, row], bom=True))
    with open_list(text.encode(), "report.csv", "umed") as opened:
        assert list(opened.rows()) == [Row(2, cells, "report.csv")]


CHECKED = {
    "services/stalls/draw/files.py",  # its cells are checked by `seed.is_cell`, and its bytes are frozen
    "services/stalls/outcomes/domain.py",  # ids and codes
    "tools/draw/tabled.py",  # the same files as draw/files
    "tools/draw/page.py",  # guards its one text
    "tools/seed/state/files.py",  # lists as others write them, faults and all
    "shared/lists/writing.py",
}


def test_whoever_writes_a_csv_guards_its_cells() -> None:
    writing = {
        file.relative_to(ROOT).as_posix()
        for folder in ("services", "shared", "tools", "deploy")
        for file in (ROOT / folder).rglob("*.py")
        if re.search(r"csv\.(writer|DictWriter)|import (writer|DictWriter)", file.read_text("utf-8"))
    }
    assert writing == CHECKED
