"""What callers see of venues."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from services.stalls.calendars.domain import Calendar
from services.stalls.permits.domain import Filing
from services.stalls.venues import commands
from services.stalls.venues.domain import Facility, Ground, Usability, Use, Venue, VenueFilters
from shared.aggregates import Aggregates
from shared.contracts.stalls import PermissionKind, VenueKind
from shared.errors import Language
from shared.mongo import Database
from shared.reads import Paging
from shared.scope import OFFICERS, Caller, Role, Scope
from shared.web.asking import aggregates, caller, database, language, paging, reader
from shared.web.bounds import Filter, PathId
from shared.web.localized import Line, LocalizedLine
from shared.web.views import Day, PageView, View, page_view

router = APIRouter(prefix="/v1", tags=["venues"])

LgdCode = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,7}$", description="LGD code", examples=["490"])]
MOST_STALLS = 512  # the largest fair seen has about 511


class FilePermission(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: PermissionKind = "no_objection"
    document: Line
    issuer: Line
    valid_from: Day
    valid_until: Day

    def filing(self) -> Filing:
        return Filing(**{name: getattr(self, name) for name in type(self).model_fields})


class WithdrawPermission(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Line


class RegisterVenue(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: VenueKind
    owner: Line
    names: LocalizedLine
    district: LgdCode
    block: LgdCode | None = None
    local_body: LgdCode | None = None
    stalls: Annotated[int, Field(strict=True, ge=1, le=MOST_STALLS)]
    facilities: frozenset[Facility] = frozenset()
    permissions: Annotated[list[FilePermission], Field(max_length=50)] = []

    def ground(self) -> Ground:
        return Ground(
            kind=self.kind,
            owner=self.owner,
            names=self.names.localized(),
            district=self.district,
            block=self.block,
            local_body=self.local_body,
            stalls=self.stalls,
            facilities=tuple(sorted(self.facilities)),
            permissions=tuple(body.filing() for body in self.permissions),
        )


class PermissionView(View):
    id: str
    kind: PermissionKind
    document: str
    issuer: str
    valid_from: date
    valid_until: date
    withdrawn_at: datetime | None
    withdrawn_reason: str | None


class VenueView(View):
    id: str
    kind: VenueKind
    owner: str
    names: LocalizedLine
    district: str
    block: str | None
    local_body: str | None
    stalls: int
    facilities: list[Facility]
    permissions: list[PermissionView]


class MissingView(BaseModel):
    code: str = Field(examples=["ZillaParishadOrderMissing"])
    detail: str


class UseView(BaseModel):
    """`may`: nothing is missing. `taken_by` is the call that has the ground on this day."""

    venue: str
    date: date
    may: bool
    missing: list[MissingView]
    taken_by: str | None

    @classmethod
    def of(cls, use: Usability, language: Language) -> "UseView":
        missing = [MissingView(code=lack.code, detail=lack.sentence(language)) for lack in use.missing]
        return cls(venue=use.venue, date=use.date, may=use.may, missing=missing, taken_by=use.taken_by)


Venues = Annotated[Aggregates[Venue], aggregates(Venue)]
Calendars = Annotated[Aggregates[Calendar], aggregates(Calendar)]
Uses = Annotated[Aggregates[Use], aggregates(Use)]
Officer = Annotated[Caller, caller(*OFFICERS, Role.ADMIN)]


async def narrowed(district: Filter = None, kind: VenueKind | None = None) -> VenueFilters:
    return VenueFilters(district=district, kind=kind)


@router.post("/venues", status_code=201)
async def register(body: RegisterVenue, by: Officer, venues: Venues) -> VenueView:
    """Register a ground of your own area."""
    return VenueView.model_validate(await commands.register(venues, body.ground(), by))


@router.get("/venues")
async def list_venues(
    scope: Annotated[Scope, reader()],
    reads: Annotated[Database, database],
    paged: Annotated[Paging, paging],
    filters: Annotated[VenueFilters, Depends(narrowed)],
) -> PageView[VenueView]:
    return page_view(VenueView, await commands.listed(reads, filters, scope, paged))


@router.get("/venues/{venue_id}")
async def read_venue(venue_id: PathId, scope: Annotated[Scope, reader()], venues: Venues) -> VenueView:
    return VenueView.model_validate(await commands.read(venues, venue_id, scope))


@router.post("/venues/{venue_id}/permissions", status_code=201)
async def file_permission(venue_id: PathId, body: FilePermission, by: Officer, venues: Venues) -> VenueView:
    """Add a document to the venue's file; it comes last."""
    return VenueView.model_validate(await commands.file(venues, venue_id, body.filing(), by))


@router.post("/venues/{venue_id}/permissions/{permission_id}/withdraw")
async def withdraw_permission(
    venue_id: PathId, permission_id: PathId, body: WithdrawPermission, by: Officer, venues: Venues
) -> VenueView:
    """The document holds no more, from this moment and for no day; it stays in the file."""
    return VenueView.model_validate(await commands.withdraw(venues, venue_id, permission_id, body.reason, by))


@router.get("/venues/{venue_id}/use")
async def may_be_used(
    venue_id: PathId,
    *,
    day: Annotated[Day, Query(alias="date", examples=["2026-11-22"])],
    scope: Annotated[Scope, reader()],
    venues: Venues,
    calendars: Calendars,
    uses: Uses,
    tongue: Annotated[Language, language],
) -> UseView:
    """May this ground be used on this day, and what is missing if not."""
    return UseView.of(await commands.usability(venues, calendars, uses, venue_id, day, scope), tongue)
