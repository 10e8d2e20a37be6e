"""What we remember of the registry: which groups there are, whether they take part, what their ids stand for."""

from dataclasses import replace
from functools import partial
from typing import Any

from services.orders.sellers.domain import KnownSeller
from shared.aggregates import Aggregates
from shared.contracts.catalog import GroupDeactivated, GroupMerged, GroupReactivated, GroupRegistered, GroupSplit
from shared.decisions import Decision
from shared.events import Event

Sellers = Aggregates[KnownSeller]


async def remember_registered(known: Sellers, event: Event[GroupRegistered]) -> None:
    async def first() -> Decision[KnownSeller]:
        return Decision(KnownSeller(id=event.subject, tenant=event.tenant))

    await known.create(event.subject, first)


async def remember_merged(known: Sellers, event: Event[GroupMerged]) -> None:
    await _now(known, event, merged_into=event.data.into)


async def remember_split(known: Sellers, event: Event[GroupSplit]) -> None:
    await _now(known, event, merged_into=None)


async def remember_deactivated(known: Sellers, event: Event[GroupDeactivated]) -> None:
    await _now(known, event, active=False)


async def remember_reactivated(known: Sellers, event: Event[GroupReactivated]) -> None:
    await _now(known, event, active=True)


async def find_seller(known: Sellers, id_: str, tenant: str) -> KnownSeller | None:
    """What this id stands for in this state, as far as it has reached us."""
    seller = await known.find(id_)
    if seller is not None and seller.merged_into is not None:
        seller = await known.find(seller.merged_into) or seller
    return seller if seller and seller.tenant == tenant else None


async def _now(known: Sellers, event: Event[Any], **said: Any) -> None:
    await known.change(event.subject, partial(_said, said))


def _said(said: dict[str, Any], seller: KnownSeller) -> Decision[KnownSeller]:
    return Decision(replace(seller, **said))
