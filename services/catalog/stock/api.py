"""What callers see of stock."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.catalog.products.domain import Product
from services.catalog.stock import commands
from services.catalog.stock.domain import Stock
from shared.aggregates import Aggregates
from shared.scope import OFFICERS, OWN_GROUPS, Caller, Role, Scope
from shared.web.asking import aggregates, caller, reader
from shared.web.bounds import PathId
from shared.web.views import View

router = APIRouter(prefix="/v1", tags=["stock"])

Stocks = Annotated[Aggregates[Stock], aggregates(Stock)]
Products = Annotated[Aggregates[Product], aggregates(Product)]


class Recount(BaseModel):
    model_config = ConfigDict(extra="forbid")

    on_hand: Annotated[int, Field(strict=True, ge=0, le=10_000_000, description="what was counted, held ones included")]


class StockView(View):
    product_id: str
    sku: str
    on_hand: int
    held: int
    available: int
    sold: int
    moved: int


@router.put("/products/{product_id}/variants/{sku}/stock")
async def recount(
    product_id: PathId,
    sku: PathId,
    body: Recount,
    by: Annotated[Caller, caller(*OWN_GROUPS)],
    stocks: Stocks,
    products: Products,
) -> StockView:
    """Say how many there are now; the difference to before is kept as a movement."""
    return StockView.model_validate(await commands.recount(stocks, products, product_id, sku, body.on_hand, by))


@router.get("/products/{product_id}/variants/{sku}/stock")
async def read_stock(
    product_id: PathId, sku: PathId, scope: Annotated[Scope, reader(*OWN_GROUPS, *OFFICERS, Role.ADMIN)], stocks: Stocks
) -> StockView:
    return StockView.model_validate(await commands.read(stocks, product_id, sku, scope))
