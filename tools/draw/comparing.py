"""Two texts of one file, each as it comes in pieces: equal, or where the first row differs. Neither is held whole."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MOST_ROW_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Difference:
    """`row` counts from 1, the columns' names not counted, which are row 0; None where a text ends before that row."""

    row: int
    found: bytes | None
    expected: bytes | None


def first_difference(found: Iterable[bytes], expected: Iterable[bytes]) -> Difference | None:
    """Of lines, ended by a line feed or by the end."""
    left, right = _Lines(found), _Lines(expected)
    row = 0
    while True:
        size = min(len(left.fill()), len(right.fill()))
        if size == 0 or left.rest[:size] != right.rest[:size]:
            break
        row += left.rest.count(b"\n", 0, size)
        left.drop(size)
        right.drop(size)
    if left.ended and right.ended:
        return None
    return _named(row, left, right)


class _Lines:
    """`rest`: what was not looked at yet; `begun`: what was, of the line in which it begins."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces, self.rest, self.begun = iter(pieces), b"", b""

    def fill(self) -> bytes:
        while not self.rest:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self.rest = piece
        return self.rest

    @property
    def ended(self) -> bool:
        return not self.fill()

    def drop(self, size: int) -> None:
        line = self.rest.rfind(b"\n", 0, size) + 1
        self.begun = (b"" if line else self.begun) + self.rest[line:size]
        self.rest = self.rest[size:]

    def lines(self) -> Iterator[bytes]:
        """From the one on that is looked at; a line too long is cut."""
        line = self.begun
        while self.fill():
            part, end, self.rest = self.rest.partition(b"\n")
            line = (line + part)[:MOST_ROW_BYTES]
            if end:
                yield line
                line = b""
        if line:
            yield line


def _named(row: int, left: _Lines, right: _Lines) -> Difference:
    """The rest of these lines is equal up to the first that differs."""
    lines, others = left.lines(), right.lines()
    while True:
        found, expected = next(lines, None), next(others, None)
        if found != expected or found is None:
            return Difference(row, found, expected)
        row += 1


def cells(line: bytes) -> list[str]:
    """What is no CSV is one cell."""
    text = line.decode("utf-8", "replace")
    try:
        return next(csv.reader(io.StringIO(text, newline=""), strict=True), [])
    except csv.Error:
        return [text]
