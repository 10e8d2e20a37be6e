"""What can be asked of allotments, and what their timer does: let offers lapse, pass stalls on."""

from functools import partial

from services.stalls.allotments import domain, store
from services.stalls.allotments.domain import LEFT, Allotment, AllotmentFilters, Seat, Status, Terms
from services.stalls.calls import commands as calls
from services.stalls.calls.domain import Call
from services.stalls.outcomes import commands as outcomes
from services.stalls.outcomes.domain import Draw
from services.stalls.settings import StallsSettings
from services.stalls.vacancies import commands as vacancies
from services.stalls.vacancies.domain import Left, Vacancies
from shared import clock, faults
from shared.aggregates import Aggregates
from shared.mongo import Database
from shared.reads import Page, Paging
from shared.scope import Caller, Scope
from shared.service import Running


async def confirm(allotments: Aggregates[Allotment], allotment_id: str, caller: Caller) -> Allotment:
    """Raises NotFound (also for another's), NotConfirmable, ConfirmedTooLate."""
    return await allotments.change(allotment_id, partial(domain.confirm, now=clock.now()), caller)


async def decline(allotments: Aggregates[Allotment], allotment_id: str, caller: Caller) -> Allotment:
    """Raises NotFound (also for another's), NotDeclinable."""
    return await allotments.change(allotment_id, partial(domain.decline, now=clock.now()), caller)


async def get(allotments: Aggregates[Allotment], allotment_id: str, scope: Scope) -> Allotment:
    """Raises NotFound, also for another's."""
    return await allotments.get(allotment_id, scope)


async def listed(database: Database, filters: AllotmentFilters, scope: Scope, paging: Paging) -> Page[Allotment]:
    """Raises BadCursor."""
    return await store.found(database, filters, scope, paging)


async def two_holders(database: Database) -> list[str]:
    """Ground, stall and day of fairs to come that have two live holders: I9 says none."""
    return await store.held_twice(database, await calls.coming(database))


async def fall_due(running: Running, allotment_id: str) -> Allotment:
    """What the timer asks when an offer's time is over, or a stall was given back; its state decides."""
    allotment = await running[Allotment].change(allotment_id, partial(domain.lapse, now=clock.now()))
    if allotment.status in LEFT and allotment.due_at is not None and allotment.seat is not None:
        await _pass_on(running, allotment, allotment.seat)
        return await running[Allotment].change(allotment.id, domain.passed_on)
    return allotment


async def _pass_on(running: Running, left: Allotment, seat: Seat) -> None:
    """To the next in line who still waits. Who is next stands in the log first, so a crash changes nobody's turn."""
    call = await running[Call].get(left.call)
    made = await outcomes.drawn(running, call)
    leaving: Allotment | None = left
    while leaving is not None:
        leaving = await _offer(running, made, leaving, seat)


async def _offer(running: Running, made: Draw, left: Allotment, seat: Seat) -> Allotment | None:
    """Who was next but waits no more; None when the stall is taken care of."""
    who = Left(allotment=left.id, ticket=left.ticket, event=seat.event, stall=seat.stall)
    gone = await store.left_the_line(running.database, left.tenant, left.call)
    still = domain.can_be_offered(seat, terms_of(running), clock.now())
    entry = await vacancies.record(running[Vacancies], made, who, gone, offered=still)
    faults.point("vacancy.recorded")
    if entry.successor is None:
        return None
    next_id = domain.allotment_id(left.tenant, made.register[entry.successor].application)
    offer = partial(domain.offer, seat_=seat, terms=terms_of(running), now=clock.now())
    following = await running[Allotment].change(next_id, offer)
    faults.point("vacancy.offered")
    taken = domain.was_offered(following, seat) or following.status is Status.WAITLISTED
    return None if taken else following


def terms_of(running: Running) -> Terms:
    settings = settings_of(running)
    return Terms(
        confirm_days_before=settings.confirm_days_before,
        offer_hours=settings.offer_hours,
        late_offer_hours=settings.late_offer_hours,
    )


def settings_of(running: Running) -> StallsSettings:
    if not isinstance(running.settings, StallsSettings):
        raise TypeError(running.settings)
    return running.settings
