"""What can be asked of applications: submit, change, withdraw, read; and what the close of a call asks of them."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Collection, Sequence
from functools import partial

from services.stalls.applications import domain, store
from services.stalls.applications.domain import (
    AlreadyApplied,
    Application,
    ApplicationFilters,
    CloseNotDone,
    Desk,
    Receipt,
)
from services.stalls.calendars.domain import Calendar
from services.stalls.calls.domain import Call, Status
from services.stalls.makers.domain import Family, KnownGroup, KnownProduct
from services.stalls.makers.projections import find_family, find_group, find_products
from services.stalls.venues import commands as grounds
from services.stalls.venues.domain import Venue
from services.stalls.wishes.domain import Wish, named_events
from shared import clock
from shared.aggregates import Aggregates, Work
from shared.decisions import Decision
from shared.errors import AlreadyExists, NotFound, Problem
from shared.mongo import Database
from shared.reads import Page, Paging
from shared.scope import Caller, Scope

FIRST_LOOK_SECONDS = 0.05
LAST_LOOK_SECONDS = 0.8


async def submit(
    work: Work, call_id: str, group: str, wish: Wish, caller: Caller, close_wait_seconds: float
) -> Receipt:
    """Raises NotFound, AlreadyApplied, CloseNotDone, and what `domain.submit` raises; nothing is kept then."""
    id_ = await _natural_id(work, call_id, group, caller.scope.tenant)

    async def decide() -> Decision[Application]:
        desk = await _desk(work, await work[Call].get(call_id, caller.scope), group, wish, id_)
        ticket = f"{secrets.randbelow(10**16):016d}"
        return domain.submit(id_, group, wish, desk, ticket=ticket, by=caller.scope, now=clock.now())

    try:
        answer = await work[Application].create(id_, decide, caller)
    except AlreadyExists:
        raise AlreadyApplied(id=id_) from None
    return await _in_time(work, answer, close_wait_seconds)


async def revise(work: Work, id_: str, wish: Wish, caller: Caller, close_wait_seconds: float) -> Receipt:
    """Raises NotFound, CloseNotDone, and what `domain.revise` raises; nothing is changed then."""
    application = await work[Application].get(id_, caller.scope)
    call = await work[Call].get(application.call, caller.scope)
    desk = await _desk(work, call, application.group, wish, id_)
    decide = partial(domain.revise, wish=wish, desk=desk, by=caller.scope, now=clock.now())
    return await _in_time(work, await work[Application].change(id_, decide, caller), close_wait_seconds)


async def withdraw(work: Work, id_: str, caller: Caller) -> Receipt:
    """Raises NotFound, and what `domain.withdraw` raises.

    It needs no second look at the call: either the close locked the application first, then this is refused, or
    this came first, then the close does not find it.
    """
    application = await work[Application].get(id_, caller.scope)
    call = await work[Call].get(application.call, caller.scope)
    decide = partial(domain.withdraw, call=call, by=caller.scope, now=clock.now())
    return Receipt(application=await work[Application].change(id_, decide, caller), call=call)


async def get(work: Work, id_: str, scope: Scope) -> Receipt:
    """Raises NotFound, also for another group's."""
    application = await work[Application].get(id_, scope)
    return await _receipt(work[Call], application)


async def listed(
    database: Database, calls: Aggregates[Call], filters: ApplicationFilters, scope: Scope, paging: Paging
) -> Page[Receipt]:
    """Raises BadCursor."""
    found = await store.found(database, filters, scope, paging)
    receipts = await asyncio.gather(*(_receipt(calls, application) for application in found.items))
    return Page(receipts, found.next_cursor)


async def settle(work: Work, id_: str) -> Application:
    """What the timer asks some time after the close: an application whose request died on the way is settled."""
    receipt = await _receipt(work[Call], await work[Application].get(id_))
    return await _settle(work[Application], receipt)


async def lock(database: Database, call_id: str, tenant: str) -> None:
    """The close has begun: nothing submitted changes any more. It may be asked again until the inputs are frozen."""
    await store.lock(database, tenant, call_id)


def frozen_inputs(database: Database, call_id: str, tenant: str) -> AsyncIterator[Application]:
    """The locked applications by ticket, as a majority of the replica set holds them."""
    return store.locked(database, tenant, call_id)


async def frozen_inputs_of(database: Database, call_id: str, tenant: str, groups: Collection[str]) -> list[Application]:
    """Those of them that these groups sent."""
    return await store.locked_of(database, tenant, call_id, groups)


async def count(database: Database, call_id: str, tenant: str, most: int | None = None) -> int:
    """How many there are for this call, whatever became of them; counted no further than `most`."""
    return await store.count(database, tenant, call_id, most)


async def whose(database: Database, call_id: str, tenant: str, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Ticket and group of these applications, by id; who is not there never applied."""
    return await store.whose(database, tenant, call_id, ids)


async def seal(database: Database, call_id: str, tenant: str, tickets: Sequence[str]) -> None:
    """These stand in the frozen inputs; before the call is `closed`, for then whoever waits looks at this mark."""
    await store.seal(database, tenant, call_id, tickets)


async def _natural_id(work: Work, call_id: str, group: str, tenant: str) -> str:
    """One of a group in a call, whichever of its ids she applies with.

    Where this place was taken by a group that was merged into this one then and is not now, it has another.
    """
    known = await find_group(work[KnownGroup], group, tenant)
    if known is None:
        return domain.natural_id(tenant, call_id, group)
    family = await find_family(work, known)
    id_ = domain.natural_id(tenant, call_id, family.id)
    there = await work[Application].find(id_) if family.shared else None
    others = there is not None and there.group not in family.ids
    return domain.natural_id(tenant, call_id, family.id, apart=True) if others else id_


async def _desk(work: Work, call: Call, group: str, wish: Wish, id_: str) -> Desk:
    known = await find_group(work[KnownGroup], group, call.tenant)
    family = await find_family(work, known) if known else None
    return Desk(
        call=call,
        group=known,
        products=await find_products(work[KnownProduct], wish.products, call.tenant),
        unusable=await _unusable(work, call, wish),
        family=family,
        rivals=await _rivals(work[Application], call, family, id_) if family else (),
    )


async def _rivals(applications: Aggregates[Application], call: Call, family: Family, id_: str) -> tuple[str, ...]:
    ids = domain.may_stand_at(family, call) - {id_}
    found = await asyncio.gather(*(applications.find(one) for one in sorted(ids)))
    return tuple(one.id for one in found if one and domain.rivals(one, family))


async def _unusable(work: Work, call: Call, wish: Wish) -> Problem | None:
    """The first of the grounds she names that may not be used; kept for the rules to raise in their order."""
    for event in named_events(wish, call):
        try:
            await grounds.usable(work[Venue], work[Calendar], event.venue, event.days, call.tenant)
        except Problem as problem:
            return problem
    return None


async def _receipt(calls: Aggregates[Call], application: Application) -> Receipt:
    call = await calls.find(application.call)
    if call is None:
        raise NotFound(what="calls", id=application.call)
    return Receipt(application=application, call=call)


async def _in_time(work: Work, answer: Application, seconds: float) -> Receipt:
    """Nobody is told yes whom the draw does not know. Raises CallClosed, CloseNotDone.

    The application is durable on a majority before the call is read here. When the call is still open, its close
    is written later than this read, and locks and reads the applications later still: it finds this one. When it
    is not, nobody can know which came first; so we wait until the freeze is done, which seals what it took before
    the call is `closed`, and what it did not take is withdrawn and refused.
    """
    wait, left = FIRST_LOOK_SECONDS, seconds
    while (receipt := await _receipt(work[Call], answer)).call.status is Status.CLOSING:
        if left <= 0:
            raise CloseNotDone
        await asyncio.sleep(wait)
        wait, left = min(wait * 2, LAST_LOOK_SECONDS), left - wait
    if receipt.call.status is Status.OPEN or await _sealed(work[Application], answer.id):
        return receipt
    domain.require_in_time(answer, await _settle(work[Application], receipt), receipt.call)
    return receipt


async def _settle(applications: Aggregates[Application], receipt: Receipt) -> Application:
    decide = partial(domain.settled, call=receipt.call, now=clock.now())
    return await applications.change(receipt.application.id, decide)


async def _sealed(applications: Aggregates[Application], id_: str) -> bool:
    found = await applications.find(id_)
    return found is not None and found.frozen_revision is not None
