"""What can be asked of a draw: close a call, draw it, read what came out. Each step may be done again by anybody.

A call in closing or drawing is finished by the request that began it or, when that died, by the timer; the documents
that a step leaves (`KeptInputs`, `KeptOutcome`) are inserted once, so whoever comes second goes on from the first's.
"""

import asyncio
from collections import OrderedDict
from datetime import datetime
from functools import partial
from typing import TypeVar

from services.stalls.applications import commands as applications
from services.stalls.applications.domain import Application
from services.stalls.calendars.domain import Calendar
from services.stalls.calls.domain import Call, Status, is_over
from services.stalls.credits import commands as credits_
from services.stalls.draw import archive, files, plan
from services.stalls.draw.accept import Row
from services.stalls.draw.rules import RULES_DIGEST
from services.stalls.makers.domain import KnownGroup
from services.stalls.makers.projections import find_group
from services.stalls.outcomes import domain
from services.stalls.outcomes.domain import Draw, KeptInputs, KeptOutcome
from services.stalls.steps import domain as steps
from services.stalls.texts import commands as texts
from services.stalls.texts.domain import TextPart
from services.stalls.venues import commands as venues
from services.stalls.venues.domain import GroundNotUsable, GroundTaken, Reason, Use, Venue, reasons_of
from shared import clock, faults, metrics
from shared.aggregates import Finds, first_kept
from shared.errors import NotFound
from shared.reads import BadCursor, Page, Paging, cursor_of, parsed
from shared.scope import Caller
from shared.scoped import Published
from shared.service import Running

T = TypeVar("T")

DRAWS_REMEMBERED = 4  # a week after a draw hardly anybody asks for it


async def close(running: Running, call_id: str, caller: Caller) -> Call:
    """Raises NotFound, OutsideArea, CallStillOpen."""
    await running[Call].change(call_id, partial(steps.begin_closing, by=caller.scope, now=clock.now()), caller)
    return await resume(running, call_id)


async def draw(running: Running, call_id: str, public_value: str, published_at: datetime, caller: Caller) -> Call:
    """Raises NotFound, OutsideArea, PublicValueUnreadable, and what `steps.begin_draw` raises."""
    domain.require_cell(public_value)
    begin = partial(
        steps.begin_draw, by=caller.scope, public_value=public_value, published_at=published_at, now=clock.now()
    )
    await running[Call].change(call_id, begin, caller)
    return await resume(running, call_id)


async def resume(running: Running, call_id: str) -> Call:
    """Finish what was begun, from wherever it stands, and begin the close when its time has come."""
    call = await running[Call].get(call_id)
    if call.status is Status.OPEN and is_over(call, clock.now()):
        call = await running[Call].change(call_id, partial(steps.begin_closing, by=None, now=clock.now()))
    if call.status is Status.CLOSING:
        return await _close(running, call)
    if call.status is Status.DRAWING:
        return await _draw(running, call)
    return call


async def _close(running: Running, call: Call) -> Call:
    kept = await running[KeptInputs].find(call.id)
    if kept is None:
        with metrics.DRAW_SECONDS.labels("freeze").time():
            kept = await _freeze(running, call)
    faults.point("draw.frozen")
    register = domain.registered(await texts.read_sound(running[TextPart], kept.register))
    await applications.seal(running.database, call.id, call.tenant, list(register))
    faults.point("draw.sealed")
    fixed = steps.Frozen(
        applications=kept.applications,
        inputs_digest=kept.inputs_digest,
        plan_digest=kept.plan_digest,
        rules_digest=kept.rules_digest,
        struck=kept.struck,
    )
    return await running[Call].change(call.id, partial(steps.closed, frozen=fixed, now=clock.now()))


async def _freeze(running: Running, call: Call) -> KeptInputs:
    """The first who gets to the end fixes what is drawn; what others read meanwhile counts for nothing."""
    await applications.lock(running.database, call.id, call.tenant)
    found = [one async for one in applications.frozen_inputs(running.database, call.id, call.tenant)]
    struck = await _struck(running, call)
    inputs, planned = domain.frozen(call, await _applicants(running, call, found), struck)
    register = {"register": domain.written(domain.registered_as(one) for one in found)}
    public = await texts.keep(running[TextPart], {**inputs, **planned}, call.tenant)
    private = await texts.keep(running[TextPart], register, call.tenant)
    kept = KeptInputs(
        id=call.id,
        tenant=call.tenant,
        files=public,
        register=private["register"],
        applications=len(found),
        inputs_digest=files.digest(inputs),
        plan_digest=files.digest(planned),
        rules_digest=RULES_DIGEST,
        struck=struck,
        frozen_at=clock.now(),
    )
    return await first_kept(running[KeptInputs], call.id, kept)


async def _applicants(running: Running, call: Call, found: list[Application]) -> list[plan.Applicant]:
    """Where each group stands on the day of the close."""
    as_of = call.closes_at.astimezone(clock.INDIA).date()
    standing = await credits_.standing(running.database, call.tenant, [one.group for one in found], as_of)
    known = running[KnownGroup]
    groups = await asyncio.gather(*(find_group(known, one.group, call.tenant) for one in found))
    return [domain.applicant(one, group, standing[one.group]) for one, group in zip(found, groups, strict=True)]


async def _struck(running: Running, call: Call) -> dict[int, tuple[Reason, ...]]:
    """Events whose ground may no longer be used or is another call's, and what is missing."""
    why: dict[int, tuple[Reason, ...]] = {}
    for event in call.events:
        try:
            await venues.usable(running[Venue], running[Calendar], event.venue, event.days, call.tenant)
            await venues.require_not_taken(running[Use], event.venue, event.days, call.id)
        except (GroundNotUsable, GroundTaken) as refused:
            why[event.number] = reasons_of(refused)
    return why


async def _draw(running: Running, call: Call) -> Call:
    kept = await running[KeptOutcome].find(call.id)
    if kept is None:
        with metrics.DRAW_SECONDS.labels("draw").time():
            kept = await _compute(running, call)
    faults.point("draw.outcome_written")
    result = steps.Drawn(
        seed=kept.seed, outcome_digest=kept.outcome_digest, allotted=kept.allotted, waitlisted=kept.waitlisted
    )
    return await running[Call].change(call.id, partial(steps.drawn, result=result, now=clock.now()))


async def _compute(running: Running, call: Call) -> KeptOutcome:
    """The specification, in a thread so that others are answered meanwhile. Raises DrawFilesDamaged."""
    inputs = await running[KeptInputs].find(call.id)
    if inputs is None:
        raise domain.not_yet(call)
    frozen = await texts.read_all(running[TextPart], inputs.files)
    made = await asyncio.to_thread(domain.drawn, call, inputs, frozen)
    faults.point("draw.computed")
    kept = KeptOutcome(
        id=call.id,
        tenant=call.tenant,
        files=await texts.keep(running[TextPart], made.files, call.tenant),
        register=inputs.register,
        inputs_digest=inputs.inputs_digest,
        plan_digest=inputs.plan_digest,
        rules_digest=inputs.rules_digest,
        outcome_digest=made.outcome_digest,
        seed=made.seed,
        allotted=made.allotted,
        waitlisted=made.waitlisted,
        drawn_at=clock.now(),
    )
    return await first_kept(running[KeptOutcome], call.id, kept)


class Recent:
    """The draws read last. An outcome never changes, so what was read once stays true."""

    def __init__(self) -> None:
        self._read: OrderedDict[tuple[str, ...], Draw] = OrderedDict()

    async def read(self, kept: KeptOutcome, parts: Finds[TextPart]) -> Draw:
        """Raises DrawFilesDamaged where the texts are not those that were published."""
        key = (kept.id, kept.outcome_digest, *kept.register)
        if key not in self._read:
            files_, register = await texts.read_all(parts, kept.files), await texts.read_sound(parts, kept.register)
            self._read[key] = await asyncio.to_thread(domain.read, kept, files_, register)
        self._read.move_to_end(key)
        while len(self._read) > DRAWS_REMEMBERED:
            self._read.popitem(last=False)
        return self._read[key]


RECENT = Recent()


async def drawn(running: Running, call: Call) -> Draw:
    """For those who act on it. Raises OutcomeNotYet, DrawFilesDamaged."""
    kept = await running[KeptOutcome].find(call.id)
    if kept is None:
        raise domain.not_yet(call)
    domain.require_digest(call, "outcome", kept.outcome_digest, call.outcome_digest)
    return await RECENT.read(kept, running[TextPart])


async def outcome(published: Published, call_id: str) -> tuple[Call, Draw]:
    """What anybody may read. Raises NotFound, OutcomeNotYet, DrawFilesDamaged."""
    call, kept = await _kept(published, call_id)
    return call, await RECENT.read(kept, published[TextPart])


async def file(published: Published, call_id: str) -> tuple[KeptOutcome, bytes]:
    """The zip anybody can check, of what is kept: the same bytes every time. Raises NotFound, OutcomeNotYet."""
    _, kept = await _kept(published, call_id)
    return kept, await asyncio.to_thread(archive.pack, await texts.read_all(published[TextPart], kept.files))


async def _kept(published: Published, call_id: str) -> tuple[Call, KeptOutcome]:
    call, kept = await asyncio.gather(published[Call].find(call_id), published[KeptOutcome].find(call_id))
    if call is None:
        raise NotFound(what="calls", id=call_id)
    if kept is None:
        raise domain.not_yet(call)
    return call, kept


def page(made: Draw, paging: Paging, ticket: str | None) -> Page[Row]:
    """Rows in order of place, or the one of a ticket. Raises BadTicket, TicketNotDrawn, BadCursor."""
    if ticket is not None:
        return Page([made.row_of(domain.ticket_of(ticket))], None)
    start = _place(paging.cursor) if paging.cursor else 0
    found = list(made.outcome.rows[start : start + paging.limit])
    more = found and start + paging.limit < len(made.outcome.rows)
    return Page(found, cursor_of(found[-1].place, found[-1].ticket) if more else None)


def _place(cursor: str) -> int:
    """Of the last row of the page before. Raises BadCursor."""
    place, _ = parsed(cursor)
    if not isinstance(place, int) or place < 0:
        raise BadCursor
    return place
