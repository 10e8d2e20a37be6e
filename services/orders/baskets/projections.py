"""What we remember of the catalogue's products: who sells them, at what price, and whether now."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from services.orders.baskets.domain import KnownProduct, Offer
from shared.aggregates import Aggregates
from shared.contracts.catalog import ProductChanged, ProductListed, ProductPaused
from shared.decisions import Decision
from shared.events import Event


async def remember_listed(known: Aggregates[KnownProduct], event: Event[ProductListed]) -> None:
    product = stated(event, on_sale=True)

    async def first() -> Decision[KnownProduct]:
        return Decision(product)

    if await known.find(product.id) is None:
        await known.create(product.id, first)
    else:
        await known.change(product.id, lambda _: Decision(product))


async def remember_changed(known: Aggregates[KnownProduct], event: Event[ProductChanged]) -> None:
    await known.change(event.subject, partial(changed, event))


async def remember_paused(known: Aggregates[KnownProduct], event: Event[ProductPaused]) -> None:
    await known.change(event.subject, lambda product: Decision(replace(product, on_sale=False)))


async def find_products(known: Aggregates[KnownProduct], ids: Iterable[str], tenant: str) -> dict[str, KnownProduct]:
    """The products of this state that have reached us, by id."""
    found = await asyncio.gather(*(known.find(id_) for id_ in sorted(set(ids))))
    return {product.id: product for product in found if product and product.tenant == tenant}


def changed(event: Event[ProductChanged], product: KnownProduct) -> Decision[KnownProduct]:
    return Decision(stated(event, on_sale=product.on_sale))


def stated(event: Event[ProductListed] | Event[ProductChanged], *, on_sale: bool) -> KnownProduct:
    said = event.data
    return KnownProduct(
        id=event.subject,
        tenant=event.tenant,
        seller=said.seller,
        district=said.district,
        block=said.block,
        on_sale=on_sale,
        offers=tuple(
            Offer(
                sku=variant.sku,
                unit_price_paise=variant.unit_price_paise,
                tax_basis_points=variant.tax_basis_points,
            )
            for variant in said.variants
        ),
    )
