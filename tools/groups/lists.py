"""The lists somebody wants imported: looked at before anything is written, then read in batches."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from shared.lists.mapping import Columns
from shared.lists.reading import OpenList, digest, open_list
from shared.lists.rows import Line, Row

ROWS_A_BATCH = 1000
LOOKED_AT = 200
"""Rows among which an example of every column is looked for."""


@dataclass(frozen=True, slots=True)
class Source:
    """One list. `columns` and `examples` are of its first sheet; `wanted`: field to header, as it was told."""

    path: Path
    programme: str
    wanted: Mapping[str, str]
    columns: Columns
    examples: Mapping[str, str]

    def opened(self) -> OpenList:
        return open_list(self.path, self.path.name, self.programme, self.wanted)

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def sha256(self) -> str:
        return digest(self.path)


def looked_at(path: Path, programme: str, wanted: Mapping[str, str]) -> Source:
    """Raises an Invalid where it is no list or a column is missing; an OSError where it cannot be read."""
    examples: dict[str, str] = {}
    with open_list(path, path.name, programme, wanted) as opened:
        for row in islice(opened.rows(), LOOKED_AT):
            if isinstance(row, Row):
                examples = {**row.cells, **examples}
        return Source(path, programme, wanted, opened.columns, examples)


async def batches(opened: OpenList) -> AsyncIterator[tuple[list[Line], int]]:
    """Rows, and the bytes read for them; the next ones are read while these are written."""
    rows = opened.rows()
    ahead = asyncio.create_task(asyncio.to_thread(_some, rows, opened))
    try:
        while (read := await ahead)[0]:
            ahead = asyncio.create_task(asyncio.to_thread(_some, rows, opened))
            yield read
    finally:
        await asyncio.wait([ahead])


def _some(rows: Iterator[Line], opened: OpenList) -> tuple[list[Line], int]:
    return list(islice(rows, ROWS_A_BATCH)), opened.position
