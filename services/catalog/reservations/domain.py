"""What is held for one order. Every line or none; only orders decides when a hold ends."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from services.catalog.stock.domain import NotEnoughStock, Stock, stock_id
from shared.contracts.catalog import (
    HeldLine,
    ReservationConsumed,
    ReservationHeld,
    ReservationRefused,
    ReservationReleased,
    ShortLine,
)
from shared.decisions import Decision

Stocks = Mapping[str, Stock | None]
"""What is known of each stock, by its id; None: no such stock."""


class Status(StrEnum):
    HELD = "held"
    REFUSED = "refused"
    RELEASED = "released"
    CONSUMED = "consumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    product_id: str
    sku: str
    quantity: int

    @property
    def stock_id(self) -> str:
        return stock_id(self.product_id, self.sku)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """The id is the order's. `code` says why it was refused; lines are one for each variant."""

    id: str
    tenant: str
    status: Status
    lines: tuple[Line, ...] = ()
    code: str | None = None

    @property
    def holding(self) -> tuple[Line, ...]:
        """What is held at this moment."""
        return self.lines if self.status is Status.HELD else ()


def added_up(lines: Iterable[Line]) -> tuple[Line, ...]:
    """One line for each variant, in the order they first came."""
    asked: Counter[tuple[str, str]] = Counter()
    for line in lines:
        asked[line.product_id, line.sku] += line.quantity
    return tuple(Line(product_id=product, sku=sku, quantity=total) for (product, sku), total in asked.items())


def reserve(order_id: str, tenant: str, lines: Iterable[Line], stocks: Stocks) -> Decision[Reservation]:
    """Held when every variant has enough of it, else refused with what is left of those that have not."""
    wanted = added_up(lines)
    left = {line.stock_id: _left(stocks.get(line.stock_id), tenant) for line in wanted}
    reservation = Reservation(id=order_id, tenant=tenant, status=Status.HELD, lines=wanted)
    short = [line for line in wanted if line.quantity > left[line.stock_id]]
    if short:
        code = NotEnoughStock.__name__
        fact = ReservationRefused(code=code, short=tuple(_short(line, left[line.stock_id]) for line in short))
        return Decision(replace(reservation, status=Status.REFUSED, code=code), fact)
    held = tuple(_held(line, left[line.stock_id] - line.quantity) for line in wanted)
    return Decision(reservation, ReservationHeld(lines=held))


def tell_again(reservation: Reservation, stocks: Stocks) -> Decision[Reservation]:
    """Orders was restored from backup and asks as if for the first time: what is held for it is said once more."""
    held = tuple(_held(line, _available(stocks, line)) for line in reservation.holding)
    return Decision(reservation, ReservationHeld(lines=held)) if held else Decision(reservation)


def never_held(order_id: str, tenant: str) -> Decision[Reservation]:
    """Of an order that was cancelled before we heard of it: nothing can be held for it any more."""
    return Decision(Reservation(id=order_id, tenant=tenant, status=Status.RELEASED))


def release(reservation: Reservation, stocks: Stocks) -> Decision[Reservation]:
    """`stocks` as they are before. Nothing happens unless it is held."""
    if reservation.status is not Status.HELD:
        return Decision(reservation)
    back = tuple(_held(line, _available(stocks, line) + line.quantity) for line in reservation.lines)
    return Decision(replace(reservation, status=Status.RELEASED), ReservationReleased(lines=back))


def consume(reservation: Reservation, stocks: Stocks) -> Decision[Reservation]:
    """Sold: on hand and held fall together, so what is available stays."""
    if reservation.status is not Status.HELD:
        return Decision(reservation)
    sold = tuple(_held(line, _available(stocks, line)) for line in reservation.lines)
    return Decision(replace(reservation, status=Status.CONSUMED), ReservationConsumed(lines=sold))


def _left(stock: Stock | None, tenant: str) -> int:
    return stock.available if stock is not None and stock.tenant == tenant else 0


def _available(stocks: Stocks, line: Line) -> int:
    stock = stocks.get(line.stock_id)
    return stock.available if stock else 0


def _short(line: Line, left: int) -> ShortLine:
    return ShortLine(product_id=line.product_id, sku=line.sku, quantity=line.quantity, stock_left=left)


def _held(line: Line, left: int) -> HeldLine:
    return HeldLine(product_id=line.product_id, sku=line.sku, quantity=line.quantity, stock_left=left)
