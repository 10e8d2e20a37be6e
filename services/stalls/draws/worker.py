"""The worker: takes large calls one at a time and does all that is asked of them. Any number may run at once.

What protects a draw from two workers at once is that every write is done once or not at all: inputs and outcome are
inserted by the first, allotments stand under the id of their application, the mark only grows. The lease spares them
the work, and `epoch` stops one that was frozen and wakes up.
"""

import asyncio
import gc
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

from services.stalls.calls.domain import Status
from services.stalls.draws import commands, domain
from services.stalls.draws.commands import settings_of
from services.stalls.draws.domain import Step, Work, WorkTaken
from services.stalls.freezes.commands import Stages
from services.stalls.runs import commands as runs
from services.stalls.tellings import commands as tellings
from shared import clock, faults, trace
from shared.decisions import Decision
from shared.errors import Problem
from shared.ids import new_id
from shared.logs import log
from shared.mongo import unavailable
from shared.restored import caught_up
from shared.service import Running
from shared.tracing import names

DRAW = "draw"
BEATS_A_LEASE = 5
GARBAGE = (20_000, 20, 100)
"""Objects between collections: at the usual 700 they were a quarter of the processor time of telling."""


async def drawer(running: Running) -> None:
    """The worker of stalls: until it is cancelled."""
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    seconds = settings_of(running).draw_poll_seconds
    while True:
        worked = False
        try:
            worked = await caught_up(running) and await work_once(running)
        except Exception as error:
            if not unavailable(error):
                raise
            log.warning("draw.waits", error=type(error).__name__)
        if not worked:
            await asyncio.sleep(seconds)


async def work_once(running: Running) -> bool:
    """Take the first call that is free and do what is asked of it; false when there is none."""
    for call_id in await commands.due(running.database):
        held = Held(running, call_id)
        with suppress(WorkTaken):
            await held.claim()
            await held.work()
            return True
    return False


class Held:
    """One call in the hands of this worker."""

    def __init__(self, running: Running, call_id: str) -> None:
        self.running, self.call_id, self.owner = running, call_id, new_id()
        self.lease = timedelta(seconds=settings_of(running).draw_lease_seconds)
        self.epoch = self.asked = 0
        self.step: Step | None = None
        self.stages = Stages()
        self.lost = False

    async def claim(self) -> None:
        """Raises WorkTaken."""
        now = clock.now()
        claim = partial(domain.claimed, owner=self.owner, now=now, until=now + self.lease)
        work = await self.running[Work].change(self.call_id, claim)
        self.epoch, self.asked = work.epoch, work.asked

    async def work(self) -> None:
        """Raises WorkTaken when it came into other hands meanwhile."""
        beating = asyncio.create_task(self._beat())
        working = asyncio.create_task(self._guarded())
        try:
            await asyncio.wait([beating, working], return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.lost = True  # a thread that still computes hears it at its next progress
            for task in (beating, working):
                task.cancel()
            await asyncio.wait([beating, working])
        for task in (working, beating):
            if not task.cancelled() and (error := task.exception()):
                raise error

    async def _guarded(self) -> None:
        """A refusal and a bug are written down and tried again later; the worker goes on with other calls."""
        with trace.span(names.delivers(DRAW), parent=None) as span:
            try:
                await self._all()
            except WorkTaken:
                raise
            except Exception as error:
                if unavailable(error):
                    raise
                code = error.code if isinstance(error, Problem) else type(error).__name__
                span.fails(code)
                log.exception("draw.failed", call=self.call_id, code=code)
                await self._change(partial(domain.failed, epoch=self.epoch, code=code, now=clock.now()))

    async def _all(self) -> None:
        """Every step that has begun, to its end."""
        call = await runs.resume(self.running, self.call_id, self.progress)
        while call.status not in domain.RESTS:
            if call.status is Status.DRAWN:
                call = await tellings.tell(self.running, call, self.progress)
            else:
                call = await runs.resume(self.running, self.call_id, self.progress)
        self.stages.end()
        faults.point("draw.ended")
        await self._change(partial(domain.ended, epoch=self.epoch, answered=self.asked, now=clock.now()))

    def progress(self, stage: str, done: int, total: int) -> None:
        """From any thread. Raises WorkTaken once the call is in other hands."""
        if self.lost:
            raise WorkTaken(call=self.call_id)
        if self.step is None or self.step.stage != stage:
            log.info("draw.stage", call=self.call_id, stage=stage, total=total)
        self.stages(stage, done, total)
        self.step = Step(stage=stage, done=done, total=total)

    async def _beat(self) -> None:
        """Say how far it is, and that it lives. Raises WorkTaken."""
        while True:
            await asyncio.sleep(min(self.lease.total_seconds() / BEATS_A_LEASE, 1.0))
            now = clock.now()
            moved = partial(domain.moved, epoch=self.epoch, step=self.step, now=now, until=now + self.lease)
            try:
                await self._change(moved)
            except Exception as error:
                if not unavailable(error):
                    raise
                log.warning("draw.unheard", call=self.call_id, error=type(error).__name__)

    async def _change(self, decide: Callable[[Work], Decision[Work]]) -> None:
        await self.running[Work].change(self.call_id, decide)
