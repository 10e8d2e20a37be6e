"""From the bytes of a draw's files to arrays, at the speed of the disk; whatever is not canonical is left to others."""

import csv
import hashlib
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from services.stalls.draw.cells import MOST, NUMBER
from services.stalls.draw.engine import cells, rows
from services.stalls.draw.engine.resident import return_arrays
from services.stalls.draw.engine.tables import ANY as ANY_MASK
from services.stalls.draw.engine.tables import I32, I64, U8, U64, Flags, Tables, TooManyWords, Words
from services.stalls.draw.files import ANY, COLUMNS, FORMER, table
from services.stalls.draw.plan import LGD_CODE, MOST_STALLS, OPEN, WORD
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


class NotCanonical(Exception):
    """Something in this file is not as it is written, or more than the engine has room for; `reading` says what."""


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
        made = _tables(plan, found, start, choices, offered)
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
            _require(end or len(rest) < MOST_ROW_BYTES)
            block, rest = (rest + chunk[:end], chunk[end:]) if end else (b"", rest + chunk)
            if block and head:
                columns, _, block = block.partition(b"\n")
                yield columns
                head = False
            if block:
                yield block
        _require(not rest and not head)


@dataclass(frozen=True, slots=True)
class _Scanned:
    """Columns as long as there are rows; for each pool of cells their texts."""

    columns: tuple[npt.NDArray[Any], ...]
    texts: tuple[list[str], ...]


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
        _require(cells.tickets(self.data, self.cuts, self.columns, self.rows, found, first))

    def numbers(self, column: int, least: int, most: int, found: I32 | U8, first: int = 0) -> None:
        _require(cells.numbers(self.data, self.cuts, self.columns, column, self.rows, least, most, found, first))

    def codes(self, column: int) -> None:
        _require(cells.codes(self.data, self.cuts, self.columns, column, self.rows))

    def flags(self, column: int, found: Flags, first: int) -> None:
        _require(cells.flags(self.data, self.cuts, self.columns, column, self.rows, found, first))

    def sets(self, column: int, into: _Sets, first: int) -> None:
        where = (self.data, self.cuts, self.columns, column, self.rows)
        _require(cells.known(*where, *into.pool, into.found, first))


def _blocks(file: _File) -> Iterator[_Block]:
    lines = file.lines()
    said = tuple(next(lines, b"").decode("utf-8").split(","))
    _require(said in (COLUMNS[file.name], FORMER.get(file.name)))
    cuts = np.empty(0, np.int32)
    for block in lines:
        cuts = cuts if len(cuts) >= len(block) else np.empty(2 * len(block), np.int32)
        data = np.frombuffer(block, np.uint8)
        count = cells.cut(data, len(said), cuts)
        _require(count >= 0)
        yield _Block(data, cuts, len(said), count)


def _events(file: _File) -> tuple[I32, I32]:
    """Their numbers and how many stalls each has."""
    _require(file.size <= MOST_EVENTS_BYTES)
    text = b"".join(file.chunks()).decode("utf-8")
    found = _parsed(text)
    _require(table(EVENTS, found) == text and unicodedata.is_normalized("NFC", text))
    notes = [note for _, _, note in found]
    _require(not any(len(note) > MOST_CHARACTERS or note.startswith(FORMULA) for note in notes))
    numbers, stalls = _numbers(number for number, _, _ in found), _numbers(stalls for _, stalls, _ in found)
    _require(np.all(np.diff(numbers, prepend=0) > 0) and np.all(stalls <= MOST_STALLS))
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
    _require(tuple(head) == COLUMNS[EVENTS] and shown.isprintable() and len(found) + 1 == text.count("\n"))
    _require(all(len(row) == len(head) for row in found))
    return found


def _numbers(said: Iterable[str]) -> I32:
    known = list(said)
    _require(all(map(NUMBER.fullmatch, known)))
    return np.array(known, np.int64).astype(np.int32) if known else np.zeros(0, np.int32)


def _plan(file: _File, events: I32, stalls: I32) -> _Scanned:
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
        _require(rows.lines(of_event, line, rows_, state, events, start))
    start[state[1] :] = state[0]
    sums = np.concatenate((np.zeros(1, np.int64), np.cumsum(count[: state[0]], dtype=np.int64)))
    _require(np.array_equal(sums[start[1:]] - sums[start[:-1]], stalls))
    found = (one.found[: state[0]] for one in (stage, masks, fallback, tags, district))
    columns: tuple[npt.NDArray[Any], ...] = (start, *found, count[: state[0]])
    return _Scanned(columns, tuple(cells.texts(one.pool) for one in sets))


def _people(file: _File) -> _Scanned:
    most, row = file.most_rows(), 0
    tickets, tier = np.empty(most, np.uint64), np.empty(most, np.uint8)
    sets, upgrade = tuple(_Sets.empty(most) for _ in range(4)), np.zeros(most, np.bool_)
    for block in _blocks(file):
        block.tickets(tickets, row)
        _require(np.all(tickets[max(row, 1) : row + block.rows] > tickets[max(row, 1) - 1 : row + block.rows - 1]))
        block.numbers(1, 0, MOST_TIER, tier, row)
        block.codes(3)
        for column, cells_ in zip((2, 4, 5, 6), sets, strict=True):
            block.sets(column, cells_, row)
        if block.columns > len(FORMER[APPLICATIONS]):
            block.flags(7, upgrade, row)
        row += block.rows
    columns: tuple[npt.NDArray[Any], ...] = (tickets, tier, *(one.found for one in sets), upgrade)
    return _Scanned(tuple(column[:row] for column in columns), tuple(cells.texts(one.pool) for one in sets))


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
        _require(rows.wishes(hers, ranks, wanted, block.rows, state, *known))
    _require(state[1] == len(tickets))
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


def _tables(plan: _Scanned, people: _Scanned, start: I64, choices: I32, events: I32) -> Tables:
    """Cells become bits once all words are known."""
    line_start, stage, categories, fallback, tags_of, district_of, count = plan.columns
    tickets, tier, district, stages, tags, sold, upgrade = people.columns
    words = _words(plan, people)
    category, tag = _bits(words.categories), _bits(words.tags)
    used = [plan.texts[1][cell] for cell in np.unique(categories)]
    _require("" not in used and "" not in people.texts[3] and ANY not in people.texts[3])
    return Tables(
        words=words,
        tickets=tickets,
        tier=tier,
        district=_index(people.texts[0], words.districts)[district],
        stages=_sets(people.texts[1], _bits(words.stages))[stages] | np.uint64(1),
        tags=_sets(people.texts[2], tag)[tags],
        categories=_sets(people.texts[3], category)[sold],
        upgrade=upgrade,
        start=start,
        choices=choices,
        events=events,
        line_start=line_start,
        stage=_index(plan.texts[0], words.stages)[stage],
        takes=_sets(plan.texts[1], category)[categories],
        fallback=_sets(plan.texts[1], category)[fallback],
        tags_of=_sets(plan.texts[2], tag)[tags_of],
        district_of=_index(plan.texts[3], words.districts)[district_of],
        count=count,
    )


def _words(plan: _Scanned, people: _Scanned) -> Words:
    stage, masks, tags_of, district_of = plan.texts
    district, stages, tags, sold = people.texts
    _require(all(map(WORD.fullmatch, stage)) and all(map(LGD_CODE.fullmatch, {*district, *district_of} - {""})))
    _require("" not in district)
    used = _split([*stage, *stages]) | {OPEN}
    return Words(
        categories=tuple(sorted(_split({*masks, *sold} - {ANY}))),
        tags=tuple(sorted(_split([*tags_of, *tags]))),
        stages=(OPEN, *sorted(used - {OPEN})),
        districts=tuple(sorted({*district, *district_of} - {""})),
    )


def _split(cells_: Iterable[str]) -> set[str]:
    """All words of these cells, each of which has them once and sorted."""
    found: set[str] = set()
    for cell in cells_:
        words = cell.split(" ") if cell else []
        _require(words == sorted(set(words)))
        found.update(words)
    _require(all(map(WORD.fullmatch, found)))
    return found


def _bits(words: Sequence[str]) -> dict[str, int]:
    return {word: 1 << bit for bit, word in enumerate(words)}


def _sets(texts: Sequence[str], bits: dict[str, int]) -> U64:
    """By cell: its words as bits."""
    masks = (ANY_MASK if text == ANY else sum(bits[word] for word in text.split()) for text in texts)
    return np.array(list(masks), np.uint64)


def _index(texts: Sequence[str], words: Sequence[str]) -> I32:
    """By cell: which word it is; -1 for none."""
    numbers = {word: number for number, word in enumerate(words)}
    return np.array([numbers.get(text, -1) for text in texts], np.int32)


def _require(holds: object) -> None:
    if not holds:
        raise NotCanonical
