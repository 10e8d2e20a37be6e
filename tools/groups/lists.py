"""The lists somebody wants imported: looked at before anything is written, then read in batches."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from services.catalog.imports.domain import codes_of
from shared.errors import Conflict, Problem
from shared.lists.mapping import Columns
from shared.lists.reading import OpenList, digest, open_list
from shared.lists.rows import Line, Row

ROWS_A_BATCH = 1000
LOOKED_AT = 200
"""Rows among which an example of every column is looked for."""


Stamp = tuple[int, ...]
"""What changes with a file: which one it is, its size, when it was written to."""


class ListChanged(Conflict):
    """{file} was changed or replaced while it was being imported; what is in stays in. Import the new file."""

    mr = "{file} ही फाइल आयात चालू असताना बदलली गेली; जे नोंदले ते राहील. नवीन फाइल आयात करा."
    hi = "{file} फ़ाइल आयात के दौरान बदल दी गई; जो दर्ज हुआ वह रहेगा। नई फ़ाइल आयात करें।"


@dataclass(frozen=True, slots=True)
class Source:
    """One list, as it was when it was looked at: `stamp`, and `digests` once it was read for them.

    `columns` and `examples` are of its first sheet; `wanted`: field to header, as it was told.
    """

    path: Path
    programme: str
    wanted: Mapping[str, str]
    columns: Columns
    examples: Mapping[str, str]
    stamp: Stamp
    digests: list[str] = field(default_factory=list, compare=False)
    codes: frozenset[str] = frozenset()
    """The numbers of the groups in its first rows."""

    def opened(self) -> OpenList:
        """Raises ListChanged where it is another list by now."""
        with self._as_it_was():
            opened = open_list(self.path, self.path.name, self.programme, self.wanted)
        try:
            self.require_same(_stamp(os.fstat(opened.source.fileno())))
        except BaseException:
            opened.source.close()
            raise
        return opened

    def require_same(self, stamp: Stamp | None = None) -> None:
        """Touched only, or copied over with the same, it is still what it was. Raises ListChanged."""
        try:
            changed = (stamp or _stamp(self.path.stat())) != self.stamp and (
                not self.digests or digest(self.path) not in self.digests
            )
        except FileNotFoundError:
            changed = True
        if changed:
            raise ListChanged(file=self.path.name)

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def sha256(self) -> str:
        """Raises ListChanged."""
        if not self.digests:
            with self._as_it_was():
                read = digest(self.path)
            self.require_same()
            self.digests.append(read)
        return self.digests[0]

    @contextmanager
    def _as_it_was(self) -> Iterator[None]:
        """What cannot be read because it is another list by now has changed, whatever is wrong with it."""
        try:
            yield
        except (Problem, OSError):
            self.require_same()
            raise


def _stamp(stat: os.stat_result) -> Stamp:
    return stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns


def looked_at(path: Path, programme: str, wanted: Mapping[str, str]) -> Source:
    """Raises an Invalid where it is no list or a column is missing; an OSError where it cannot be read."""
    examples: dict[str, str] = {}
    rows: list[Mapping[str, str]] = []
    with open_list(path, path.name, programme, wanted) as opened:
        for row in islice(opened.rows(), LOOKED_AT):
            if isinstance(row, Row):
                examples = {**row.cells, **examples}
                rows.append(row.cells)
        stamp = _stamp(os.fstat(opened.source.fileno()))
        return Source(path, programme, wanted, opened.columns, examples, stamp, codes=codes_of(rows))


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
