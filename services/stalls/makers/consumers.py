"""What makers react to: what becomes of the registry's groups and of their products on sale."""

from services.stalls.makers import projections
from services.stalls.makers.domain import Aliases, KnownGroup, KnownProduct
from shared.aggregates import Work
from shared.contracts.catalog import (
    GroupChanged,
    GroupDeactivated,
    GroupMerged,
    GroupReactivated,
    GroupRegistered,
    GroupSplit,
    ProductChanged,
    ProductListed,
    ProductPaused,
)
from shared.events import Event, Fact
from shared.handlers import Handlers

GROUPS = Handlers("catalog.groups", tracks=KnownGroup)
PRODUCTS = Handlers("catalog.products", tracks=KnownProduct)


def subject(event: Event[Fact]) -> list[str]:
    return [event.subject]


@GROUPS.on(GroupRegistered, loads={KnownGroup: subject})
async def on_group_registered(event: Event[GroupRegistered], work: Work) -> None:
    await projections.remember_group(work[KnownGroup], event)


@GROUPS.on(GroupChanged, loads={KnownGroup: subject})
async def on_group_changed(event: Event[GroupChanged], work: Work) -> None:
    await projections.remember_group_changed(work[KnownGroup], event)


@GROUPS.on(GroupMerged, loads={KnownGroup: subject, Aliases: lambda event: [event.data.into]})
async def on_group_merged(event: Event[GroupMerged], work: Work) -> None:
    await projections.remember_merged(work, event)


@GROUPS.on(GroupSplit, loads={KnownGroup: subject, Aliases: lambda event: [event.data.out_of]})
async def on_group_split(event: Event[GroupSplit], work: Work) -> None:
    await projections.remember_split(work, event)


@GROUPS.on(GroupDeactivated, loads={KnownGroup: subject})
async def on_group_deactivated(event: Event[GroupDeactivated], work: Work) -> None:
    await projections.remember_deactivated(work[KnownGroup], event)


@GROUPS.on(GroupReactivated, loads={KnownGroup: subject})
async def on_group_reactivated(event: Event[GroupReactivated], work: Work) -> None:
    await projections.remember_reactivated(work[KnownGroup], event)


@PRODUCTS.on(ProductListed, loads={KnownProduct: subject})
async def on_product_listed(event: Event[ProductListed], work: Work) -> None:
    await projections.remember_listed(work[KnownProduct], event)


@PRODUCTS.on(ProductChanged, loads={KnownProduct: subject})
async def on_product_changed(event: Event[ProductChanged], work: Work) -> None:
    await projections.remember_changed(work[KnownProduct], event)


@PRODUCTS.on(ProductPaused, loads={KnownProduct: subject})
async def on_product_paused(event: Event[ProductPaused], work: Work) -> None:
    await projections.remember_paused(work[KnownProduct], event)
