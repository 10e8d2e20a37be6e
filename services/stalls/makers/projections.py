"""What we remember of the catalogue: which groups there are, under which ids, what they make and have on sale."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from services.stalls.makers.domain import Aliases, Family, KnownGroup, KnownProduct, family
from services.stalls.makers.store import aliases_of, groups_of
from shared.aggregates import Aggregates, Work
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


async def remember_group_changed(known: Aggregates[KnownGroup], event: Event[GroupChanged]) -> None:
    said = event.data
    place = {"district": said.district, "block": said.block, "local_body": said.local_body}
    await _now(known, event, programme=said.programme, programmes=said.programmes, **place)


async def remember_deactivated(known: Aggregates[KnownGroup], event: Event[GroupDeactivated]) -> None:
    await _now(known, event, active=False)


async def remember_reactivated(known: Aggregates[KnownGroup], event: Event[GroupReactivated]) -> None:
    await _now(known, event, active=True)


async def remember_merged(work: Work, event: Event[GroupMerged]) -> None:
    into = event.data.into
    await work[KnownGroup].change(event.subject, partial(_merged, into))
    empty = Aliases(id=into, tenant=event.tenant)

    async def first() -> Decision[Aliases]:
        return _with(event.subject, empty)

    if await work[Aliases].find(into) is None:
        await work[Aliases].create(into, first)
    else:
        await work[Aliases].change(into, partial(_with, event.subject))


async def remember_split(work: Work, event: Event[GroupSplit]) -> None:
    await _now(work[KnownGroup], event, merged_into=None)
    await work[Aliases].change(event.data.out_of, partial(_without, event.subject))


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


async def find_family(work: Work, group: KnownGroup) -> Family:
    """All ids of this group, as far as they have reached us."""
    survivor = await work[KnownGroup].find(group.merged_into) if group.merged_into else None
    return family(group, survivor, await work[Aliases].find(group.merged_into or group.id))


async def find_families(database: Database, groups: Mapping[str, KnownGroup], tenant: str) -> dict[str, frozenset[str]]:
    """All ids of those of these groups that have several, by each."""
    stands_for = {id_: group.merged_into or id_ for id_, group in groups.items()}
    found = await aliases_of(database, sorted(set(stands_for.values())), tenant)
    families = {id_: frozenset({into, *found[into].ids}) for id_, into in stands_for.items() if into in found}
    return {id_: ids for id_, ids in families.items() if len(ids) > 1}


async def find_groups(database: Database, ids: Iterable[str], tenant: str) -> dict[str, KnownGroup]:
    """Those of these groups of this state that have reached us, by id; for many at once."""
    return await groups_of(database, sorted(set(ids)), tenant)


async def find_products(known: Aggregates[KnownProduct], ids: Iterable[str], tenant: str) -> dict[str, KnownProduct]:
    """The products of this state that have reached us, by id."""
    found = await asyncio.gather(*(known.find(id_) for id_ in sorted(set(ids))))
    return {product.id: product for product in found if product and product.tenant == tenant}


async def _now(known: Aggregates[KnownGroup], event: Event[Any], **said: Any) -> None:
    await known.change(event.subject, partial(_said, said))


def _said(said: Mapping[str, Any], group: KnownGroup) -> Decision[KnownGroup]:
    return Decision(replace(group, **said))


def _merged(into: str, group: KnownGroup) -> Decision[KnownGroup]:
    return Decision(replace(group, merged_into=into, ties=tuple(sorted({*group.ties, into}))))


def _with(id_: str, aliases: Aliases) -> Decision[Aliases]:
    return Decision(replace(aliases, ids=tuple(sorted({*aliases.ids, id_}))))


def _without(id_: str, aliases: Aliases) -> Decision[Aliases]:
    return Decision(replace(aliases, ids=tuple(one for one in aliases.ids if one != id_)))


def stated(event: Event[ProductListed] | Event[ProductChanged], *, on_sale: bool) -> KnownProduct:
    said = event.data
    return KnownProduct(
        id=event.subject, tenant=event.tenant, seller=said.seller, category=said.category, on_sale=on_sale
    )
