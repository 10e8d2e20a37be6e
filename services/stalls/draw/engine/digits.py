"""Rows of the outcome's files, compiled: first all their numbers with what closes each, then the digits.

`values` are numbers; EMPTY is a cell with nothing in it, and below that is a ticket, as `hidden` has it. No function
calls another, as handing over an array costs more than a number.
"""

import numpy as np

from services.stalls.draw.engine.caching import njit
from services.stalls.draw.engine.tables import I32, I64, U8, U64

COMMA, COLON, SPACE, LINE_FEED, ZERO = 44, 58, 32, 10, 48
EMPTY = -1
TICKET_DIGITS = 16
MOST_DIGITS = 17
"""Of one number with what closes it."""


def hidden(tickets: U64) -> I64:
    """Tickets as values: they alone are written with their zeros."""
    found: I64 = EMPTY - 1 - tickets.astype(np.int64)
    return found


@njit
def seats(
    first: int,
    last: int,
    tickets: U64,
    start: I64,
    choices: I32,
    numbers: I32,
    order: I32,
    event: I32,
    stall: I32,
    choice: I32,
    waiting: I32,
    values: I64,
    closed_by: U8,
) -> int:
    """Rows of outcome.csv from one place to before another; how many values there are."""
    at = 0
    for place in range(first, last):
        who = order[place]
        values[at], values[at + 1] = place + 1, EMPTY - 1 - np.int64(tickets[who])
        seated = event[place] >= 0
        values[at + 2] = numbers[event[place]] if seated else EMPTY
        values[at + 3] = stall[place] if seated else EMPTY
        values[at + 4] = choice[place] if seated else EMPTY
        closed_by[at : at + 5] = COMMA
        at += 5
        begun = at
        for wish in range(start[who], start[who + 1]):
            if waiting[wish]:
                values[at], values[at + 1] = numbers[choices[wish]], waiting[wish]
                closed_by[at], closed_by[at + 1] = COLON, SPACE
                at += 2
        if at == begun:
            values[at] = EMPTY
            at += 1
        closed_by[at - 1] = LINE_FEED
    return at


@njit
def written(values: I64, closed_by: U8, count: int, room: U8) -> int:
    """The first `count` as digits; how many bytes. `room` has MOST_DIGITS for each."""
    at = 0
    for number in range(count):
        value = values[number]
        if value != EMPTY:
            digits = TICKET_DIGITS
            if value < EMPTY:
                value = EMPTY - 1 - value
            else:
                digits, limit = 1, 10
                while value >= limit:
                    digits, limit = digits + 1, limit * 10
            rest = np.uint64(value)
            for place in range(at + digits - 1, at - 1, -1):
                tens = rest // np.uint64(10)
                room[place] = ZERO + (rest - tens * np.uint64(10))
                rest = tens
            at += digits
        room[at] = closed_by[number]
        at += 1
    return at
