"""What goes from row to row in the files of a draw, compiled: who chose what, which line belongs to which event.

`state` goes on from block to block: how many rows there are, how many of the others were begun, the number of the last
row within the last of them. Each returns False where a row does not follow from the one before.
"""

from services.stalls.draw.engine.caching import njit
from services.stalls.draw.engine.tables import I32, I64, U64


@njit
def wishes(
    hers: U64,
    ranks: I32,
    wanted: I32,
    rows: int,
    state: I64,
    tickets: U64,
    events: I32,
    places: I32,
    start: I64,
    choices: I32,
    chosen_by: I64,
) -> bool:
    """choices.csv. `places`: an event's index by its number, or empty; `chosen_by`: the last who chose it, from 1."""
    row, who, rank = state[0], state[1], state[2]
    for at in range(rows):
        if ranks[at] == 1:
            if who == len(tickets):
                return False
            start[who] = row
            who, rank = who + 1, 0
        rank += 1
        number = wanted[at]
        if len(places):
            event = places[number] if number < len(places) else -1
        else:
            low, high = 0, len(events)
            while low < high:
                middle = (low + high) // 2
                if events[middle] < number:
                    low = middle + 1
                else:
                    high = middle
            event = low if low < len(events) and events[low] == number else -1
        if who == 0 or tickets[who - 1] != hers[at] or ranks[at] != rank or event < 0 or chosen_by[event] == who:
            return False
        chosen_by[event], choices[row] = who, event
        row += 1
    state[0], state[1], state[2] = row, who, rank
    return True


@njit
def lines(of_event: I32, numbers: I32, rows: int, state: I64, events: I32, start: I64) -> bool:
    """plan.csv. An event may have no lines."""
    row, event, line = state[0], state[1], state[2]
    for at in range(rows):
        while numbers[at] == 1 and event < len(events) and events[event] <= of_event[at]:
            start[event] = row
            event, line = event + 1, 0
        line += 1
        if event == 0 or events[event - 1] != of_event[at] or numbers[at] != line:
            return False
        row += 1
    state[0], state[1], state[2] = row, event, line
    return True
