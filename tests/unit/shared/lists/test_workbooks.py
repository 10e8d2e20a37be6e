"""Lists that are workbooks: what a person sees in them, sheet by sheet, and what she does not."""

import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from shared.errors import Invalid
from shared.lists.problems import (
    ColumnMissing,
    DamagedWorkbook,
    DateCell,
    ErrorCell,
    FormulaCell,
    HeaderAgain,
    NumberInName,
    TooFewCells,
)
from shared.lists.reading import open_list
from shared.lists.rows import BadRow, Line, Row

HEADER = [
    "Sr. No.",
    "SHG Code",
    "SHG Name",
    "District LGD Code",
    "ULB LGD Code",
    "Ward",
    "Account Number",
    "Mobile Number",
]


def book(*rows: Any, **sheets: Any) -> bytes:
    made = openpyxl.Workbook()
    first = made.active
    assert first is not None
    for row in rows:
        first.append(row)
    for name, more in sheets.items():
        sheet = made.create_sheet(name)
        for row in more:
            sheet.append(row)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def read(content: bytes) -> list[Line]:
    with open_list(content, "nulm.xlsx", "nulm") as opened:
        return list(opened.rows())


def problems(lines: list[Line]) -> dict[int, type]:
    return {line.line: type(line.problem) for line in lines if isinstance(line, BadRow)}


def test_numbers_are_read_as_their_digits_and_empty_cells_at_the_end_may_be_missing() -> None:
    lines = read(
        book(
            ["DAY-NULM"],
            [],
            HEADER,
            [1, "N-1", "जिजाऊ बचत गट", 490, 802796.0, 7, 60112233445566, 9000000001],
            [2, "N-2", "सखी", 490, 802796],
        )
    )
    assert lines == [
        Row(
            4,
            {
                "code": "N-1",
                "name": "जिजाऊ बचत गट",
                "district": "490",
                "local_body": "802796",
                "ward": "7",
                "account": "60112233445566",
                "phone": "9000000001",
            },
            "nulm.xlsx",
        ),
        Row(5, {"code": "N-2", "name": "सखी", "district": "490", "local_body": "802796"}, "nulm.xlsx"),
    ]


def test_dates_formulas_errors_and_numbers_in_the_place_of_text_are_reported() -> None:
    rows = [
        [1, "N-1", "सखी", 490, 802796, date(2023, 5, 12)],
        [2, datetime(2023, 5, 12, tzinfo=UTC).replace(tzinfo=None), "सखी", 490, 802796, "7"],
        [3, "N-3", '=HYPERLINK("http://example.invalid","सखी")', 490, 802796, "7"],
        [4, "N-4", "सखी", 490, 802796, "#REF!"],
        [5, "N-5", 4512, 490, 802796, "7"],
        [6, "N-6", "सखी"],
        HEADER,
        [8, "N-8", "सखी", 490, "=B2", "7"],
        [9, "N-9", "सखी", 490, 802796, "7"],
    ]
    lines = read(book(HEADER, *rows))
    assert problems(lines) == {
        2: DateCell,
        3: DateCell,
        4: FormulaCell,
        5: ErrorCell,
        6: NumberInName,
        7: TooFewCells,
        8: HeaderAgain,
        9: FormulaCell,
    }
    dated = [line.problem for line in lines if isinstance(line, BadRow) and isinstance(line.problem, DateCell)]
    assert [problem.params["text"] for problem in dated] == ["2023-05-12"] * 2
    assert [line.cells["code"] for line in lines if isinstance(line, Row)] == ["N-9"]


def test_every_sheet_with_a_header_is_read_and_named() -> None:
    row = [1, "N-1", "सखी", 490, 802796]
    lines = read(book(["काही नाही"], शहर=[HEADER, row], नगर=[["शीर्षक"], HEADER, [2, "N-2", "सखी", 490, 802796]]))
    assert [(line.file, line.line) for line in lines] == [("nulm.xlsx!शहर", 2), ("nulm.xlsx!नगर", 3)]


def test_a_sheet_whose_header_lacks_a_column_is_told_before_any_row_is_read() -> None:
    with pytest.raises(ColumnMissing) as told:
        open_list(
            book(HEADER, [1, "N-1", "सखी", 490, 802796], दुसरी=[["SHG Name", "District"], ["सखी", 490]]),
            "n.xlsx",
            "nulm",
        )
    assert "n.xlsx!दुसरी" in str(told.value)


def test_a_remark_beside_the_table_costs_nothing() -> None:
    (line,) = read(book(HEADER, [1, "N-1", "सखी", 490, 802796, None, None, None, None, "तपासले"]))
    assert isinstance(line, Row)


def test_text_in_several_fonts_and_with_joiners_is_one_text() -> None:
    rich = CellRichText("सखी ", TextBlock(InlineFont(b=True), "महिला\u200b"), " बचत गट")
    (line,) = read(book(HEADER, [1, "N-1", rich, 490, 802796]))
    assert line.cells["name"] == "सखी महिला बचत गट"


def test_texts_that_cells_share_are_read_from_the_shared_table() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as made:
        sheet = made.add_worksheet("शहर")
        for at, row in enumerate(
            [HEADER, *[[at, f"N-{at}", "सखी महिला बचत गट", 490, 802796, "प्रभाग ७"] for at in range(50)]]
        ):
            sheet.write_row(at, 0, row)
    lines = read(content.getvalue())
    assert [line.cells["code"] for line in lines] == [f"N-{at}" for at in range(50)]
    assert {(line.cells["name"], line.cells["ward"]) for line in lines} == {("सखी महिला बचत गट", "प्रभाग ७")}


def test_what_a_workbook_says_of_its_own_size_is_not_believed() -> None:
    content = patched(
        book(HEADER, [1, "N-1", "सखी", 490, 802796]), "xl/worksheets/sheet1.xml", b'ref="A1:H2"', b'ref="A1:A1"'
    )
    assert [type(line) for line in read(content)] == [Row]


def test_a_row_far_beyond_the_end_of_any_sheet_is_damage() -> None:
    content = patched(
        book(HEADER, [1, "N-1", "सखी", 490, 802796], [2, "N-2", "सखी", 490, 802796]),
        "xl/worksheets/sheet1.xml",
        b'<row r="3"',
        b'<row r="99999999999"',
    )
    lines = read(content)
    assert isinstance(lines[0], Row)
    assert list(problems(lines).values()) == [DamagedWorkbook]


def patched(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as written:
        for info in parts.infolist():
            whole = parts.read(info)
            assert info.filename != part or old in whole
            written.writestr(info.filename, whole.replace(old, new) if info.filename == part else whole)
    return made.getvalue()


def test_a_workbook_cut_anywhere_is_refused_or_ends_with_a_row_that_says_so(tmp_path: Path) -> None:
    whole = book(HEADER, *[[at, f"N-{at}", f"सखी {at}", 490, 802796] for at in range(500)])
    for end in range(10, len(whole), 997):
        path = tmp_path / "cut.xlsx"
        path.write_bytes(whole[:end])
        with pytest.raises(Invalid):
            open_list(path, "cut.xlsx", "nulm")


def test_a_damaged_sheet_gives_its_rows_up_to_the_damage() -> None:
    content = patched(
        book(HEADER, *[[at, f"N-{at}", "सखी", 490, 802796] for at in range(1, 400)]),
        "xl/worksheets/sheet1.xml",
        b'<row r="300"',
        b'<rxw r="300"',
    )
    lines = read(content)
    assert len(lines) > 200
    assert isinstance(lines[-1], BadRow)
    assert isinstance(lines[-1].problem, DamagedWorkbook)
    assert {type(line) for line in lines[:-1]} == {Row}
