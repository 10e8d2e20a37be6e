"""Lists that are .xlsx workbooks, read in flat memory: the table of shared texts lies in a temporary file."""

import lzma
import struct
import tempfile
import zipfile
import zlib
from array import array
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import IO, Any, BinaryIO, Self, overload
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from shared.lists.cleaning import LONGEST_LOOKED_AT
from shared.lists.problems import DamagedWorkbook, NotAList, ZipBomb

MEGABYTE = 1024 * 1024
MOST_UNFOLDED = 2048 * MEGABYTE
MOST_FOLDS = 120
"""How many times its size a part may unfold to, where that is more than SMALL."""
SMALL = 32 * MEGABYTE
MOST_WHOLE = 16 * MEGABYTE
"""Of a part that is read in one piece."""
MOST_OF_ONE = 8 * MEGABYTE
"""Of a single row or text of the others, and of what stands below the rows."""
MOST_PARTS = 2_000
MOST_COLUMNS = 300
MOST_ROWS = 1_048_576
"""A sheet has no more; a number beyond it is made up."""
BEGINS = (b"<row", b"<si", b":row", b":si")
BROKEN = (
    *(zlib.error, lzma.LZMAError, struct.error, ArithmeticError),
    *(zipfile.BadZipFile, zipfile.LargeZipFile, InvalidFileException, DefusedXmlException, ParseError, SyntaxError),
    *(KeyError, IndexError, EOFError, OSError, ValueError, TypeError, AttributeError, RuntimeError),
)
"""What openpyxl and the modules below it raise for a workbook that is none."""

Cell = str | date | time | timedelta


class KeptTexts(Sequence[str]):
    """The shared texts of a workbook, in a temporary file: 8 bytes of memory each."""

    def __init__(self, source: IO[bytes]) -> None:
        self.file = tempfile.TemporaryFile()  # noqa: SIM115  it goes when nobody reads any more
        self.ends = array("Q", [0])
        for _, node in iterparse(source):
            if node.tag == f"{{{SHEET_MAIN_NS}}}si":
                text = str(getattr(Text.from_tree(node), "content", "")).replace("x005F_", "")
                self.file.write(text.encode("utf-8", "replace"))
                self.ends.append(self.file.tell())
                node.clear()

    def __len__(self) -> int:
        return len(self.ends) - 1

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        if isinstance(at, slice):
            raise TypeError(at)
        begins, ends = self.ends[at], self.ends[at + 1]
        self.file.seek(begins)
        return self.file.read(ends - begins).decode("utf-8")


class _Metered:
    """A part of a workbook that is read in pieces: a row or a text without end stops it."""

    def __init__(self, part: IO[bytes], file: str) -> None:
        self.part, self.file, self.since = part, file, 0

    def read(self, size: int | None = None) -> bytes:
        piece = self.part.read(-1 if size is None else size)
        self.since = 0 if any(begin in piece for begin in BEGINS) else self.since + len(piece)
        if self.since > MOST_OF_ONE:
            raise ZipBomb(file=self.file, size=self.since // MEGABYTE)
        return piece

    def close(self) -> None:
        self.part.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Archive(zipfile.ZipFile):
    def __init__(self, source: BinaryIO, file: str) -> None:
        super().__init__(source)
        self.file = file

    def read(self, name: str | zipfile.ZipInfo, pwd: bytes | None = None) -> bytes:
        info = name if isinstance(name, zipfile.ZipInfo) else self.getinfo(name)
        if info.file_size > MOST_WHOLE:
            raise ZipBomb(file=self.file, size=info.file_size // MEGABYTE)
        return super().read(name, pwd)

    def open(self, *named: Any, **options: Any) -> Any:
        return _Metered(super().open(*named, **options), self.file)


class _Reader(ExcelReader):
    def __init__(self, source: BinaryIO, file: str) -> None:
        super().__init__(source, read_only=True, data_only=False, keep_links=False)
        self.archive: Any = _Archive(source, file)

    def read_strings(self) -> None:
        package: Any = self.package
        if part := package.find(SHARED_STRINGS):
            with self.archive.open(part.PartName[1:]) as source:
                self.shared_strings: Any = KeptTexts(source)


def sheets(source: BinaryIO, file: str) -> Iterator[tuple[str, Iterator[tuple[int, list[Cell]]], bool]]:
    """Each sheet's name, its rows by line, and whether it is the only one.

    Raises ZipBomb, NotAList, DamagedWorkbook; rows raise the last too.
    """
    check(source, file)
    try:
        reader = _Reader(source, file)
        reader.read()
        names = list(reader.wb.sheetnames)
    except BROKEN as error:
        raise DamagedWorkbook(file=file) from error
    for name in names:
        sheet = reader.wb[name]
        if hasattr(sheet, "reset_dimensions"):
            yield name, _rows(sheet, file), len(names) == 1


def check(source: BinaryIO, file: str) -> None:
    """Raises ZipBomb for what unfolds beyond reason, NotAList for a zip that is no workbook, DamagedWorkbook."""
    try:
        with zipfile.ZipFile(source) as parts:
            infos = parts.infolist()
    except BROKEN as error:
        raise DamagedWorkbook(file=file) from error
    finally:
        source.seek(0)
    whole = sum(info.file_size for info in infos)
    folded = any(info.file_size > max(SMALL, info.compress_size * MOST_FOLDS) for info in infos)
    if whole > MOST_UNFOLDED or folded or len(infos) > MOST_PARTS:
        raise ZipBomb(file=file, size=whole // MEGABYTE)
    if not any(info.filename.startswith("xl/") and info.filename.endswith(".xml") for info in infos):
        raise NotAList(file=file)


def _rows(sheet: Any, file: str) -> Iterator[tuple[int, list[Cell]]]:
    sheet.reset_dimensions()  # what a workbook says of its own size may be anything
    rows = enumerate(sheet.iter_rows(), 1)
    while True:
        try:
            number, cells = next(rows)
        except StopIteration:
            return
        except BROKEN as error:
            raise DamagedWorkbook(file=file) from error
        if number > MOST_ROWS:
            raise DamagedWorkbook(file=file)
        yield number, [_said(cell) for cell in cells[:MOST_COLUMNS]]


def _said(cell: Any) -> Cell:
    """As a person sees it, but a formula as what was typed."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        value = value[:LONGEST_LOOKED_AT]  # one shared text may stand in a thousand cells
        return value if cell.data_type == "f" or value[:1] != "=" else f"'{value}"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)  # noqa: PLR2004  exact so far
    if isinstance(value, datetime | date | time | timedelta):
        return value
    return str(value)
