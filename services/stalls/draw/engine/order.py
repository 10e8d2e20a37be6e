"""The line of a whole state: the same places as the specification's, from one SHA-256 block a ticket."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from services.stalls.draw.engine.caching import bits, njit, part
from services.stalls.draw.engine.tables import I32, U64, Tables

U32 = npt.NDArray[np.uint32]
SEED_DIGITS = 64
"""Exactly one block, so that it is hashed once; ":", a ticket and the padding are a second one."""
TICKET_DIGITS = 16
BITS = np.uint32((SEED_DIGITS + 1 + TICKET_DIGITS) * 8)
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


@part
def _compress(state: U32, words: U32, constants: U32) -> None:
    """One block into the state; its first 16 words are the message. Additions are modulo 2^32."""
    for t in range(16, 64):
        x, y = words[t - 15], words[t - 2]
        small = (x >> 7 | x << 25) ^ (x >> 18 | x << 14) ^ x >> 3
        large = (y >> 17 | y << 15) ^ (y >> 19 | y << 13) ^ y >> 10
        words[t] = np.uint32(words[t - 16] + small + words[t - 7] + large)
    a, b, c, d, e, f, g, h = state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]
    for t in range(64):
        large = (e >> 6 | e << 26) ^ (e >> 11 | e << 21) ^ (e >> 25 | e << 7)
        first = np.uint32(h + large + ((e & f) ^ (~e & g)) + constants[t] + words[t])
        small = (a >> 2 | a << 30) ^ (a >> 13 | a << 19) ^ (a >> 22 | a << 10)
        second = np.uint32(small + ((a & b) ^ (a & c) ^ (b & c)))
        a, b, c, d, e, f, g, h = np.uint32(first + second), a, b, c, np.uint32(d + first), e, f, g
    for k, word in enumerate((a, b, c, d, e, f, g, h)):
        state[k] += word


@part
def _message(ticket: int, words: U32) -> None:
    """A colon, the digits, a bit that ends them, and how many bits there are with the seed before."""
    words[5:15] = 0
    words[15] = BITS
    rest = np.uint64(ticket)
    letter = np.uint32(0x80)
    for at in range(TICKET_DIGITS + 1, -1, -1):
        words[at // 4] = 0
    for at in range(TICKET_DIGITS + 1, -1, -1):
        if at <= TICKET_DIGITS and at > 0:
            letter = np.uint32(48 + rest % np.uint64(10))
            rest //= np.uint64(10)
        elif at == 0:
            letter = np.uint32(58)
        words[at // 4] |= letter << np.uint32(24 - 8 * (at % 4))


@njit
def draw_lots(start: U32, seed: U32, constants: U32, tickets: U64, low: int, high: int, lots: U64) -> None:
    """The first 64 bits of each ticket's digest. `seed` [16]: its block."""
    words, state, mine = np.zeros(64, np.uint32), start.copy(), np.empty(8, np.uint32)
    words[:16] = seed
    _compress(state, words, constants)
    for i in range(low, high):
        _message(tickets[i], words)
        mine[:] = state
        _compress(mine, words, constants)
        lots[i] = bits(mine[0]) << bits(32) | bits(mine[1])
