"""What can be asked of cases: find them, show them, decide, and do what was decided however often one dies at it."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial

from services.catalog.candidates.domain import Candidate, Pair, Standing, likest, pair_of
from services.catalog.doubles import domain
from services.catalog.doubles.domain import CaseStatus, Double, DoubleFilters
from services.catalog.doubles.store import added, cases_of, covered, found, kept_apart, known, waiting
from services.catalog.groups import commands as registry
from services.catalog.groups.domain import Group, compared, sees_entry
from services.catalog.likeness.domain import Likeness
from services.catalog.merges import commands as merges
from services.catalog.merges.domain import NotMerged
from shared import clock, faults
from shared.decisions import Decision
from shared.errors import Conflict, NotFound, TooManyUnsent
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

    What was decided before stays, and so it does of a group that one of them is merged into; what waits gets its score
    anew. A repeat after a crash adds what is missing.
    """
    here = {group.id: group async for group in registry.of_place(database, tenant, place)}
    there = Standing(here | await _elsewhere(database, here))
    asked = None if only is None else frozenset({only}).union(there.groups[only].ids if only in here else ())
    pairs = await asyncio.to_thread(there.pairs, here, asked)  # seconds for the largest town
    before, found_ = await known(database, tenant, asked or there.ids), likest(pairs, there.means)
    await _look_again(database, there, before, {**found_, **likest(pairs, {})})
    settled = {pair_of(case.groups, there.means) for case in before}
    return await added(database, [_case(there, *new) for new in found_.items() if new[0] not in settled])


def _case(there: Standing, pair: Pair, likeness: Likeness) -> Decision[Double]:
    one, other = (there.groups[id_] for id_ in pair)
    return domain.found(Candidate(groups=pair, likeness=likeness), one, other, clock.now())


async def _elsewhere(database: Database, here: Mapping[str, Group]) -> dict[str, Group]:
    """The groups that records of a place are merged into and that lie in another."""
    into = {group.merged_into for group in here.values() if group.merged_into}
    return await registry.of_ids(database, into - here.keys())


async def _look_again(
    database: Database, there: Standing, before: Iterable[Double], speaks: Mapping[Pair, Likeness]
) -> None:
    """`speaks`: for each pair of records, and of the groups they stand for, what does."""
    stored = cases_of(database)
    for case in before:
        near = there if there.groups.keys() >= set(case.groups) else Standing(await _family(database, case))
        one, other = (near.groups[id_] for id_ in case.groups)
        now = await _likeness(database, near, case, speaks)
        if domain.looked_again(case, now, one, other).state != case:
            await stored.change(case.id, partial(domain.looked_again, now=now, one=one, other=other))


async def _likeness(
    database: Database, near: Standing, case: Double, speaks: Mapping[Pair, Likeness]
) -> Likeness | None:
    """What speaks for a case today: of its own records, or else of those of the groups they stand for."""
    stands = pair_of(case.groups, near.means)
    if stands[0] == stands[1] or case.status not in domain.WAITING:
        return domain.said(case)
    found_ = speaks.get(case.groups) or speaks.get(stands)
    return found_ or Standing(await _family(database, case)).still().get(stands)


async def _family(database: Database, case: Double) -> dict[str, Group]:
    """Both records of a case, what they are merged into, and all that is merged into that."""
    family = await registry.of_ids(database, case.groups)
    family |= await _elsewhere(database, family)
    return family | await registry.of_ids(database, Standing(family).ids - family.keys())


async def look_up(running: Running, group_id: str) -> None:
    """What the timer asks after an officer entered or mended a group: whether it is one that is there already."""
    group = await running[Group].get(group_id)
    if group.compare_at is None:
        return
    async with _room(asyncio.get_running_loop()):
        await compare(running.database, group.tenant, group.place, only=group.id)
    await running[Group].change(group_id, partial(compared, compare_at=group.compare_at))


async def listed(running: Running, filters: DoubleFilters, scope: Scope, paging: Paging) -> Page[Shown]:
    """The best first."""
    page = await found(running.database, filters, scope, paging)
    shown_ = await asyncio.gather(*(shown(running, case) for case in page.items))
    return Page([case for case in shown_ if hers(case, scope)], page.next_cursor)


async def read(running: Running, case_id: str, scope: Scope) -> Shown:
    """Raises NotFound, also for what lies elsewhere."""
    read_ = await shown(running, await running[Double].get(case_id, scope))
    if not hers(read_, scope):
        raise NotFound(what="doubles", id=case_id)
    return read_


def hers(case: Shown, scope: Scope) -> bool:
    """Whether one of the two lies in her area today: a case follows its groups a moment after they moved."""
    return any(sees_entry(group, scope) for group in case.records)


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
    sides = await _sides(running, await running[Double].get(case_id, caller.scope))
    apart = await kept_apart(running.database, *sides)
    decide = partial(domain.merge, keep=keep, sides=sides, apart=apart, scope=caller.scope, now=clock.now())
    decided = await running[Double].change(case_id, decide, caller)
    faults.point("double.decided")
    await carry_on(running, case_id)
    now = await running[Double].find(case_id)
    if now and now.turn == decided.turn and now.status is not decided.status:
        raise domain.ChangedMeanwhile
    return decided


async def keep_apart(running: Running, case_id: str, note: str | None, caller: Caller) -> Double:
    sides = await _sides(running, await running[Double].get(case_id, caller.scope))
    decide = partial(domain.keep_apart, note=note, sides=sides, scope=caller.scope, now=clock.now())
    return await running[Double].change(case_id, decide, caller)


async def undo(running: Running, case_id: str, reason: str, caller: Caller) -> Double:
    freed = await _freed(running, await running[Double].get(case_id, caller.scope))
    decide = partial(domain.undo, reason=reason, freed=freed, scope=caller.scope, now=clock.now())
    decided = await running[Double].change(case_id, decide, caller)
    faults.point("double.decided")
    await carry_on(running, case_id)
    return decided


async def _sides(running: Running, case: Double) -> tuple[Group, Group]:
    """What both ids stand for now."""
    one, other = await asyncio.gather(*(_standing(running, id_) for id_ in case.groups))
    return one, other


async def _freed(running: Running, case: Double) -> Sequence[Group]:
    """The two as they stand once the decision is taken back."""
    if case.status is not CaseStatus.MERGED:
        return await _sides(running, case)
    return await asyncio.gather(*(_there(running, str(id_)) for id_ in (case.absorbed, case.kept)))


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
    if await _apart_meanwhile(running, case):
        return False
    try:
        survivor = await merges.merge(running[Group], str(case.absorbed), str(case.kept))
    except TooManyUnsent:
        raise
    except Conflict:
        return False
    for other in await waiting(running.database, case.tenant, sorted(survivor.ids)):
        if other.id != case.id:
            await running[Double].change(other.id, partial(domain.cover, by=case.id))
    return True


async def _apart_meanwhile(running: Running, case: Double) -> bool:
    """Whether somebody kept them apart before they were one: then what was begun of the merge is taken back."""
    absorbed, kept = await asyncio.gather(*(_there(running, str(id_)) for id_ in (case.absorbed, case.kept)))
    if absorbed.merged_into is not None:
        return False
    apart = await kept_apart(running.database, absorbed, kept)
    return bool(apart) and (await merges.give_up(running[Group], absorbed.id, kept.id)).merged_into is None


async def _split(running: Running, case: Double) -> bool:
    """Two groups again, as they may be already; of all that are two now somebody is asked again."""
    with suppress(NotMerged):
        await merges.split(running[Group], str(case.absorbed), str(case.kept))
    for other in await covered(running.database, case.tenant, case.id, case.groups):
        one, another = await _sides(running, other)
        if one.id != another.id:
            await running[Double].change(other.id, partial(domain.uncover, by=str(other.covered_by)))
    return True
