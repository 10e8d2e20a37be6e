"""Timers: an indexed `due` field, polled by the fenced role, calls a command. The state decides, not the clock."""

import asyncio
from datetime import datetime

from shared import clock, faults, metrics
from shared.errors import Problem
from shared.health import Health
from shared.logs import log
from shared.service import Running, Timer

MOST_AT_ONCE = 200


async def timers(running: Running, health: Health) -> None:
    """Until cancelled: fire what is due. A command that refuses is logged; its document is not due for ever."""
    while running.service.timers:
        fired = [await fire(running, timer) for timer in running.service.timers]
        health.beat("timers")
        if not any(fired):
            await asyncio.sleep(running.settings.timer_poll_seconds)
    await asyncio.Event().wait()


async def fire(running: Running, timer: Timer) -> int:
    """Call the command of every document that is due; how many fired."""
    kind = next(kind for kind in running.service.kinds if kind.holds is timer.holds)
    if kind.due is None:
        msg = f"{kind.collection} has a timer but no field `due`"
        raise TypeError(msg)
    found = running.database.collection(kind.collection).find({kind.due: {"$lte": clock.now()}}, {kind.due: 1})
    due = await found.sort(kind.due).limit(MOST_AT_ONCE).to_list()
    done = await asyncio.gather(*(_one(running, timer, str(doc["_id"]), doc[kind.due]) for doc in due))
    return sum(done)


async def _one(running: Running, timer: Timer, id_: str, due_at: datetime) -> bool:
    faults.point("timer.before_command")
    try:
        await timer.command(running.stores, id_)
    except Problem as e:
        log.warning("timer.refused", id=id_, code=e.code)
        return False
    metrics.TIMERS_FIRED.labels(kind=timer.holds.__name__).inc()
    metrics.TIMER_LATE_SECONDS.observe((clock.now() - due_at).total_seconds())
    return True
