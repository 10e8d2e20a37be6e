"""What can be asked of venues: register one, read one, list them."""

from services.stalls.venues import domain
from services.stalls.venues.domain import Ground, Venue, VenueFilters
from services.stalls.venues.store import found
from shared.aggregates import Aggregates
from shared.decisions import Decision
from shared.mongo import Database
from shared.reads import Page, Paging
from shared.scope import Caller, Scope


async def register(venues: Aggregates[Venue], ground: Ground, caller: Caller) -> Venue:
    """Enter a ground of the officer's area."""
    venue_id = caller.new_id("venues")

    async def decide() -> Decision[Venue]:
        return domain.register(venue_id, ground, caller.scope)

    return await venues.create(venue_id, decide, caller)


async def read(venues: Aggregates[Venue], venue_id: str, scope: Scope) -> Venue:
    """Raises NotFound."""
    return await venues.get(venue_id, scope)


async def listed(database: Database, filters: VenueFilters, scope: Scope, paging: Paging) -> Page[Venue]:
    return await found(database, filters, scope, paging)
