"""Grounds where stalls can stand: where they lie, who has permitted what until when, and which call has which day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from services.stalls.calendars.domain import DayKind
from shared.contracts.stalls import PermissionFiled, PermissionKind, PermissionWithdrawn, VenueKind, VenueRegistered
from shared.decisions import Decision
from shared.errors import Invalid, Language, NotFound, Problem, Refused
from shared.ids import derived_id
from shared.localized import Localized
from shared.places.area import check_place, require_area
from shared.scope import Scope

MOST_PERMISSIONS = 200
SUNDAY = 6
CLAIM_MINUTES = 10  # a request that opens a call is answered or cut off long before


class Facility(StrEnum):
    WATER = "water"
    TOILET = "toilet"
    POWER = "power"
    RAMP = "ramp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A document with its issuer, as it is handed in; both days count."""

    kind: PermissionKind = "no_objection"
    document: str
    issuer: str
    valid_from: date
    valid_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission(Filing):
    """A document in the venue's file, where its id is unique. Once withdrawn it stays there and holds no more."""

    id: str
    withdrawn_at: datetime | None = None
    withdrawn_reason: str | None = None

    def holds(self, day: date) -> bool:
        return self.withdrawn_at is None and self.valid_from <= day <= self.valid_until


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
class Rule:
    """When a kind of ground can be offered: on which days never, and with which papers, all of them."""

    never: tuple[DayKind, ...] = ("relief_camp",)
    papers: tuple[PermissionKind, ...] = ()
    free_days_only: bool = False


RULES: Mapping[VenueKind, Rule] = {
    "school_ground": Rule(
        never=("exam", "election", "relief_camp"),
        papers=("school_committee_consent", "zilla_parishad_order"),
        free_days_only=True,
    ),
    "municipal_ground": Rule(never=("election", "relief_camp"), papers=("municipal_order",)),
}


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
class Use:
    """One ground on one day: which call has it, or none any more."""

    id: str
    tenant: str
    venue: str
    day: date
    call: str | None
    claimed_at: datetime


class PermissionEndsEarly(Invalid):
    """permissions: {document} ends on {valid_until}, before it begins on {valid_from}; correct one of the dates."""

    mr = "permissions: {document} ची मुदत {valid_from} रोजी सुरू होण्याआधीच {valid_until} रोजी संपते; एक तारीख दुरुस्त करा."
    hi = "permissions: {document} की अवधि {valid_from} को शुरू होने से पहले {valid_until} को समाप्त होती है; एक तिथि सुधारें।"


class PermissionUnknown(NotFound):
    """The venue {id} has no permission {permission} in its file."""

    mr = "{id} या मैदानाच्या कागदपत्रांत {permission} ही परवानगी नाही."
    hi = "{id} मैदान के कागज़ात में {permission} अनुमति नहीं है।"


class PermissionFileFull(Refused):
    """This venue's file holds {most} permissions already; no more can be added."""

    mr = "या मैदानाच्या नोंदीत आधीच {most} परवानग्या आहेत; आणखी जोडता येत नाहीत."
    hi = "इस मैदान के रिकॉर्ड में पहले से {most} अनुमतियाँ हैं; और नहीं जोड़ी जा सकतीं।"


class NeitherSundayNorHoliday(Refused):
    """{day} is neither a Sunday nor a declared holiday of this district; a school ground is free on those only."""

    mr = "{day} हा रविवार नाही आणि या जिल्ह्याची जाहीर सुट्टीही नाही; शाळेचे मैदान त्याच दिवशी मिळते."
    hi = "{day} न रविवार है, न इस जिले का घोषित अवकाश; विद्यालय का मैदान उन्हीं दिनों मिलता है।"


class ExamDay(Refused):
    """{day} is an exam day in this district."""

    mr = "{day} रोजी या जिल्ह्यात परीक्षा आहे."
    hi = "{day} को इस जिले में परीक्षा है।"


class ElectionDay(Refused):
    """{day} is an election day in this district."""

    mr = "{day} रोजी या जिल्ह्यात निवडणूक आहे."
    hi = "{day} को इस जिले में चुनाव है।"


class ReliefCampDay(Refused):
    """On {day} the grounds of this district are kept for a relief camp."""

    mr = "{day} रोजी या जिल्ह्यातील मैदाने मदत शिबिरासाठी राखीव आहेत."
    hi = "{day} को इस जिले के मैदान राहत शिविर के लिए आरक्षित हैं।"


class SchoolConsentMissing(Refused):
    """No consent of the school committee that holds on {day} is on file."""

    mr = "{day} रोजी लागू असलेली शाळा व्यवस्थापन समितीची संमती नोंदीत नाही."
    hi = "{day} को लागू विद्यालय प्रबंधन समिति की सहमति रिकॉर्ड में नहीं है।"


class ZillaParishadOrderMissing(Refused):
    """No order of the Zilla Parishad that holds on {day} is on file."""

    mr = "{day} रोजी लागू असलेला जिल्हा परिषदेचा आदेश नोंदीत नाही."
    hi = "{day} को लागू जिला परिषद का आदेश रिकॉर्ड में नहीं है।"


class MunicipalOrderMissing(Refused):
    """No order of the municipal body that holds on {day} is on file."""

    mr = "{day} रोजी लागू असलेला नगरपालिकेचा आदेश नोंदीत नाही."
    hi = "{day} को लागू नगर निकाय का आदेश रिकॉर्ड में नहीं है।"


class PermissionMissing(Refused):
    """None of the permissions on file holds on {day}."""

    mr = "नोंदीतील एकही परवानगी {day} रोजी लागू नाही."
    hi = "रिकॉर्ड की कोई भी अनुमति {day} को लागू नहीं है।"


class GroundNotUsable(Refused):
    """The ground {venue} cannot be used. {missing}."""

    mr = "{venue} हे मैदान वापरता येत नाही. {missing}."
    hi = "{venue} मैदान का उपयोग नहीं हो सकता। {missing}।"

    def __init__(self, venue: str, missing: tuple[Problem, ...]) -> None:
        self.missing = missing
        said = [{"code": problem.code, **problem.params} for problem in missing]
        super().__init__(venue=venue, missing=said)

    def sentence(self, language: Language) -> str:
        """Everything that is missing, a sentence each."""
        template = str(self.__doc__ if language == "en" else getattr(self, language))
        sentences = " ".join(problem.sentence(language) for problem in self.missing)
        return template.format(venue=self.params["venue"], missing=sentences.rstrip(".।"))


class GroundTaken(Refused):
    """The ground {venue} is taken on {day} by the call {call}; choose another day or another ground."""

    mr = "{venue} हे मैदान {day} रोजी {call} या अर्ज मागविण्यासाठी दिलेले आहे; दुसरा दिवस किंवा दुसरे मैदान निवडा."
    hi = "{venue} मैदान {day} को आवेदन आमंत्रण {call} के लिए दिया जा चुका है; दूसरा दिन या दूसरा मैदान चुनें।"


ON_SUCH_DAYS: Mapping[DayKind, type[Problem]] = {
    "exam": ExamDay,
    "election": ElectionDay,
    "relief_camp": ReliefCampDay,
}
WITHOUT: Mapping[PermissionKind, type[Problem]] = {
    "school_committee_consent": SchoolConsentMissing,
    "zilla_parishad_order": ZillaParishadOrderMissing,
    "municipal_order": MunicipalOrderMissing,
    "no_objection": PermissionMissing,
}


def permission_id(venue_id: str, number: int) -> str:
    """Of the documents a venue was registered with, counted from 0."""
    return derived_id(venue_id, "permissions", str(number))


def register(venue_id: str, ground: Ground, scope: Scope) -> Decision[Venue]:
    """Raises LocalTextMissing, UnknownPlace, BlockElsewhere, BlockOrLocalBody, OutsideArea, PermissionEndsEarly."""
    ground.names.require_local("names")
    check_place(scope.tenant, ground.district, ground.block, ground.local_body)
    require_area(scope, ground.district, ground.block)
    permissions = tuple(
        _permission(permission_id(venue_id, number), filing) for number, filing in enumerate(ground.permissions)
    )
    kept: dict[str, Any] = {field.name: getattr(ground, field.name) for field in fields(Ground)}
    venue = Venue(**{**kept, "id": venue_id, "tenant": scope.tenant, "permissions": permissions})
    return Decision(venue, _registered(venue), *map(_filed, permissions))


def file(venue: Venue, permission: str, filing: Filing, scope: Scope) -> Decision[Venue]:
    """Add a document to the file. Raises OutsideArea, PermissionEndsEarly, PermissionFileFull."""
    require_area(scope, venue.district, venue.block)
    if len(venue.permissions) >= MOST_PERMISSIONS:
        raise PermissionFileFull(most=MOST_PERMISSIONS)
    added = _permission(permission, filing)
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


def _permission(id_: str, filing: Filing) -> Permission:
    """Raises PermissionEndsEarly."""
    if filing.valid_until < filing.valid_from:
        raise PermissionEndsEarly(
            document=filing.document,
            valid_from=filing.valid_from.isoformat(),
            valid_until=filing.valid_until.isoformat(),
        )
    return Permission(id=id_, **{field.name: getattr(filing, field.name) for field in fields(Filing)})


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


def missing(venue: Venue, day: date, kinds: frozenset[DayKind]) -> tuple[Problem, ...]:
    """All that speaks against this ground on this day, each with code and sentences; `kinds` is what the day is."""
    rule = RULES.get(venue.kind, Rule())
    return tuple(kind(day=day.isoformat()) for kind in _missing(venue, day, kinds, rule))


def _missing(venue: Venue, day: date, kinds: frozenset[DayKind], rule: Rule) -> Iterator[type[Problem]]:
    if rule.free_days_only and day.weekday() != SUNDAY and "holiday" not in kinds:
        yield NeitherSundayNorHoliday
    yield from (ON_SUCH_DAYS[kind] for kind in rule.never if kind in kinds)
    valid = {permission.kind for permission in venue.permissions if permission.holds(day)}
    yield from (WITHOUT[kind] for kind in rule.papers if kind not in valid)
    if not rule.papers and venue.permissions and not valid:
        yield PermissionMissing


def require_usable(venue: Venue, days: Mapping[date, frozenset[DayKind]]) -> None:
    """Raises GroundNotUsable, which names all that is missing on any of the days."""
    lacks = tuple(problem for day, kinds in sorted(days.items()) for problem in missing(venue, day, kinds))
    if lacks:
        raise GroundNotUsable(venue.id, lacks)


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
