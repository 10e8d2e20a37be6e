"""Writers of the lists: text in two encodings, and a workbook. The same rows give the same bytes."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import xlsxwriter

from tools.seed.state.cells import Broken, Cell, Formula, Line
from tools.seed.state.columns import Columns

MADE_AT = datetime(2026, 1, 26, tzinfo=UTC).replace(tzinfo=None)
BUFFERED = 1 << 20


class Writer(Protocol):
    """Of one file. `begin` starts a part with a header and answers its name; `put` answers the line of the row."""

    def begin(self, columns: Columns, sheet: str) -> str: ...
    def put(self, line: Line) -> int: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None: ...


class Text:
    """CSV as UTF-8, or as Excel's "Unicode text": UTF-16 with tabs."""

    def __init__(self, path: Path, encoding: str, delimiter: str) -> None:
        self.path, self.encoding = path, encoding
        self.line = 1
        self.held = io.StringIO()
        self.csv = csv.writer(self.held, delimiter=delimiter, lineterminator="\r\n")

    def __enter__(self) -> Self:
        self.file = self.path.open("wb", buffering=BUFFERED)
        self.file.write("\ufeff".encode(self.encoding))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.file.close()

    def begin(self, columns: Columns, sheet: str) -> str:  # noqa: ARG002
        for title in columns.titles:
            self.put(Line(cells=(title, *[""] * (len(columns.headers) - 1))))
        self.put(Line(cells=tuple(columns.headers.values())))
        return self.path.name

    def put(self, line: Line) -> int:
        cells = [_text(cell) for cell in line.cells]
        self.csv.writerow(cells)
        self.file.write(self._taken(line))
        began, self.line = self.line, self.line + 1 + sum(cell.count("\n") for cell in cells)
        return began

    def _taken(self, line: Line) -> bytes:
        written = self.held.getvalue()
        self.held.seek(0)
        self.held.truncate()
        encoded = written.encode("cp1252" if line.ansi else self.encoding)
        for cell in line.cells:
            if isinstance(cell, Broken):
                encoded = encoded.replace(cell.text.encode(self.encoding), self._spoiled(cell.text))
        return encoded[: -len("\r\n".encode(self.encoding)) - 1] if line.cut else encoded

    def _spoiled(self, text: str) -> bytes:
        """Bytes that are no text: half a surrogate pair, or what neither UTF-8 nor Windows-1252 has."""
        return b"\x00\xd8\x42\x00" + text.encode(self.encoding) if self.encoding == "utf-16-le" else b"\xff\x81\x8d\x9d"


def _text(cell: Cell) -> str:
    match cell:
        case Formula(text=text) | Broken(text=text):
            return text
        case date():
            return cell.strftime("%d-%m-%Y")
        case _:
            return str(cell)


class Book:
    """A workbook with a sheet for each part."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Self:
        self.book = xlsxwriter.Workbook(str(self.path), {"default_date_format": "dd-mm-yyyy"})
        self.book.set_properties({"title": "Self Help Groups", "created": MADE_AT})
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.book.close()

    def begin(self, columns: Columns, sheet: str) -> str:
        self.sheet, self.row = self.book.add_worksheet(sheet), 0
        for title in columns.titles:
            self.put(Line(cells=(title,)))
        self.put(Line(cells=tuple(columns.headers.values())))
        return f"{self.path.name}!{sheet}"

    def put(self, line: Line) -> int:
        for at, cell in enumerate(line.cells):
            self._cell(at, cell)
        self.row += 1
        return self.row

    def _cell(self, at: int, cell: Cell) -> None:
        match cell:
            case "":
                return
            case Formula(text=text, shown=shown):
                self.sheet.write_formula(self.row, at, text, None, shown)
            case date():
                self.sheet.write_datetime(self.row, at, datetime(cell.year, cell.month, cell.day))  # noqa: DTZ001
            case int() | float():
                self.sheet.write_number(self.row, at, cell)
            case _:
                self.sheet.write_string(self.row, at, _text(cell))
