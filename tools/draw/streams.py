"""The rows of a draw's files in the order in which they stand, however large: never a file whole in memory."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace

from services.stalls.draw import archive, reading
from services.stalls.draw.cells import Cells, rows
from services.stalls.draw.damage import ColumnsDiffer, DigestDiffers, FileCutShort, RowNotCanonical
from services.stalls.draw.files import COLUMNS, FORMER, MANIFEST, PLAN, SAID
from services.stalls.draw.sources import Source

Progress = Callable[[str, int, int], None]
"""Told the stage, how much of it is done and how much there is."""
MOST_ROW_BYTES = 1 << 16


def silent(_stage: str, _done: int, _total: int) -> None:
    pass


class Streams:
    """Raises what `reading.checked` does: of the files that are small here, of the others when their end is read."""

    def __init__(self, source: Source, progress: Progress = silent) -> None:
        self.source, self.small = source, archive.texts(source, (MANIFEST, *SAID, PLAN[0]))
        reading.checked({**dict.fromkeys(source.names(), ""), **self.small}, (*SAID, PLAN[0]))
        self._said = {row.values["file"]: row.sha256("sha256") for row in rows(self.small, MANIFEST)}
        self.at = (MANIFEST, 1)
        self._progress, self._done, self._total = progress, 0, sum(map(source.size, source.names()))

    def blocks(self, name: str) -> Iterator[tuple[int, bytes]]:
        """Whole lines without the columns' names, with the number of the first of them, from 1."""
        found, rest, number = hashlib.sha256(), b"", 0
        for chunk in self.source.chunks(name):
            found.update(chunk)
            self._tell(len(chunk))
            lines, rest = _whole(rest, chunk)
            if len(rest) > MOST_ROW_BYTES:
                raise RowNotCanonical(file=name, row=max(1, number + lines.count(b"\n")))
            if lines:
                lines = lines if number else _headless(name, lines)
                yield max(1, number), lines
                number = max(1, number) + lines.count(b"\n")
        if rest or not number:
            raise FileCutShort(file=name, row=number)
        if found.hexdigest() != self._said[name]:
            raise DigestDiffers(file=name, found=found.hexdigest(), said=self._said[name])

    def plain(self, name: str) -> Iterator[list[bytes]]:
        """The cells of each row of a file that quotes none; `at` says which. Raises RowNotCanonical."""
        lengths = {len(COLUMNS[name]), len(FORMER.get(name, COLUMNS[name]))}
        for first, block in self.blocks(name):
            for number, line in enumerate(block.split(b"\n")[:-1], first):
                cells, self.at = line.split(b","), (name, number)
                if len(cells) not in lengths:
                    raise RowNotCanonical(file=name, row=number)
                yield cells

    def of(self, name: str, ticket: str) -> tuple[list[Cells], int]:
        """The rows of this ticket, and how many rows there are in all."""
        found: list[Cells] = []
        count = 0
        for first, block in self.blocks(name):
            found += [row for row in _holding(name, first, block, ticket.encode()) if row.values["ticket"] == ticket]
            count = first - 1 + block.count(b"\n")
        return found, count

    def pass_by(self, *names: str) -> None:
        """Compares the digests of these alone."""
        for name in names:
            for _ in self.blocks(name):
                pass

    def _tell(self, read: int) -> None:
        self._done += read
        self._progress("read", self._done, self._total)


def _whole(rest: bytes, chunk: bytes) -> tuple[bytes, bytes]:
    """The lines that are whole now, and the beginning of the next."""
    end = chunk.rfind(b"\n") + 1
    return (rest + chunk[:end], chunk[end:]) if end else (b"", rest + chunk)


def _headless(name: str, lines: bytes) -> bytes:
    head, _, body = lines.partition(b"\n")
    if head.decode("utf-8", "replace") not in {",".join(COLUMNS[name]), ",".join(FORMER.get(name, ()))}:
        raise ColumnsDiffer(file=name, columns=",".join(COLUMNS[name]))
    return body


def _holding(name: str, first: int, block: bytes, wanted: bytes) -> Iterator[Cells]:
    """The rows of the block in which these bytes stand."""
    at = block.find(wanted)
    while at >= 0:
        start, stop = block.rfind(b"\n", 0, at) + 1, block.find(b"\n", at)
        yield _cells(name, first + block.count(b"\n", 0, start), block[start : stop + 1])
        at = block.find(wanted, stop)


def _cells(name: str, number: int, line: bytes) -> Cells:
    text = f"{','.join(COLUMNS[name])}\n{archive.text(name, line)}"
    (row,) = rows({name: text}, name)
    return replace(row, row=number)
