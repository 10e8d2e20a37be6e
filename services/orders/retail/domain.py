"""Retail orders: what a basket costs, what may happen to an order, and what is then true."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from services.orders.baskets.domain import Basket, Destination, KnownProduct, Line, check, one_seller, priced
from shared.contracts.orders import (
    OrderAccepted,
    OrderCancelled,
    OrderConfirmed,
    OrderLine,
    OrderPlaced,
    OrderRefused,
    ShortLine,
)
from shared.decisions import Decision
from shared.errors import Refused
from shared.scope import Scope


class Status(StrEnum):
    PLACED = "placed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


CANCELLABLE = frozenset({Status.PLACED, Status.CONFIRMED})
Side = Literal["buyer", "seller", "timer"]
Why = Literal["asked", "hold-expired", "not-accepted"]
EXPIRES: dict[Status, Why] = {Status.PLACED: "hold-expired", Status.CONFIRMED: "not-accepted"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """A line that could not be held: asked `quantity`, only `stock_left` there."""

    product_id: str
    sku: str
    quantity: int
    stock_left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    code: str
    short: tuple[Short, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    placed_at: datetime
    hold_until: datetime
    accept_by: datetime

    @staticmethod
    def after(now: datetime, hold_seconds: int, accept_seconds: int) -> "Deadlines":
        return Deadlines(
            placed_at=now,
            hold_until=now + timedelta(seconds=hold_seconds),
            accept_by=now + timedelta(seconds=accept_seconds),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`due_at` is when it is cancelled unless somebody moves it before; None: nothing more is awaited."""

    id: str
    tenant: str
    buyer: str
    seller: str
    seller_district: str
    deliver_to: Destination
    lines: tuple[Line, ...]
    total_paise: int
    placed_at: datetime
    accept_by: datetime
    due_at: datetime | None
    status: Status = Status.PLACED
    refusal: Refusal | None = None
    reason: str | None = None
    seller_block: str | None = None


class NotAcceptable(Refused):
    """This order is {status}; only a confirmed order can be accepted."""

    mr = "ही ऑर्डर आता स्वीकारता येत नाही (स्थिती: {status}); फक्त निश्चित झालेली (confirmed) ऑर्डर स्वीकारता येते."
    hi = "यह ऑर्डर अब स्वीकार नहीं हो सकता (स्थिति: {status}); केवल पक्का हुआ (confirmed) ऑर्डर स्वीकार होता है।"


class NotCancellable(Refused):
    """This order is already {status}; only a placed or confirmed order can be cancelled."""

    mr = "ही ऑर्डर आता रद्द करता येत नाही (स्थिती: {status}); स्वीकारण्यापूर्वीच ऑर्डर रद्द करता येते."
    hi = "यह ऑर्डर अब रद्द नहीं हो सकता (स्थिति: {status}); ऑर्डर स्वीकार होने से पहले ही रद्द होता है।"


def place(
    order_id: str, by: Scope, basket: Basket, known: Mapping[str, KnownProduct], at: Deadlines
) -> Decision[Order]:
    """A basket at today's prices. Raises what is wrong with its lines or its destination."""
    check(basket, by.tenant)
    lines = priced(basket, known)
    seller = one_seller(basket, known)
    order = Order(
        id=order_id,
        tenant=by.tenant,
        buyer=by.party,
        seller=seller.seller,
        seller_district=seller.district,
        seller_block=seller.block,
        deliver_to=basket.deliver_to,
        lines=lines,
        total_paise=sum(line.amount_paise for line in lines),
        placed_at=at.placed_at,
        accept_by=at.accept_by,
        due_at=at.hold_until,
    )
    return Decision(order, placed_fact(order, at.hold_until))


def placed_fact(order: Order, hold_until: datetime) -> OrderPlaced:
    return OrderPlaced(
        deliver_district=order.deliver_to.district,
        total_paise=order.total_paise,
        hold_until=hold_until,
        **measured(order),
    )


def confirm(order: Order) -> Decision[Order]:
    """Its stock is held: the seller has until `accept_by`. A late answer to a cancelled order changes nothing."""
    if order.status is not Status.PLACED:
        return Decision(order)
    confirmed = replace(order, status=Status.CONFIRMED, due_at=order.accept_by)
    return Decision(confirmed, OrderConfirmed(buyer=order.buyer, seller=order.seller, total_paise=order.total_paise))


def refuse(order: Order, refusal: Refusal) -> Decision[Order]:
    """Nothing could be held for it. A late answer to a cancelled order changes nothing."""
    if order.status is not Status.PLACED:
        return Decision(order)
    refused = replace(order, status=Status.REFUSED, due_at=None, refusal=refusal)
    short = tuple(ShortLine(**asdict(line)) for line in refusal.short)
    return Decision(refused, OrderRefused(code=refusal.code, short=short, **measured(order)))


def accept(order: Order) -> Decision[Order]:
    """The seller makes it ready. Raises NotAcceptable."""
    if order.status is not Status.CONFIRMED:
        raise NotAcceptable(status=order.status.value)
    accepted = replace(order, status=Status.ACCEPTED, due_at=None)
    return Decision(accepted, OrderAccepted(buyer=order.buyer, seller=order.seller, lines=told(order)))


def cancel(order: Order, by: Scope, reason: str) -> Decision[Order]:
    """Whoever of the two sides asks. Raises NotCancellable."""
    if order.status not in CANCELLABLE:
        raise NotCancellable(status=order.status.value)
    return cancelled(order, "buyer" if by.party == order.buyer else "seller", "asked", reason)


def expire(order: Order, now: datetime) -> Decision[Order]:
    """Its time is over: by its state a hold that was not answered or an order that was not accepted."""
    why = EXPIRES.get(order.status)
    if why is None or order.due_at is None or order.due_at > now:
        return Decision(order)
    return cancelled(order, "timer", why, why)


def cancelled(order: Order, by: Side, why: Why, words: str) -> Decision[Order]:
    """`words` stay here, they may hold a name or a phone; the world is told `why`."""
    state = replace(order, status=Status.CANCELLED, due_at=None, reason=words)
    fact = OrderCancelled(by=by, reason=why, **measured(order))
    return Decision(state, fact)


def measured(order: Order) -> dict[str, Any]:
    """What every fact says that counts an order or takes it out again: whose, what, where, and when it was placed."""
    sides = {"buyer": order.buyer, "seller": order.seller}
    place = {"seller_district": order.seller_district, "seller_block": order.seller_block}
    return {**sides, "lines": told(order), **place, "placed_at": order.placed_at}


def told(order: Order) -> tuple[OrderLine, ...]:
    return tuple(OrderLine(**asdict(line)) for line in order.lines)
