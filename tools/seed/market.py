"""The market as seedlings: for every service what shall be there, and the commands that bring it about."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from services.catalog.groups import commands as groups
from services.catalog.groups.domain import Entry, Group
from services.catalog.products import commands as products
from services.catalog.products.domain import Product
from services.catalog.stock import commands as stocks
from services.catalog.stock.domain import Stock, stock_id
from services.notify.contacts import commands as contacts
from services.notify.contacts.domain import Contact, Wanted, contact_id
from shared.aggregates import Work
from shared.contracts.catalog import group_id
from shared.scope import Caller
from tools.seed import people
from tools.seed.callers import admin, leader, officer
from tools.seed.goods import Offering, offering
from tools.seed.groups import Market, entry, id_of
from tools.seed.planting import Seedling

PRODUCTS_A_SELLER = 3
STRIDE = 7
"""From one selling group to the next: a prime that shares no factor with districts or programmes."""


def seller(market: Market, product: int) -> int:
    """The number of the group that sells the product `product`."""
    return product // PRODUCTS_A_SELLER * STRIDE % market.groups


def sellers(market: Market) -> list[int]:
    return sorted({seller(market, product) for product in range(market.products)})


def group_seedlings(market: Market) -> Iterator[Seedling]:
    for number in range(market.groups):
        known = entry(market, number)
        id_ = group_id(market.state, known.programme, known.code)
        yield Seedling(holds=Group, id=id_, plant=partial(_register, known, officer(market, f"group:{number}")))


async def _register(known: Entry, by: Caller, work: Work) -> None:
    await groups.register(work[Group], known, by)


def contact_seedlings(market: Market) -> Iterator[Seedling]:
    """Of every group that sells something, and of the issuer's fixed parties."""
    of_groups = ((id_of(market, number), people.of_group(number)) for number in sellers(market))
    for party, wanted in (*people.of_roles().items(), *of_groups):
        by = officer(market, f"contact:{party}")
        yield Seedling(holds=Contact, id=contact_id(market.state, party), plant=partial(_reach, party, wanted, by))


def contact_count(market: Market) -> int:
    return len(people.of_roles()) + len(sellers(market))


async def _reach(party: str, wanted: Wanted, by: Caller, work: Work) -> None:
    await contacts.put(work[Contact], party, wanted, by)


def product_seedlings(market: Market, today: date) -> Iterator[Seedling]:
    for number in range(market.products):
        offered = offering(market, number, seller(market, number), today)
        group = id_of(market, offered.group)
        by = leader(market, group, f"product:{number}")
        id_ = by.new_id("products")
        needs = {Group: [group], Stock: [stock_id(id_, sku) for sku in offered.stock]}
        yield Seedling(holds=Product, id=id_, needs=needs, plant=partial(_offer, offered, group, by))


async def _offer(offered: Offering, group: str, by: Caller, work: Work) -> None:
    """A product's whole way to the shelf: drafted and submitted by its group, approved, listed, counted."""
    here, officer = work[Product], Caller(scope=admin(by.scope.tenant), key=by.key, body=by.body)
    product = await products.draft(here, work[Group], group, offered.label, by)
    await products.submit(here, product.id, by)
    await products.approve(here, product.id, officer)
    await products.put_on_sale(here, product.id, by)
    for sku, on_hand in offered.stock.items():
        await stocks.recount(work[Stock], here, product.id, sku, on_hand, by)
