"""What can be asked of retail orders: get, decide, save. The rules are in domain."""

from functools import partial

from services.orders.baskets.domain import Basket, KnownProduct
from services.orders.baskets.projections import find_products
from services.orders.retail import domain, store
from services.orders.retail.domain import Deadlines, Order, Refusal, Status
from services.orders.sellers.domain import KnownSeller, require_active
from services.orders.sellers.projections import find_seller
from services.orders.settings import OrdersSettings
from shared import clock
from shared.aggregates import Aggregates, Work
from shared.decisions import Decision
from shared.mongo import Database
from shared.reads import Page, Paging
from shared.scope import Caller, Scope


async def place(
    orders: Aggregates[Order],
    known: Aggregates[KnownProduct],
    sellers: Aggregates[KnownSeller],
    basket: Basket,
    settings: OrdersSettings,
    caller: Caller,
) -> Order:
    """Raises what is wrong with the basket, and SellerInactive; nothing is kept then."""
    id_ = caller.new_id("orders")

    async def decide() -> Decision[Order]:
        products = await find_products(known, (line.product_id for line in basket.lines), caller.scope.tenant)
        at = Deadlines.after(clock.now(), settings.hold_seconds, settings.accept_seconds)
        placed = domain.place(id_, caller.scope, basket, products, at)
        require_active(await find_seller(sellers, placed.state.seller, caller.scope.tenant))
        return placed

    return await orders.create(id_, decide, caller)


async def confirm(orders: Aggregates[Order], order_id: str) -> Order:
    return await orders.change(order_id, domain.confirm)


async def refuse(orders: Aggregates[Order], order_id: str, refusal: Refusal) -> Order:
    return await orders.change(order_id, partial(domain.refuse, refusal=refusal))


async def accept(orders: Aggregates[Order], order_id: str, caller: Caller) -> Order:
    """For its seller. Raises NotFound (also for another's order), NotAcceptable."""
    return await orders.change(order_id, domain.accept, caller)


async def cancel(orders: Aggregates[Order], order_id: str, reason: str, caller: Caller) -> Order:
    """For its buyer or its seller. Raises NotFound (also for another's order), NotCancellable."""
    return await orders.change(order_id, partial(domain.cancel, by=caller.scope, reason=reason), caller)


async def expire(work: Work, order_id: str) -> Order:
    """What the timer asks when an order is due; its state decides."""
    return await work[Order].change(order_id, partial(domain.expire, now=clock.now()))


async def get(orders: Aggregates[Order], order_id: str, scope: Scope) -> Order:
    """Raises NotFound, also for another's order."""
    return await orders.get(order_id, scope)


async def listed(database: Database, scope: Scope, paging: Paging, status: Status | None) -> Page[Order]:
    """The orders the scope sees, newest first. Raises BadCursor."""
    return await store.listed(database, scope, paging, status)
