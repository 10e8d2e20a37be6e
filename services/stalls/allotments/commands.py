"""What can be asked of allotments."""

from collections.abc import AsyncIterator, Sequence
from functools import partial

from services.stalls.allotments import domain, store
from services.stalls.allotments.domain import Allotment, AllotmentFilters, Terms
from services.stalls.allotments.store import Held
from services.stalls.calls import commands as calls
from services.stalls.settings import StallsSettings
from shared import clock
from shared.aggregates import Aggregates
from shared.decisions import Decision
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


async def make(database: Database, made: Sequence[Decision[Allotment]]) -> int:
    """Keep what a draw gave, all at once; what is there already stays as it is. How many were new."""
    return await store.make(database, made)


async def two_holders(database: Database) -> list[str]:
    """Ground, stall and day of fairs to come that have two live holders: I9 says none."""
    return await store.held_twice(database, await calls.coming(database))


def seats_of(database: Database, call: str) -> AsyncIterator[Held]:
    """Of every allotment of a call."""
    return store.seats_of(database, call)


async def seats_of_tickets(database: Database, call: str, tickets: Sequence[str]) -> dict[str, Held]:
    return await store.seats_of_tickets(database, call, tickets)


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
