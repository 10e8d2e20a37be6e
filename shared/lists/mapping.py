"""Which column of a list says what. It is shown before anything is written, and can be told otherwise."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.lists.cleaning import cleaned
from shared.lists.columns import REQUIRED, fields, folded, of_headers
from shared.lists.problems import ColumnMissing, ColumnTwice, UnknownColumn, UnknownField
from shared.lists.returned import COLUMN

OURS = "_"
"""What begins so in a report was written by us, and is not read."""
ENOUGH = 2
"""So many known headers make a line a header."""
AGAIN = 4
"""So many make one of a line among the rows."""
DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Columns:
    """`at`: field to index; `headers`: all of the line, in order; `line`: where it stands; `unread`: of no field."""

    at: Mapping[str, int]
    headers: tuple[str, ...]
    line: int
    unread: tuple[str, ...]
    returned: int | None = None
    """Where a report says what its rows looked like."""

    def header(self, field: str) -> str:
        return self.headers[self.at[field]]

    @property
    def last(self) -> int:
        """The index that a whole row reaches."""
        return max(self.at.values())

    @property
    def last_needed(self) -> int:
        """The index that no row can do without."""
        return max(min(self.at[field] for field in some if field in self.at) for some in REQUIRED)

    def is_again(self, cells: Sequence[str], programme: str) -> bool:
        """Whether a later line is a header too: this one, or another list's that was put below."""
        first = cells[self.at["code"]]
        if not first or DIGIT.search(first):
            return False
        if folded(first) == folded(self.header("code")):
            return all(folded(cells[at]) == folded(self.headers[at]) for at in self.at.values() if at < len(cells))
        return known(cells, programme) >= AGAIN


def known(cells: Sequence[str], programme: str) -> int:
    """How many of these are headers of something."""
    return len({field for cell in cells if (field := of_headers(programme).get(folded(cell)))})


def mapped(
    cells: Sequence[str], line: int, programme: str, file: str, wanted: Mapping[str, str] | None = None
) -> Columns:
    """The columns of this header line. Raises UnknownField, UnknownColumn, ColumnTwice, ColumnMissing."""
    headers = tuple(cleaned(cell) for cell in cells)
    at = {field: _asked(field, header, headers, file) for field, header in (wanted or {}).items()}
    taken = set(at.values())
    for index, header in enumerate(headers):
        field = None if header.startswith(OURS) else of_headers(programme).get(folded(header))
        if field is None or index in taken or field in (wanted or {}):
            continue
        if field in at:
            raise ColumnTwice(file=file, field=field, one=headers[at[field]], other=header)
        at[field] = index
    for some in REQUIRED:
        if not any(field in at for field in some):
            raise ColumnMissing(file=file, field=some[0], headers=", ".join(filter(None, headers)))
    used, returned = set(at.values()), headers.index(COLUMN) if COLUMN in headers else None
    theirs = [index for index, header in enumerate(headers) if returned is None or not header.startswith(OURS)]
    unread = tuple(headers[index] for index in theirs if headers[index] and index not in used)
    return Columns({field: at[field] for field in fields() if field in at}, headers, line, unread, returned)


def _asked(field: str, header: str, headers: tuple[str, ...], file: str) -> int:
    """In a report of ours the column may be called by its field's name."""
    if field not in fields():
        raise UnknownField(field=field, fields=", ".join(fields()))
    for named in (header, field) if COLUMN in headers else (header,):
        for index, there in enumerate(headers):
            if folded(there) == folded(named):
                return index
    raise UnknownColumn(file=file, field=field, header=header, headers=", ".join(filter(None, headers)))
