"""What can be asked of stock: count it again, read it, look whether it was ever oversold."""

from collections.abc import Awaitable, Callable
from functools import partial

from services.catalog.products.domain import Product
from services.catalog.stock import domain, store
from services.catalog.stock.domain import Stock, stock_id
from shared.aggregates import Aggregates
from shared.decisions import Decision
from shared.errors import AlreadyExists, NotFound
from shared.mongo import Database
from shared.scope import Caller, Scope

Counting = Callable[[], Awaitable[Stock]]


async def recount(
    stocks: Aggregates[Stock], products: Aggregates[Product], product_id: str, sku: str, on_hand: int, caller: Caller
) -> Stock:
    """Set what is on hand. Raises NotFound, VariantUnknown, NotYourGroup, RecountBelowHeld."""
    product = await products.get(product_id, caller.scope)
    empty = domain.opened(product, sku, caller.scope)

    async def first_count() -> Decision[Stock]:
        return domain.recount(empty, on_hand)

    count = partial(stocks.change, empty.id, partial(domain.recount, on_hand=on_hand), caller)
    try:
        return await count()
    except NotFound:
        return await _first(partial(stocks.create, empty.id, first_count, caller), count)


async def _first(create: Counting, count: Counting) -> Stock:
    """Of several first counts at once one opens the stock; the others count it again."""
    try:
        return await create()
    except AlreadyExists:
        return await count()


async def read(stocks: Aggregates[Stock], product_id: str, sku: str, scope: Scope) -> Stock:
    """Raises NotFound, also for what was never counted."""
    return await stocks.get(stock_id(product_id, sku), scope)


class Oversold:
    """Looks for stocks that break I8, some at a time and all in turn, so that one look costs little.

    Says what it found in the last whole turn and in this one so far.
    """

    def __init__(self, at_once: int = 20_000) -> None:
        self.at_once = at_once
        self.after = ""
        self.found, self.found_before = set[str](), set[str]()

    async def look(self, database: Database) -> list[str]:
        """Ids of stocks."""
        found, self.after = await store.broken(database, self.after, self.at_once)
        self.found.update(found)
        told = sorted(self.found | self.found_before)
        if not self.after:
            self.found, self.found_before = set(), self.found
        return told
