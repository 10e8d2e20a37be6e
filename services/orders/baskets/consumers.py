"""What baskets react to: the catalogue's products come on sale, change, go off sale."""

from services.orders.baskets import projections
from services.orders.baskets.domain import KnownProduct
from shared.aggregates import Work
from shared.contracts.catalog import ProductChanged, ProductListed, ProductPaused
from shared.events import Event
from shared.handlers import Handlers

PRODUCTS = Handlers("catalog.products", tracks=KnownProduct)


@PRODUCTS.on(ProductListed, loads={KnownProduct: lambda event: [event.subject]})
async def on_product_listed(event: Event[ProductListed], work: Work) -> None:
    await projections.remember_listed(work[KnownProduct], event)


@PRODUCTS.on(ProductChanged, loads={KnownProduct: lambda event: [event.subject]})
async def on_product_changed(event: Event[ProductChanged], work: Work) -> None:
    await projections.remember_changed(work[KnownProduct], event)


@PRODUCTS.on(ProductPaused, loads={KnownProduct: lambda event: [event.subject]})
async def on_product_paused(event: Event[ProductPaused], work: Work) -> None:
    await projections.remember_paused(work[KnownProduct], event)
