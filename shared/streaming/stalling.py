"""Has reading figures back come to a halt? After Kafka was frozen, Faust may wait for ever for records it lost."""

import time
from collections.abc import Callable, Iterable

LIMIT_SECONDS = 120.0


class Stalling:
    """`clock` is monotonic seconds."""

    def __init__(self, limit_seconds: float = LIMIT_SECONDS, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._clock = limit_seconds, clock
        self._read, self._since = 0, clock()

    def halted(self, *, well: bool, read: int) -> bool:
        """True when the worker has not been well for so long without reading on. `read`: the sum of its offsets."""
        if well or read != self._read:
            self._read, self._since = read, self._clock()
        return self._clock() - self._since > self._limit


def total(offsets: Iterable[int | None]) -> int:
    """Of partitions of which some are not looked into yet (None)."""
    return sum(offset or 0 for offset in offsets)
