"""Chance that is pinned: SplitMix64 counted up in 64-bit integers, so that every machine draws the same."""

import hashlib
from collections.abc import Sequence

import numpy as np

from services.stalls.draw.engine.tables import I64, U64

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIXERS = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
    (np.uint64(31), np.uint64(1)),
)
HALF = np.uint64(32)


def words(seed: int, purpose: str, count: int) -> U64:
    """[count]: 64 random bits each; another purpose, another stream."""
    first = hashlib.sha256(f"{seed}:{purpose}".encode("ascii")).digest()[:8]
    mixed = np.arange(1, count + 1, dtype=np.uint64)
    mixed *= GOLDEN
    mixed += np.uint64(int.from_bytes(first, "big"))
    for shift, factor in MIXERS:
        mixed ^= mixed >> shift
        mixed *= factor
    return mixed


def below(bits: U64, bounds: I64 | int) -> I64:
    """[count]: of these bits a number from 0, below its bound (one for all, or one for each; at most 2**32)."""
    found: I64 = (((bits >> HALF) * np.asarray(bounds).astype(np.uint64)) >> HALF).astype(np.int64)
    return found


def picked(bits: U64, weights: Sequence[int] | I64) -> I64:
    """[count]: the index of a weight, as often as it is heavy."""
    sums = np.cumsum(np.asarray(weights, np.int64))
    return np.searchsorted(sums, below(bits, int(sums[-1])), side="right")


def shared_out(total: int, weights: I64) -> I64:
    """[as weights]: whole numbers in these proportions whose sum is `total`: cumulative, rounded down."""
    sums = np.concatenate((np.zeros(1, np.int64), np.cumsum(weights)))
    return np.diff(sums * total // max(int(sums[-1]), 1))
