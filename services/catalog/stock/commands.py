"""What can be asked of stock: count it again, read it."""

from functools import partial

from services.catalog.products.domain import Product
from services.catalog.stock import domain
from services.catalog.stock.domain import Stock, stock_id
from shared.aggregates import Aggregates
from shared.decisions import Decision
from shared.errors import NotFound
from shared.scope import Caller, Scope


async def recount(
    stocks: Aggregates[Stock], products: Aggregates[Product], product_id: str, sku: str, on_hand: int, caller: Caller
) -> Stock:
    """Set what is on hand. Raises NotFound, VariantUnknown, NotYourGroup, RecountBelowHeld."""
    product = await products.get(product_id, caller.scope)
    empty = domain.opened(product, sku, caller.scope)

    async def first_count() -> Decision[Stock]:
        return domain.recount(empty, on_hand)

    try:
        return await stocks.change(empty.id, partial(domain.recount, on_hand=on_hand), caller)
    except NotFound:
        return await stocks.create(empty.id, first_count, caller)


async def read(stocks: Aggregates[Stock], product_id: str, sku: str, scope: Scope) -> Stock:
    """Raises NotFound, also for what was never counted."""
    return await stocks.get(stock_id(product_id, sku), scope)
