"""As many messages a second as a provider allows this process, and never more in any second."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

MARGIN = 1.025  # the provider's second is measured where messages arrive, ours where they leave
AT_THE_START = 0.9  # of an even step; later the window itself keeps them apart


class Pace:
    """A sliding window over the moments at which messages left. `per_second` 0: no limit."""

    def __init__(
        self,
        per_second: float,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.per_second, self._now, self._sleep = per_second, now, sleep
        self._left: deque[float] = deque(maxlen=max(1, int(per_second)))
        self._turns = asyncio.Lock()

    async def turn(self) -> None:
        """Return when one more may leave, in the order of asking."""
        if not self.per_second:
            return
        async with self._turns:
            while (wait := self._free_at() - self._now()) > 0:
                await self._sleep(wait)
            self._left.append(self._now())

    def _free_at(self) -> float:
        left, most = self._left, self._left.maxlen or 1
        if len(left) == most:
            return left[0] + most / self.per_second * MARGIN
        return left[-1] + AT_THE_START / self.per_second if left else 0.0

    def waiting_room(self, most: int, seconds: float) -> int:
        """How many of at most `most` get their turn within so many seconds."""
        return min(most, max(1, int(self.per_second * seconds))) if self.per_second else most
