"""One list into both halves: batch by batch, each with its own mark, so that a death between them loses neither."""

import asyncio
from collections.abc import Callable, Sequence

from shared.imports.worker import collect_less
from shared.scope import Scope
from tools.groups.halves import Half, Pass, Rehearsed, Written
from tools.groups.lists import ListChanged, Source, batches

Read = Callable[[int, int], None]
"""Rows more, and the bytes of the list read by now."""
Compared = Callable[[int, int], None]
LOOK_SECONDS = 0.2


async def begun(both: Sequence[Half], source: Source, scope: Scope, *, dry_run: bool) -> list[Pass]:
    """Raises ImportUnderWay where another process imports the same list."""
    if dry_run:
        return [Rehearsed(half, source, scope) for half in both]
    sha256 = await asyncio.to_thread(source.sha256)
    return [await Written.of(half, source, sha256, scope) for half in both]


async def fed(source: Source, passes: Sequence[Pass], read: Read, compared: Compared) -> None:
    """Every row to every half; then what each does after the last one. Raises ListChanged: the passes have failed."""
    collect_less()
    try:
        await _read(source, passes, read)
    except ListChanged as problem:
        await asyncio.gather(*(one.fail(problem.code) for one in passes), return_exceptions=True)
        raise
    watching = asyncio.create_task(_watched(passes, compared))
    try:
        for one in passes:
            await one.end()
    finally:
        watching.cancel()
        await asyncio.wait([watching])
    _tell(passes, compared)


async def _read(source: Source, passes: Sequence[Pass], read: Read) -> None:
    with source.opened() as opened:
        async for lines, position in batches(opened):
            await asyncio.gather(*(one.take(lines) for one in passes))
            read(len(lines), position)
    await asyncio.to_thread(source.require_same)


async def _watched(passes: Sequence[Pass], compared: Compared) -> None:
    while True:
        _tell(passes, compared)
        await asyncio.sleep(LOOK_SECONDS)


def _tell(passes: Sequence[Pass], compared: Compared) -> None:
    done, total = (sum(of) for of in zip(*(one.stage for one in passes), strict=True))
    if total:
        compared(done, total)
