"""A refused row as others may see it: its cells, and what its sentence repeats of them."""

import re
from collections.abc import Mapping

from shared.errors import LANGUAGES, Problem
from shared.imports.taking import Taker
from shared.lists.rows import BadRow, Reported

TELLING_DIGITS = 6
"""So many digits in a cell can be a number that somebody is reached or paid by."""
GONE = "…"
LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){8,}")
"""As long as an account's: where cells were shifted, a phone or an account may stand in any of them."""
SHIFTED = frozenset({"TooManyCells", "TooFewCells", "OpenQuote", "CutOff", "UnreadableRow"})


def refused(taker: Taker, row: BadRow) -> BadRow:
    """What this service keeps and shows of it. Done twice it says the same."""
    shifted = row.problem.code in SHIFTED
    safe = {"account"} if shifted else {"account", "code"}
    shown = taker.shown(row.cells)
    cells = {field: text if field in safe else LONG_NUMBER.sub(GONE, text) for field, text in shown.items()}
    hidden = {
        text: cells.get(field, GONE)
        for field, text in row.cells.items()
        if cells.get(field) != text and sum(map(str.isdecimal, text)) >= TELLING_DIGITS
    }
    return BadRow(row.line, _without(row.problem, hidden) if hidden else row.problem, cells, row.file)


def _without(problem: Problem | Reported, hidden: Mapping[str, str]) -> Reported:
    said = {}
    for language in LANGUAGES:
        said[language] = problem.sentence(language)
        for text, instead in hidden.items():
            said[language] = said[language].replace(text, instead)
    return Reported(problem.code, said)
