"""One row of a list: what it says, or what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.errors import Problem


@dataclass(frozen=True, slots=True)
class Row:
    """`cells` by field, cleaned, empty ones left out; `line` as Excel counts; `file` names the sheet too."""

    line: int
    cells: Mapping[str, str]
    file: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is reported instead of kept, with its cells as far as they could be read."""

    line: int
    problem: Problem
    cells: Mapping[str, str] = field(default_factory=dict)
    file: str = ""


Line = Row | BadRow
