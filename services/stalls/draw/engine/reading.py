"""From the bytes of a draw's files to arrays, at the speed of the disk; whatever is not canonical is left to others."""

import csv
import hashlib
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from services.stalls.draw.cells import MOST, NUMBER
from services.stalls.draw.engine import cells, rows
from services.stalls.draw.engine.coding import NotCanonical, Scanned, coded, require
from services.stalls.draw.engine.resident import return_arrays
from services.stalls.draw.engine.tables import I32, I64, U8, U64, Flags, Tables, TooManyWords
from services.stalls.draw.files import COLUMNS, FORMER, table
from services.stalls.draw.plan import MOST_STALLS
from services.stalls.draw.reading import MOST_TIER
from services.stalls.draw.seed import FORMULA, MOST_CHARACTERS
from services.stalls.draw.sources import Source

APPLICATIONS, CHOICES, EVENTS, PLAN = "applications.csv", "choices.csv", "events.csv", "plan.csv"
SHORTEST = {APPLICATIONS: 26, CHOICES: 21, PLAN: 14}
"""Bytes of the shortest row there can be: a file has no more rows than its size says."""
MOST_ROW_BYTES = 1 << 20
MOST_EVENTS_BYTES = 1 << 26
MOST_PLACES = 1 << 22
NOT_SHOWN = ("\n", "\u200c", "\u200d")
Progress = Callable[[int], None]
"""Told how many bytes were read since the last time."""
Sha256 = Any


def tables(source: Source, progress: Progress = lambda _: None) -> tuple[Tables, dict[str, str]]:
    """The arrays, and the SHA-256 of each file they come from.

    Raises NotCanonical where the strict reader might refuse something, and what `chunks` raises.
    """
    return_arrays()
    files = {name: _File(source, name, progress) for name in (APPLICATIONS, CHOICES, EVENTS, PLAN)}
    try:
        offered, stalls = _events(files[EVENTS])
        plan = _plan(files[PLAN], offered, stalls)
        found = _people(files[APPLICATIONS])
        start, choices = _wishes(files[CHOICES], found.columns[0], offered)
        made = coded(plan, found, start, choices, offered)
    except (TooManyWords, UnicodeDecodeError) as error:
        raise NotCanonical from error
    return made, {name: file.sha256.hexdigest() for name, file in files.items()}


class _File:
    """One file in blocks of whole lines, hashed on the way."""

    def __init__(self, source: Source, name: str, progress: Progress) -> None:
        self.name, self.size = name, source.size(name)
        self.sha256: Sha256 = hashlib.sha256()
        self._source, self._progress = source, progress

    def most_rows(self) -> int:
        return self.size // SHORTEST[self.name] + 1

    def chunks(self) -> Iterator[bytes]:
        for chunk in self._source.chunks(self.name):
            self.sha256.update(chunk)
            yield chunk
            self._progress(len(chunk))

    def lines(self) -> Iterator[bytes]:
        """Whole lines; the first is that of the columns, alone."""
        rest, head = b"", True
        for chunk in self.chunks():
            end = chunk.rfind(b"\n") + 1
            require(end or len(rest) < MOST_ROW_BYTES)
            block, rest = (rest + chunk[:end], chunk[end:]) if end else (b"", rest + chunk)
            if block and head:
                columns, _, block = block.partition(b"\n")
                yield columns
                head = False
            if block:
                yield block
        require(not rest and not head)


@dataclass(frozen=True, slots=True)
class _Sets:
    """Cells of a column by their number in a pool."""

    pool: cells.Pool
    found: cells.U16

    @classmethod
    def empty(cls, most: int) -> "_Sets":
        return cls(cells.pool(), np.empty(most, np.uint16))


@dataclass(frozen=True, slots=True)
class _Block:
    """Whole lines cut into cells. Each method writes a column from `first` on, or raises NotCanonical."""

    data: U8
    cuts: I32
    columns: int
    rows: int

    def tickets(self, found: U64, first: int = 0) -> None:
        require(cells.tickets(self.data, self.cuts, self.columns, self.rows, found, first))

    def numbers(self, column: int, least: int, most: int, found: I32 | U8, first: int = 0) -> None:
        require(cells.numbers(self.data, self.cuts, self.columns, column, self.rows, least, most, found, first))

    def codes(self, column: int) -> None:
        require(cells.codes(self.data, self.cuts, self.columns, column, self.rows))

    def flags(self, column: int, found: Flags, first: int) -> None:
        require(cells.flags(self.data, self.cuts, self.columns, column, self.rows, found, first))

    def sets(self, column: int, into: _Sets, first: int) -> None:
        where = (self.data, self.cuts, self.columns, column, self.rows)
        require(cells.known(*where, *into.pool, into.found, first))


def _blocks(file: _File) -> Iterator[_Block]:
    lines = file.lines()
    said = tuple(next(lines, b"").decode("utf-8").split(","))
    require(said in (COLUMNS[file.name], FORMER.get(file.name)))
    cuts = np.empty(0, np.int32)
    for block in lines:
        cuts = cuts if len(cuts) >= len(block) else np.empty(2 * len(block), np.int32)
        data = np.frombuffer(block, np.uint8)
        count = cells.cut(data, len(said), cuts)
        require(count >= 0)
        yield _Block(data, cuts, len(said), count)


def _events(file: _File) -> tuple[I32, I32]:
    """Their numbers and how many stalls each has."""
    require(file.size <= MOST_EVENTS_BYTES)
    text = b"".join(file.chunks()).decode("utf-8")
    found = _parsed(text)
    require(table(EVENTS, found) == text and unicodedata.is_normalized("NFC", text))
    notes = [note for _, _, note in found]
    require(not any(len(note) > MOST_CHARACTERS or note.startswith(FORMULA) for note in notes))
    numbers, stalls = _numbers(number for number, _, _ in found), _numbers(stalls for _, stalls, _ in found)
    require(np.all(np.diff(numbers, prepend=0) > 0) and np.all(stalls <= MOST_STALLS))
    return numbers, stalls


def _parsed(text: str) -> list[list[str]]:
    """Rows of three cells that can be printed, without the columns' names."""
    try:
        head, *found = list(csv.reader(io.StringIO(text, newline=""), strict=True)) or [[]]
    except csv.Error as error:
        raise NotCanonical from error
    shown = text
    for joiner in NOT_SHOWN:
        shown = shown.replace(joiner, "")
    require(tuple(head) == COLUMNS[EVENTS] and shown.isprintable() and len(found) + 1 == text.count("\n"))
    require(all(len(row) == len(head) for row in found))
    return found


def _numbers(said: Iterable[str]) -> I32:
    known = list(said)
    require(all(map(NUMBER.fullmatch, known)))
    return np.array(known, np.int64).astype(np.int32) if known else np.zeros(0, np.int32)


def _plan(file: _File, events: I32, stalls: I32) -> Scanned:
    """Where the lines of each event begin, then the cells' numbers and counts."""
    most, start = file.most_rows(), np.zeros(len(events) + 1, np.int64)
    sets, count = tuple(_Sets.empty(most) for _ in range(4)), np.empty(most, np.int32)
    stage, masks, tags, district = sets
    fallback = _Sets(masks.pool, np.empty(most, np.uint16))
    state = np.zeros(3, np.int64)
    for block in _blocks(file):
        rows_, first = block.rows, int(state[0])
        of_event, line = np.empty(rows_, np.int32), np.empty(rows_, np.int32)
        block.numbers(0, 1, MOST, of_event)
        block.numbers(1, 1, MOST, line)
        for column, cells_ in enumerate((stage, masks, fallback, tags, district), 2):
            block.sets(column, cells_, first)
        block.numbers(7, 1, MOST_STALLS, count, first)
        require(rows.lines(of_event, line, rows_, state, events, start))
    start[state[1] :] = state[0]
    sums = np.concatenate((np.zeros(1, np.int64), np.cumsum(count[: state[0]], dtype=np.int64)))
    require(np.array_equal(sums[start[1:]] - sums[start[:-1]], stalls))
    found = (one.found[: state[0]] for one in (stage, masks, fallback, tags, district))
    columns: tuple[npt.NDArray[Any], ...] = (start, *found, count[: state[0]])
    return Scanned(columns, tuple(cells.texts(one.pool) for one in sets))


def _people(file: _File) -> Scanned:
    most, row = file.most_rows(), 0
    tickets, tier = np.empty(most, np.uint64), np.empty(most, np.uint8)
    sets, upgrade = tuple(_Sets.empty(most) for _ in range(4)), np.zeros(most, np.bool_)
    for block in _blocks(file):
        block.tickets(tickets, row)
        require(np.all(tickets[max(row, 1) : row + block.rows] > tickets[max(row, 1) - 1 : row + block.rows - 1]))
        block.numbers(1, 0, MOST_TIER, tier, row)
        block.codes(3)
        for column, cells_ in zip((2, 4, 5, 6), sets, strict=True):
            block.sets(column, cells_, row)
        if block.columns > len(FORMER[APPLICATIONS]):
            block.flags(7, upgrade, row)
        row += block.rows
    columns: tuple[npt.NDArray[Any], ...] = (tickets, tier, *(one.found for one in sets), upgrade)
    return Scanned(tuple(column[:row] for column in columns), tuple(cells.texts(one.pool) for one in sets))


def _wishes(file: _File, tickets: U64, events: I32) -> tuple[I64, I32]:
    """Where each applicant's choices begin, and the choices."""
    start, choices = np.zeros(len(tickets) + 1, np.int64), np.empty(file.most_rows(), np.int32)
    state, places, chosen_by = np.zeros(3, np.int64), _places(events), np.zeros(len(events), np.int64)
    for block in _blocks(file):
        hers = np.empty(block.rows, np.uint64)
        ranks, wanted = np.empty(block.rows, np.int32), np.empty(block.rows, np.int32)
        block.tickets(hers)
        block.numbers(1, 1, MOST, ranks)
        block.numbers(2, 1, MOST, wanted)
        known = (tickets, events, places, start, choices, chosen_by)
        require(rows.wishes(hers, ranks, wanted, block.rows, state, *known))
    require(state[1] == len(tickets))
    start[-1] = state[0]
    return start, choices[: state[0]]


def _places(events: I32) -> I32:
    """The index of each event by its number, -1 for none; empty where the numbers are large."""
    most = int(events[-1]) + 1 if len(events) else 0
    if most > MOST_PLACES:
        return np.zeros(0, np.int32)
    places = np.full(most, -1, np.int32)
    places[events] = np.arange(len(events), dtype=np.int32)
    return places
