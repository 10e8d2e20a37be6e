"""The vocabulary a process keeps: read at the first search, and anew when it is old or lacks a word."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

from services.catalog.searches.domain import Meant, Vocabulary, meant, strange, vocabulary

Read = Callable[[], Awaitable[list[str]]]
OLD_SECONDS = 60.0
SHARE_OLD, SHARE_STRANGE = 200.0, 20.0
"""Times as long as a reading took, at least, between two: with words known, and with one that is not."""


class Keeper:
    """Of one database. Reading the whole state takes part of a second: in the background, but for a strange word."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._known = Vocabulary()
        self._read_at: float | None = None
        self._took = 0.0
        self._one_at_once = asyncio.Lock()
        self._behind: asyncio.Task[None] | None = None

    async def meant(self, asked: str | None) -> list[Meant]:
        """The readings of a search by what is known now."""
        if not asked:
            return []
        if self._read_at is None or (strange(asked, self._known) and self._older(SHARE_STRANGE * self._took)):
            await self._again(self._read_at)
        elif self._older(max(OLD_SECONDS, SHARE_OLD * self._took)) and (self._behind is None or self._behind.done()):
            self._behind = asyncio.create_task(self._again(self._read_at))
        return meant(asked, self._known)

    def _older(self, seconds: float) -> bool:
        return self._read_at is None or monotonic() - self._read_at > seconds

    async def _again(self, seen: float | None) -> None:
        """Once for all who found the same one wanting."""
        async with self._one_at_once:
            if self._read_at != seen:
                return
            began = monotonic()
            self._known = vocabulary(await self._read())
            self._read_at = monotonic()
            self._took = self._read_at - began
