"""The offer of a made-up draw: blocks of Maharashtra, their events by how much they are wanted, and stall plans."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.stalls.draw.engine.tables import ANY, I32, I64, U64
from shared.places.directory import blocks_of, districts_of
from tools.draw.lots import below, picked, shared_out, words

STATE, PUNE, NEXT = "27", "490", "10"
GROUPS, EVENTS, STALLS, STATE_FAIRS = 782_000, 27_000, 950_000, 8
"""Of one state; other sizes in proportion."""
DAYS = 10
MOST_STALLS = 512
MOST_DISTRICTS = 34
CATEGORIES = ("food", "forest", "gifts", "handicraft", "jewellery", "masks", "paper", "textiles")
TAGS = ("disabled_led", "first_stall", "mavim", "nulm", "rural", "umed", "urban")
STAGES = ("open", "sc", "st")
SMALLEST, SPREAD = (12, 24, 60, 160, MOST_STALLS), (19, 33, 121, 241, 1)
MARKET, GROUND, LARGE, FAIR, STATE_FAIR = range(5)
STRUCK = 500
"""One event in so many was struck out at the close."""


def bits(known: Sequence[str], named: str) -> int:
    return sum(1 << known.index(word) for word in named.split())


def mask(named: str) -> int:
    return ANY if named == "*" else bits(CATEGORIES, named)


FOOD, CRAFT, ALL = "food forest", "gifts handicraft jewellery masks paper textiles", "*"
CLOSED = ""
Lined = tuple[str, str, str, str, bool, int]
"""Stage, products, fallback, tags, whether it is guaranteed to the event's own district, weight."""
TEMPLATES: tuple[tuple[Lined, ...], ...] = (
    (  # a weekly market
        ("open", FOOD, FOOD, "rural", False, 6),
        ("open", CRAFT, CRAFT, "umed mavim", False, 5),
        ("open", ALL, ALL, "first_stall", False, 3),
        ("sc", ALL, ALL, "", False, 2),
        ("st", ALL, ALL, "", False, 1),
        ("open", ALL, ALL, "", False, 4),
    ),
    (  # a school ground: food is capped at a quarter, by masks that leave it out
        ("open", FOOD, FOOD, "", False, 5),
        ("open", CRAFT, CRAFT, "umed", False, 4),
        ("open", "handicraft paper masks", CRAFT, "first_stall disabled_led", False, 3),
        ("sc", CRAFT, CRAFT, "", False, 2),
        ("st", "forest " + CRAFT, CRAFT, "rural", False, 2),
        ("open", CRAFT, CRAFT, "rural", True, 4),
    ),
    (  # a municipal ground: towns first
        ("open", "textiles jewellery", CRAFT, "nulm", False, 4),
        ("open", ALL, ALL, "nulm urban", False, 4),
        ("open", ALL, ALL, "disabled_led", False, 1),
        ("sc", ALL, CLOSED, "first_stall", False, 2),
        ("st", ALL, CLOSED, "", False, 1),
        ("open", FOOD, FOOD, "umed rural", False, 4),
        ("open", ALL, ALL, "", False, 4),
    ),
    (  # a festival of food
        ("open", "food", "food", "first_stall", False, 5),
        ("open", "food", FOOD, "umed mavim nulm", False, 5),
        ("open", "forest", FOOD, "", False, 3),
        ("st", FOOD, FOOD, "rural", False, 3),
        ("sc", FOOD, FOOD, "", False, 3),
        ("open", "gifts", CLOSED, "", False, 1),
    ),
    (  # a haat of forest peoples
        ("st", "forest handicraft", ALL, "rural", True, 6),
        ("open", "forest handicraft", "forest handicraft", "umed", False, 5),
        ("st", ALL, ALL, "", False, 4),
        ("sc", ALL, ALL, "", False, 2),
        ("open", "food", "food", "", True, 3),
        ("open", CRAFT, CRAFT, "", False, 3),
    ),
    (  # a fair of the district
        ("open", "food", "food", "umed", False, 8),
        ("open", "food", "food", "nulm mavim", False, 3),
        ("open", "forest", FOOD, "rural", False, 4),
        ("open", "textiles", CRAFT, "umed mavim", False, 6),
        ("open", "jewellery gifts", CRAFT, "nulm", False, 4),
        ("open", "masks paper handicraft", CRAFT, "first_stall", False, 5),
        ("open", ALL, ALL, "disabled_led", False, 2),
        ("sc", FOOD, ALL, "umed", False, 3),
        ("sc", CRAFT, ALL, "", False, 4),
        ("st", FOOD, ALL, "rural", False, 2),
        ("st", CRAFT, ALL, "", False, 3),
        ("open", ALL, ALL, "first_stall rural", True, 6),
        ("open", ALL, ALL, "", False, 6),
    ),
)
KINDS: tuple[tuple[int, ...], ...] = ((8, 3, 2, 2, 2, 0), (3, 6, 4, 2, 2, 1), (0, 3, 3, 1, 1, 6), (0, 0, 0, 0, 0, 1))
"""How often each size, without the state's fairs, has each template."""
STATE_PLAN: tuple[Lined, ...] = (
    ("open", FOOD, FOOD, "umed mavim", False, 70),
    ("open", CRAFT, CRAFT, "nulm first_stall", False, 60),
    ("open", ALL, ALL, "disabled_led", False, 10),
    ("sc", ALL, ALL, "", False, 50),
    ("st", ALL, ALL, "", False, 40),
    ("open", ALL, ALL, "", False, 40),
)
"""Before these a line for each district."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """b blocks; `district` [b] is an index into `districts`, `first` [b + 1] where the block's events begin."""

    districts: tuple[str, ...]
    codes: tuple[str, ...]
    district: I64
    weight: I64
    first: I64
    by_rank: I64
    """[e]: in the block's part its events, the most wanted first."""
    head: I64
    """[districts]: the block where the district's great fairs are."""
    fairs: I64
    """[f]: the fairs of the whole state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plans:
    """Lines in the order of events, as in the engine's tables."""

    kind: I64
    """[e]: MARKET … STATE_FAIR."""
    line_start: I64
    stage: I32
    takes: U64
    fallback: U64
    tags_of: U64
    district_of: I32
    count: I32


def scaled(whole: int, groups: int, least: int) -> int:
    return max(least, (whole * groups + GROUPS // 2) // GROUPS)


def _places(groups: int) -> list[tuple[str, str]]:
    """District and block, sorted: from Pune on, at least three districts where there are three blocks; then Bihar's."""
    own, others = ([one.code for one in districts_of(state) if blocks_of(one.code)] for state in (STATE, NEXT))
    codes = [*own[own.index(PUNE) :], *own[: own.index(PUNE)], *others]
    sums = np.cumsum([len(blocks_of(code)) for code in codes])
    count = max(scaled(int(sums[len(own) - 1]), groups, 1), min(6, groups // 100))
    some = codes[: max(3, 1 + int(np.searchsorted(sums, count)))]
    share = shared_out(count, np.array([len(blocks_of(code)) for code in some]))
    lists = [(code, blocks_of(code), int(number)) for code, number in zip(some, share, strict=True)]
    return sorted((code, there[at % len(there)].code) for code, there, number in lists for at in range(number))


def area(groups: int, seed: int) -> Area:
    places = _places(groups)
    count = len(places)
    districts = tuple(sorted({district for district, _ in places}))
    district = np.array([districts.index(code) for code, _ in places], np.int64)
    weight = 8 + below(words(seed, "weight of a block", count), 25)
    events = shared_out(scaled(EVENTS, groups, 5), weight)
    first = np.concatenate((np.zeros(1, np.int64), np.cumsum(events)))
    block = np.repeat(np.arange(count), events)
    by_rank = np.lexsort((words(seed, "rank of an event", int(first[-1])), block))
    head = np.unique(district, return_index=True)[1]
    fairs = scaled(STATE_FAIRS, groups, 0)
    return Area(
        districts=districts,
        codes=tuple(code for _, code in places),
        district=district,
        weight=weight,
        first=first,
        by_rank=by_rank,
        head=head,
        fairs=by_rank[first[np.unique(head[np.arange(fairs) * len(head) // max(fairs, 1)])]],
    )


def plans(here: Area, groups: int, seed: int) -> Plans:
    kind = _kinds(here, seed)
    sizes = _sizes(kind, scaled(STALLS, groups, 1), seed)
    districts = here.district[np.searchsorted(here.first, np.arange(len(kind)), side="right") - 1]
    chosen = _templates(kind, seed)
    parts = [_lines(lines, np.flatnonzero(chosen == at), sizes, districts) for at, lines in enumerate(TEMPLATES)]
    parts.append(_lines(_of_state(len(here.districts)), np.flatnonzero(chosen == len(TEMPLATES)), sizes, None))
    event, *columns = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.argsort(event, kind="stable")
    stage, takes, fallback, tags, district, count = (column[order] for column in columns)
    return Plans(
        kind=kind,
        line_start=np.searchsorted(event[order], np.arange(len(kind) + 1)),
        stage=stage.astype(np.int32),
        takes=takes,
        fallback=fallback,
        tags_of=tags,
        district_of=district.astype(np.int32),
        count=count.astype(np.int32),
    )


def _kinds(here: Area, seed: int) -> I64:
    """The most wanted event of a block is large, that of a district's head a fair; the rest as chance will."""
    events = int(here.first[-1])
    kind = picked(words(seed, "kind of an event", events), (63, 30, 6, 1))
    some = np.flatnonzero(np.diff(here.first))
    kind[here.by_rank[here.first[some]]] = LARGE
    kind[here.by_rank[here.first[np.intersect1d(here.head, some)]]] = FAIR
    kind[here.fairs] = STATE_FAIR
    return kind


def _sizes(kind: I64, stalls: int, seed: int) -> I64:
    """[e]: as many stalls as there shall be, evened out a stall at a time; none where the event was struck out."""
    chance = words(seed, "size of an event", len(kind))
    sizes = np.minimum(np.array(SMALLEST)[kind] + below(chance, np.array(SPREAD)[kind]), 2 + stalls // 8)
    struck = (below(words(seed, "struck out", len(kind)), STRUCK) == 0) & (kind < LARGE)
    sizes[struck] = 0
    movable = np.flatnonzero(~struck & (kind < FAIR))
    lacking = stalls - int(sizes.sum())
    while lacking and len(movable):
        some = movable[: abs(lacking)]
        some = some[(sizes[some] > 1) | (lacking > 0)]
        if not len(some):
            break
        sizes[some] += 1 if lacking > 0 else -1
        lacking = stalls - int(sizes.sum())
    return sizes


def _templates(kind: I64, seed: int) -> I64:
    chance = words(seed, "template", len(kind))
    found = np.full(len(kind), len(TEMPLATES), np.int64)
    for size, weights in enumerate(KINDS):
        found[kind == size] = picked(chance[kind == size], weights)
    return found


def _of_state(districts: int) -> tuple[Lined, ...]:
    """Its lines for one district each come first, so that the `at`-th is for district `at`."""
    each = ("open", ALL, ALL, "rural", True, 12)
    return (*(each,) * min(districts, MOST_DISTRICTS), *STATE_PLAN)


def _lines(lines: Sequence[Lined], events: I64, sizes: I64, districts: I64 | None) -> tuple[I64 | U64, ...]:
    """Event, stage, takes, fallback, tags, district and count of each line that has a stall.

    `districts`: [e], of each event; None where each line is for its own.
    """
    sums = np.concatenate((np.zeros(1, np.int64), np.cumsum(np.array([line[5] for line in lines], np.int64))))
    count = np.diff(sums[None, :] * sizes[events][:, None] // sums[-1], axis=1)
    row, at = np.nonzero(count)
    named = at if districts is None else districts[events[row]]
    return (
        events[row],
        np.array([STAGES.index(line[0]) for line in lines], np.int64)[at],
        np.array([mask(line[1]) for line in lines], np.uint64)[at],
        np.array([mask(line[2]) for line in lines], np.uint64)[at],
        np.array([bits(TAGS, line[3]) for line in lines], np.uint64)[at],
        np.where(np.array([line[4] for line in lines])[at], named, -1),
        count[row, at],
    )
