"""Grounds where stalls can stand: where they lie, who has permitted what until when, and which call has which day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from services.stalls.calendars.domain import DayKind
from services.stalls.permits.domain import LACKS, Filing, Permission, missing, on_file
from shared.contracts.stalls import PermissionFiled, PermissionWithdrawn, VenueKind, VenueRegistered
from shared.decisions import Decision
from shared.errors import Language, NotFound, Problem, Refused
from shared.ids import derived_id
from shared.localized import Localized
from shared.places.area import check_place, require_area
from shared.scope import Scope

MOST_PERMISSIONS = 200
CLAIM_MINUTES = 10  # a request that opens a call is answered or cut off long before


class Facility(StrEnum):
    WATER = "water"
    TOILET = "toilet"
    POWER = "power"
    RAMP = "ramp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the register is told of a venue. `owner` is the body that owns it; places are LGD codes."""

    kind: VenueKind
    owner: str
    names: Localized
    district: str
    block: str | None = None
    local_body: str | None = None
    stalls: int
    facilities: tuple[Facility, ...] = ()
    permissions: tuple[Filing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue(Ground):
    id: str
    tenant: str
    permissions: tuple[Permission, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueFilters:
    district: str | None = None
    kind: VenueKind | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Usability:
    """What is missing for this ground on this day, and the call that has it then."""

    venue: str
    date: date
    missing: tuple[Problem, ...]
    taken_by: str | None

    @property
    def may(self) -> bool:
        return not self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a ground was struck out, as it is kept: the code of a problem, and the day it speaks of."""

    code: str
    day: date

    def kept(self) -> dict[str, str]:
        return {"code": self.code, "day": self.day.isoformat()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One ground on one day: which call has it, or none any more."""

    id: str
    tenant: str
    venue: str
    day: date
    call: str | None
    claimed_at: datetime


class PermissionUnknown(NotFound):
    """The venue {id} has no permission {permission} in its file."""

    mr = "{id} या मैदानाच्या कागदपत्रांत {permission} ही परवानगी नाही."
    hi = "{id} मैदान के कागज़ात में {permission} अनुमति नहीं है।"


class PermissionFileFull(Refused):
    """This venue's file holds {most} permissions already; no more can be added."""

    mr = "या मैदानाच्या नोंदीत आधीच {most} परवानग्या आहेत; आणखी जोडता येत नाहीत."
    hi = "इस मैदान के रिकॉर्ड में पहले से {most} अनुमतियाँ हैं; और नहीं जोड़ी जा सकतीं।"


class GroundNotUsable(Refused):
    """The ground {ground} cannot be used. {missing}."""

    mr = "{ground} हे मैदान वापरता येत नाही. {missing}."
    hi = "{ground} मैदान का उपयोग नहीं हो सकता। {missing}।"

    def __init__(self, venue: str, ground: Localized, missing: tuple[Problem, ...]) -> None:
        self.ground, self.missing = ground, missing
        said = [{"code": problem.code, **problem.params} for problem in missing]
        super().__init__(venue=venue, ground=ground, missing=said)

    def sentence(self, language: Language) -> str:
        """Everything that is missing, a sentence each."""
        template = str(self.__doc__ if language == "en" else getattr(self, language))
        sentences = " ".join(problem.sentence(language) for problem in self.missing)
        return template.format(ground=self.ground.said(language), missing=sentences.rstrip(".।"))


class GroundTaken(Refused):
    """The ground {ground} is given to another call on {day}; choose another day or another ground."""

    mr = "{day} रोजी {ground} हे मैदान दुसऱ्या सोडतीसाठी दिलेले आहे; दुसरा दिवस किंवा दुसरे मैदान निवडा."
    hi = "{day} को {ground} मैदान दूसरे आवेदन आमंत्रण के लिए दिया जा चुका है; दूसरा दिन या दूसरा मैदान चुनें।"

    def __init__(self, venue: str, day: str, call: str | None) -> None:
        super().__init__(venue=venue, day=day, call=call, ground=venue)

    def on(self, names: Localized) -> "GroundTaken":
        """The same, by the name people know the ground by."""
        self.params["ground"] = names
        return self


class AnotherCallsDay(Refused):
    """On {day} this ground is another call's."""

    mr = "{day} रोजी हे मैदान दुसऱ्या सोडतीला दिलेले आहे."
    hi = "{day} को यह मैदान दूसरी लॉटरी को दिया गया है।"


REASONS: tuple[type[Problem], ...] = (*LACKS, AnotherCallsDay)
OF_REASONS = {kind.__name__: kind for kind in REASONS}
STRUCK_OUT: Mapping[Language, str] = {
    "en": "{ground} was struck out at the close.",
    "mr": "{ground} हे मैदान अर्ज बंद होताना वगळले.",
    "hi": "{ground} मैदान आवेदन बंद होते समय हटा दिया गया।",
}


def reasons_of(refused: GroundNotUsable | GroundTaken) -> tuple[Reason, ...]:
    if isinstance(refused, GroundNotUsable):
        told = ((lack.code, lack.params["day"]) for lack in refused.missing)
        return tuple(Reason(code=code, day=date.fromisoformat(str(day))) for code, day in told)
    return (Reason(code=AnotherCallsDay.__name__, day=date.fromisoformat(str(refused.params["day"]))),)


def read_reasons(kept: Any) -> tuple[Reason, ...]:
    """As a document keeps them. Once it kept an English sentence: a remembered answer may still, and gives none."""
    if isinstance(kept, str):
        return ()
    return tuple(Reason(code=one["code"], day=date.fromisoformat(one["day"])) for one in kept)


def struck_out(ground: Localized, why: Iterable[Reason], language: Language) -> str:
    """To whoever wanted this ground. A reason of another version's code is left out: its day says enough."""
    known = (OF_REASONS[one.code](day=one.day.isoformat()) for one in why if one.code in OF_REASONS)
    first = STRUCK_OUT[language].format(ground=ground.said(language))
    return " ".join([first, *(reason.sentence(language) for reason in known)])


def permission_id(venue_id: str, number: int) -> str:
    """Of the documents a venue was registered with, counted from 0."""
    return derived_id(venue_id, "permissions", str(number))


def register(venue_id: str, ground: Ground, scope: Scope) -> Decision[Venue]:
    """Raises LocalTextMissing, UnknownPlace, BlockElsewhere, BlockOrLocalBody, OutsideArea, PermissionEndsEarly."""
    ground.names.require_local("names")
    check_place(scope.tenant, ground.district, ground.block, ground.local_body)
    require_area(scope, ground.district, ground.block)
    permissions = tuple(
        on_file(permission_id(venue_id, number), filing) for number, filing in enumerate(ground.permissions)
    )
    kept: dict[str, Any] = {field.name: getattr(ground, field.name) for field in fields(Ground)}
    venue = Venue(**{**kept, "id": venue_id, "tenant": scope.tenant, "permissions": permissions})
    return Decision(venue, _registered(venue), *map(_filed, permissions))


def file(venue: Venue, permission: str, filing: Filing, scope: Scope) -> Decision[Venue]:
    """Add a document to the file. Raises OutsideArea, PermissionEndsEarly, PermissionFileFull."""
    require_area(scope, venue.district, venue.block)
    if len(venue.permissions) >= MOST_PERMISSIONS:
        raise PermissionFileFull(most=MOST_PERMISSIONS)
    added = on_file(permission, filing)
    return Decision(replace(venue, permissions=(*venue.permissions, added)), _filed(added))


def withdraw(venue: Venue, permission: str, reason: str, scope: Scope, now: datetime) -> Decision[Venue]:
    """The document holds for no day any more; the first withdrawal counts. Raises OutsideArea, PermissionUnknown."""
    require_area(scope, venue.district, venue.block)
    found = next((known for known in venue.permissions if known.id == permission), None)
    if found is None:
        raise PermissionUnknown(id=venue.id, permission=permission)
    if found.withdrawn_at:
        return Decision(venue)
    gone = replace(found, withdrawn_at=now, withdrawn_reason=reason)
    kept = tuple(gone if known.id == permission else known for known in venue.permissions)
    return Decision(replace(venue, permissions=kept), PermissionWithdrawn(permission=gone.id, kind=gone.kind))


def _registered(venue: Venue) -> VenueRegistered:
    return VenueRegistered(
        kind=venue.kind,
        stalls=venue.stalls,
        district=venue.district,
        block=venue.block,
        local_body=venue.local_body,
    )


def _filed(permission: Permission) -> PermissionFiled:
    return PermissionFiled(
        permission=permission.id,
        kind=permission.kind,
        valid_from=permission.valid_from,
        valid_until=permission.valid_until,
    )


def require_usable(venue: Venue, days: Mapping[date, frozenset[DayKind] | None]) -> None:
    """Raises GroundNotUsable, which names all that is missing on any of the days."""
    lacks = tuple(
        problem for day, kinds in sorted(days.items()) for problem in missing(venue.kind, venue.permissions, day, kinds)
    )
    if lacks:
        raise GroundNotUsable(venue.id, venue.names, lacks)


def use_id(venue: str, day: date) -> str:
    return derived_id("use", venue, day.isoformat())


def first_use(tenant: str, venue: str, day: date, call: str, now: datetime) -> Use:
    return Use(id=use_id(venue, day), tenant=tenant, venue=venue, day=day, call=call, claimed_at=now)


def claim(use: Use, call: str, now: datetime, abandoned: str | None = None) -> Decision[Use]:
    """The same call has it already, nobody, or one that is `abandoned`. Raises GroundTaken."""
    if use.call == call:
        return Decision(use)
    if use.call not in (None, abandoned):
        raise GroundTaken(venue=use.venue, day=use.day.isoformat(), call=use.call)
    return Decision(replace(use, call=call, claimed_at=now))


def release(use: Use, call: str) -> Decision[Use]:
    """Another call's day stays as it is."""
    return Decision(replace(use, call=None) if use.call == call else use)


def long_ago(use: Use, now: datetime) -> bool:
    """So long that whoever claimed it has either opened its call or never will."""
    return now - use.claimed_at > timedelta(minutes=CLAIM_MINUTES)
