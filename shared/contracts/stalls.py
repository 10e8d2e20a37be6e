"""What stalls tells the world."""

from typing import ClassVar, Literal

from pydantic import Field

from shared.events import Fact

VenueKind = Literal[
    "school_ground", "municipal_ground", "exhibition_hall", "weekly_market", "route_stop", "permanent_centre"
]


class VenueRegistered(Fact):
    """A ground where stalls can stand. The subject is the venue's id."""

    topic: ClassVar[str] = "stalls.venues"
    name: ClassVar[str] = "venue-registered"

    kind: VenueKind
    district: str = Field(description="LGD code")
    block: str | None = Field(default=None, description="LGD code")
    local_body: str | None = Field(default=None, description="LGD code")
    stalls: int = Field(gt=0)


FACTS: tuple[type[Fact], ...] = (VenueRegistered,)
