"""What can be asked of cases: find them, show them, decide, and do what was decided however often one dies at it."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial

from services.catalog.candidates.domain import Candidate, candidates
from services.catalog.doubles import domain
from services.catalog.doubles.domain import CaseStatus, Double, DoubleFilters, double_id
from services.catalog.doubles.store import added, cases_of, covered, found, known, waiting
from services.catalog.groups import commands as registry
from services.catalog.groups.domain import Group, compared
from services.catalog.likeness.domain import record
from services.catalog.merges import commands as merges
from services.catalog.merges.domain import NotMerged
from shared import clock, faults
from shared.errors import Conflict, Invalid, NotFound, TooManyUnsent
from shared.mongo import Database
from shared.reads import Page, Paging
from shared.scope import Caller, Scope
from shared.service import Running


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A case and both records as they stand, in the order of its ids."""

    case: Double
    records: tuple[Group, Group]


PLACES_AT_ONCE = 2
"""In memory: a timer asks for hundreds of groups together, and each is compared with its whole place."""


@lru_cache(maxsize=1)
def _room(loop: asyncio.AbstractEventLoop) -> asyncio.Semaphore:  # noqa: ARG001  a semaphore belongs to one loop
    return asyncio.Semaphore(PLACES_AT_ONCE)


async def compare(database: Database, tenant: str, place: str, only: str | None = None) -> int:
    """Look through a block or town for doubles, or for those of one group there; how many cases are new.

    What was decided before stays; what waits gets its score anew. A repeat after a crash adds what is missing.
    """
    there = {group.id: group async for group in registry.of_place(database, tenant, place)}
    pairs = await asyncio.to_thread(_pairs, there.values(), only)  # seconds for the largest town
    before = await known(database, [double_id(tenant, pair.groups) for pair in pairs])
    new = [pair for pair in pairs if double_id(tenant, pair.groups) not in before]
    cases = [domain.found(pair, there[pair.groups[0]], there[pair.groups[1]], clock.now()) for pair in new]
    await _look_again(database, tenant, pairs, before)
    return await added(database, cases)


def _pairs(groups: Iterable[Group], only: str | None) -> list[Candidate]:
    """A block and a town of the same code are two places."""
    records = [record(group) for group in groups]
    villages, towns = [one for one in records if not one.town], [one for one in records if one.town]
    return [*candidates(villages, only), *candidates(towns, only)]


async def _look_again(database: Database, tenant: str, pairs: Iterable[Candidate], before: dict[str, Double]) -> None:
    stored = cases_of(database)
    for pair in pairs:
        case = before.get(double_id(tenant, pair.groups))
        now = pair.likeness
        if case and case.status is CaseStatus.OPEN and (case.score, case.reasons) != (now.score, now.reasons):
            await stored.change(case.id, partial(domain.looked_again, score=now.score, reasons=now.reasons))


async def look_up(running: Running, group_id: str) -> None:
    """What the timer asks after an officer entered or mended a group: whether it is one that is there already."""
    group = await running[Group].get(group_id)
    if group.compare_at is None:
        return
    if group.merged_into is None:
        async with _room(asyncio.get_running_loop()):
            await compare(running.database, group.tenant, group.place, only=group.id)
    await running[Group].change(group_id, partial(compared, compare_at=group.compare_at))


async def listed(running: Running, filters: DoubleFilters, scope: Scope, paging: Paging) -> Page[Shown]:
    """The best first."""
    page = await found(running.database, filters, scope, paging)
    shown_ = await asyncio.gather(*(shown(running, case) for case in page.items))
    return Page(list(shown_), page.next_cursor)


async def read(running: Running, case_id: str, scope: Scope) -> Shown:
    """Raises NotFound, also for what lies elsewhere."""
    return await shown(running, await running[Double].get(case_id, scope))


async def shown(running: Running, case: Double) -> Shown:
    one, other = await asyncio.gather(*(_there(running, id_) for id_ in case.groups))
    return Shown(case=case, records=(one, other))


async def _there(running: Running, id_: str) -> Group:
    group = await running[Group].find(id_)
    if group is None:
        raise NotFound(what="groups", id=id_)
    return group


async def merge(running: Running, case_id: str, keep: str, caller: Caller) -> Double:
    """Make them one group, under the id of `keep`. Raises what `domain.merge` raises, and ChangedMeanwhile."""
    sides = await _sides(running, case_id, caller)
    decide = partial(domain.merge, keep=keep, sides=sides, scope=caller.scope, now=clock.now())
    decided = await running[Double].change(case_id, decide, caller)
    faults.point("double.decided")
    await carry_on(running, case_id)
    now = await running[Double].find(case_id)
    if now and now.turn == decided.turn and now.status is not decided.status:
        raise domain.ChangedMeanwhile
    return decided


async def keep_apart(running: Running, case_id: str, note: str | None, caller: Caller) -> Double:
    sides = await _sides(running, case_id, caller)
    decide = partial(domain.keep_apart, note=note, sides=sides, scope=caller.scope, now=clock.now())
    return await running[Double].change(case_id, decide, caller)


async def undo(running: Running, case_id: str, reason: str, caller: Caller) -> Double:
    sides = await _sides(running, case_id, caller)
    decide = partial(domain.undo, reason=reason, sides=sides, scope=caller.scope, now=clock.now())
    decided = await running[Double].change(case_id, decide, caller)
    faults.point("double.decided")
    await carry_on(running, case_id)
    return decided


async def _sides(running: Running, case_id: str, caller: Caller) -> tuple[Group, Group]:
    """What both ids stand for now. Raises NotFound, also for a case that lies elsewhere."""
    case = await running[Double].get(case_id, caller.scope)
    one, other = await asyncio.gather(*(_standing(running, id_) for id_ in case.groups))
    return one, other


async def _standing(running: Running, id_: str) -> Group:
    group = await _there(running, id_)
    return await _there(running, group.merged_into) if group.merged_into else group


async def carry_on(running: Running, case_id: str) -> None:
    """Do what was decided and is not done, and look whether that is still what is wanted. Also what the timer asks."""
    while (case := await running[Double].find(case_id)) and case.due_at:
        done = await (_merged if case.status is CaseStatus.MERGED else _split)(running, case)
        faults.point("double.done")
        decide = domain.ended if done else domain.refused
        await running[Double].change(case_id, partial(decide, turn=case.turn, now=clock.now()))


async def _merged(running: Running, case: Double) -> bool:
    """False: it is not possible any more."""
    try:
        survivor = await merges.merge(running[Group], str(case.absorbed), str(case.kept))
    except TooManyUnsent:
        raise
    except (Conflict, Invalid):
        return False
    for other in await waiting(running.database, case.tenant, sorted(survivor.ids)):
        if other.id != case.id:
            await running[Double].change(other.id, partial(domain.cover, by=case.id))
    return True


async def _split(running: Running, case: Double) -> bool:
    """Two groups again, as they may be already; what the merge covered waits again."""
    with suppress(NotMerged):
        await merges.split(running[Group], str(case.absorbed), str(case.kept))
    for other in await covered(running.database, case.tenant, case.id):
        await running[Double].change(other.id, partial(domain.uncover, by=case.id))
    return True
