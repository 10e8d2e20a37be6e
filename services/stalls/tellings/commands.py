"""What can be asked of a drawn outcome: tell the next of it, or all of it.

A chunk is written at once, then the mark moves: a crash between repeats a chunk, of which then nothing is new.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from services.stalls.allotments import commands as allotments
from services.stalls.allotments import domain
from services.stalls.allotments.commands import settings_of, terms_of
from services.stalls.allotments.domain import Allotment, Terms
from services.stalls.calls.domain import Call, Status
from services.stalls.draw import files
from services.stalls.freezes.commands import Progress, quietly
from services.stalls.freezes.domain import digest_of
from services.stalls.outcomes import commands as outcomes
from services.stalls.outcomes.domain import InLine, KeptOutcome, require_digest
from services.stalls.runs import commands as runs
from services.stalls.steps import domain as steps
from services.stalls.texts import commands as texts
from services.stalls.texts.domain import TextPart
from shared import clock, faults
from shared.decisions import Decision
from shared.service import Running


@dataclass(frozen=True, slots=True)
class Chunk:
    """The allotments up to the place `last`."""

    last: int
    made: list[Decision[Allotment]]


async def carry_on(running: Running, call_id: str, progress: Progress = quietly) -> Call:
    """Finish the step, then tell one chunk: a large draw must not keep other timers waiting."""
    call = await runs.resume(running, call_id, progress)
    if call.status is not Status.DRAWN:
        return call
    progress("tell", call.told, call.to_tell)
    return await publish(running, call)


async def tell(running: Running, call: Call, progress: Progress = quietly) -> Call:
    """All of it, chunk by chunk; the next is made ready while one is written."""
    ahead: asyncio.Task[Chunk] | None = None
    try:
        while call.status is Status.DRAWN:
            progress("tell", call.told, call.to_tell)
            chunk = await (ahead or _next(running, call, call.told))
            ahead = asyncio.create_task(_next(running, call, chunk.last)) if chunk.last < call.to_tell else None
            call = await _written(running, call, chunk)
    finally:
        if ahead is not None:
            ahead.cancel()
    return call


async def publish(running: Running, call: Call) -> Call:
    """The next allotments in order of place, each made once. Raises DrawFilesDamaged, TextChanged, TicketOfAnother."""
    return await _written(running, call, await _next(running, call, call.told))


async def _next(running: Running, call: Call, told: int) -> Chunk:
    """What stands behind so many, made in a thread: a chunk must not keep others of this process waiting."""
    kept = await outcomes.acted_on(running, call)
    last = min(told + settings_of(running).told_at_once, call.to_tell)
    if not told:
        await _require_unchanged(running, call, kept)
    some = await outcomes.in_line(kept, running[TextPart], told + 1, last)
    await outcomes.require_theirs(running, call, some)
    return Chunk(last, await asyncio.to_thread(_made, call, some, terms_of(running), clock.now()))


async def _require_unchanged(running: Running, call: Call, kept: KeptOutcome) -> None:
    """What stands in the parts is what was published. Raises DrawFilesDamaged."""
    weighed = {name: (await texts.weigh(running[TextPart], kept.files[name])).sha256 for name in files.OUTCOME}
    require_digest(call, "outcome", digest_of(weighed, files.OUTCOME), call.outcome_digest)


def _made(call: Call, some: list[InLine], terms: Terms, now: datetime) -> list[Decision[Allotment]]:
    return [domain.made(call, one.row, one.whose, terms, now) for one in some]


async def _written(running: Running, call: Call, chunk: Chunk) -> Call:
    mark = partial(steps.told, count=chunk.last)
    if faults.disabled("draw.mark_after_chunk"):
        await running[Call].change(call.id, mark)
    await allotments.make(running.database, chunk.made)
    faults.point("draw.chunk")
    return await running[Call].change(call.id, mark)
