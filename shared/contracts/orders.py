"""What orders tells the world. The subject of every fact is the order's id; no address and no phone, ever."""

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import Field

from shared.events import Fact, Part


class OrderLine(Part):
    product_id: str
    sku: str
    quantity: int = Field(gt=0)
    unit_price_paise: int = Field(gt=0, description="includes tax")
    tax_basis_points: int = Field(ge=0, le=10_000)
    tax_paise: int = Field(ge=0, description="included tax of the line, rounded half up")


class ShortLine(Part):
    product_id: str
    sku: str
    quantity: int = Field(gt=0, description="asked for")
    stock_left: int = Field(ge=0, description="available when refused")


class OrderPlaced(Fact):
    """A buyer ordered; nothing is held yet."""

    topic: ClassVar[str] = "orders.orders"
    name: ClassVar[str] = "order-placed"

    buyer: str = Field(description="party id")
    seller: str = Field(description="group id")
    seller_district: str = Field(description="LGD code")
    seller_block: str | None = Field(default=None, description="LGD code; rural sellers")
    deliver_district: str = Field(description="LGD code")
    lines: tuple[OrderLine, ...] = Field(min_length=1)
    total_paise: int = Field(gt=0)
    hold_until: datetime = Field(description="cancelled by orders if it is not confirmed by then")
    placed_at: datetime | None = Field(default=None, description="the order's own time; older facts: the event's")


class OrderConfirmed(Fact):
    """Its stock is held; the seller is asked to accept."""

    topic: ClassVar[str] = "orders.orders"
    name: ClassVar[str] = "order-confirmed"

    buyer: str
    seller: str
    total_paise: int = Field(gt=0)


class OrderRefused(Fact):
    """It could not be held."""

    topic: ClassVar[str] = "orders.orders"
    name: ClassVar[str] = "order-refused"

    buyer: str
    seller: str
    code: str = Field(description="a problem code, such as NotEnoughStock")
    short: tuple[ShortLine, ...] = ()
    lines: tuple[OrderLine, ...] = Field(default=(), description="as in order-placed; older facts have none")
    seller_district: str | None = Field(default=None, description="LGD code; older facts have none")
    seller_block: str | None = Field(default=None, description="LGD code; rural sellers")
    placed_at: datetime | None = Field(default=None, description="as in order-placed; older facts have none")


class OrderAccepted(Fact):
    """The seller makes it ready; its stock is sold."""

    topic: ClassVar[str] = "orders.orders"
    name: ClassVar[str] = "order-accepted"

    buyer: str
    seller: str
    lines: tuple[OrderLine, ...] = Field(min_length=1)


class OrderCancelled(Fact):
    """It will not be delivered; what is held for it is released."""

    topic: ClassVar[str] = "orders.orders"
    name: ClassVar[str] = "order-cancelled"

    buyer: str
    seller: str
    by: Literal["buyer", "seller", "timer"]
    reason: Literal["asked", "hold-expired", "not-accepted"] = Field(description="what she wrote stays in orders")
    lines: tuple[OrderLine, ...] = Field(min_length=1)
    seller_district: str | None = Field(default=None, description="LGD code; older facts have none")
    seller_block: str | None = Field(default=None, description="LGD code; rural sellers")
    placed_at: datetime | None = Field(default=None, description="as in order-placed; older facts have none")


FACTS: tuple[type[Fact], ...] = (OrderPlaced, OrderConfirmed, OrderRefused, OrderAccepted, OrderCancelled)
