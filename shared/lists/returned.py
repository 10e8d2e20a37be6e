"""Rows of a report that come back: one that nobody touched is told from one that was mended.

Most faults show again by themselves. These do not: alone in a report, a twin's row has no twin, and a row that was too
short has all its cells.
"""

import hashlib
from collections.abc import Collection, Mapping

from shared.lists.cleaning import cleaned

COLUMN = "_row"
"""The column of a report with what its row looked like."""
UNSEEN_ALONE = frozenset(
    {
        *("SameCodeTwice", "TooFewCells", "TooManyCells", "UnreadableRow", "CutOff", "OpenQuote", "HeaderAgain"),
        "NotMended",
    }
)


def mark(rules: Collection[str], cells: Mapping[str, str]) -> str:
    """Of a row with these faults; empty where they show again by themselves."""
    return digest(cells) if UNSEEN_ALONE.intersection(rules) else ""


def digest(cells: Mapping[str, str]) -> str:
    """Of what a row says, by field, however a spreadsheet saved it."""
    told = sorted((field, text) for field, cell in cells.items() if (text := cleaned(cell)))
    return hashlib.blake2b(
        "\x1f".join(f"{field}\x1e{text}" for field, text in told).encode(), digest_size=6
    ).hexdigest()
