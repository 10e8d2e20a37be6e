"""What stalls tells of allotments: who has which stall after a draw, and what became of it."""

from datetime import date, datetime
from typing import ClassVar, Literal

from pydantic import Field

from shared.contracts.stalls import TICKET, VenueName
from shared.events import Fact, Part


class StallAllotted(Fact):
    """A stall is hers if she confirms in time. The subject is the allotment's id, one for each application."""

    topic: ClassVar[str] = "stalls.allotments"
    name: ClassVar[str] = "stall-allotted"

    application: str
    call: str
    group: str
    ticket: str = Field(pattern=TICKET)
    event: int = Field(ge=1)
    venue: str
    venue_name: VenueName
    days: tuple[date, ...] = Field(min_length=1)
    stall: int = Field(ge=1, description="number on the ground")
    place: int = Field(ge=1, description="in the one line of this draw")
    confirm_by: datetime
    through: Literal["draw", "waitlist"]


class WaitlistPlace(Part):
    event: int = Field(ge=1)
    position: int = Field(ge=1, description="among those without a stall who want this event")


class ApplicationWaitlisted(Fact):
    """No stall yet; she is next in line where others give theirs back."""

    topic: ClassVar[str] = "stalls.allotments"
    name: ClassVar[str] = "application-waitlisted"

    application: str
    call: str
    group: str
    ticket: str = Field(pattern=TICKET)
    place: int = Field(ge=1)
    positions: tuple[WaitlistPlace, ...] = ()


class Held(Part):
    application: str
    call: str
    group: str
    event: int = Field(ge=1)
    venue: str
    days: tuple[date, ...] = Field(min_length=1)
    stall: int = Field(ge=1)
    ticket: str | None = Field(default=None, pattern=TICKET)


class AllotmentConfirmed(Fact):
    """She comes; one credit is charged."""

    topic: ClassVar[str] = "stalls.allotments"
    name: ClassVar[str] = "allotment-confirmed"

    held: Held
    venue_name: VenueName


class AllotmentDeclined(Fact):
    """She gives it back, or leaves the waitlist (then she held nothing); a stall goes to the next in line."""

    topic: ClassVar[str] = "stalls.allotments"
    name: ClassVar[str] = "allotment-declined"

    application: str
    call: str
    group: str
    held: Held | None = None
    ticket: str | None = Field(default=None, pattern=TICKET)
    venue_name: VenueName | None = None


class AllotmentLapsed(Fact):
    """She did not answer in time; the stall goes to the next in line."""

    topic: ClassVar[str] = "stalls.allotments"
    name: ClassVar[str] = "allotment-lapsed"

    held: Held
    venue_name: VenueName | None = None


class AllotmentUpgraded(Fact):
    """A better choice became free, as she had asked: she has that stall now, and no more the one before."""

    topic: ClassVar[str] = "stalls.allotments"
    name: ClassVar[str] = "allotment-upgraded"

    held: Held
    venue_name: VenueName
    before: Held
    venue_name_before: VenueName
    confirm_by: datetime | None = Field(default=None, description="missing where she had confirmed: that still counts")


class AllotmentGivenBack(Fact):
    """She had confirmed and cannot come; the stall goes to others."""

    topic: ClassVar[str] = "stalls.allotments"
    name: ClassVar[str] = "allotment-given-back"

    held: Held
    venue_name: VenueName
    credit: Literal["returned", "kept"] = Field(description="kept in the last week before the fair")


class StandbyCheckedIn(Fact):
    """A group of the waitlist stands at the ground that day, in case a stall stays empty."""

    topic: ClassVar[str] = "stalls.allotments"
    name: ClassVar[str] = "standby-checked-in"

    application: str
    call: str
    group: str
    ticket: str = Field(pattern=TICKET)
    event: int = Field(ge=1)
    day: date


class StandbySeated(Fact):
    """A stall stayed empty on the day: it is hers at once; one credit is charged."""

    topic: ClassVar[str] = "stalls.allotments"
    name: ClassVar[str] = "standby-seated"

    held: Held
    venue_name: VenueName
    place: int = Field(ge=1, description="in the one line of this draw")


FACTS: tuple[type[Fact], ...] = (
    StallAllotted,
    ApplicationWaitlisted,
    AllotmentConfirmed,
    AllotmentDeclined,
    AllotmentLapsed,
    AllotmentUpgraded,
    AllotmentGivenBack,
    StandbyCheckedIn,
    StandbySeated,
)
