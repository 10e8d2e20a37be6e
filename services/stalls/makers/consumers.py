"""What makers react to: the catalogue registers groups, lists their products, changes and pauses them."""

from services.stalls.makers import projections
from services.stalls.makers.domain import KnownGroup, KnownProduct
from shared.aggregates import Work
from shared.contracts.catalog import GroupRegistered, ProductChanged, ProductListed, ProductPaused
from shared.events import Event
from shared.handlers import Handlers

GROUPS = Handlers("catalog.groups", tracks=KnownGroup)
PRODUCTS = Handlers("catalog.products", tracks=KnownProduct)


@GROUPS.on(GroupRegistered, loads={KnownGroup: lambda event: [event.subject]})
async def on_group_registered(event: Event[GroupRegistered], work: Work) -> None:
    await projections.remember_group(work[KnownGroup], event)


@PRODUCTS.on(ProductListed, loads={KnownProduct: lambda event: [event.subject]})
async def on_product_listed(event: Event[ProductListed], work: Work) -> None:
    await projections.remember_listed(work[KnownProduct], event)


@PRODUCTS.on(ProductChanged, loads={KnownProduct: lambda event: [event.subject]})
async def on_product_changed(event: Event[ProductChanged], work: Work) -> None:
    await projections.remember_changed(work[KnownProduct], event)


@PRODUCTS.on(ProductPaused, loads={KnownProduct: lambda event: [event.subject]})
async def on_product_paused(event: Event[ProductPaused], work: Work) -> None:
    await projections.remember_paused(work[KnownProduct], event)
