"""What can be asked of products: get, decide, save. The rules are in domain."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from services.catalog.groups.domain import Group
from services.catalog.labels.domain import Label
from services.catalog.products import domain
from services.catalog.products.domain import Product, ProductFilters
from services.catalog.products.store import found
from shared.aggregates import Aggregates
from shared.clock import today
from shared.decisions import Decision
from shared.mongo import Database
from shared.reads import Page, Paging
from shared.scope import Caller, Scope

Products = Aggregates[Product]


async def draft(products: Products, groups: Aggregates[Group], group_id: str, label: Label, caller: Caller) -> Product:
    """A draft of one of the caller's groups. Raises NotFound, NotYourGroup, and what `labels.check` raises."""
    product_id = caller.new_id("products")

    async def decide() -> Decision[Product]:
        group = await groups.get(group_id, caller.scope)
        kept = await groups.get(group.merged_into) if group.merged_into else group
        return domain.draft(product_id, group, label, caller.scope, sold_as=kept)

    return await products.create(product_id, decide, caller)


async def revise(products: Products, product_id: str, changes: Mapping[str, Any], caller: Caller) -> Product:
    """`changes` are fields of the label by name."""
    decide = partial(domain.revise, changes=changes, scope=caller.scope, today=today())
    return await products.change(product_id, decide, caller)


async def submit(products: Products, product_id: str, caller: Caller) -> Product:
    return await products.change(product_id, partial(domain.submit, scope=caller.scope, today=today()), caller)


async def approve(products: Products, product_id: str, caller: Caller) -> Product:
    return await products.change(product_id, partial(domain.approve, scope=caller.scope, today=today()), caller)


async def return_(products: Products, product_id: str, reason: str, caller: Caller) -> Product:
    return await products.change(product_id, partial(domain.return_, reason=reason, scope=caller.scope), caller)


async def put_on_sale(products: Products, product_id: str, caller: Caller) -> Product:
    return await products.change(product_id, partial(domain.put_on_sale, scope=caller.scope, today=today()), caller)


async def pause(products: Products, product_id: str, reason: str | None, caller: Caller) -> Product:
    return await products.change(product_id, partial(domain.pause, reason=reason, scope=caller.scope), caller)


async def read(products: Products, product_id: str, scope: Scope) -> Product:
    """Raises NotFound, also for what the scope may not see yet."""
    return await products.get(product_id, scope)


async def listed(database: Database, filters: ProductFilters, scope: Scope, paging: Paging) -> Page[Product]:
    return await found(database, filters, scope, paging)
