"""What stalls tells the world. A group stands in it by its id, a ticket by its number; no name, no phone."""

from datetime import date, datetime
from typing import ClassVar, Literal

from pydantic import Field

from shared.events import Fact, Part

VenueKind = Literal[
    "school_ground", "municipal_ground", "exhibition_hall", "weekly_market", "route_stop", "permanent_centre"
]
PermissionKind = Literal["no_objection", "school_committee_consent", "zilla_parishad_order", "municipal_order"]
SHA256 = r"^[0-9a-f]{64}$"
TICKET = r"^[0-9]{16}$"


class VenueRegistered(Fact):
    """A ground where stalls can stand. The subject is the venue's id."""

    topic: ClassVar[str] = "stalls.venues"
    name: ClassVar[str] = "venue-registered"

    kind: VenueKind
    district: str = Field(description="LGD code")
    block: str | None = Field(default=None, description="LGD code")
    local_body: str | None = Field(default=None, description="LGD code")
    stalls: int = Field(gt=0)


class PermissionFiled(Fact):
    """A document that lets the ground be used stands in its file."""

    topic: ClassVar[str] = "stalls.venues"
    name: ClassVar[str] = "permission-filed"

    permission: str = Field(description="its id, unique in the venue's file")
    kind: PermissionKind
    valid_from: date
    valid_until: date = Field(description="counts")


class PermissionWithdrawn(Fact):
    """The document holds no more; what was planned on it is refused or struck out."""

    topic: ClassVar[str] = "stalls.venues"
    name: ClassVar[str] = "permission-withdrawn"

    permission: str
    kind: PermissionKind


class VenueName(Part):
    mr: str | None = None
    hi: str | None = None
    en: str | None = None


class CallEvent(Part):
    """One offer of a call: a ground on some days."""

    number: int = Field(ge=1, description="what a choice names")
    venue: str
    district: str = Field(description="LGD code")
    block: str | None = Field(default=None, description="LGD code")
    days: tuple[date, ...] = Field(min_length=1)
    stalls: int = Field(gt=0)


class LogEntry(Part):
    """One entry of the public log of a call. Its digest is over the digest before it and all of this."""

    number: int = Field(ge=1)
    at: datetime
    step: Literal["opened", "closed", "nonce_opened", "nonces_struck", "value_named", "confirmed", "drawn"]
    by: str = Field(description="her role and a pseudonym that is another in every call, or timer")
    what: str
    digest: str = Field(pattern=SHA256)


class CallOpened(Fact):
    """Groups are asked to apply. The subject is the call's id."""

    topic: ClassVar[str] = "stalls.calls"
    name: ClassVar[str] = "call-opened"

    district: str = Field(description="LGD code of the office that opened it")
    opens_at: datetime
    closes_at: datetime = Field(description="the second counts")
    events: tuple[CallEvent, ...] = Field(min_length=1)
    commitment: str = Field(pattern=SHA256, description="SHA-256 of the first party's nonce, opened after the close")
    public_source: str = Field(description="where the public value will be read by anybody")
    public_at: datetime = Field(description="when it will be published: after the close")
    commitments: tuple[str, ...] = Field(default=(), description="of all parties, in order; empty in what is older")
    public_round: int | None = Field(default=None, ge=1, description="of the source, where it counts rounds")
    log: LogEntry | None = None


class CallClosed(Fact):
    """No application comes in any more; these are fixed."""

    topic: ClassVar[str] = "stalls.calls"
    name: ClassVar[str] = "call-closed"

    applications: int = Field(ge=0)
    inputs_digest: str = Field(pattern=SHA256, description="over the applications and their choices")
    plan_digest: str = Field(pattern=SHA256, description="over the events and their plan lines")
    log: LogEntry | None = None


class NonceOpened(Fact):
    """A party said what its commitment promised."""

    topic: ClassVar[str] = "stalls.calls"
    name: ClassVar[str] = "nonce-opened"

    party: int = Field(ge=1, description="in the order of call-opened")
    commitment: str = Field(pattern=SHA256)
    nonce: str
    log: LogEntry


class NoncesStruck(Fact):
    """These parties did not open theirs in time; the draw goes on without them."""

    topic: ClassVar[str] = "stalls.calls"
    name: ClassVar[str] = "nonces-struck"

    parties: tuple[int, ...] = Field(min_length=1)
    log: LogEntry


class PublicValueNamed(Fact):
    """An officer named the public value of the draw; another one has to confirm it."""

    topic: ClassVar[str] = "stalls.calls"
    name: ClassVar[str] = "public-value-named"

    public_value: str
    published_at: datetime
    public_round: int | None = Field(default=None, ge=1)
    log: LogEntry


class PublicValueConfirmed(Fact):
    """A second officer confirmed the very same value; the draw begins."""

    topic: ClassVar[str] = "stalls.calls"
    name: ClassVar[str] = "public-value-confirmed"

    public_value: str
    published_at: datetime
    public_round: int | None = Field(default=None, ge=1)
    log: LogEntry


class DrawFinalised(Fact):
    """The draw is made; its outcome never changes. What follows from it is told in stalls.allotments."""

    topic: ClassVar[str] = "stalls.calls"
    name: ClassVar[str] = "draw-finalised"

    nonce: str = Field(description="the first that was opened; empty where none was")
    public_value: str
    seed: str = Field(pattern=SHA256)
    outcome_digest: str = Field(pattern=SHA256)
    allotted: int = Field(ge=0)
    waitlisted: int = Field(ge=0)
    nonces: tuple[str, ...] = Field(default=(), description="all that were opened, in the order of their parties")
    log: LogEntry | None = None


class ApplicationSubmitted(Fact):
    """A group asks for a stall; also when it comes back after it withdrew. The subject is the application's id."""

    topic: ClassVar[str] = "stalls.applications"
    name: ClassVar[str] = "application-submitted"

    call: str
    group: str
    ticket: str = Field(pattern=TICKET, description="its number in the draw")
    categories: tuple[str, ...] = Field(min_length=1, description="of the products it will sell, sorted")
    choices: tuple[int, ...] = Field(min_length=1, description="events of the call, the best first")
    submitted_at: datetime
    call_name: VenueName | None = None


class ApplicationChanged(Fact):
    """The application says this now."""

    topic: ClassVar[str] = "stalls.applications"
    name: ClassVar[str] = "application-changed"

    call: str
    group: str
    categories: tuple[str, ...] = Field(min_length=1, description="sorted")
    categories_before: tuple[str, ...] = Field(min_length=1, description="sorted")
    choices: tuple[int, ...] = Field(min_length=1)
    submitted_at: datetime = Field(description="as in application-submitted, not the time of this change")
    ticket: str | None = Field(default=None, pattern=TICKET)


class ApplicationWithdrawn(Fact):
    """It is not in the draw: the group took it back, or it came after the close."""

    topic: ClassVar[str] = "stalls.applications"
    name: ClassVar[str] = "application-withdrawn"

    call: str
    group: str
    categories: tuple[str, ...] = Field(min_length=1, description="those it had, sorted")
    submitted_at: datetime = Field(description="as in application-submitted")
    ticket: str | None = Field(default=None, pattern=TICKET)


FACTS: tuple[type[Fact], ...] = (
    VenueRegistered,
    PermissionFiled,
    PermissionWithdrawn,
    CallOpened,
    CallClosed,
    NonceOpened,
    NoncesStruck,
    PublicValueNamed,
    PublicValueConfirmed,
    DrawFinalised,
    ApplicationSubmitted,
    ApplicationChanged,
    ApplicationWithdrawn,
)
