"""What is heard of the registry: it enters groups, corrects where they lie, merges two that are one and undoes it."""

from services.notify.groups import projections
from services.notify.groups.domain import Aliases, KnownGroup
from shared.aggregates import Work
from shared.contracts.catalog import GroupChanged, GroupMerged, GroupRegistered, GroupSplit
from shared.events import Event, Fact
from shared.handlers import Handlers

GROUPS = Handlers("catalog.groups", tracks=KnownGroup)


def subject(event: Event[Fact]) -> list[str]:
    return [event.subject]


@GROUPS.on(GroupRegistered, loads={KnownGroup: subject})
async def on_group_registered(event: Event[GroupRegistered], work: Work) -> None:
    await projections.remember_registered(work[KnownGroup], event)


@GROUPS.on(GroupChanged, loads={KnownGroup: subject})
async def on_group_changed(event: Event[GroupChanged], work: Work) -> None:
    await projections.remember_changed(work[KnownGroup], event)


@GROUPS.on(GroupMerged, loads={KnownGroup: subject, Aliases: lambda event: [event.data.into]})
async def on_group_merged(event: Event[GroupMerged], work: Work) -> None:
    await projections.remember_merged(work, event)


@GROUPS.on(GroupSplit, loads={KnownGroup: subject, Aliases: lambda event: [event.data.out_of]})
async def on_group_split(event: Event[GroupSplit], work: Work) -> None:
    await projections.remember_split(work, event)
