"""Is this process alive, and is it of use: what its parts last said, and whether the database takes a write."""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from shared.clock import now
from shared.mongo import Database

WRITE_KEPT_SECONDS = 2.0  # probes of several kubelets and gateways share one write
WRITE_LIMIT_SECONDS = 2.0
ROWS = 16
ALLOWED_AGE_SECONDS = 30.0  # a part beats at least every few seconds, also when it has nothing to do

Clock = Callable[[], float]


@dataclass(slots=True)
class Part:
    """One role in this process and what it last said; `beaten_at` is monotonic, None before the first word."""

    allowed_age_seconds: float = ALLOWED_AGE_SECONDS
    ok: bool = False
    detail: str = "has not started yet"
    beaten_at: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    ready: bool
    parts: dict[str, str] = field(default_factory=dict)
    """Part → "ok" or a sentence about what is wrong."""


class Health:
    """`write` makes one small durable write and raises when it fails; `clock` is monotonic seconds."""

    def __init__(self, write: Callable[[], Awaitable[None]], *, clock: Clock = time.monotonic) -> None:
        self._write, self._clock = write, clock
        self._parts: dict[str, Part] = {}
        self._asking = asyncio.Lock()
        self._database = "has not been written yet"
        self._asked_at = float("-inf")
        self._stopping = False

    def expects(self, name: str, *, allowed_age_seconds: float = ALLOWED_AGE_SECONDS) -> None:
        """This process runs that part: it is not ready before the part has beaten."""
        self._parts[name] = Part(allowed_age_seconds)

    def beat(self, name: str, ok: bool = True, detail: str = "") -> None:  # noqa: FBT001, FBT002  beat("relay", False)
        """What a part says of itself: often enough to stay within its allowed age."""
        part = self._parts.setdefault(name, Part())
        part.ok, part.detail, part.beaten_at = ok, detail, self._clock()

    def ends(self, name: str) -> None:
        """This process does not run that part any more; its silence says nothing."""
        self._parts.pop(name, None)

    def stops(self) -> None:
        """From here on not ready: nobody should send more work."""
        self._stopping = True

    async def ready(self) -> Report:
        said = {"database": await self._written(), **{name: self._said(part) for name, part in self._parts.items()}}
        if self._stopping:
            said["process"] = "is stopping"
        return Report(all(word == "ok" for word in said.values()), said)

    def _said(self, part: Part) -> str:
        if part.beaten_at is None or not part.ok:
            return part.detail or "is not well"
        age = self._clock() - part.beaten_at
        return "ok" if age <= part.allowed_age_seconds else f"has been silent for {age:.0f} s"

    async def _written(self) -> str:
        async with self._asking:
            if self._clock() - self._asked_at > WRITE_KEPT_SECONDS:
                self._database = await self._try_write()
                self._asked_at = self._clock()
        return self._database

    async def _try_write(self) -> str:
        try:
            async with asyncio.timeout(WRITE_LIMIT_SECONDS):
                await self._write()
        except Exception as error:  # noqa: BLE001  whatever stops a write, the answer is "not ready"
            return f"took no write: {type(error).__name__}"
        return "ok"


def writes_to(database: Database) -> Callable[[], Awaitable[None]]:
    """The probe of one process: one of few rows in `health`, so that restarts leave no heap of them."""
    row = {"_id": f"probe-{os.getpid() % ROWS}"}

    async def write() -> None:
        await database.collection("health").update_one(row, {"$set": {"at": now()}}, upsert=True)

    return write
