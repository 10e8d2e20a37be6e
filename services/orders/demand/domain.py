"""Which figures an order's facts change: it counts from its placing until it is refused or cancelled."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from shared.contracts.orders import OrderCancelled, OrderLine, OrderPlaced, OrderRefused
from shared.errors import Invalid
from shared.events import Event
from shared.places.area import OutsideArea, area_name, place_name
from shared.places.directory import blocks_of
from shared.scope import Role, Scope
from shared.streaming.figures import Step
from shared.streaming.spans import Span, hour_name, hour_of

NAME = "demand"
COUNTS = ("units", "paise")
Level = Literal["block", "district", "state"]
LEVELS: dict[Level, tuple[str, ...]] = {"block": ("district", "block"), "district": ("district",), "state": ()}
"""What a row says of its place; the sums of a level add up to those of the next."""

Undone = OrderCancelled | OrderRefused


class PlacingUnknown(Invalid):
    """{id} does not say what was ordered, where and when: it was told before facts did, so it cannot be taken out."""

    mr = "{id} मध्ये काय, कुठे आणि केव्हा मागवले होते हे नाही: ही जुनी घटना आहे, म्हणून ती आकड्यांतून वजा करता येत नाही."
    hi = "{id} में क्या, कहाँ और कब मँगाया गया था, यह नहीं है: यह पुरानी घटना है, इसलिए इसे आँकड़ों से घटाया नहीं जा सकता।"


def placed(event: Event[OrderPlaced]) -> list[Step]:
    """Each line counts with its quantity and amount."""
    at, block = event.data.placed_at or event.time, event.data.seller_block
    return [
        Step(
            line=f"{event.subject}:{n}",
            stands=worth(line),
            **where(event, line, (event.data.seller_district, block), at),
        )
        for n, line in enumerate(event.data.lines)
    ]


def undone(event: Event[Undone]) -> list[Step]:
    """Each line counts nothing from now on. Raises PlacingUnknown."""
    said = event.data
    if said.placed_at is None or said.seller_district is None or not said.lines:
        raise PlacingUnknown(id=event.id)
    place = (said.seller_district, said.seller_block)
    return [
        Step(
            line=f"{event.subject}:{n}",
            stands=(0, 0),
            stood=worth(line),
            since=said.placed_at,
            **where(event, line, place, said.placed_at),
        )
        for n, line in enumerate(said.lines)
    ]


def worth(line: OrderLine) -> tuple[int, int]:
    """Units and paise."""
    return line.quantity, line.quantity * line.unit_price_paise


def where(event: Event[Any], line: OrderLine, place: tuple[str, str | None], at: datetime) -> dict[str, Any]:
    """The key of a line's figure and what is kept beside it."""
    district, block = place
    labels = {
        "tenant": event.tenant,
        "product": line.product_id,
        "seller": event.data.seller,
        "district": district,
        "block": block,
        "hour": hour_of(at),
    }
    key = (line.product_id, event.data.seller, district, block or "", hour_name(at))
    return {"key": key, "labels": labels}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whose demand: of a product, a district, a block (LGD codes), or all there is; `level` is how finely."""

    span: Span
    level: Level
    product: str | None = None
    district: str | None = None
    block: str | None = None

    @property
    def narrowed(self) -> dict[str, str]:
        asked = {"product": self.product, "district": self.district, "block": self.block}
        return {field: value for field, value in asked.items() if value is not None}


def require_asked(question: Question, scope: Scope) -> None:
    """An officer who asks for another's area is told so, rather than that nothing is sold there. Raises OutsideArea."""
    if scope.role not in {Role.BLOCK_OFFICER, Role.DISTRICT_OFFICER}:
        return
    blocks = {scope.block} if scope.role is Role.BLOCK_OFFICER else {p.code for p in blocks_of(scope.district or "")}
    if question.district not in {None, scope.district} or (question.block and question.block not in blocks):
        asked = question.district or scope.district or "-"
        raise OutsideArea(place=place_name(asked, question.block), area=area_name(scope))
