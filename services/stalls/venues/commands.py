"""What can be asked of venues: register one, file and withdraw its papers, may it be used, claim its days."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import date
from functools import partial

from services.stalls.calendars.commands import days_of
from services.stalls.calendars.domain import Calendar
from services.stalls.permits.domain import Filing, missing
from services.stalls.venues import domain
from services.stalls.venues.domain import Ground, Usability, Use, Venue, VenueFilters, first_use, use_id
from services.stalls.venues.store import found
from shared import clock
from shared.aggregates import Aggregates
from shared.decisions import Decision
from shared.errors import AlreadyExists, NotFound
from shared.mongo import Database
from shared.reads import Page, Paging
from shared.scope import Caller, Scope

Venues = Aggregates[Venue]
Calendars = Aggregates[Calendar]
Uses = Aggregates[Use]
Lives = Callable[[str], Awaitable[bool]]
"""Whether the call with that id exists."""


async def register(venues: Venues, ground: Ground, caller: Caller) -> Venue:
    """Enter a ground of the officer's area."""
    venue_id = caller.new_id("venues")

    async def decide() -> Decision[Venue]:
        return domain.register(venue_id, ground, caller.scope)

    return await venues.create(venue_id, decide, caller)


async def file(venues: Venues, venue_id: str, filing: Filing, caller: Caller) -> Venue:
    """Raises NotFound, OutsideArea, PermissionEndsEarly, PermissionFileFull."""
    decide = partial(domain.file, permission=caller.new_id("permissions"), filing=filing, scope=caller.scope)
    return await venues.change(venue_id, decide, caller)


async def withdraw(venues: Venues, venue_id: str, permission: str, reason: str, caller: Caller) -> Venue:
    """Raises NotFound, OutsideArea, PermissionUnknown."""
    decide = partial(domain.withdraw, permission=permission, reason=reason, scope=caller.scope, now=clock.now())
    return await venues.change(venue_id, decide, caller)


async def read(venues: Venues, venue_id: str, scope: Scope) -> Venue:
    """Raises NotFound."""
    return await venues.get(venue_id, scope)


async def listed(database: Database, filters: VenueFilters, scope: Scope, paging: Paging) -> Page[Venue]:
    return await found(database, filters, scope, paging)


async def usability(
    venues: Venues, calendars: Calendars, uses: Uses, venue_id: str, day: date, scope: Scope
) -> Usability:
    """May this ground be used on this day, and does a call have it? Raises NotFound."""
    venue = await venues.get(venue_id, scope)
    kinds = await days_of(calendars, scope.tenant, venue.district, [day])
    use = await uses.find(use_id(venue_id, day))
    lacks = missing(venue.kind, venue.permissions, day, kinds[day])
    return Usability(venue=venue_id, date=day, missing=lacks, taken_by=use.call if use else None)


async def usable(venues: Venues, calendars: Calendars, venue_id: str, days: Iterable[date], tenant: str) -> Venue:
    """The venue, when it may be used on all these days. Raises NotFound, GroundNotUsable with all that is missing."""
    venue = await venues.find(venue_id)
    if venue is None or venue.tenant != tenant:
        raise NotFound(what="venues", id=venue_id)
    domain.require_usable(venue, await days_of(calendars, tenant, venue.district, days))
    return venue


async def claim_days(
    uses: Uses, venue_id: str, days: Iterable[date], call_id: str, tenant: str, lives: Lives | None = None
) -> None:
    """Let this call have the ground on these days; asked again nothing changes. Raises GroundTaken.

    A day that was claimed for a call which ten minutes later does not exist is free again: its request died.
    Calls with several grounds claim them in the order of their ids, so that of two one gets all it wants.
    """
    wanted = sorted(set(days))
    await asyncio.gather(*(_look(uses, venue_id, day, call_id, lives) for day in wanted))
    for day in wanted:
        await _claim(uses, first_use(tenant, venue_id, day, call_id, clock.now()), call_id, lives)


async def require_not_taken(uses: Uses, venue_id: str, days: Iterable[date], call_id: str) -> None:
    """No other call has the ground on these days: one may, when this one's request slept on its claim for long.

    Raises GroundTaken.
    """
    for day in sorted(set(days)):
        if (use := await uses.find(use_id(venue_id, day))) and use.call not in {None, call_id}:
            raise domain.GroundTaken(venue=venue_id, day=day.isoformat(), call=use.call)


async def release_days(uses: Uses, venue_id: str, days: Iterable[date], call_id: str) -> None:
    """Of a call that was never opened; days of other calls stay as they are."""
    for day in sorted(set(days)):
        if await uses.find(use_id(venue_id, day)):
            await uses.change(use_id(venue_id, day), partial(domain.release, call=call_id))


async def _look(uses: Uses, venue_id: str, day: date, call_id: str, lives: Lives | None) -> None:
    """A refusal that can be seen beforehand leaves no day claimed."""
    if use := await uses.find(use_id(venue_id, day)):
        domain.claim(use, call_id, clock.now(), await _abandoned(use, lives))


async def _claim(uses: Uses, first: Use, call_id: str, lives: Lives | None) -> Use:
    use = await uses.find(first.id)
    if use is None:
        try:
            return await uses.create(first.id, partial(_decided, first))
        except AlreadyExists:
            use = await uses.find(first.id)
    abandoned = await _abandoned(use, lives) if use else None
    return await uses.change(first.id, partial(domain.claim, call=call_id, now=clock.now(), abandoned=abandoned))


async def _decided(use: Use) -> Decision[Use]:
    return Decision(use)


async def _abandoned(use: Use, lives: Lives | None) -> str | None:
    """The call that claimed this day and was never opened."""
    if lives is None or use.call is None or not domain.long_ago(use, clock.now()):
        return None
    return None if await lives(use.call) else use.call
