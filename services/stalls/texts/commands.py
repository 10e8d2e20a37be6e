"""What can be asked of texts: keep some, give one back. Nothing changes them."""

import asyncio
from collections.abc import Mapping

from services.stalls.texts.domain import Manifest, TextPart, parts_of, require_sound
from shared.aggregates import Aggregates, Finds
from shared.decisions import Decision
from shared.errors import AlreadyExists, NotFound


async def keep(parts: Aggregates[TextPart], texts: Mapping[str, str], tenant: str) -> dict[str, tuple[str, ...]]:
    """Where each text is kept then, by its name; what is there already is the same text."""
    cut = {name: parts_of(text, tenant) for name, text in texts.items()}
    await asyncio.gather(*(_keep(parts, part) for pieces in cut.values() for part in pieces))
    return {name: tuple(part.id for part in pieces) for name, pieces in cut.items()}


async def _keep(parts: Aggregates[TextPart], part: TextPart) -> None:
    async def decide() -> Decision[TextPart]:
        return Decision(part)

    try:
        await parts.create(part.id, decide)
    except AlreadyExists:
        return


async def read(parts: Finds[TextPart], ids: tuple[str, ...]) -> str:
    """As it is kept: who must be able to rely on it compares digests. Raises NotFound for a part that is lost."""
    return "".join(await asyncio.gather(*(_text(parts, id_) for id_ in ids)))


async def read_sound(parts: Finds[TextPart], ids: tuple[str, ...]) -> str:
    """Of parts that are what they were when they were kept. Raises NotFound, TextChanged."""
    text = await read(parts, ids)
    require_sound(text, ids)
    return text


async def _text(parts: Finds[TextPart], id_: str) -> str:
    part = await parts.find(id_)
    if part is None:
        raise NotFound(what="draw_files", id=id_)
    return part.text


async def read_all(parts: Finds[TextPart], manifest: Manifest) -> dict[str, str]:
    """File name → text."""
    texts = await asyncio.gather(*(read(parts, ids) for ids in manifest.values()))
    return dict(zip(manifest, texts, strict=True))
