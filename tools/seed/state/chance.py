"""Numbers that look like chance and are a function of what they are for: nothing depends on what was made before."""

import zlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
MASK = (1 << 64) - 1


def mix(*parts: int | str) -> int:
    """64 bits (splitmix64 over the parts)."""
    value = 0
    for part in parts:
        number = part if isinstance(part, int) else zlib.crc32(part.encode())
        value = (value + number + 0x9E3779B97F4A7C15) & MASK
        value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
        value ^= value >> 31
    return value


def share(*parts: int | str) -> float:
    """From 0 to below 1."""
    return (mix(*parts) >> 11) / (1 << 53)


def pick(choices: Sequence[T], *parts: int | str) -> T:
    return choices[mix(*parts) % len(choices)]
