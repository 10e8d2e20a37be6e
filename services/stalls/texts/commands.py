"""What can be asked of texts: keep some, at once or piece by piece, give one back. Nothing changes them."""

import asyncio
import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from services.stalls.texts.domain import (
    Cutter,
    Manifest,
    TextPart,
    first_number,
    parts_of,
    require_sound,
    rows_in,
)
from shared import faults
from shared.aggregates import Aggregates, Finds
from shared.decisions import Decision
from shared.errors import AlreadyExists, NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Where a text is kept, and what a manifest and a zip say of it. `firsts`: the number its parts begin with."""

    parts: tuple[str, ...]
    firsts: tuple[int, ...]
    sha256: str
    crc32: int
    bytes: int


class Keeper:
    """Keeps one text, given piece by piece: what it holds at any time is one part. `seen` is shown each part's rows."""

    def __init__(
        self, parts: Aggregates[TextPart], tenant: str, seen: Callable[[list[str]], None] | None = None
    ) -> None:
        self._parts, self._cutter, self._seen = parts, Cutter(tenant), seen
        self._kept: list[str] = []
        self._firsts: list[int] = []

    async def take(self, piece: bytes) -> None:
        await self._keep(self._cutter.feed(piece))

    async def end(self) -> Kept:
        await self._keep(self._cutter.end())
        cutter = self._cutter
        return Kept(
            parts=tuple(self._kept),
            firsts=tuple(self._firsts),
            sha256=cutter.sha256,
            crc32=cutter.crc32,
            bytes=cutter.bytes,
        )

    async def _keep(self, full: Iterable[TextPart]) -> None:
        for part in full:
            await keep_part(self._parts, part)
            self._kept.append(part.id)
            self._firsts.append(first_number(part.text))
            if self._seen is not None:
                self._seen(rows_in(part.text))


async def weigh(parts: Finds[TextPart], ids: Iterable[str]) -> Kept:
    """What a kept text is now, read part by part; nothing says yet that it is what it was. Raises NotFound."""
    digest, crc32, size, firsts = hashlib.sha256(), 0, 0, []
    for id_ in ids:
        text = await read_part(parts, id_)
        piece = text.encode("utf-8")
        digest.update(piece)
        crc32, size = zlib.crc32(piece, crc32), size + len(piece)
        firsts.append(first_number(text))
    return Kept(parts=tuple(ids), firsts=tuple(firsts), sha256=digest.hexdigest(), crc32=crc32, bytes=size)


async def keep(parts: Aggregates[TextPart], texts: Mapping[str, str], tenant: str) -> dict[str, tuple[str, ...]]:
    """Where each text is kept then, by its name; what is there already is the same text."""
    cut = {name: parts_of(text, tenant) for name, text in texts.items()}
    await asyncio.gather(*(keep_part(parts, part) for pieces in cut.values() for part in pieces))
    return {name: tuple(part.id for part in pieces) for name, pieces in cut.items()}


async def keep_part(parts: Aggregates[TextPart], part: TextPart) -> None:
    async def decide() -> Decision[TextPart]:
        return Decision(part)

    with suppress(AlreadyExists):
        await parts.create(part.id, decide)
    faults.point("draw.part")


async def read(parts: Finds[TextPart], ids: Iterable[str]) -> str:
    """As it is kept: who must be able to rely on it compares digests. Raises NotFound for a part that is lost."""
    found = await asyncio.gather(*(_part(parts, id_) for id_ in ids))
    return "".join(part.text for part in found)


async def read_part(parts: Finds[TextPart], id_: str) -> str:
    """One part, as it is kept. Raises NotFound."""
    return (await _part(parts, id_)).text


async def read_sound_part(parts: Finds[TextPart], id_: str) -> str:
    """One part that is what it was when it was kept. Raises NotFound, TextChanged."""
    part = await _part(parts, id_)
    require_sound(part)
    return part.text


async def read_sound(parts: Finds[TextPart], ids: Iterable[str]) -> str:
    """Of parts that are what they were when they were kept. Raises NotFound, TextChanged."""
    return "".join(await asyncio.gather(*(read_sound_part(parts, id_) for id_ in ids)))


async def _part(parts: Finds[TextPart], id_: str) -> TextPart:
    part = await parts.find(id_)
    if part is None:
        raise NotFound(what="draw_files", id=id_)
    return part


async def read_all(parts: Finds[TextPart], manifest: Manifest) -> dict[str, str]:
    """File name → text."""
    texts = await asyncio.gather(*(read(parts, ids) for ids in manifest.values()))
    return dict(zip(manifest, texts, strict=True))
