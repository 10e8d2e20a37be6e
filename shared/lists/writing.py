"""How every CSV of ours is written: no cell of it comes alive when a spreadsheet opens the file."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

GUARD = "'"
LIVE = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""What begins with one of these, or its full-width form, is computed by spreadsheets, also after spaces."""
BEFORE = " \u00a0\u3000'"
BOM = "\ufeff"
"""Without it Excel reads Devanagari as Windows-1252."""


def guarded(cell: str) -> str:
    """The cell as text for a spreadsheet."""
    return GUARD + cell if _is_live(cell) else cell


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell[:1] == GUARD and _is_live(cell) else cell


def _is_live(cell: str) -> bool:
    begins = cell.lstrip(BEFORE)[:1]
    return bool(begins) and begins in LIVE


def lines(rows: Iterable[Sequence[str]], *, bom: bool = False) -> Iterator[str]:
    """Each row as a line of CSV, CRLF at its end as RFC 4180 says."""
    text = io.StringIO()
    writer = csv.writer(text)
    if bom:
        text.write(BOM)
    for row in rows:
        writer.writerow([guarded(cell) for cell in row])
        yield text.getvalue()
        text.seek(0)
        text.truncate()
