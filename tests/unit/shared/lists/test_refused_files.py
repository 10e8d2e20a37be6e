"""Files that are no lists, or that mean harm: each is refused with what to do, in flat memory."""

import io
import random
import tracemalloc
import zipfile
from datetime import UTC, datetime

import pytest
import xlsxwriter

from shared.errors import LANGUAGES, Invalid
from shared.lists.problems import DamagedWorkbook, EmptyFile, NotAList, ZipBomb
from shared.lists.reading import open_list
from shared.lists.rows import BadRow

MEGABYTE = 1 << 20
SHEET = "xl/worksheets/sheet1.xml"
ROW = b'<row r="2"><c r="A2" t="inlineStr"><is><t>x</t></is></c></row>'


def parts() -> dict[str, bytes]:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as made:
        made.set_properties({"created": datetime(2026, 1, 26, tzinfo=UTC)})
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, ["SHG Code", "SHG Name", "District", "ULB"])
        sheet.write_row(1, 0, ["N-1", "सखी", 490, 802796])
    with zipfile.ZipFile(content) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def zipped(content: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as written:
        for name, data in content.items():
            written.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def refused(content: bytes, problem: type[Invalid] | tuple[type[Invalid], ...]) -> Invalid:
    """What is said of it, read to its end."""
    tracemalloc.start()
    try:
        with pytest.raises(problem) as told:
            _read(content)
        assert tracemalloc.get_traced_memory()[1] < 150 * MEGABYTE
    finally:
        tracemalloc.stop()
    return told.value


def _read(content: bytes) -> None:
    """Raises what is wrong with the file, also where it shows in the middle."""
    with open_list(content, "list.xlsx", "nulm") as opened:
        for line in opened.rows():
            if isinstance(line, BadRow) and isinstance(line.problem, Invalid):
                raise line.problem


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", EmptyFile),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, NotAList),
        (b"%PDF-1.7\n", NotAList),
        (b"<html><table><tr><td>SHG Code</td></tr></table></html>", NotAList),
        (b"PK\x03\x04", DamagedWorkbook),
        (b"PK\x03\x04" + b"\xff" * 5000, DamagedWorkbook),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"}), NotAList),
        (zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}), NotAList),
        (zipped({"xl/workbook.xml": b"<workbook/>"}), DamagedWorkbook),
    ],
)
def test_what_is_no_list_is_refused_with_what_to_do(content: bytes, problem: type[Invalid]) -> None:
    told = refused(content, problem)
    assert len({told.sentence(language) for language in LANGUAGES}) == len(LANGUAGES)
    assert "list.xlsx" in told.sentence("mr")


def test_a_part_that_unfolds_beyond_reason_is_refused_unread() -> None:
    refused(zipped({**parts(), SHEET: ROW * (40 * MEGABYTE // len(ROW))}), ZipBomb)
    refused(zipped({**parts(), "xl/media/image1.png": b"\0" * 40 * MEGABYTE}), ZipBomb)


def test_a_part_that_must_be_read_whole_has_a_size() -> None:
    noise = b"".join(b'<xf numFmtId="%d"/>' % at for at in range(MEGABYTE))
    refused(zipped({**parts(), "xl/styles.xml": b"<styleSheet>" + noise + b"</styleSheet>"}), ZipBomb)


def test_one_text_or_one_row_without_end_is_refused_on_the_way() -> None:
    text = random.Random(7).randbytes(5 * MEGABYTE).hex().encode()
    strings = parts()["xl/sharedStrings.xml"].replace(b"</sst>", b"<si><t>" + text + b"</t></si></sst>")
    refused(zipped({**parts(), "xl/sharedStrings.xml": strings}), ZipBomb)
    cells = (b'<c t="str"><v>' + b"x" * 500 + b"</v></c>") * (20 * 1024)
    sheet = parts()[SHEET].replace(b"</sheetData>", b'<row r="3">' + cells + b"</row></sheetData>")
    refused(zipped({**parts(), SHEET: sheet}), ZipBomb)


def test_a_size_that_the_archive_lies_about_is_damage() -> None:
    content = bytearray(zipped(parts()))
    at = content.rfind(SHEET.encode()) - 46 + 24
    content[at : at + 4] = (10).to_bytes(4, "little")
    refused(bytes(content), DamagedWorkbook)


def test_a_part_with_a_password_and_one_in_an_unknown_method_are_damage() -> None:
    for offset, value in ((8, 1), (10, 97)):
        content = bytearray(zipped(parts()))
        at = content.rfind(b"xl/workbook.xml") - 46 + offset
        content[at] = value
        refused(bytes(content), DamagedWorkbook)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/sharedStrings.xml", SHEET])
def test_entities_that_grow_are_refused(part: str) -> None:
    content = parts()
    head, mark, rest = content[part].partition(b"?>")
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    refused(zipped({**content, part: head + mark + laughs + rest}), DamagedWorkbook)


def test_a_workbook_of_thousands_of_parts_is_refused() -> None:
    refused(zipped({**parts(), **{f"xl/worksheets/other{at}.xml": b"<a/>" for at in range(2_001)}}), ZipBomb)
