"""Grounds where stalls can stand: where they lie, what is there, and who has permitted what until when."""

from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from shared.contracts.stalls import VenueKind, VenueRegistered
from shared.decisions import Decision
from shared.errors import Invalid
from shared.localized import Localized
from shared.places.area import check_place, require_area
from shared.scope import Scope


class Facility(StrEnum):
    WATER = "water"
    TOILET = "toilet"
    POWER = "power"
    RAMP = "ramp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """A document with its issuer; both days count."""

    document: str
    issuer: str
    valid_from: date
    valid_until: date


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
    permissions: tuple[Permission, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Venue(Ground):
    id: str
    tenant: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueFilters:
    district: str | None = None
    kind: VenueKind | None = None


class PermissionEndsEarly(Invalid):
    """permissions: {document} ends on {valid_until}, before it begins on {valid_from}; correct one of the dates."""

    mr = "permissions: {document} ची मुदत {valid_from} रोजी सुरू होण्याआधीच {valid_until} रोजी संपते; एक तारीख दुरुस्त करा."
    hi = "permissions: {document} की अवधि {valid_from} को शुरू होने से पहले {valid_until} को समाप्त होती है; एक तिथि सुधारें।"


def register(venue_id: str, ground: Ground, scope: Scope) -> Decision[Venue]:
    """Raises LocalTextMissing, UnknownPlace, BlockElsewhere, BlockOrLocalBody, OutsideArea, PermissionEndsEarly."""
    ground.names.require_local("names")
    check_place(scope.tenant, ground.district, ground.block, ground.local_body)
    require_area(scope, ground.district, ground.block)
    for permission in ground.permissions:
        _check_dates(permission)
    kept: dict[str, Any] = {field.name: getattr(ground, field.name) for field in fields(Ground)}
    fact = VenueRegistered(
        kind=ground.kind,
        stalls=ground.stalls,
        district=ground.district,
        block=ground.block,
        local_body=ground.local_body,
    )
    return Decision(Venue(id=venue_id, tenant=scope.tenant, **kept), fact)


def _check_dates(permission: Permission) -> None:
    if permission.valid_until < permission.valid_from:
        raise PermissionEndsEarly(
            document=permission.document,
            valid_from=permission.valid_from.isoformat(),
            valid_until=permission.valid_until.isoformat(),
        )
