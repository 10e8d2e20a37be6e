"""Whatever bytes come: a list is refused with a named problem, or each of its rows is good or has one."""

import io
import zipfile
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.errors import LANGUAGES, Invalid, Problem
from shared.lists.reading import open_list
from shared.lists.rows import BadRow, Line
from tests.unit.shared.lists.test_refused_files import parts, zipped

HEADER = "Code,Name,District,Block,Village\n"
PIECES = [
    "U-1",
    "सखी महिला गट",
    "490",
    ",",
    ";",
    "\t",
    '"',
    '""',
    "\n",
    "\r\n",
    "\r",
    "'",
    "=1+1",
    "#REF!",
    "????",
    "12-05-2023",
    "\u200d",
    "\ufeff",
    "x" * 600,
    HEADER,
]
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig")


def read(content: bytes) -> list[Line]:
    """Every row. No error but a named problem comes out."""
    with suppress(Invalid), open_list(content, "any", "umed") as opened:
        return list(opened.rows())
    return []


def check(lines: list[Line]) -> None:
    at = [(line.file, line.line) for line in lines]
    assert at == sorted(set(at), key=at.index)
    for line in lines:
        if isinstance(line, BadRow):
            assert isinstance(line.problem, Problem)
            assert all(line.problem.sentence(language) for language in LANGUAGES)
        else:
            assert line.cells
            assert all(text == text.strip() and len(text) <= 500 for text in line.cells.values())


@given(st.binary(max_size=400))
def test_any_bytes_below_a_header(content: bytes) -> None:
    check(read(HEADER.encode() + content))
    check(read(content))


@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from(ENCODINGS), st.integers(0, 12))
def test_any_pieces_of_lists_in_any_encoding_cut_anywhere(pieces: list[str], encoding: str, cut: int) -> None:
    content = (HEADER + "".join(pieces)).encode(encoding)
    check(read(content[: len(content) - cut]))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), min_size=5, max_size=5))
def test_any_text_in_quotes_is_one_row_or_none(cells: list[str]) -> None:
    row = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    assert len({line.line for line in read(f"{HEADER}{row}\n".encode()) if line.line == 2}) <= 1


@settings(max_examples=60)
@given(st.data())
def test_any_damage_to_a_workbook(data: st.DataObject) -> None:
    content = bytearray(zipped(parts()))
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    check(read(bytes(content)))


@settings(max_examples=60)
@given(st.data())
def test_any_damage_to_the_parts_of_a_workbook(data: st.DataObject) -> None:
    content = parts()
    name = data.draw(st.sampled_from(sorted(content)))
    damaged = bytearray(content[name])
    at = data.draw(st.integers(0, len(damaged) - 1))
    damaged[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as written:
        for part, whole in {**content, name: bytes(damaged)}.items():
            written.writestr(part, whole)
    check(read(made.getvalue()))
