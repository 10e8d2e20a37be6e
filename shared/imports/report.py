"""The bad rows as a CSV that a person mends and sends again."""

from collections.abc import AsyncIterator

from shared.errors import Language
from shared.imports import store
from shared.imports.domain import Import
from shared.lists import writing
from shared.lists.columns import fields
from shared.lists.returned import COLUMN, mark
from shared.mongo import Database

OURS = ("_file", "_line", "_rule", "_fix", COLUMN)
"""Columns of ours: not read when the report comes back."""
AT_ONCE = 500


async def report(database: Database, job: Import, language: Language) -> AsyncIterator[str]:
    """Line by line, the header first; what is not shown here (phones, above all) has to be written in again."""
    after, columns = "", fields()
    for line in writing.lines([[*OURS, *columns]], bom=True):
        yield line
    while True:
        rows, last = [], after
        async for id_, row in store.bad_rows(database, job, after, AT_ONCE):
            said = [row.file, str(row.line), row.problem.code, row.problem.sentence(language)]
            said.append(mark([row.problem.code], row.cells))
            rows.append([*said, *(row.cells.get(field, "") for field in columns)])
            last = id_
        if not rows:
            return
        yield "".join(writing.lines(rows))
        after = last
