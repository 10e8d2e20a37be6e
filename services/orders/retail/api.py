"""What callers see of retail orders."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.orders.baskets.domain import AskedLine, Basket, Destination, KnownProduct
from services.orders.retail import commands
from services.orders.retail.domain import Order, Status
from services.orders.sellers.domain import KnownSeller
from services.orders.settings import OrdersSettings
from shared.aggregates import Aggregates
from shared.mongo import Database
from shared.reads import Paging
from shared.scope import BUYERS, OWN_GROUPS, Caller, Scope
from shared.web.asking import aggregates, caller, database, paging, reader, settings
from shared.web.bounds import PathId
from shared.web.views import PageView, Text, View, page_view

router = APIRouter(prefix="/v1", tags=["orders"])

Id = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Sku = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Paise = Annotated[int, Field(strict=True, gt=0, le=10**12)]
Reason = Annotated[Text, Field(min_length=3, max_length=200)]
MOST_LINES = 50
MOST_OF_ONE = 10_000
PINCODE = r"^[1-9][0-9]{5}$"


class Request(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LineRequest(Request):
    product_id: Id
    sku: Sku
    quantity: Annotated[int, Field(strict=True, ge=1, le=MOST_OF_ONE)]
    expected_unit_paise: Annotated[Paise | None, Field(description="refused with PriceChanged when it differs")] = None


class DeliverTo(Request):
    contact_id: Id | None = None
    district: Annotated[str, Field(pattern=r"^[0-9]{1,6}$", description="LGD code")]
    pincode: Annotated[str, Field(pattern=PINCODE)]


class OrderRequest(Request):
    lines: Annotated[list[LineRequest], Field(min_length=1, max_length=MOST_LINES)]
    deliver_to: DeliverTo

    def basket(self) -> Basket:
        lines = tuple(AskedLine(**line.model_dump()) for line in self.lines)
        return Basket(lines=lines, deliver_to=Destination(**self.deliver_to.model_dump()))


class CancelRequest(Request):
    reason: Reason


class LineView(View):
    product_id: str
    sku: str
    quantity: int
    unit_price_paise: int
    tax_basis_points: int
    tax_paise: int


class DestinationView(View):
    contact_id: str | None
    district: str
    pincode: str


class ShortView(View):
    product_id: str
    sku: str
    quantity: int
    stock_left: int


class RefusalView(View):
    code: str
    short: list[ShortView]


class OrderView(View):
    id: str
    status: Status
    buyer: str
    seller: str
    seller_district: str
    deliver_to: DestinationView
    lines: list[LineView]
    total_paise: int
    refusal: RefusalView | None
    reason: str | None
    placed_at: datetime
    accept_by: datetime
    due_at: datetime | None


Orders = Annotated[Aggregates[Order], aggregates(Order)]


@router.post("/orders", status_code=201)
async def place(
    body: OrderRequest,
    by: Annotated[Caller, caller(*BUYERS)],
    orders: Orders,
    known: Annotated[Aggregates[KnownProduct], aggregates(KnownProduct)],
    sellers: Annotated[Aggregates[KnownSeller], aggregates(KnownSeller)],
    terms: Annotated[OrdersSettings, settings(OrdersSettings)],
) -> OrderView:
    """Order from one seller; the stock is held next, see `status`."""
    return OrderView.model_validate(await commands.place(orders, known, sellers, body.basket(), terms, by))


@router.get("/orders")
async def listed(
    scope: Annotated[Scope, reader()],
    reads: Annotated[Database, database],
    at: Annotated[Paging, paging],
    status: Annotated[Status | None, Query()] = None,
) -> PageView[OrderView]:
    """Newest first: a buyer's own, a group's as seller, an officer's block or district."""
    return page_view(OrderView, await commands.listed(reads, scope, at, status))


@router.get("/orders/{order_id}")
async def get(order_id: PathId, scope: Annotated[Scope, reader()], orders: Orders) -> OrderView:
    return OrderView.model_validate(await commands.get(orders, order_id, scope))


@router.post("/orders/{order_id}/accept")
async def accept(order_id: PathId, by: Annotated[Caller, caller(*OWN_GROUPS)], orders: Orders) -> OrderView:
    """The seller will make it ready."""
    return OrderView.model_validate(await commands.accept(orders, order_id, by))


@router.post("/orders/{order_id}/cancel")
async def cancel(
    order_id: PathId, body: CancelRequest, by: Annotated[Caller, caller(*BUYERS, *OWN_GROUPS)], orders: Orders
) -> OrderView:
    """Its buyer or its seller changed their mind; what is held is released."""
    return OrderView.model_validate(await commands.cancel(orders, order_id, body.reason, by))
