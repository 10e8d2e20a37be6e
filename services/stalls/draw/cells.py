"""Canonical CSV, read strictly: what a cell may hold, and in which words it is refused."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from services.stalls.draw.damage import (
    CellUnusable,
    ColumnsDiffer,
    FileAbsent,
    FileCutShort,
    NumberNegative,
    NumberTooLarge,
    RowNotCanonical,
)
from services.stalls.draw.files import ANY, COLUMNS, FORMER, YES, Files, table
from services.stalls.draw.plan import LGD_CODE, WORD, Mask
from services.stalls.draw.seed import is_cell

MOST = 999_999_999
NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
NEGATIVE, HUGE = re.compile(r"-[0-9]+"), re.compile(r"[1-9][0-9]{9,}")
TICKET = re.compile(r"[0-9]{16}")
SHA256 = re.compile(r"[0-9a-f]{64}")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")


@dataclass(frozen=True, slots=True)
class Cells:
    """One row; its methods raise CellUnusable."""

    file: str
    row: int
    values: dict[str, str]

    def unusable(self, field: str, expected: object) -> CellUnusable:
        return CellUnusable(
            file=self.file, row=self.row, field=field, value=repr(self.values[field])[:80], expected=expected
        )

    def matching(self, field: str, pattern: re.Pattern[str], expected: str) -> str:
        if not pattern.fullmatch(self.values[field]):
            raise self.unusable(field, expected)
        return self.values[field]

    def number(self, field: str, least: int = 1, most: int = MOST) -> int:
        self._require_written(field, f"{least}…{most}")
        found = int(self.matching(field, NUMBER, f"{least}…{most}"))
        if not least <= found <= most:
            raise self.unusable(field, f"{least}…{most}")
        return found

    def _require_written(self, field: str, expected: str) -> None:
        """Raises NumberNegative, NumberTooLarge."""
        said = self.values[field]
        for pattern, kind in ((NEGATIVE, NumberNegative), (HUGE, NumberTooLarge)):
            if pattern.fullmatch(said):
                raise kind(file=self.file, row=self.row, field=field, value=said[:80], expected=expected)

    def number_or_none(self, field: str) -> int | None:
        return self.number(field) if self.values[field] else None

    def ticket(self) -> str:
        return self.matching("ticket", TICKET, "0000000000000000…9999999999999999")

    def sha256(self, field: str) -> str:
        return self.matching(field, SHA256, "SHA-256")

    def code_or_none(self, field: str) -> str | None:
        return self.matching(field, LGD_CODE, "0…999999") if self.values[field] else None

    def words(self, field: str) -> frozenset[str]:
        names = self.values[field].split(" ") if self.values[field] else []
        if names != sorted(set(names)) or not all(map(WORD.fullmatch, names)):
            raise self.unusable(field, "a-z 0-9 _")
        return frozenset(names)

    def mask(self, field: str) -> Mask:
        return None if self.values[field] == ANY else self.words(field)

    def yes(self, field: str) -> bool:
        """Also where the column is not there yet."""
        if self.values.get(field, "") not in {"", YES}:
            raise self.unusable(field, YES)
        return self.values.get(field) == YES

    def text(self, field: str) -> str:
        if not is_cell(self.values[field]):
            raise self.unusable(field, "NFC")
        return self.values[field]

    def instant_or_none(self, field: str) -> datetime | None:
        return self.instant(field) if self.values[field] else None

    def instant(self, field: str) -> datetime:
        said = self.matching(field, INSTANT, "2026-11-22T12:30:00.000Z")
        try:
            return datetime.fromisoformat(said).astimezone(UTC)
        except ValueError:
            raise self.unusable(field, "2026-11-22T12:30:00.000Z") from None


def rows(files: Files, name: str) -> Iterator[Cells]:
    """Raises FileAbsent, FileCutShort, ColumnsDiffer or RowNotCanonical."""
    if name not in files:
        raise FileAbsent(file=name)
    text = files[name]
    if not text.endswith("\n"):
        raise FileCutShort(file=name, row=text.count("\n"))
    found = _parsed(name, text)
    columns = FORMER.get(name) if found and tuple(found[0]) == FORMER.get(name) else COLUMNS[name]
    if not found or columns is None or tuple(found[0]) != columns:
        raise ColumnsDiffer(file=name, columns=",".join(COLUMNS[name]))
    _check_canonical(name, text, found[1:], columns)
    for number, values in enumerate(found[1:], 1):
        yield Cells(name, number, dict(zip(columns, values, strict=True)))


def _parsed(name: str, text: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        return list(reader)
    except csv.Error:
        raise RowNotCanonical(file=name, row=max(1, reader.line_num - 1)) from None


def _check_canonical(name: str, text: str, found: list[list[str]], columns: tuple[str, ...]) -> None:
    """Every byte is as `table` writes it, so that one content has one digest."""
    for number, values in enumerate(found, 1):
        if len(values) != len(columns) or any("\n" in value or "\r" in value for value in values):
            raise RowNotCanonical(file=name, row=number)
    written = table(name, found, columns)
    if written != text:
        pairs = enumerate(zip(written.split("\n"), text.split("\n"), strict=False))
        raise RowNotCanonical(file=name, row=next((number for number, (a, b) in pairs if a != b), len(found)))
