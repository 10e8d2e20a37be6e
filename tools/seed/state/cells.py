"""What a list's row can hold besides text, until a writer of one format puts it down."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Formula:
    """What a spreadsheet computes. `shown` is the value it kept."""

    text: str
    shown: str


@dataclass(frozen=True, slots=True)
class Broken:
    """Text whose bytes fit no encoding of the file."""

    text: str


Cell = str | int | float | date | Formula | Broken


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a list. `rule`: the code of what is wrong with it.

    `ansi`: written by a program of another time, in Windows-1252. `cut`: the file ends inside a letter of this row.
    """

    cells: tuple[Cell, ...]
    rule: str | None = None
    ansi: bool = False
    cut: bool = False
