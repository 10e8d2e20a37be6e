"""What came out as canonical CSV: the same bytes as the specification's files, a chunk at a time."""

from collections.abc import Iterator

import numpy as np

from services.stalls.draw.engine import digits
from services.stalls.draw.engine.tables import I64, U8, Result, Tables
from services.stalls.draw.files import COLUMNS, OUTCOME

SEATS, REASONS = OUTCOME
MOST_VALUES = 1 << 17
"""In one chunk, of which a row of outcome.csv may be more by itself."""
SEAT_VALUES = 6


def chunks(tables: Tables, result: Result) -> Iterator[tuple[str, bytes]]:
    """File name and next bytes of it: outcome.csv, then refusals.csv."""
    yield from ((SEATS, chunk) for chunk in outcome(tables, result))
    yield from ((REASONS, chunk) for chunk in refusals(tables, result))


def outcome(tables: Tables, result: Result) -> Iterator[bytes]:
    """By place."""
    yield _heading(SEATS)
    most = np.cumsum(SEAT_VALUES + 2 * np.diff(tables.start)[result.order])
    seated = (result.order, result.event, result.stall, result.choice, result.waiting)
    known = (tables.tickets, tables.start, tables.choices, tables.events, *seated)
    first, before = 0, 0
    while first < len(most):
        last = max(first + 1, int(np.searchsorted(most, before + MOST_VALUES, "right")))
        room = np.empty(most[last - 1] - before, np.int64)
        closed_by = np.empty(len(room), np.uint8)
        count = digits.seats(first, last, *known, room, closed_by)
        yield _digits(room, closed_by, count)
        first, before = last, int(most[last - 1])


def refusals(tables: Tables, result: Result) -> Iterator[bytes]:
    """By place and rank."""
    yield _heading(REASONS)
    columns = len(COLUMNS[REASONS])
    rows = MOST_VALUES // columns
    closed_by = np.full((rows, columns), digits.COMMA, np.uint8)
    closed_by[:, -1] = digits.LINE_FEED
    for first in range(0, len(result.refusal_event), rows):
        values = _reasons(tables, result, first, min(first + rows, len(result.refusal_event)))
        yield _digits(values.ravel(), closed_by.ravel(), values.size)


def _reasons(tables: Tables, result: Result, first: int, last: int) -> I64:
    """[last - first, columns of refusals.csv]."""
    values = np.empty((last - first, len(COLUMNS[REASONS])), np.int64)
    rows = slice(first, last)
    place = np.searchsorted(result.refusal_start, np.arange(first, last), "right") - 1
    values[:, 0] = place + 1
    values[:, 1] = digits.hidden(tables.tickets[result.order[place]])
    values[:, 2] = np.arange(first, last) - result.refusal_start[place] + 1
    values[:, 3] = tables.events[result.refusal_event[rows]]
    values[:, 4] = result.refusal_stalls[rows]
    values[:, 5] = result.refusal_products[rows]
    values[:, 6] = result.refusal_reservation[rows]
    values[:, 7] = result.refusal_better[rows]
    values[:, 8] = np.where(result.refusal_last[rows] > 0, result.refusal_last[rows], digits.EMPTY)
    return values


def _digits(values: I64, closed_by: U8, count: int) -> bytes:
    room = np.empty(count * digits.MOST_DIGITS, np.uint8)
    size = digits.written(values, closed_by, count, room)
    return room[:size].tobytes()


def _heading(name: str) -> bytes:
    return (",".join(COLUMNS[name]) + "\n").encode("ascii")
