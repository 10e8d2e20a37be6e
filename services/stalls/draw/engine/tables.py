"""A draw as arrays: what goes into the engine, and what comes out of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.stalls.draw.accept import Outcome, Row
from services.stalls.draw.plan import OPEN, Applicant, Instance, Line, Mask
from services.stalls.draw.reasons import Refusal

U8 = npt.NDArray[np.uint8]
U64 = npt.NDArray[np.uint64]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
ANY = (1 << 64) - 1
"""The mask of any product. No set of categories is as large: there are at most 63 of them."""
MOST_CATEGORIES, MOST_TAGS, MOST_STAGES = 63, 64, 64


class TooManyWords(Exception):
    """More categories, tags or stages than a word has bits; the specification has no such limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A word's position is its bit (categories, tags, stages) or its index (districts). `stages[0]` is "open"."""

    categories: tuple[str, ...]
    tags: tuple[str, ...]
    stages: tuple[str, ...]
    districts: tuple[str, ...]

    def __post_init__(self) -> None:
        """Raises TooManyWords."""
        bounds = ((self.categories, MOST_CATEGORIES), (self.tags, MOST_TAGS), (self.stages, MOST_STAGES))
        if any(len(words) > most for words, most in bounds):
            raise TooManyWords
        if self.stages[:1] != (OPEN,):
            raise ValueError(self.stages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """n applicants by ticket, m choices, e events by number, l lines in the order of the plan.

    Applicant i's choices are `choices[start[i]:start[i + 1]]`, event j's lines `line_start[j]:line_start[j + 1]`.
    """

    words: Words
    tickets: U64
    """[n], ascending."""
    tier: U8
    """[n]."""
    district: I32
    """[n]: index in `words.districts`."""
    stages: U64
    """[n]: bit 0, open, is set for everybody."""
    tags: U64
    """[n]."""
    categories: U64
    """[n]."""
    upgrade: Flags
    """[n]: whether she wants a better choice that becomes free."""
    start: I64
    """[n + 1]."""
    choices: I32
    """[m]: indices into `events`, the best first."""
    events: I32
    """[e]: their numbers, ascending."""
    line_start: I64
    """[e + 1]."""
    stage: I32
    """[l]: index in `words.stages`."""
    takes: U64
    """[l]: categories; ANY for any."""
    fallback: U64
    """[l]: categories; ANY for any, 0 for none."""
    tags_of: U64
    """[l]."""
    district_of: I32
    """[l]: index in `words.districts`; -1 for none."""
    count: I32
    """[l]."""

    def stalls(self) -> I64:
        """[e]: of each event."""
        sums = np.concatenate((np.zeros(1, np.int64), np.cumsum(self.count, dtype=np.int64)))
        found: I64 = sums[self.line_start[1:]] - sums[self.line_start[:-1]]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What each gets, by place; refusals of place p are `refusal_start[p]:refusal_start[p + 1]`, by rank from 1."""

    order: I32
    """[n]: index of the applicant who has this place."""
    event: I32
    """[n]: index of the event, or -1."""
    stall: I32
    """[n]: from 1; 0 for none."""
    choice: I32
    """[n]: which of hers, from 1; 0 for none."""
    waiting: I32
    """[m]: beside `Tables.choices`: position from 1; 0 where she does not wait."""
    refusal_start: I64
    """[n + 1]."""
    refusal_event: I32
    """[r]: index of the event."""
    refusal_stalls: I32
    """[r]: all of the event; the next three add up to it."""
    refusal_products: I32
    """[r]."""
    refusal_reservation: I32
    """[r]."""
    refusal_better: I32
    """[r]."""
    refusal_last: I32
    """[r]: the last place before hers, from 1; 0 for none."""


def tables_of(instance: Instance) -> Tables:
    """`instance`: tickets are digits, as many in each. Raises TooManyWords."""
    people, events = instance.applicants, instance.events
    lines = [line for event in events for line in event.lines]
    words = _words(people, lines)
    category, tag, stage, district = (
        _numbered(w) for w in (words.categories, words.tags, words.stages, words.districts)
    )
    index = {event.number: at for at, event in enumerate(events)}
    return Tables(
        words=words,
        tickets=np.array([int(a.ticket) for a in people], np.uint64),
        tier=np.array([a.tier for a in people], np.uint8),
        district=np.array([district[a.district] for a in people], np.int32),
        stages=np.array([1 | _bits(a.stages, stage) for a in people], np.uint64),
        tags=np.array([_bits(a.tags, tag) for a in people], np.uint64),
        categories=np.array([_bits(a.categories, category) for a in people], np.uint64),
        upgrade=np.array([getattr(a, "upgrade", False) for a in people], np.bool_),
        start=_starts([len(a.choices) for a in people]),
        choices=np.array([index[number] for a in people for number in a.choices], np.int32),
        events=np.array([event.number for event in events], np.int32),
        line_start=_starts([len(event.lines) for event in events]),
        stage=np.array([stage[line.stage] for line in lines], np.int32),
        takes=np.array([_mask(line.categories, category) for line in lines], np.uint64),
        fallback=np.array([_mask(line.fallback, category) for line in lines], np.uint64),
        tags_of=np.array([_bits(line.tags, tag) for line in lines], np.uint64),
        district_of=np.array([-1 if line.district is None else district[line.district] for line in lines], np.int32),
        count=np.array([line.count for line in lines], np.int32),
    )


def _words(people: Sequence[Applicant], lines: Sequence[Line]) -> Words:
    masks = [mask for line in lines for mask in (line.categories, line.fallback) if mask is not None]
    stages = {line.stage for line in lines}.union(*(a.stages for a in people))
    return Words(
        categories=_sorted([*masks, *(a.categories for a in people)]),
        tags=_sorted([*(line.tags for line in lines), *(a.tags for a in people)]),
        stages=(OPEN, *sorted(stages - {OPEN})),
        districts=_sorted(
            [{a.district for a in people}, {line.district for line in lines if line.district is not None}]
        ),
    )


def _sorted(sets: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(sorted({word for words in sets for word in words}))


def _numbered(words: Sequence[str]) -> Mapping[str, int]:
    return {word: number for number, word in enumerate(words)}


def _bits(words: Iterable[str], numbers: Mapping[str, int]) -> int:
    return sum(1 << numbers[word] for word in set(words))


def _mask(mask: Mask, numbers: Mapping[str, int]) -> int:
    return ANY if mask is None else _bits(mask, numbers)


def _starts(lengths: Sequence[int]) -> I64:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(np.array(lengths, np.int64))))


def outcome_of(tables: Tables, result: Result) -> Outcome:
    """For small draws: the engine's answer in the specification's words."""
    return Outcome(rows=tuple(_row(tables, result, place) for place in range(len(result.order))))


def _row(tables: Tables, result: Result, place: int) -> Row:
    who, event = int(result.order[place]), int(result.event[place])
    wanted = range(int(tables.start[who]), int(tables.start[who + 1]))
    return Row(
        ticket=f"{int(tables.tickets[who]):016}",
        place=place + 1,
        event=None if event < 0 else int(tables.events[event]),
        stall=int(result.stall[place]) or None,
        choice=int(result.choice[place]) or None,
        waiting=tuple(
            (int(tables.events[tables.choices[at]]), int(result.waiting[at])) for at in wanted if result.waiting[at]
        ),
        refusals=tuple(
            _refusal(tables, result, at, rank)
            for rank, at in enumerate(range(int(result.refusal_start[place]), int(result.refusal_start[place + 1])), 1)
        ),
    )


def _refusal(tables: Tables, result: Result, at: int, rank: int) -> Refusal:
    return Refusal(
        rank=rank,
        event=int(tables.events[result.refusal_event[at]]),
        stalls=int(result.refusal_stalls[at]),
        other_products=int(result.refusal_products[at]),
        other_reservation=int(result.refusal_reservation[at]),
        better_place=int(result.refusal_better[at]),
        last_place=int(result.refusal_last[at]) or None,
    )
