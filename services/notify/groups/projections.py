"""What we remember of the registry: where each group lies, and what its id stands for."""

from dataclasses import replace
from functools import partial

from services.notify.groups.domain import Aliases, KnownGroup
from shared.aggregates import Aggregates, Work
from shared.contracts.catalog import GroupChanged, GroupMerged, GroupRegistered, GroupSplit
from shared.decisions import Decision
from shared.events import Event

Groups = Aggregates[KnownGroup]


async def remember_registered(known: Groups, event: Event[GroupRegistered]) -> None:
    said = event.data

    async def first() -> Decision[KnownGroup]:
        group = KnownGroup(id=event.subject, tenant=event.tenant, district=said.district, block=said.block)
        return Decision(group)

    await known.create(event.subject, first)


async def remember_changed(known: Groups, event: Event[GroupChanged]) -> None:
    said = event.data
    await known.change(event.subject, lambda group: Decision(replace(group, district=said.district, block=said.block)))


async def remember_merged(work: Work, event: Event[GroupMerged]) -> None:
    into = event.data.into
    await work[KnownGroup].change(event.subject, lambda group: Decision(replace(group, merged_into=into)))
    empty = Aliases(id=into, tenant=event.tenant)

    async def first() -> Decision[Aliases]:
        return _with(event.subject, empty)

    if await work[Aliases].find(into) is None:
        await work[Aliases].create(into, first)
    else:
        await work[Aliases].change(into, partial(_with, event.subject))


async def remember_split(work: Work, event: Event[GroupSplit]) -> None:
    await work[KnownGroup].change(event.subject, lambda group: Decision(replace(group, merged_into=None)))
    await work[Aliases].change(event.data.out_of, partial(_without, event.subject))


async def find_group(known: Groups, id_: str, tenant: str) -> KnownGroup | None:
    """The group of this state, if it has reached us."""
    group = await known.find(id_)
    return group if group and group.tenant == tenant else None


async def find_ids(known: Groups, aliases: Aggregates[Aliases], id_: str, tenant: str) -> tuple[str, ...]:
    """All ids of that group as far as they have reached us, this one first, then the one the others stand for."""
    group = await find_group(known, id_, tenant)
    if group is None:
        return (id_,)
    kept = group.merged_into or group.id
    others = await aliases.find(kept)
    return tuple(dict.fromkeys((id_, kept, *(others.ids if others else ()))))


def _with(id_: str, aliases: Aliases) -> Decision[Aliases]:
    return Decision(replace(aliases, ids=tuple(sorted({*aliases.ids, id_}))))


def _without(id_: str, aliases: Aliases) -> Decision[Aliases]:
    return Decision(replace(aliases, ids=tuple(one for one in aliases.ids if one != id_)))
