"""One row of a list: what it says, or what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.errors import Language, Problem


@dataclass(frozen=True, slots=True)
class Reported:
    """A problem as it was once said: its code, and its sentence in every language."""

    code: str
    said: Mapping[Language, str]

    def sentence(self, language: Language) -> str:
        return self.said[language]


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
    problem: Problem | Reported
    cells: Mapping[str, str] = field(default_factory=dict)
    file: str = ""


Line = Row | BadRow
