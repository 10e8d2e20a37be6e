"""The line of a whole state: the same places as the specification's, from one SHA-256 block a ticket."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from services.stalls.draw.engine.caching import bits, njit, part
from services.stalls.draw.engine.tables import I32, U64, Tables

U32 = npt.NDArray[np.uint32]
SEED_DIGITS = 64
"""Exactly one block, so that it is hashed once; ":", a ticket and the padding are a second one."""
TICKET_DIGITS = 16
BITS = np.uint32((SEED_DIGITS + 1 + TICKET_DIGITS) * 8)
LANES = 64
COLON, ZERO = np.uint32(ord(":")), np.uint32(ord("0"))
TIER_BITS = 8
PRIMES = [p for p in range(2, 312) if all(p % q for q in range(2, p))]


def _root(prime: int, degree: int) -> int:
    """The first 32 bits of the fraction of a root, in integers."""
    scaled, low, high = prime << (32 * degree), 0, 1 << 64
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**degree <= scaled else (low, middle)
    return low & 0xFFFFFFFF


FIRST = np.array([_root(prime, 2) for prime in PRIMES[:8]], np.uint32)
ROUND = np.array([_root(prime, 3) for prime in PRIMES], np.uint32)


def places(tables: Tables, seed: str, threads: int = 1) -> I32:
    """[n]: the index of the applicant who has each place. `seed`: 64 characters of ASCII; raises ValueError."""
    n = len(tables.tickets)
    if len(seed) != SEED_DIGITS:
        raise ValueError(seed)
    block = np.frombuffer(seed.encode("ascii"), ">u4").astype(np.uint32)
    if n and int(tables.tickets.max()) >= 10**TICKET_DIGITS:
        raise ValueError(int(tables.tickets.max()))
    lots = np.empty(n, np.uint64)
    in_slices(lambda low, high: draw_lots(FIRST, block, ROUND, tables.tickets, low, high, lots), n, threads)
    return ranked(tables, seed, lots)


def in_slices(work: Callable[[int, int], object], n: int, threads: int) -> None:
    """`work(low, high)` over 0 … n, in as many threads; what it does there must not depend on the others."""
    if threads <= 1 or n < threads:
        work(0, n)
        return
    bounds = [n * part // threads for part in range(threads + 1)]
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, bounds[:-1], bounds[1:]))


def ranked(tables: Tables, seed: str, lots: U64) -> I32:
    """By tier, digest and ticket. `lots`: the first 64 bits of each digest.

    Tier, as many bits of the lot as there is room for, and the index are sorted as one number; the few who are equal
    in these bits are sorted by their whole digest.
    """
    n = len(lots)
    index_bits = max(n - 1, 1).bit_length()
    shift = np.uint64(index_bits)
    tiers = tables.tier.astype(np.uint64) << np.uint64(64 - TIER_BITS)
    keys = tiers | lots >> np.uint64(TIER_BITS + index_bits) << shift | np.arange(n, dtype=np.uint64)
    keys.sort()
    order: I32 = (keys & np.uint64((1 << index_bits) - 1)).astype(np.int32)
    keys >>= shift
    _untie(tables, seed, order, np.flatnonzero(keys[1:] == keys[:-1]).tolist())
    return order


def _untie(tables: Tables, seed: str, order: I32, ties: list[int]) -> None:
    """`ties`: places whose next is equal in the bits that were sorted by."""
    ends = {low: low + 1 for low in ties}
    for low in ties:
        if low - 1 in ends:
            continue
        high = low
        while high in ends:
            high = ends[high]
        order[low : high + 1] = sorted(order[low : high + 1].tolist(), key=lambda who: _whole(tables, seed, who))


def _whole(tables: Tables, seed: str, who: int) -> tuple[str, int]:
    ticket = int(tables.tickets[who])
    return hashlib.sha256(f"{seed}:{ticket:0{TICKET_DIGITS}}".encode("ascii")).hexdigest(), ticket


@njit
def draw_lots(start: U32, seed: U32, constants: U32, tickets: U64, low: int, high: int, lots: U64) -> None:
    """The first 64 bits of each ticket's digest. `seed` [16]: its block.

    LANES tickets at a time, word by word, so that one instruction works on several: `words` is [64, LANES], `state`
    [8, LANES], both flat.
    """
    words, state, known = np.zeros(64 * LANES, np.uint32), np.empty(8 * LANES, np.uint32), start.copy()
    for at in range(16):
        words[at * LANES : (at + 1) * LANES] = seed[at]
    _compress(known, words, constants, state)
    for at in range(8):
        known[at] += state[at * LANES]
    for first in range(low, high, LANES):
        count = min(LANES, high - first)
        words[: 15 * LANES] = 0
        words[15 * LANES : 16 * LANES] = BITS
        for lane in range(count):
            _spell(tickets[first + lane], words, lane)
        _compress(known, words, constants, state)
        for lane in range(count):
            left, right = np.uint32(known[0] + state[lane]), np.uint32(known[1] + state[LANES + lane])
            lots[first + lane] = bits(left) << bits(32) | bits(right)


@part
def _spell(ticket: int, words: U32, lane: int) -> None:
    """A colon, the digits, and the bit that ends them."""
    words[lane] = COLON << np.uint32(24)
    words[TICKET_DIGITS // 4 * LANES + lane] = np.uint32(0x80) << np.uint32(16)
    rest = bits(ticket)
    for at in range(TICKET_DIGITS, 0, -1):
        digit = np.uint32(rest % bits(10)) + ZERO
        words[at // 4 * LANES + lane] |= digit << np.uint32(24 - 8 * (at % 4))
        rest //= bits(10)


@part
def _compress(known: U32, words: U32, constants: U32, state: U32) -> None:
    """What the blocks in `words` (16 words each) make of the state `known`, before that is added once more.

    The eight variables of a round keep their rows of `state`; instead of them their names move on.
    """
    for t in range(16 * LANES, 64 * LANES):
        x, y = words[t - 15 * LANES], words[t - 2 * LANES]
        small = _turned(x, 7) ^ _turned(x, 18) ^ x >> np.uint32(3)
        large = _turned(y, 17) ^ _turned(y, 19) ^ y >> np.uint32(10)
        words[t] = np.uint32(words[t - 16 * LANES] + small + words[t - 7 * LANES] + large)
    for at in range(8 * LANES):
        state[at] = known[at // LANES]
    for t in range(64):
        a, b, c, d = _row(t, 0), _row(t, 1), _row(t, 2), _row(t, 3)
        e, f, g, h = _row(t, 4), _row(t, 5), _row(t, 6), _row(t, 7)
        constant, row = constants[t], t * LANES
        for lane in range(LANES):
            x, y, z = state[e + lane], state[f + lane], state[g + lane]
            large = _turned(x, 6) ^ _turned(x, 11) ^ _turned(x, 25)
            first = np.uint32(state[h + lane] + large + ((x & y) ^ (~x & z)) + constant + words[row + lane])
            x, y, z = state[a + lane], state[b + lane], state[c + lane]
            small = _turned(x, 2) ^ _turned(x, 13) ^ _turned(x, 22)
            state[d + lane] = np.uint32(state[d + lane] + first)
            state[h + lane] = np.uint32(first + small + ((x & y) ^ (x & z) ^ (y & z)))


@part
def _row(t: int, variable: int) -> int:
    return (variable - t & 7) * LANES


@part
def _turned(value: int, by: int) -> Any:
    return value >> np.uint32(by) | value << np.uint32(32 - by)
