"""What we remember of the registry: where each group lies, and what its id stands for."""

from dataclasses import replace

from services.notify.groups.domain import KnownGroup
from shared.aggregates import Aggregates
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


async def remember_merged(known: Groups, event: Event[GroupMerged]) -> None:
    await known.change(event.subject, lambda group: Decision(replace(group, merged_into=event.data.into)))


async def remember_split(known: Groups, event: Event[GroupSplit]) -> None:
    await known.change(event.subject, lambda group: Decision(replace(group, merged_into=None)))


async def find_group(known: Groups, id_: str, tenant: str) -> KnownGroup | None:
    """The group of this state, if it has reached us."""
    group = await known.find(id_)
    return group if group and group.tenant == tenant else None
