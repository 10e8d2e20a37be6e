"""What we remember of the catalogue: which groups there are, what they make, and whether it is on sale."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

from services.stalls.makers.domain import KnownGroup, KnownProduct
from services.stalls.makers.store import groups_of
from shared.aggregates import Aggregates
from shared.contracts.catalog import GroupRegistered, ProductChanged, ProductListed, ProductPaused
from shared.decisions import Decision
from shared.events import Event
from shared.mongo import Database


async def remember_group(known: Aggregates[KnownGroup], event: Event[GroupRegistered]) -> None:
    said = event.data
    group = KnownGroup(
        id=event.subject,
        tenant=event.tenant,
        programme=said.programme,
        district=said.district,
        block=said.block,
        local_body=said.local_body,
    )

    async def first() -> Decision[KnownGroup]:
        return Decision(group)

    await known.create(group.id, first)


async def remember_listed(known: Aggregates[KnownProduct], event: Event[ProductListed]) -> None:
    product = stated(event, on_sale=True)

    async def first() -> Decision[KnownProduct]:
        return Decision(product)

    if await known.find(product.id) is None:
        await known.create(product.id, first)
    else:
        await known.change(product.id, lambda _: Decision(product))


async def remember_changed(known: Aggregates[KnownProduct], event: Event[ProductChanged]) -> None:
    await known.change(event.subject, lambda product: Decision(stated(event, on_sale=product.on_sale)))


async def remember_paused(known: Aggregates[KnownProduct], event: Event[ProductPaused]) -> None:
    await known.change(event.subject, lambda product: Decision(replace(product, on_sale=False)))


async def find_group(known: Aggregates[KnownGroup], id_: str, tenant: str) -> KnownGroup | None:
    """The group of this state, if it has reached us."""
    group = await known.find(id_)
    return group if group and group.tenant == tenant else None


async def find_groups(database: Database, ids: Iterable[str], tenant: str) -> dict[str, KnownGroup]:
    """Those of these groups of this state that have reached us, by id; for many at once."""
    return await groups_of(database, sorted(set(ids)), tenant)


async def find_products(known: Aggregates[KnownProduct], ids: Iterable[str], tenant: str) -> dict[str, KnownProduct]:
    """The products of this state that have reached us, by id."""
    found = await asyncio.gather(*(known.find(id_) for id_ in sorted(set(ids))))
    return {product.id: product for product in found if product and product.tenant == tenant}


def stated(event: Event[ProductListed] | Event[ProductChanged], *, on_sale: bool) -> KnownProduct:
    said = event.data
    return KnownProduct(
        id=event.subject, tenant=event.tenant, seller=said.seller, category=said.category, on_sale=on_sale
    )
