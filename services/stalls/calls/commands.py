"""What can be asked of calls: open one on grounds that may be used and are free, read one, list them."""

from datetime import date, timedelta
from functools import partial

from services.stalls.calendars.domain import Calendar
from services.stalls.calls import domain, store
from services.stalls.calls.domain import Call, CallFilters, Status
from services.stalls.commitments import commands as commitments
from services.stalls.commitments.domain import Claim, CommitmentUsed
from services.stalls.offers.domain import NONCES_OPEN, Opening
from services.stalls.venues import commands as grounds
from services.stalls.venues.domain import GroundTaken, Use, Venue
from shared import answer, clock
from shared.aggregates import Aggregates, Work
from shared.decisions import Decision
from shared.mongo import Database
from shared.reads import Page, Paging
from shared.scope import Caller, Scope
from shared.scoped import Published


async def open_(work: Work, opening: Opening, caller: Caller, least: timedelta = NONCES_OPEN) -> Call:
    """`least`: from the close to the public value.

    Raises NotFound, GroundNotUsable, GroundTaken, CommitmentUsed, and what `domain.open_` raises.

    No ground is claimed then, and no commitment: they come last.
    """
    call_id = caller.new_id("calls")

    async def decide() -> Decision[Call]:
        scope = caller.scope
        venues = {id_: await grounds.read(work[Venue], id_, scope) for id_ in _venues(opening)}
        decision = domain.open_(call_id, opening, venues, scope, clock.now(), least)
        if await work[Call].find(call_id) is None:
            await _claim(work, opening, call_id, scope.tenant)
            await _promise(work, opening, call_id, scope.tenant)
        return decision

    return await work[Call].create(call_id, decide, caller)


async def get(published: Published, call_id: str) -> Call:
    """What anybody may read. Raises NotFound."""
    call = await published[Call].get(call_id)
    struck = any(event.struck is not None for event in call.events)
    if call.status is not Status.PUBLISHED or struck:  # only the hour says what is next; that, and why, in words
        answer.changes_with_time()
    return call


async def listed(database: Database, filters: CallFilters, scope: Scope, paging: Paging) -> Page[Call]:
    """The last to close first. Raises BadCursor."""
    return await store.found(database, filters, scope, paging, clock.now())


async def coming(database: Database) -> list[str]:
    """Calls whose fair is not over in India, of every tenant: for what looks after all of them."""
    return await store.coming(database, clock.now().astimezone(clock.INDIA).date())


def _venues(opening: Opening) -> list[str]:
    return sorted({offer.venue for offer in opening.offers})


async def _claim(work: Work, opening: Opening, call_id: str, tenant: str) -> None:
    """In the order of venues, as everybody does. What was claimed before one turned out to be taken is given back."""
    days = _days(opening)
    names = {
        venue: (await grounds.usable(work[Venue], work[Calendar], venue, asked, tenant)).names
        for venue, asked in days.items()
    }
    for venue, asked in days.items():
        try:
            await grounds.claim_days(work[Use], venue, asked, call_id, tenant, partial(_lives, work[Call]))
        except GroundTaken as taken:
            await _release(work, opening, call_id)
            raise taken.on(names[venue]) from None


async def _promise(work: Work, opening: Opening, call_id: str, tenant: str) -> None:
    try:
        await commitments.claim(work[Claim], (one.commitment for one in opening.promises), call_id, tenant)
    except CommitmentUsed:
        await _release(work, opening, call_id)
        raise


async def _release(work: Work, opening: Opening, call_id: str) -> None:
    """Of a call that is not opened."""
    if not await _lives(work[Call], call_id):
        for venue, days in _days(opening).items():
            await grounds.release_days(work[Use], venue, days, call_id)


def _days(opening: Opening) -> dict[str, list[date]]:
    """By venue, in the order in which everybody claims."""
    return {
        venue: sorted({day for offer in opening.offers if offer.venue == venue for day in offer.days})
        for venue in _venues(opening)
    }


async def _lives(calls: Aggregates[Call], call_id: str) -> bool:
    return await calls.find(call_id) is not None
