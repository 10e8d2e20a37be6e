"""What can be asked of a drawn outcome: tell the next of it, or all of it.

A chunk is written at once, then the mark moves: a crash between repeats a chunk, of which then nothing is new.
"""

from functools import partial

from services.stalls.allotments import commands as allotments
from services.stalls.allotments import domain
from services.stalls.allotments.commands import settings_of, terms_of
from services.stalls.calls.domain import Call, Status
from services.stalls.freezes.commands import Progress, quietly
from services.stalls.outcomes import commands as outcomes
from services.stalls.outcomes.domain import InLine
from services.stalls.runs import commands as runs
from services.stalls.steps import domain as steps
from services.stalls.texts.domain import TextPart
from shared import clock, faults
from shared.service import Running


async def carry_on(running: Running, call_id: str) -> Call:
    """Finish the step, then tell one chunk: a large draw must not keep other timers waiting."""
    call = await runs.resume(running, call_id)
    return await publish(running, call) if call.status is Status.DRAWN else call


async def tell(running: Running, call: Call, progress: Progress = quietly) -> Call:
    """All of it, chunk by chunk."""
    while call.status is Status.DRAWN:
        progress("tell", call.told, call.to_tell)
        call = await publish(running, call)
    return call


async def publish(running: Running, call: Call) -> Call:
    """The next allotments in order of place, each made once. Raises DrawFilesDamaged, TextChanged."""
    kept = await outcomes.acted_on(running, call)
    last = min(call.told + settings_of(running).told_at_once, call.to_tell)
    some = await outcomes.in_line(kept, running[TextPart], call.told + 1, last)
    mark = partial(steps.told, count=last)
    if faults.disabled("draw.mark_after_chunk"):
        await running[Call].change(call.id, mark)
    await _allot(running, call, some)
    faults.point("draw.chunk")
    return await running[Call].change(call.id, mark)


async def _allot(running: Running, call: Call, some: list[InLine]) -> None:
    terms, now = terms_of(running), clock.now()
    await allotments.make(running.database, [domain.made(call, one.row, one.whose, terms, now) for one in some])
