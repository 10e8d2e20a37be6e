"""What can be asked of vacancies: who is next in line for a stall that was left."""

import asyncio
from collections.abc import Collection
from functools import partial

from services.stalls.draw.vacancy import successor
from services.stalls.outcomes.domain import Draw
from services.stalls.vacancies import domain
from services.stalls.vacancies.domain import Entry, Left, Vacancies
from shared import clock
from shared.aggregates import Aggregates, first_kept


async def record(
    vacancies: Aggregates[Vacancies], made: Draw, left: Left, gone: Collection[str], *, offered: bool
) -> Entry:
    """The entry of this departure, the same however often it is asked. `gone`: tickets that left the line.

    Not `offered`: nobody can be asked any more, the stall stays empty.
    """
    log = await _log(vacancies, made)
    while (entry := log.entry_of(left)) is None:
        who = None
        if offered:
            who = await asyncio.to_thread(successor, made.instance, made.outcome, log.departures(left), gone)
        grown = partial(domain.append, left=left, successor=who, length=len(log.log), now=clock.now())
        log = await vacancies.change(made.kept.id, grown)
    return entry


async def _log(vacancies: Aggregates[Vacancies], made: Draw) -> Vacancies:
    empty = Vacancies(id=made.kept.id, tenant=made.kept.tenant)
    if (log := await vacancies.find(empty.id)) is not None:
        domain.require_intact(log)
        return log
    return await first_kept(vacancies, empty.id, empty)
