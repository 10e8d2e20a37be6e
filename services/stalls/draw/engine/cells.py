"""Columns of canonical CSV, compiled: a block of whole lines is cut into cells, then each column is read at once.

A function takes the block, where each of its cells ends, how many columns there are and which one is meant, how many
rows there are, and writes from `first` on in `found`. It returns False where a cell is not as it is written. None calls
another, as handing over an array counts references, which costs more than a cell.
"""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from services.stalls.draw.engine.caching import njit
from services.stalls.draw.engine.tables import I32, I64, U8, U64, Flags

U16 = npt.NDArray[np.uint16]
COMMA, LINE_FEED = 44, 10
ZERO, NINE = 48, 57
TICKET_DIGITS, MOST_DIGITS, CODE_DIGITS = 16, 9, 6
MOST_CELLS = (1 << 16) - 1
MOST_WORDS = 1 << 19
MOST_CELL_WORDS = 1 << 9
SLOTS = 1 << 18
WORD_BYTES = 8
Pool = tuple[I32, I64, U64, U64]
"""Different cells of one column: slots of a hash table, where each cell ends, their words, and room for one more.

A cell is its length and then its bytes, eight in a word. `ends[0]` is how many cells there are; cell i stands from
`ends[i]` (0 for the first) to `ends[i + 1]`.
"""
MIX, SHIFT, BYTE = np.uint64(0x9E3779B97F4A7C15), np.uint64(32), np.uint64(8)
YES = int.from_bytes(b"yes", "big")
YES_LETTERS = 3


def pool() -> Pool:
    room = np.zeros(MOST_CELL_WORDS, np.uint64)
    return np.zeros(SLOTS, np.int32), np.zeros(MOST_CELLS + 2, np.int64), np.empty(MOST_WORDS, np.uint64), room


def texts(cells: Pool) -> list[str]:
    """By number. Raises UnicodeDecodeError for what is not ASCII."""
    _, ends, kept, _ = cells
    bounds = [0, *ends[1 : int(ends[0]) + 1].tolist()]
    return [_text(kept[begin:end].tolist()) for begin, end in pairwise(bounds)]


def _text(words: list[int]) -> str:
    length, *rest = words
    sizes = (min(WORD_BYTES, length - at) for at in range(0, length, WORD_BYTES))
    return b"".join(word.to_bytes(size, "big") for word, size in zip(rest, sizes, strict=True)).decode("ascii")


@njit
def cut(data: U8, columns: int, cuts: I32) -> int:
    """How many rows there are, and in `cuts` where each cell ends; -1 where a row has not as many cells as columns."""
    column, found = 0, 0
    for at in range(len(data)):
        letter = data[at]
        if letter == COMMA:
            column += 1
            if column == columns:
                return -1
            cuts[found] = at
            found += 1
        elif letter == LINE_FEED:
            if column != columns - 1:
                return -1
            cuts[found] = at
            found, column = found + 1, 0
    return found // columns


@njit
def tickets(data: U8, cuts: I32, columns: int, rows: int, found: U64, first: int) -> bool:
    """The first column: sixteen digits each."""
    begin = 0
    for row in range(rows):
        if cuts[row * columns] - begin != TICKET_DIGITS:
            return False
        value, wrong = np.int64(0), 0
        for at in range(begin, begin + TICKET_DIGITS):
            digit = np.int64(data[at]) - ZERO
            wrong |= int(digit < 0 or digit > NINE - ZERO)
            value = value * 10 + digit
        if wrong:
            return False
        found[first + row] = value
        begin = cuts[row * columns + columns - 1] + 1
    return True


@njit
def numbers(
    data: U8, cuts: I32, columns: int, column: int, rows: int, least: int, most: int, found: I32, first: int
) -> bool:
    """Without leading zeros."""
    for row in range(rows):
        cell = row * columns + column
        begin, end = cuts[cell - 1] + 1 if cell else 0, cuts[cell]
        if end == begin or end - begin > MOST_DIGITS or (data[begin] == ZERO and end - begin > 1):
            return False
        value, wrong = np.int64(0), 0
        for at in range(begin, end):
            digit = np.int64(data[at]) - ZERO
            wrong |= int(digit < 0 or digit > NINE - ZERO)
            value = value * 10 + digit
        if wrong or value < least or value > most:
            return False
        found[first + row] = value
    return True


@njit
def codes(data: U8, cuts: I32, columns: int, column: int, rows: int) -> bool:
    """Whether each is nothing or a code, of which nothing is kept."""
    for row in range(rows):
        cell = row * columns + column
        begin, end = cuts[cell - 1] + 1, cuts[cell]
        if end - begin > CODE_DIGITS:
            return False
        for at in range(begin, end):
            if data[at] < ZERO or data[at] > NINE:
                return False
    return True


@njit
def flags(data: U8, cuts: I32, columns: int, column: int, rows: int, found: Flags, first: int) -> bool:
    """`yes` or nothing."""
    for row in range(rows):
        cell = row * columns + column
        begin, end, said = cuts[cell - 1] + 1, cuts[cell], 0
        if end - begin not in (0, YES_LETTERS):
            return False
        for at in range(begin, end):
            said = said * 256 + data[at]
        if said not in (0, YES):
            return False
        found[first + row] = said == YES
    return True


@njit
def known(
    data: U8,
    cuts: I32,
    columns: int,
    column: int,
    rows: int,
    slots: I32,
    ends: I64,
    kept: U64,
    room: U64,
    found: U16,
    first: int,
) -> bool:
    """Equal cells under one number, from 0; there is room for MOST_CELLS different ones."""
    for row in range(rows):
        cell = row * columns + column
        begin, end = cuts[cell - 1] + 1 if cell else 0, cuts[cell]
        length = end - begin
        words = 1 + (length + WORD_BYTES - 1) // WORD_BYTES
        if words > MOST_CELL_WORDS:
            return False
        room[0], mark, at = length, np.uint64(length), begin
        for number in range(1, words):
            word = np.uint64(0)
            for letter in range(at, min(at + WORD_BYTES, end)):
                word = word << BYTE | np.uint64(data[letter])
            room[number] = word
            mark = (mark ^ word) * MIX
            mark ^= mark >> SHIFT
            at += WORD_BYTES
        slot = np.int64(mark & np.uint64(SLOTS - 1))
        while True:
            who = slots[slot] - 1
            if who < 0:
                break
            start = ends[who] if who else 0
            same, number = ends[who + 1] - start == words, 0
            while same and number < words:
                same = kept[start + number] == room[number]
                number += 1
            if same:
                break
            slot = (slot + 1) & (SLOTS - 1)
        if who < 0:
            who = ends[0]
            start = ends[who] if who else 0
            if who == MOST_CELLS or start + words > MOST_WORDS:
                return False
            for number in range(words):
                kept[start + number] = room[number]
            ends[0], ends[who + 1], slots[slot] = who + 1, start + words, who + 1
        found[first + row] = who
    return True
