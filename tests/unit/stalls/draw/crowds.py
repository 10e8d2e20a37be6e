"""Draws of middling size as arrays: a few grounds with many lines, more groups than stalls, everything overlapping."""

import numpy as np

from services.stalls.draw.engine.tables import ANY, Tables, Words

CATEGORIES, TAGS, STAGES = 6, 5, 3


def crowd(seed: int, groups: int = 60, grounds: int = 3, lines: int = 8, most: int = 3) -> Tables:
    """The same for the same numbers; one ground in some is struck out."""
    dice = np.random.default_rng(seed)
    per_ground = np.where(dice.random(grounds) < 0.1, 0, dice.integers(1, lines + 1, grounds))
    total = int(per_ground.sum())
    chances = dice.integers(1, grounds + 1, groups)
    return Tables(
        words=Words(
            categories=tuple(f"kind{number}" for number in range(CATEGORIES)),
            tags=tuple(f"tag{number}" for number in range(TAGS)),
            stages=("open", "sc", "st"),
            districts=("482", "490"),
        ),
        tickets=np.sort(dice.choice(10**6, groups, replace=False)).astype(np.uint64),
        tier=dice.integers(0, 3, groups).astype(np.uint8),
        district=dice.integers(0, 2, groups).astype(np.int32),
        stages=(1 | dice.integers(0, 4, groups) << 1).astype(np.uint64),
        tags=(dice.integers(0, 1 << TAGS, groups) & dice.integers(0, 1 << TAGS, groups)).astype(np.uint64),
        categories=sold(dice, groups),
        upgrade=np.zeros(groups, np.bool_),
        start=starts(chances),
        choices=np.concatenate([dice.permutation(grounds)[:count] for count in chances]).astype(np.int32),
        events=np.arange(1, grounds + 1, dtype=np.int32),
        line_start=starts(per_ground),
        stage=dice.choice(STAGES, total, p=(0.6, 0.2, 0.2)).astype(np.int32),
        takes=mask(dice, total),
        fallback=np.where(dice.random(total) < 0.3, np.uint64(0), mask(dice, total)),
        tags_of=np.where(dice.random(total) < 0.6, dice.integers(0, 1 << TAGS, total), 0).astype(np.uint64),
        district_of=np.where(dice.random(total) < 0.2, dice.integers(0, 2, total), -1).astype(np.int32),
        count=dice.integers(1, most + 1, total).astype(np.int32),
    )


def starts(lengths: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)))


def sold(dice: np.random.Generator, count: int) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
    """One kind, or two."""
    one, other = (1 << dice.integers(0, CATEGORIES, count) for _ in range(2))
    return np.where(dice.random(count) < 0.3, one | other, one).astype(np.uint64)


def mask(dice: np.random.Generator, count: int) -> "np.ndarray[tuple[int], np.dtype[np.uint64]]":
    some = dice.integers(1, 1 << CATEGORIES, count).astype(np.uint64)
    return np.where(dice.random(count) < 0.5, np.uint64(ANY), some)
