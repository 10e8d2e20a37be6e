"""Opening a list: what it is, which column says what, and its rows one after the other."""

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from shared.errors import Invalid
from shared.lists import delimited, returned, workbooks
from shared.lists.cleaning import OFTEN, cleaned, said, said_often
from shared.lists.columns import folded
from shared.lists.delimited import DELIMITERS, Lines
from shared.lists.mapping import DIGIT, ENOUGH, Columns, known, mapped
from shared.lists.problems import (
    CutOff,
    DateCell,
    EmptyFile,
    HeaderAgain,
    HeaderNotFound,
    NotAList,
    NotMended,
    OpenQuote,
    TooFewCells,
    TooManyCells,
)
from shared.lists.rows import BadRow, Line, Row

HEADER_WITHIN = 20
RULE = "_rule"
"""Lines in which the header is looked for: titles stand above it."""
ZIP, OLD_OFFICE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
PAGES = (b"<htm", b"<HTM", b"<!DO", b"<!do", b"<?xm", b"<tab", b"<TAB")
"""Portals save a page under the name of a workbook."""
PIECE = 1 << 20
Raw = tuple[int, Sequence[workbooks.Cell] | Invalid]


@dataclass(frozen=True, slots=True)
class Part:
    """A text, or one sheet of a workbook. `label`: what its rows are reported under; `raws` follow its header."""

    label: str
    columns: Columns
    raws: Iterator[Raw]


class OpenList:
    """A list that is being read. `parts` and their columns are known at once; `rows` can be asked for once.

    `columns`: those of the first part.
    """

    def __init__(self, source: BinaryIO, file: str, programme: str, wanted: Mapping[str, str] | None = None) -> None:
        """Raises EmptyFile, NotAList, ZipBomb, DamagedWorkbook, HeaderNotFound, and what `mapping.mapped` raises."""
        self.source, self.file, self.programme, self.wanted = source, file, programme, wanted
        self.size = source.seek(0, io.SEEK_END)
        source.seek(0)
        head = source.read(4)
        source.seek(0)
        if not head:
            raise EmptyFile(file=file)
        if head in {OLD_OFFICE, PDF, *PAGES}:
            raise NotAList(file=file)
        self._lines: Lines | None = None
        self.parts = tuple(self._book() if head == ZIP else self._text())
        if not self.parts:
            raise HeaderNotFound(file=file, lines=HEADER_WITHIN, wanted="code, name, district")
        self.columns = self.parts[0].columns

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.source.close()

    @property
    def position(self) -> int:
        """Bytes read so far, at most `size`; of a workbook what its reader has asked for."""
        return min(self._lines.position if self._lines else self.source.tell(), self.size)

    def rows(self) -> Iterator[Line]:
        """Good and bad rows in their order; an empty line is none. Where a workbook breaks off, a bad row says it."""
        for part in self.parts:
            last = part.columns.line
            try:
                for last, cells in part.raws:
                    if (row := self._row(part, last, cells)) is not None:
                        yield row
            except Invalid as problem:
                yield BadRow(last + 1, problem, file=part.label)
                return

    def _row(self, part: Part, line: int, cells: Sequence[workbooks.Cell] | Invalid) -> Line | None:
        columns = part.columns
        try:
            if isinstance(cells, Invalid):
                raise cells
            if not any(cells) or not any(map(_shown, cells)):
                return None
            self._check_shape(columns, cells)
            _check_mended(columns, cells)
            kept = _said(columns, cells)
        except Invalid as problem:
            shown = {} if isinstance(cells, Invalid) else _as_found(columns, cells)
            told = CutOff() if self._is_cut(line, problem) else problem
            return BadRow(line, told, shown, part.label)
        return Row(line, kept, part.label) if kept else None

    def _check_shape(self, columns: Columns, cells: Sequence[workbooks.Cell]) -> None:
        """A line of text has all its cells; a sheet leaves out those at its end that are empty, and has room beside."""
        most = len(columns.headers)
        if self._lines and len(cells) > most and any(map(_shown, cells[most:])):
            raise TooManyCells(count=len(cells), most=most)
        reach = columns.last if self._lines else columns.last_needed
        if len(cells) <= reach:
            raise TooFewCells(count=len(cells), field=columns.headers[reach])
        code = cells[columns.at["code"]]
        if isinstance(code, str) and not DIGIT.search(code) and columns.is_again([*map(str, cells)], self.programme):
            raise HeaderAgain

    def _is_cut(self, line: int, problem: Invalid) -> bool:
        unended = self._lines.unended if self._lines else 0
        return unended == line and isinstance(problem, TooFewCells | OpenQuote)

    def _text(self) -> Iterator[Part]:
        self._lines = Lines(self.source)
        lines = iter(self._lines)
        first = list(islice(lines, HEADER_WITHIN))
        delimiter = max(DELIMITERS, key=lambda one: self._most_known(first, one))
        yield from self._part(self.file, delimited.rows(chain(first, lines), delimiter))

    def _most_known(self, first: list[delimited.Text], delimiter: str) -> int:
        rows = delimited.rows(iter(first), delimiter)
        return max((self._named(cells) for _, cells in rows if isinstance(cells, list)), default=0)

    def _named(self, texts: Sequence[str]) -> int:
        """How many columns this line names, of those that are known or were asked for."""
        headers = {folded(text) for text in texts}
        return known(texts, self.programme) + sum(folded(one) in headers for one in (self.wanted or {}).values())

    def _book(self) -> Iterator[Part]:
        for name, raws, alone in workbooks.sheets(self.source, self.file):
            yield from self._part(self.file if alone else f"{self.file}!{name}", raws)

    def _part(self, label: str, raws: Iterator[Raw]) -> Iterator[Part]:
        """This sheet, if it has a header."""
        for line, cells in islice(raws, HEADER_WITHIN):
            if not isinstance(cells, Invalid):
                texts = [str(cell) for cell in cells]
                if self._named(texts) >= ENOUGH:
                    yield Part(label, mapped(texts, line, self.programme, label, self.wanted), raws)
                    return


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


def _check_mended(columns: Columns, cells: Sequence[workbooks.Cell]) -> None:
    """A row of a report that stands as it was reported is as bad as it was."""
    at = columns.returned
    if at is None or at >= len(cells) or not cells[at]:
        return
    if _shown(cells[at]) == returned.digest(_as_found(columns, cells)):
        raise NotMended(rule=_shown(cells[columns.headers.index(RULE)]) if RULE in columns.headers else "-")


def _said(columns: Columns, cells: Sequence[workbooks.Cell]) -> dict[str, str]:
    """What the row says, by field. Raises the Invalid of the first cell that has one."""
    kept = {}
    for field, at in columns.at.items():
        if at < len(cells) and (cell := cells[at]):
            if not isinstance(cell, str):
                raise DateCell(field=field, text=_shown(cell))
            if text := said_often(field, cell) if field in OFTEN else said(field, cell):
                kept[field] = text
    return kept


def _as_found(columns: Columns, cells: Sequence[workbooks.Cell]) -> dict[str, str]:
    shown = {field: _shown(cells[at]) for field, at in columns.at.items() if at < len(cells)}
    return {field: text for field, text in shown.items() if text}


def _shown(cell: workbooks.Cell) -> str:
    if isinstance(cell, str):
        return cleaned(cell)
    return str(cell.date() if isinstance(cell, datetime) and cell.time() == time.min else cell)
