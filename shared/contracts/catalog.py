"""What catalog tells the world: groups, products, stock and the holds on it. Ids and results, never a name."""

from typing import ClassVar, Literal

from pydantic import Field

from shared.events import Fact, Part
from shared.ids import derived_id

Programme = Literal["umed", "nulm", "mavim"]
Inactive = Literal["closed", "inactive", "mistake", "other"]
"""Why a group is not served any more: dissolved, silent for long, entered by mistake."""
Category = Literal["food", "paper", "jewellery", "masks", "handicraft", "textiles", "forest", "gifts"]
"""What a product can be. A fact's `category` is any text, so that one more breaks no reader."""


class GroupRegistered(Fact):
    """A self-help group stands in the registry. The subject is the group's id."""

    topic: ClassVar[str] = "catalog.groups"
    name: ClassVar[str] = "group-registered"

    programme: Programme
    district: str = Field(description="LGD code")
    block: str | None = Field(default=None, description="LGD code; rural groups")
    local_body: str | None = Field(default=None, description="LGD code; urban groups")


class GroupChanged(Fact):
    """What the registry says of a group now. `programmes`: its own, and those of the groups merged into it."""

    topic: ClassVar[str] = "catalog.groups"
    name: ClassVar[str] = "group-changed"

    programme: Programme
    programmes: tuple[Programme, ...] = Field(min_length=1)
    district: str = Field(description="LGD code")
    block: str | None = Field(default=None, description="LGD code; rural groups")
    local_body: str | None = Field(default=None, description="LGD code; urban groups")


class GroupMerged(Fact):
    """An officer found that this group is another one: from now on its id is an alias of `into`. Ids never change."""

    topic: ClassVar[str] = "catalog.groups"
    name: ClassVar[str] = "group-merged"

    into: str = Field(description="group id; itself merged into none")


class GroupSplit(Fact):
    """The merge was a mistake: this id stands for a group of its own again."""

    topic: ClassVar[str] = "catalog.groups"
    name: ClassVar[str] = "group-split"

    out_of: str = Field(description="group id")


class GroupDeactivated(Fact):
    """It takes part in nothing until it is reactivated; what it has stays."""

    topic: ClassVar[str] = "catalog.groups"
    name: ClassVar[str] = "group-deactivated"

    reason: Inactive


class GroupReactivated(Fact):
    """It takes part again."""

    topic: ClassVar[str] = "catalog.groups"
    name: ClassVar[str] = "group-reactivated"


def group_id(tenant: str, programme: str, code: str) -> str:
    """The id of a programme's group, for whoever knows its number there: always the same one."""
    return derived_id(tenant, programme, code)


class VariantOffer(Part):
    sku: str
    unit_price_paise: int = Field(gt=0, description="includes tax")
    tax_basis_points: int = Field(ge=0, le=10_000)


class ProductListed(Fact):
    """A product is on sale, with everything a buyer's service needs to price it. The subject is the product's id."""

    topic: ClassVar[str] = "catalog.products"
    name: ClassVar[str] = "product-listed"

    seller: str = Field(description="group id")
    district: str = Field(description="LGD code of the seller's district")
    block: str | None = Field(default=None, description="LGD code of the seller's block; rural groups")
    category: str
    variants: tuple[VariantOffer, ...] = Field(min_length=1)


class ProductChanged(Fact):
    """A listed or paused product has these values now."""

    topic: ClassVar[str] = "catalog.products"
    name: ClassVar[str] = "product-changed"

    seller: str
    district: str
    block: str | None = None
    category: str
    variants: tuple[VariantOffer, ...] = Field(min_length=1)


class ProductPaused(Fact):
    """A product is not on sale until it is listed again."""

    topic: ClassVar[str] = "catalog.products"
    name: ClassVar[str] = "product-paused"

    reason: str | None = None


class StockChanged(Fact):
    """What there is of one variant now. The subject is `product_id:sku`; only the newest figure matters."""

    topic: ClassVar[str] = "catalog.stock"
    name: ClassVar[str] = "stock-changed"

    product_id: str
    sku: str
    on_hand: int = Field(ge=0)
    held: int = Field(ge=0)
    available: int = Field(ge=0, description="on_hand - held")


class HeldLine(Part):
    product_id: str
    sku: str
    quantity: int = Field(gt=0)
    stock_left: int = Field(ge=0, description="available after this")


class ShortLine(Part):
    product_id: str
    sku: str
    quantity: int = Field(gt=0, description="asked for")
    stock_left: int = Field(ge=0, description="available now")


class ReservationHeld(Fact):
    """Every line of the order is held. The subject is the order's id."""

    topic: ClassVar[str] = "catalog.reservations"
    name: ClassVar[str] = "reservation-held"

    lines: tuple[HeldLine, ...] = Field(min_length=1)


class ReservationRefused(Fact):
    """No line of the order is held; these are too few."""

    topic: ClassVar[str] = "catalog.reservations"
    name: ClassVar[str] = "reservation-refused"

    code: str = Field(description="a problem code, such as NotEnoughStock")
    short: tuple[ShortLine, ...] = ()


class ReservationReleased(Fact):
    """What was held is available again."""

    topic: ClassVar[str] = "catalog.reservations"
    name: ClassVar[str] = "reservation-released"

    lines: tuple[HeldLine, ...] = ()


class ReservationConsumed(Fact):
    """What was held is sold: on hand and held are both lower."""

    topic: ClassVar[str] = "catalog.reservations"
    name: ClassVar[str] = "reservation-consumed"

    lines: tuple[HeldLine, ...] = Field(min_length=1)


FACTS: tuple[type[Fact], ...] = (
    GroupRegistered,
    GroupChanged,
    GroupMerged,
    GroupSplit,
    GroupDeactivated,
    GroupReactivated,
    ProductListed,
    ProductChanged,
    ProductPaused,
    StockChanged,
    ReservationHeld,
    ReservationRefused,
    ReservationReleased,
    ReservationConsumed,
)
