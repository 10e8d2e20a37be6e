"""Lists that are text: encodings, delimiters, quotation marks, and rows that cost only themselves."""

from pathlib import Path

import pytest

from shared.lists.problems import (
    CellTooLong,
    CutOff,
    DateCell,
    HeaderAgain,
    LostLetters,
    OpenQuote,
    TooFewCells,
    TooManyCells,
    UnreadableRow,
)
from shared.lists.reading import digest, open_list
from shared.lists.rows import BadRow, Line, Row

HEADER = "समूह क्रमांक,समूहाचे नाव,जिल्हा,तालुका,गाव"
ENGLISH = "SHG Code,SHG Name,District,Block,Village"
ONE = "U-1,सावित्रीबाई महिला बचत गट,490,4278,कोंढवा"
TWO = "U-2,जिजाऊ स्वयंसहाय्यता समूह,490,4278,वाघोली"
CELLS = {"code": "U-1", "name": "सावित्रीबाई महिला बचत गट", "district": "490", "block": "4278", "village": "कोंढवा"}


def read(content: str | bytes, programme: str = "umed") -> list[Line]:
    with open_list(content if isinstance(content, bytes) else content.encode(), "list.csv", programme) as opened:
        lines = list(opened.rows())
        assert opened.position == opened.size
    return lines


def problems(lines: list[Line]) -> dict[int, type]:
    return {line.line: type(line.problem) for line in lines if isinstance(line, BadRow)}


def codes(lines: list[Line]) -> list[str]:
    return [line.cells["code"] for line in lines if isinstance(line, Row)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_list_is_read_in_any_usual_form(encoding: str, delimiter: str, end: str) -> None:
    text = end.join([HEADER, ONE, "", TWO, ""]).replace(",", delimiter)
    assert read(text.encode(encoding)) == [
        Row(2, CELLS, "list.csv"),
        Row(4, {**CELLS, "code": "U-2", "name": "जिजाऊ स्वयंसहाय्यता समूह", "village": "वाघोली"}, "list.csv"),
    ]


def test_a_list_of_windows_1252_keeps_its_accents_and_dashes() -> None:
    lines = read(f"{ENGLISH}\nU-1,Café “Sakhi” – Gat,490,4278,Kondhwa\n".encode("cp1252"))
    assert [line.cells["name"] for line in lines] == ["Café “Sakhi” – Gat"]


def test_one_file_may_hold_several_encodings_and_only_the_line_that_fits_none_is_lost() -> None:
    content = b"\n".join(
        [
            HEADER.encode(),
            ONE.encode(),
            "U-2,Société Sakhi,490,4278,Pune".encode("cp1252"),
            b"U-3,\xff\x81\x8d\x9d,490,4278,Pune",
            b"U-4,\xd1\xb3\xb1\xd3\xc1\xae,490,4278,Pune",
            "U-5,सखी,490,4278,पुणे".encode(),
            b"",
        ]
    )
    lines = read(content)
    assert codes(lines) == ["U-1", "U-2", "U-5"]
    assert problems(lines) == {4: UnreadableRow, 5: UnreadableRow}


def test_devanagari_that_was_saved_twice_is_reported_and_not_kept_as_latin() -> None:
    twice = "U-1,गट,490,4278,पुणे".encode().decode("latin-1").encode()
    assert problems(read(HEADER.encode() + b"\n" + twice + b"\n")) == {2: LostLetters}
    assert problems(read(f"{HEADER}\nU-1,???? ?????,490,4278,पुणे\n")) == {2: LostLetters}


def test_a_quoted_cell_may_go_over_lines_and_lines_are_counted_as_an_editor_does() -> None:
    text = f'{HEADER}\nU-1,"सखी, ""नवी""\nमहिला गट",490,4278,पुणे\n{TWO}\n'
    lines = read(text)
    assert [(line.line, line.cells["name"]) for line in lines] == [
        (2, 'सखी, "नवी" महिला गट'),
        (4, "जिजाऊ स्वयंसहाय्यता समूह"),
    ]


def test_a_stray_quotation_mark_costs_no_row() -> None:
    lines = read(f'{HEADER}\nU-1,5" सखी गट,490,4278,पुणे\n{TWO}\nU-3,6" गट,490,4278,पुणे\nU-4,x",490,4278,पुणे\n')
    assert codes(lines) == ["U-1", "U-2", "U-3", "U-4"]
    assert lines[0].cells["name"] == '5" सखी गट'


def test_a_quotation_mark_that_is_never_closed_costs_its_own_row_alone() -> None:
    rows = [f"U-{number},गट,490,4278,पुणे" for number in range(3, 30)]
    lines = read("\n".join([HEADER, 'U-1,"सखी,490,4278,पुणे', 'U-2,"सखी,490,4278,पुणे', *rows, ""]))
    assert problems(lines)[2] is OpenQuote
    assert codes(lines) == [f"U-{number}" for number in range(3, 30)]


def test_a_file_that_was_cut_off_says_so_at_the_row_where_it_ends() -> None:
    whole = f"{HEADER}\n{ONE}\n{TWO}\n".encode()
    for end in (len(whole) - 3, len(whole) - 30, len(whole) - 60):
        lines = read(whole[:end])
        assert codes(lines)[:1] == ["U-1"]
        assert problems(lines) == {3: CutOff}
    quoted = read(f'{HEADER}\n{ONE}\nU-2,"जिजाऊ'.encode())
    assert problems(quoted) == {3: CutOff}
    wide = f"{HEADER}\n{ONE}\n{TWO}".encode("utf-16")
    assert problems(read(wide[:-31])) == {3: CutOff}


def test_a_last_row_without_a_line_end_is_a_whole_row() -> None:
    assert codes(read(f"{HEADER}\n{ONE}\n{TWO}")) == ["U-1", "U-2"]


def test_a_row_that_is_too_long_or_too_short_is_reported() -> None:
    lines = read(f"{HEADER}\nU-1,सखी, नवी,490,4278,पुणे\nU-2,सखी,490\n{ONE},,,\n")
    assert problems(lines) == {2: TooManyCells, 3: TooFewCells}
    assert codes(lines) == ["U-1"]


def test_a_header_in_the_middle_is_reported_in_whatever_language_it_stands() -> None:
    lines = read(f"{HEADER}\n{ONE}\n{HEADER}\n{TWO}\n{ENGLISH}\nU-3,सखी,490,4278,पुणे\n")
    assert problems(lines) == {3: HeaderAgain, 5: HeaderAgain}
    assert codes(lines) == ["U-1", "U-2", "U-3"]


def test_a_group_named_as_a_header_is_no_header() -> None:
    assert codes(read(f"{HEADER}\nABC,समूहाचे नाव,490,4278,गाव\n")) == ["ABC"]


def test_an_empty_line_and_a_row_with_a_running_number_alone_are_no_rows() -> None:
    assert read(f"अ.क्र.,{HEADER}\n,,,,,\n17,,,,,\n  , ,,,,\n\u00a0,,,,,\n") == []


def test_what_stood_in_a_bad_row_is_kept_for_the_report() -> None:
    (line,) = read(f"{HEADER}\nU-1,सखी,490,4278,12-05-2023\n")
    assert isinstance(line, BadRow)
    assert isinstance(line.problem, DateCell)
    assert line.cells == {"code": "U-1", "name": "सखी", "district": "490", "block": "4278", "village": "12-05-2023"}


def test_a_line_without_end_is_one_bad_row_in_either_width() -> None:
    text = f"{HEADER}\n{ONE}\nU-2,{'क' * 300_000},490,4278,पुणे\nU-3,सखी,490,4278,पुणे\n"
    for encoding in ("utf-8", "utf-16"):
        lines = read(text.encode(encoding))
        assert problems(lines) == {3: CellTooLong}
        assert codes(lines) == ["U-1", "U-3"]


def test_rows_of_a_header_without_names_of_columns_are_those_that_were_asked_for() -> None:
    content = "Nummer;Bezeichnung;A;B\nU-1;सखी;490;4278\n".encode()
    wanted = {"code": "Nummer", "name": "Bezeichnung", "district": "A", "block": "B"}
    with open_list(content, "x.csv", "umed", wanted) as opened:
        assert [line.cells["name"] for line in opened.rows()] == ["सखी"]


def test_a_file_has_one_digest_from_bytes_and_from_disk(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(HEADER.encode())
    assert digest(path) == digest(HEADER.encode())
    assert len(digest(path)) == 64
