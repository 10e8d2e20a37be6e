"""Opening a list: what it is, which column says what, and its rows one after the other."""

import hashlib
import io
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from shared.errors import Invalid
from shared.lists import delimited, workbooks
from shared.lists.cleaning import cleaned, said
from shared.lists.columns import folded
from shared.lists.delimited import DELIMITERS, Lines
from shared.lists.mapping import ENOUGH, Columns, known, mapped
from shared.lists.problems import (
    DateCell,
    EmptyFile,
    HeaderAgain,
    HeaderNotFound,
    NotAList,
    TooFewCells,
    TooManyCells,
)
from shared.lists.rows import BadRow, Line, Row

HEADER_WITHIN = 20
"""Lines in which the header is looked for: titles stand above it."""
ZIP, OLD_OFFICE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
PIECE = 1 << 20
Raw = tuple[int, list[workbooks.Cell] | Invalid]


class OpenList:
    """A list that is being read. `columns` is known at once; `rows` can be asked for once."""

    def __init__(self, source: BinaryIO, file: str, programme: str, wanted: Mapping[str, str] | None = None) -> None:
        """Raises EmptyFile, NotAList, ZipBomb, DamagedWorkbook, HeaderNotFound, and what `mapping.mapped` raises."""
        self.source, self.file, self.programme, self.wanted = source, file, programme, wanted
        self.size = source.seek(0, io.SEEK_END)
        source.seek(0)
        head = source.read(4)
        source.seek(0)
        if not head:
            raise EmptyFile(file=file)
        if head in {OLD_OFFICE, PDF}:
            raise NotAList(file=file)
        self._lines: Lines | None = None
        parts = self._book() if head == ZIP else self._text()
        self._first = next(parts, None)
        if self._first is None:
            raise HeaderNotFound(file=file, lines=HEADER_WITHIN, wanted="code, name, district")
        self.columns = self._first[1]
        self._parts = chain([self._first], parts)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.source.close()

    @property
    def position(self) -> int:
        """Bytes read so far, at most `size`; of a workbook what its reader has asked for."""
        return min(self._lines.position if self._lines else self.source.tell(), self.size)

    def rows(self) -> Iterator[Line]:
        """Good and bad rows in their order; an empty line is none. A workbook cut off ends with a bad row."""
        for label, columns, raws in self._parts:
            last, reach = columns.line, columns.last if self._lines else columns.last_needed
            try:
                for line, cells in raws:
                    last = line
                    if (row := _row(label, columns, line, cells, reach)) is not None:
                        yield row
            except Invalid as problem:
                yield BadRow(last + 1, problem, file=label)

    def _text(self) -> Iterator[tuple[str, Columns, Iterator[Raw]]]:
        self._lines = Lines(self.source)
        lines = iter(self._lines)
        first = list(islice(lines, HEADER_WITHIN))
        delimiter = max(DELIMITERS, key=lambda one: self._most_known(first, one))
        raws: Iterator[Raw] = (
            (line, _cells(cells)) for line, cells, _ in delimited.rows(chain(first, lines), delimiter)
        )
        yield from self._part(self.file, raws)

    def _most_known(self, first: list[delimited.Text], delimiter: str) -> int:
        rows = delimited.rows(iter(first), delimiter)
        return max((known(cells, self.programme) for _, cells, _ in rows if isinstance(cells, list)), default=0)

    def _book(self) -> Iterator[tuple[str, Columns, Iterator[Raw]]]:
        for name, raws, alone in workbooks.sheets(self.source, self.file):
            yield from self._part(self.file if alone else f"{self.file}!{name}", raws)

    def _part(self, label: str, raws: Iterator[Raw]) -> Iterator[tuple[str, Columns, Iterator[Raw]]]:
        """This sheet, if it has a header."""
        for line, cells in islice(raws, HEADER_WITHIN):
            if not isinstance(cells, Invalid):
                texts = [str(cell) for cell in cells]
                if known(texts, self.programme) >= ENOUGH or self._is_wanted(texts):
                    yield label, mapped(texts, line, self.programme, label, self.wanted), raws
                    return

    def _is_wanted(self, texts: list[str]) -> bool:
        headers = {folded(text) for text in texts}
        return bool(self.wanted) and all(folded(header) in headers for header in (self.wanted or {}).values())


def open_list(source: Path | bytes, file: str, programme: str, wanted: Mapping[str, str] | None = None) -> OpenList:
    """Of a file, or of its bytes. Raises what OpenList raises; an OSError where it cannot be opened."""
    stream: BinaryIO = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    try:
        return OpenList(stream, file, programme, wanted)
    except BaseException:
        stream.close()
        raise


def digest(source: Path | bytes) -> str:
    """SHA-256 of the file's bytes, read in pieces."""
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _cells(cells: list[str] | Invalid) -> list[workbooks.Cell] | Invalid:
    return [*cells] if isinstance(cells, list) else cells


def _row(label: str, columns: Columns, line: int, cells: list[workbooks.Cell] | Invalid, reach: int) -> Line | None:
    if isinstance(cells, Invalid):
        return BadRow(line, cells, file=label)
    shown = {field: cell for field, at in columns.at.items() if at < len(cells) and (cell := _shown(cells[at]))}
    if not shown and not any(str(cell).strip() for cell in cells):
        return None
    kept: dict[str, str] = {}
    try:
        _check_shape(columns, cells, reach)
        for field, at in columns.at.items():
            if at < len(cells) and (text := _text_of(field, cells[at])):
                kept[field] = text
    except Invalid as problem:
        return BadRow(line, problem, shown, label)
    return Row(line, kept, label)


def _check_shape(columns: Columns, cells: list[workbooks.Cell], reach: int) -> None:
    """A line of text has all its cells; a sheet leaves out those at the end that are empty."""
    most = len(columns.headers)
    if len(cells) > most and any(str(cell).strip() for cell in cells[most:]):
        raise TooManyCells(count=len(cells), most=most)
    if len(cells) <= reach:
        raise TooFewCells(count=len(cells), field=columns.headers[reach])
    if columns.is_again([str(cell) for cell in cells]):
        raise HeaderAgain


def _shown(cell: workbooks.Cell) -> str:
    return cleaned(cell) if isinstance(cell, str) else str(cell)


def _text_of(field: str, cell: workbooks.Cell) -> str:
    if not isinstance(cell, str):
        raise DateCell(field=field, text=str(cell))
    return said(field, cell)
