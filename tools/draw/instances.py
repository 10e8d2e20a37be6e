"""Made-up draws of any size, pinned: the same groups, wishes, grounds and plans on every machine, from integers only.

The size of Maharashtra (782,000 groups) has 27,000 events with 950,000 stalls and some 2.42 million choices. Groups ask
for grounds near home, the popular ones by far the most; one in thirty also for any ground of her block on one day.
"""

from pathlib import Path

import numpy as np

from services.stalls.draw import files
from services.stalls.draw.engine.allocate import allocate
from services.stalls.draw.engine.tables import I32, I64, U8, U64, Tables, Words
from services.stalls.draw.engine.writing import chunks
from tools.draw.grounds import CATEGORIES, DAYS, GROUPS, STAGES, TAGS, Area, area, bits, plans
from tools.draw.lots import below, picked, words
from tools.draw.minting import mint
from tools.draw.notes import notes
from tools.draw.tabled import texts

SEED = 2026
TIERS = (140, 56, 28, 14, 8, 5, 3, 2)
SELLS = (40, 8, 8, 14, 6, 10, 10, 20)
KINDS_SOLD = (15, 4, 1)
WISHES = (56, 46, 34, 24, 16, 8, 5, 3, 0, 2, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1)
"""How often a group names one ground, two, … twenty."""
WHERE = (76, 14, 9, 1)
OF_STATE = 3
"""Of a hundred wishes: her own block, her district's head, another block of it, a fair of the state."""
WILD = 30
TOWNS, FIRST, DISABLED_LED, SC, ST, ST_IN_FORESTS = 18, 73, 2, 12, 6, 40
"""Of a hundred groups; FIRST of those without a stall in the last 12 months."""
ONE = np.uint64(1)


def write(path: Path, groups: int = GROUPS, seed: int = SEED) -> files.Said:
    """The complete public file of this draw; what its draw.csv says."""
    made = tables(groups, seed)
    here = area(groups, seed)

    said = notes(here, plans(here, groups, seed))
    return mint(path, texts(made, said), lambda public_seed: chunks(made, allocate(made, public_seed)))


def tables(groups: int = GROUPS, seed: int = SEED) -> Tables:
    """Applicants by ticket, events by number from 1; each block's events follow each other by day."""
    here = area(groups, seed)
    plan = plans(here, groups, seed)
    home = picked(words(seed, "home of a group", groups), here.weight)
    district = here.district[home]
    start, choices = wishes(here, home, seed)
    tier = picked(words(seed, "tier", groups), TIERS).astype(np.uint8)
    return Tables(
        words=Words(categories=CATEGORIES, tags=TAGS, stages=STAGES, districts=here.districts),
        tickets=tickets(groups, seed),
        tier=tier,
        district=district.astype(np.int32),
        stages=stages(district, seed),
        tags=tags(tier, seed),
        categories=categories(groups, seed),
        upgrade=(words(seed, "upgrade", groups) & ONE).astype(np.bool_),
        start=start,
        choices=choices,
        events=np.arange(1, len(plan.kind) + 1, dtype=np.int32),
        line_start=plan.line_start,
        stage=plan.stage,
        takes=plan.takes,
        fallback=plan.fallback,
        tags_of=plan.tags_of,
        district_of=plan.district_of,
        count=plan.count,
    )


def tickets(groups: int, seed: int) -> U64:
    """[n]: 16 digits each, ascending."""
    step = 10**16 // groups
    chance = words(seed, "ticket", groups)
    return np.arange(groups, dtype=np.uint64) * np.uint64(step) + chance % np.uint64(step)


def stages(district: I64, seed: int) -> U64:
    """[n]: open for everybody, besides `sc` or `st` for some; every fifth district is one of forest peoples."""
    chance = below(words(seed, "stage", len(district)), 100)
    st = chance < np.where(district % 5 == 0, ST_IN_FORESTS, ST)
    sc = chance >= 100 - SC
    return ONE | sc.astype(np.uint64) << ONE | st.astype(np.uint64) << np.uint64(2)


def tags(tier: U8, seed: int) -> U64:
    """[n]: a programme, village or town, and what else is true of some; a first stall only of who has had none."""
    chance, more = (below(words(seed, purpose, len(tier)), 100) for purpose in ("tags", "more tags"))
    found = np.where(chance < TOWNS, bits(TAGS, "nulm urban"), bits(TAGS, "umed rural"))
    found |= np.where(chance % 5 == 0, bits(TAGS, "mavim"), 0)
    found |= np.where((more < FIRST) & (tier == 0), bits(TAGS, "first_stall"), 0)
    found |= np.where(more >= 100 - DISABLED_LED, bits(TAGS, "disabled_led"), 0)
    return found.astype(np.uint64)


def categories(groups: int, seed: int) -> U64:
    """[n]: one to three kinds of goods."""
    kinds = picked(words(seed, "kinds sold", groups), KINDS_SOLD)
    found = np.zeros(groups, np.uint64)
    for at in range(len(KINDS_SOLD)):
        sold = ONE << picked(words(seed, f"goods {at}", groups), SELLS).astype(np.uint64)
        found |= np.where(kinds >= at, sold, np.uint64(0))
    return found


def wishes(here: Area, home: I64, seed: int) -> tuple[I64, I32]:
    """Where each group's choices begin [n + 1], and the choices; what she named twice stands where it stood first."""
    named = picked(words(seed, "number of wishes", len(home)), WISHES) + 1
    who = np.repeat(np.arange(len(home)), named)
    event = _named(here, home[who], seed)
    wild_who, wild_event = _wild(here, home, seed)
    who, event = np.concatenate((who, wild_who)), np.concatenate((event, wild_event))
    once = np.sort(np.unique(who * len(here.by_rank) + event, return_index=True)[1])
    who, event = who[once], event[once]
    order = np.argsort(who, kind="stable")
    return np.searchsorted(who[order], np.arange(len(home) + 1)), event[order].astype(np.int32)


def _named(here: Area, block: I64, seed: int) -> I64:
    """An event for each wish of somebody in that block: of the ranks, the second half as often as the first."""
    where = picked(words(seed, "where", len(block)), WHERE)
    kin = np.searchsorted(here.district, np.arange(len(here.districts) + 1))
    district = here.district[block]
    another = kin[district] + below(words(seed, "near", len(block)), kin[district + 1] - kin[district])
    asked = np.choose(where, (block, here.head[district], another, block))
    events = np.diff(here.first)
    asked = np.where(events[asked] > 0, asked, int(np.argmax(events)))
    heavy = np.concatenate((np.zeros(1, np.int64), np.cumsum(1_000_000 // np.arange(1, int(events.max()) + 1))))
    chance = words(seed, "which", len(block))
    rank = np.searchsorted(heavy, below(chance, heavy[events[asked]]), side="right") - 1
    found: I64 = here.by_rank[here.first[asked] + rank]
    if len(here.fairs):
        to_state = where == OF_STATE
        found[to_state] = here.fairs[below(chance[to_state], len(here.fairs))]
    return found


def _wild(here: Area, home: I64, seed: int) -> tuple[I64, I64]:
    """All events of her block on one day, in the order of their numbers."""
    chance = words(seed, "wildcard", len(home))
    who = np.flatnonzero(below(chance, WILD) == 0)
    block, day = home[who], below(words(seed, "day", len(home))[who], DAYS)
    events = here.first[block + 1] - here.first[block]
    first, last = day * events // DAYS, (day + 1) * events // DAYS
    length = last - first
    step = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
    return np.repeat(who, length), np.repeat(here.first[block] + first, length) + step
