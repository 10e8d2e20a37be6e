"""What the one fenced process looks at beside its work: rules that must always hold, and what is overdue."""

import asyncio
from collections.abc import Sequence

from shared import clock, metrics
from shared.documents import Kind
from shared.logs import log
from shared.mongo import Database, unavailable
from shared.service import Running, Watch

OF_THE_HOLDER = (
    metrics.OUTBOX_DEPTH,
    metrics.OUTBOX_OLDEST_SECONDS,
    metrics.DUE_OLDEST_SECONDS,
    metrics.WATCH_FINDINGS,
)
WITHOUT_LABELS = (
    metrics.RELAY_LAG_SECONDS,
    metrics.AUDIT_HEIGHT,
    metrics.AUDIT_HEAD,
    metrics.AUDIT_PENDING,
    metrics.AUDIT_WAITING_SECONDS,
)
SHOWN = 20


def promised(watches: Sequence[Watch]) -> None:
    """From the start of the process on a look is owed: one that never succeeds is as old as the process."""
    for watch in watches:
        metrics.WATCH_TIMESTAMP.labels(watch.name).set_to_current_time()


async def watching(running: Running) -> None:
    """Until cancelled. Raises only what says that MongoDB is away: a look that fails must not end the relay."""
    kinds = [kind for kind in running.service.kinds if kind.due]
    while True:
        for watch in running.service.watches:
            await look(running.database, watch)
        for kind in kinds:
            await overdue(running.database, kind)
        await asyncio.sleep(running.settings.sweep_after_seconds)


async def look(database: Database, watch: Watch) -> None:
    try:
        found = await watch.look(database)
    except Exception as error:
        if unavailable(error):
            raise
        log.exception("watch.failed", watch=watch.name)
        return
    metrics.WATCH_FINDINGS.labels(watch.name).set(len(found))
    metrics.WATCH_TIMESTAMP.labels(watch.name).set_to_current_time()
    if found:
        log.error("watch.found", watch=watch.name, found=len(found), first=list(found[:SHOWN]))


async def overdue(database: Database, kind: Kind) -> None:
    """How long what is due longest of that kind has been due."""
    now, field = clock.now(), str(kind.due)
    oldest = await database.collection(kind.collection).find_one({field: {"$lte": now}}, {field: 1}, sort=[(field, 1)])
    age = (now - oldest[field]).total_seconds() if oldest else 0.0
    metrics.DUE_OLDEST_SECONDS.labels(kind=kind.collection).set(age)


def forget() -> None:
    """The lease is gone: another process knows these now. The time of a look stays true, whoever looked."""
    for labelled in OF_THE_HOLDER:
        labelled.clear()
    for gauge in WITHOUT_LABELS:
        gauge.set(0)
