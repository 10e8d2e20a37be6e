"""What can be asked of a close: begin it, and finish it from wherever it stands.

The applications are locked, read in batches and written down as they are read; what one batch needs is all that is
held. The first who gets to the end fixes what is drawn; what others read meanwhile counts for nothing.
"""

import time
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Self

from services.stalls.applications import commands as applications
from services.stalls.applications.domain import Application
from services.stalls.calendars.domain import Calendar
from services.stalls.calls.domain import Call
from services.stalls.credits import commands as credits_
from services.stalls.draw import files
from services.stalls.draw.disclosure import Asked
from services.stalls.draw.rules import RULES_DIGEST
from services.stalls.freezes import domain
from services.stalls.freezes.domain import REGISTER, Batch
from services.stalls.makers import projections as makers
from services.stalls.outcomes.domain import KeptInputs, Struck, registered
from services.stalls.steps import domain as steps
from services.stalls.texts import commands as texts
from services.stalls.texts.commands import Keeper, Kept
from services.stalls.texts.domain import TextPart
from services.stalls.venues import commands as venues
from services.stalls.venues.domain import GroundNotUsable, GroundTaken, Reason, Use, Venue, reasons_of
from shared import clock, faults, metrics
from shared.aggregates import first_kept
from shared.scope import Caller
from shared.service import Running

Progress = Callable[[str, int, int], None]
"""Told what is done of a stage: its name, how much, of how much (0: not known). May raise to end the work."""

AT_ONCE = 1_000


def quietly(stage: str, done: int, total: int) -> None:
    """For who does not want to know."""


class Stages:
    """A Progress that measures how long each stage takes; `end` ends the last."""

    def __init__(self) -> None:
        self.stage, self.began = "", time.monotonic()

    def __call__(self, stage: str, done: int, total: int) -> None:  # noqa: ARG002
        if stage != self.stage:
            self.end()
            self.stage = stage

    def end(self) -> None:
        if self.stage:
            metrics.DRAW_SECONDS.labels(self.stage).observe(time.monotonic() - self.began)
        self.stage, self.began = "", time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failed: object) -> None:
        self.end()


async def begin(running: Running, call_id: str, caller: Caller) -> Call:
    """Raises NotFound, OutsideArea, CallStillOpen."""
    return await running[Call].change(call_id, partial(steps.begin_closing, by=caller.scope, now=clock.now()), caller)


async def finish(running: Running, call: Call, progress: Progress = quietly) -> Call:
    """What is closing is closed: frozen, sealed, published by its digests."""
    kept = await running[KeptInputs].find(call.id)
    if kept is None:
        kept = await _freeze(running, call, progress)
    faults.point("draw.frozen")
    await _seal(running, kept, progress)
    faults.point("draw.sealed")
    fixed = steps.Frozen(
        applications=kept.applications,
        inputs_digest=kept.inputs_digest,
        plan_digest=kept.plan_digest,
        rules_digest=kept.rules_digest,
        struck=kept.struck,
    )
    return await running[Call].change(call.id, partial(steps.closed, frozen=fixed, now=clock.now()))


async def _freeze(running: Running, call: Call, progress: Progress) -> KeptInputs:
    progress("freeze", 0, 0)
    await applications.lock(running.database, call.id, call.tenant)
    total = await applications.count(running.database, call.id, call.tenant)
    struck = await _struck(running, call)
    events = domain.events_of(call, struck)
    keepers = {name: Keeper(running[TextPart], call.tenant) for name in (*files.INPUTS, REGISTER)}
    asked, written = Asked(events), 0
    async for batch in _batches(running, call):
        for name, rows in domain.rows_of(batch, asked, titled=not written).items():
            await keepers[name].take(rows.encode("utf-8"))
        written += len(batch.applications)
        progress("freeze", written, total)
        faults.point("draw.frozen_batch")
    kept = {name: await keeper.end() for name, keeper in keepers.items()}
    for name, text in files.plan(events).items():
        kept[name] = await _whole(running, call, text)
    return await first_kept(running[KeptInputs], call.id, _inputs(call, kept, struck, written))


async def _whole(running: Running, call: Call, text: str) -> Kept:
    keeper = Keeper(running[TextPart], call.tenant)
    await keeper.take(text.encode("utf-8"))
    return await keeper.end()


def _inputs(call: Call, kept: dict[str, Kept], struck: Struck, written: int) -> KeptInputs:
    hashes = {name: one.sha256 for name, one in kept.items()}
    return KeptInputs(
        id=call.id,
        tenant=call.tenant,
        files={name: kept[name].parts for name in (*files.INPUTS, *files.PLAN)},
        register=kept[REGISTER].parts,
        applications=written,
        inputs_digest=domain.digest_of(hashes, files.INPUTS),
        plan_digest=domain.digest_of(hashes, files.PLAN),
        rules_digest=RULES_DIGEST,
        struck=struck,
        frozen_at=clock.now(),
    )


async def _batches(running: Running, call: Call) -> AsyncIterator[Batch]:
    """By ticket; an empty one where nobody applied. Where each group stands counts on the day of the close."""
    as_of = call.closes_at.astimezone(clock.INDIA).date()
    async for some in _in_batches(applications.frozen_inputs(running.database, call.id, call.tenant)):
        groups = [one.group for one in some]
        known = await makers.find_groups(running.database, groups, call.tenant)
        families = await makers.find_families(running.database, known, call.tenant)
        yield Batch(
            applications=await _once_each(running, call, some, families),
            groups=known,
            standing=await credits_.standing(running.database, call.tenant, groups, as_of, families),
        )


async def _once_each(
    running: Running, call: Call, some: list[Application], families: domain.Families
) -> list[Application]:
    ids = frozenset[str]().union(*families.values())
    several = await applications.frozen_inputs_of(running.database, call.id, call.tenant, ids) if ids else []
    return domain.once_each(some, families, several)


async def _in_batches(found: AsyncIterator[Application]) -> AsyncIterator[list[Application]]:
    some: list[Application] = []
    none = True
    async for one in found:
        some.append(one)
        if len(some) == AT_ONCE:
            yield some
            some, none = [], False
    if some or none:
        yield some


async def _struck(running: Running, call: Call) -> Struck:
    """Events whose ground may no longer be used or is another call's, and what is missing."""
    why: dict[int, tuple[Reason, ...]] = {}
    for event in call.events:
        try:
            await venues.usable(running[Venue], running[Calendar], event.venue, event.days, call.tenant)
            await venues.require_not_taken(running[Use], event.venue, event.days, call.id)
        except (GroundNotUsable, GroundTaken) as refused:
            why[event.number] = reasons_of(refused)
    return why


async def _seal(running: Running, kept: KeptInputs, progress: Progress) -> None:
    """Each application learns that it takes part; a part of the register at a time."""
    columns = ""
    for number, id_ in enumerate(kept.register):
        progress("seal", number, len(kept.register))
        text = await texts.read_sound_part(running[TextPart], id_)
        columns = columns or text.partition("\n")[0] + "\n"
        tickets = registered(text if text.startswith(columns) else columns + text)
        await applications.seal(running.database, kept.id, kept.tenant, list(tickets))
        faults.point("draw.sealed_part")
