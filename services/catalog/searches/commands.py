"""The vocabulary a process keeps: read at the first search and anew when it is old; a strange word is looked up."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

from services.catalog.searches.domain import Meant, Vocabulary, ranked, strange, vocabulary

Read = Callable[[], Awaitable[list[str]]]
Look = Callable[[str], Awaitable[list[str]]]
OLD_SECONDS = 60.0
FIRST_SECONDS = 1.0
"""The first search waits so long; then it looks up its words as they are."""
SHARE = 200.0
"""Times as long as a reading took, at least, between two."""


class Keeper:
    """Of one database. `read` gives every sound, in seconds for a whole state; `look` those that begin so, at once."""

    def __init__(self, read: Read, look: Look) -> None:
        self._read = read
        self._look = look
        self._known = Vocabulary()
        self._read_at: float | None = None
        self._took = 0.0
        self._behind: asyncio.Task[None] | None = None

    async def meant(self, asked: str | None) -> list[list[Meant]]:
        """The readings of a search by what is known now, the nearest to what was asked first."""
        if not asked:
            return []
        if self._old() and (self._behind is None or self._behind.done()):
            self._behind = asyncio.create_task(self._again())
        if self._read_at is None and self._behind is not None:
            await asyncio.wait({self._behind}, timeout=FIRST_SECONDS)
        new = [sound for one in strange(asked, self._known) for sound in await self._look(one)]
        if new:
            self._known = vocabulary([*self._known.sounds, *new])
        return ranked(asked, self._known)

    def _old(self) -> bool:
        return self._read_at is None or monotonic() - self._read_at > max(OLD_SECONDS, SHARE * self._took)

    async def _again(self) -> None:
        began = monotonic()
        self._known = vocabulary(await self._read())
        self._read_at = monotonic()
        self._took = self._read_at - began
