"""Every row that was not entered, as a CSV that a person mends and sends again: with all that its list says of it."""

import os
import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from shared.errors import Language
from shared.imports.report import OURS
from shared.lists import writing
from shared.lists.columns import fields, folded, of_headers
from shared.lists.returned import mark
from shared.lists.rows import Line
from tools.groups.halves import Fault
from tools.groups.lists import Source

RETURNED = re.compile(r"-report(-[0-9]+)?$")
Problems = Mapping[str, str]
"""Code to sentence, of one row."""


class Report:
    """Made anew; it holds phones and accounts as the lists do, so that only its owner reads it."""

    def __init__(self, out: Path, sources: Sequence[Source], language: Language) -> None:
        self.out, self.language, self.rows = out, language, 0
        self.rules = Counter[str]()
        self.columns = headers(sources)

    async def write(self, found: Sequence[tuple[Source, Sequence[AsyncIterator[Fault]]]]) -> None:
        """All lists one after the other; without a bad row there is no file. What a person mended is not lost."""
        with TemporaryFile("w+", encoding="utf-8", newline="", dir=self.out.parent) as file:
            file.writelines(writing.lines([[*OURS, *self.columns.values()]], bom=True))
            for source, streams in found:
                await self._list(file, source, streams)
            if self.rows:
                self.out = kept(file, self.out)

    async def _list(self, file: IO[str], source: Source, streams: Sequence[AsyncIterator[Fault]]) -> None:
        with source.opened() as opened:
            rows = enumerate(opened.rows())
            async for at, problems in merged(streams, self.language):
                line = next(line for number, line in rows if number == at)
                file.writelines(writing.lines([self._row(line, problems)]))
                self.rows += 1
                self.rules.update(problems.keys())

    def _row(self, line: Line, problems: Problems) -> list[str]:
        cells = {field: line.cells.get(field, "") for field in self.columns}
        said = [line.file, str(line.line), " ".join(problems), " ".join(problems.values())]
        return [*said, mark(problems, cells), *cells.values()]


def beside(listed: Source) -> Path:
    """Where the report of this list goes: one of a report that came back is the list's next one, not a report's."""
    stem = listed.path.stem if listed.columns.returned is None else RETURNED.sub("", listed.path.stem)
    return listed.path.with_name(f"{stem}-report.csv")


def kept(file: IO[str], wanted: Path) -> Path:
    """Where it is now. Until then it had no name: of a process that dies while it writes, no phone is left behind."""
    file.flush()
    file.seek(0)
    written = file.read().encode()
    target = free(wanted, written)
    if target.exists():
        return target
    try:
        os.link(f"/proc/self/fd/{file.fileno()}", target, follow_symlinks=True)
    except OSError:  # a file system that only unlinks; what is begun there has its name
        with os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as copy:
            copy.write(written)
    return target


def free(wanted: Path, written: bytes) -> Path:
    """This name, or with a number where another file has it: one that says anything else is somebody's work."""
    for number in count(2):
        if not wanted.exists() or wanted.read_bytes() == written:
            return wanted
        stem = wanted.stem.rpartition("-")[0] if number > 2 else wanted.stem  # noqa: PLR2004
        wanted = wanted.with_name(f"{stem}-{number}{wanted.suffix}")
    raise AssertionError


def headers(sources: Sequence[Source]) -> dict[str, str]:
    """Field to header: the list's own where that would be understood again, else the field's name."""
    found: dict[str, str] = {}
    for field in fields():
        for source in sources:
            if field in source.columns.at:
                header = source.columns.header(field)
                found.setdefault(field, header if of_headers(source.programme).get(folded(header)) == field else field)
    return found


async def merged(streams: Sequence[AsyncIterator[Fault]], language: Language) -> AsyncIterator[tuple[int, Problems]]:
    """Row by row; what both halves say of one, once."""
    heads = {stream: await anext(stream, None) for stream in streams}
    while waiting := [head for head in heads.values() if head]:
        first, said = min(at for at, _ in waiting), dict[str, str]()
        for stream, head in heads.items():
            if head and head[0] == first:
                said.setdefault(head[1].code, head[1].sentence(language))
                heads[stream] = await anext(stream, None)
        yield first, said
