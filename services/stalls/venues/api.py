"""What callers see of venues."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from services.stalls.venues import commands
from services.stalls.venues.domain import Facility, Ground, Permission, Venue, VenueFilters
from shared.aggregates import Aggregates
from shared.contracts.stalls import VenueKind
from shared.mongo import Database
from shared.reads import Paging
from shared.scope import OFFICERS, Caller, Role, Scope
from shared.web.asking import aggregates, caller, database, paging, reader
from shared.web.bounds import Filter, PathId
from shared.web.localized import Line, LocalizedLine
from shared.web.views import PageView, View, page_view

router = APIRouter(prefix="/v1", tags=["venues"])

LgdCode = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,7}$", description="LGD code", examples=["490"])]
MOST_STALLS = 512  # the largest fair seen has about 511


class PermissionBody(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)

    document: Line
    issuer: Line
    valid_from: date
    valid_until: date

    def permission(self) -> Permission:
        return Permission(**{name: getattr(self, name) for name in type(self).model_fields})


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
    permissions: Annotated[list[PermissionBody], Field(max_length=50)] = []

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
            permissions=tuple(body.permission() for body in self.permissions),
        )


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
    permissions: list[PermissionBody]


Venues = Annotated[Aggregates[Venue], aggregates(Venue)]


async def narrowed(district: Filter = None, kind: VenueKind | None = None) -> VenueFilters:
    return VenueFilters(district=district, kind=kind)


@router.post("/venues", status_code=201)
async def register(
    body: RegisterVenue, by: Annotated[Caller, caller(*OFFICERS, Role.ADMIN)], venues: Venues
) -> VenueView:
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
