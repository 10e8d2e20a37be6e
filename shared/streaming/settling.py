"""What must be durable before an offset is committed: first every change in the changelog, then the figures read."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, repeat
from typing import Any

from shared import faults
from shared.logs import log
from shared.mongo import unavailable
from shared.streaming.sink import Row, Sink

MOST_AT_ONCE = 1_000
AGAIN_SECONDS = (0.1, 0.3, 1.0, 3.0)


@dataclass(slots=True)
class Unsettled:
    """Figures changed since the last round, each with the acknowledgement its changelog record waits for."""

    rows: dict[str, Row] = field(default_factory=dict)
    acks: list[Awaitable[Any]] = field(default_factory=list)


class Settling:
    """Rounds: what was marked until now is written, one bulk for all of it. `failed` stops everything for good."""

    def __init__(self, sink: Sink) -> None:
        self.sink, self.failed = sink, asyncio.get_running_loop().create_future()
        self.away = ""
        self._next, self._marked, self._settled = Unsettled(), 0, 0
        self._wake, self._turned = asyncio.Event(), asyncio.Condition()

    def mark(self, row: Row, ack: Awaitable[Any] | None) -> None:
        """This figure has changed (`ack`), or its last change may not have reached its readers (None)."""
        self._next.rows[row.key] = row
        if ack is not None:
            self._next.acks.append(ack)
        self._marked += 1
        self._wake.set()

    def fail(self, error: BaseException) -> None:
        """From here on nothing is settled, so nothing is committed."""
        if not self.failed.done():
            self.failed.set_exception(error)
            self.failed.exception()  # read: whoever waits for it gets it again

    async def run(self) -> None:
        """Until cancelled, or until something cannot be made durable."""
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                await self._round()
        except Exception as error:  # noqa: BLE001  whatever it is, the worker stops with it
            self.fail(error)

    async def _round(self) -> None:
        taken, until = self._next, self._marked
        self._next = Unsettled()
        await asyncio.gather(*taken.acks)
        faults.point("stream.logged")
        rows = list(taken.rows.values())
        for start in range(0, len(rows), MOST_AT_ONCE):
            await self.patient(partial(self.sink.write, rows[start : start + MOST_AT_ONCE]))
        faults.point("stream.written")
        async with self._turned:
            self._settled = until
            self._turned.notify_all()

    async def patient(self, ask: Callable[[], Awaitable[None]]) -> None:
        """Ask MongoDB until it has answered; what is not its absence is raised."""
        for pause_seconds in chain(AGAIN_SECONDS, repeat(AGAIN_SECONDS[-1])):
            try:
                await ask()
            except Exception as error:
                if not unavailable(error):
                    raise
                self.away = f"MongoDB does not answer: {type(error).__name__}"
                log.warning("mongodb.away", error=f"{type(error).__name__}: {error}"[:300])
                await asyncio.sleep(pause_seconds)
            else:
                self.away = ""
                return

    async def settle(self) -> bool:
        """Once all that was marked until now is durable: True. False when that will not happen any more."""
        until = self._marked
        waiting = asyncio.ensure_future(self._until(until))
        await asyncio.wait([waiting, self.failed], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        return not self.failed.done()

    async def _until(self, marked: int) -> None:
        async with self._turned:
            await self._turned.wait_for(lambda: self._settled >= marked)
