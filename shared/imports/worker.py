"""The worker that imports what was uploaded. Any number may run at once; a job is in one's hands at a time."""

import asyncio
import gc
from contextlib import suppress
from datetime import timedelta
from functools import partial

from shared import clock
from shared.errors import Conflict, Problem
from shared.imports import commands, domain, store
from shared.imports.commands import HeldImport
from shared.imports.domain import Import
from shared.imports.taking import NotYet, Takers
from shared.logs import log
from shared.mongo import unavailable
from shared.restored import caught_up
from shared.service import Running, Worker

POLL_SECONDS = 0.5
FORGET_EVERY = timedelta(minutes=10)
GARBAGE = (20_000, 20, 100)
"""Objects between collections: at the usual 700 they were a quarter of an import's processor time."""


def importer(taker_of: Takers) -> Worker:
    """A worker for the lists that this taker understands: until it is cancelled."""

    async def work(running: Running) -> None:
        collect_less()
        forget_at = clock.now()
        while True:
            worked = False
            try:
                worked = await caught_up(running) and await work_once(running, taker_of)
                if not worked and clock.now() >= forget_at:
                    await forget_once(running)
                    forget_at = clock.now() + FORGET_EVERY
            except Exception as error:
                if not unavailable(error):
                    raise
                log.warning("import.waits", error=type(error).__name__)
            if not worked:
                await asyncio.sleep(POLL_SECONDS)

    return work


async def work_once(running: Running, taker_of: Takers) -> bool:
    """Take the first import that is free to its end; false when there is none."""
    for import_id in await store.due(running.database, clock.now()):
        job = await running[Import].get(import_id)
        held = HeldImport(running, job, taker_of(running))
        with suppress(Conflict):
            await held.claim()
            await _guarded(running, held)
            return True
    return False


async def forget_once(running: Running) -> None:
    """Let go of what nobody needs any more."""
    for import_id in await store.outdated(running.database, clock.now()):
        await commands.forget(running, import_id)


async def _guarded(running: Running, held: HeldImport) -> None:
    """A refusal or a bug is written down and tried again later; the worker goes on with others."""
    try:
        async for block in store.waiting(running.database, held.job):
            await held.take(block)
        await held.end()
    except Conflict:
        raise
    except NotYet:
        await running[Import].change(held.job.id, partial(domain.rested, epoch=held.job.epoch, now=clock.now()))
    except Exception as error:
        if unavailable(error):
            raise
        code = error.code if isinstance(error, Problem) else type(error).__name__
        log.exception("import.failed", id=held.job.id, code=code)
        refused = partial(domain.put_off, epoch=held.job.epoch, code=code, now=clock.now())
        await running[Import].change(held.job.id, refused)


def collect_less() -> None:
    """For a process that imports: rows come and go, and hardly any of them stand in a circle."""
    gc.freeze()
    gc.set_threshold(*GARBAGE)
