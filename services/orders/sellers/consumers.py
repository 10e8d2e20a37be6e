"""What sellers react to: the registry enters groups, merges two that are one, takes them out and brings them back."""

from services.orders.sellers import projections
from services.orders.sellers.domain import KnownSeller
from shared.aggregates import Work
from shared.contracts.catalog import GroupDeactivated, GroupMerged, GroupReactivated, GroupRegistered, GroupSplit
from shared.events import Event, Fact
from shared.handlers import Handlers

GROUPS = Handlers("catalog.groups", tracks=KnownSeller)


def subject(event: Event[Fact]) -> list[str]:
    return [event.subject]


@GROUPS.on(GroupRegistered, loads={KnownSeller: subject})
async def on_group_registered(event: Event[GroupRegistered], work: Work) -> None:
    await projections.remember_registered(work[KnownSeller], event)


@GROUPS.on(GroupMerged, loads={KnownSeller: subject})
async def on_group_merged(event: Event[GroupMerged], work: Work) -> None:
    await projections.remember_merged(work[KnownSeller], event)


@GROUPS.on(GroupSplit, loads={KnownSeller: subject})
async def on_group_split(event: Event[GroupSplit], work: Work) -> None:
    await projections.remember_split(work[KnownSeller], event)


@GROUPS.on(GroupDeactivated, loads={KnownSeller: subject})
async def on_group_deactivated(event: Event[GroupDeactivated], work: Work) -> None:
    await projections.remember_deactivated(work[KnownSeller], event)


@GROUPS.on(GroupReactivated, loads={KnownSeller: subject})
async def on_group_reactivated(event: Event[GroupReactivated], work: Work) -> None:
    await projections.remember_reactivated(work[KnownSeller], event)
