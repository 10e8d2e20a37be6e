"""What can be asked of turns: keep what was heard of a stall, and have its group say so."""

from collections.abc import Iterable
from datetime import date
from functools import partial

from services.catalog.groups import domain as groups_
from services.catalog.groups.domain import Group
from services.catalog.merges import domain as merges
from services.catalog.turns import domain
from services.catalog.turns.domain import Place, Turns, none_yet
from shared.aggregates import Aggregates, Work
from shared.decisions import Decision


async def hear(work: Work, tenant: str, group: str, allotment: str, days: Iterable[date], place: Place) -> None:
    """In a consumer's batch: both are written at once, or neither."""
    turns = await _kept(work[Turns], none_yet(tenant, group), allotment, days, place)
    if (known := await work[Group].find(group)) is not None and known.stall_years != turns.years:
        known = await work[Group].change(group, partial(groups_.had_stalls, years=turns.years))
        if known.merged_into:
            await work[Group].change(known.merged_into, partial(merges.knows, absorbed=known))


async def _kept(kept: Aggregates[Turns], empty: Turns, allotment: str, days: Iterable[date], place: Place) -> Turns:
    decide = partial(domain.heard, allotment=allotment, days=tuple(days), place=place)

    async def first() -> Decision[Turns]:
        return decide(empty)

    if await kept.find(empty.id) is None:
        return await kept.create(empty.id, first)
    return await kept.change(empty.id, decide)
