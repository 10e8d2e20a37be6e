"""What the timer asks of a call that has begun something: finish the step, then tell its outcome chunk by chunk."""

import asyncio
from functools import partial

from services.stalls.allotments import domain
from services.stalls.allotments.commands import settings_of, terms_of
from services.stalls.allotments.domain import Allotment
from services.stalls.calls.domain import Call, Status
from services.stalls.draw.accept import Row
from services.stalls.outcomes import commands as outcomes
from services.stalls.outcomes.domain import Draw
from services.stalls.steps import domain as steps
from shared import clock, faults
from shared.decisions import Decision
from shared.errors import AlreadyExists
from shared.service import Running


async def carry_on(running: Running, call_id: str) -> Call:
    """Finish the step, then tell one chunk: a large draw must not keep other timers waiting."""
    call = await outcomes.resume(running, call_id)
    return await publish(running, call) if call.status is Status.DRAWN else call


async def publish(running: Running, call: Call) -> Call:
    """The next allotments in order of place, each made once. Raises DrawFilesDamaged."""
    made = await outcomes.drawn(running, call)
    rows = made.outcome.rows[call.told : call.told + settings_of(running).told_at_once]
    mark = partial(steps.told, count=call.told + len(rows))
    if faults.disabled("draw.mark_after_chunk"):
        await running[Call].change(call.id, mark)
    await asyncio.gather(*(_allot(running, call, made, row) for row in rows))
    faults.point("draw.chunk")
    return await running[Call].change(call.id, mark)


async def _allot(running: Running, call: Call, made: Draw, row: Row) -> None:
    whose = made.register[row.ticket]

    async def decide() -> Decision[Allotment]:
        return domain.made(call, row, whose, terms_of(running), clock.now())

    try:
        await running[Allotment].create(domain.allotment_id(call.tenant, whose.application), decide)
    except AlreadyExists:
        return
