"""What callers see of the registry. Names and place of a group are public; the rest is for its area and itself."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from services.catalog.groups import commands
from services.catalog.groups.domain import Entry, Group, GroupFilters, sees_entry
from shared.aggregates import Aggregates
from shared.contracts.catalog import Programme
from shared.mongo import Database
from shared.reads import Paging
from shared.scope import OFFICERS, OWN_GROUPS, Caller, Role, Scope
from shared.web.asking import aggregates, caller, database, paging, reader
from shared.web.bounds import Filter, PathId, Words
from shared.web.localized import Line, LocalizedLine
from shared.web.views import View

router = APIRouter(prefix="/v1", tags=["groups"])

LgdCode = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,7}$", description="LGD code", examples=["490"])]
PartyId = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
REGISTRARS = (*OFFICERS, Role.ADMIN)


class RegisterGroup(BaseModel):
    model_config = ConfigDict(extra="forbid")

    programme: Programme
    code: Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z/_-]{0,39}$", description="the programme's own number")]
    names: LocalizedLine
    district: LgdCode
    block: LgdCode | None = None
    local_body: LgdCode | None = None
    ward: Line | None = None
    village: Line | None = None
    activities: Annotated[list[Line], Field(max_length=20)] = []
    relay: PartyId | None = None

    def entry(self) -> Entry:
        plain = {name: getattr(self, name) for name in type(self).model_fields if name not in ("names", "activities")}
        return Entry(**plain, names=self.names.localized(), activities=tuple(self.activities))


class PublicGroupView(View):
    id: str
    names: LocalizedLine
    district: str
    block: str | None
    local_body: str | None


class GroupView(PublicGroupView):
    programme: Programme
    code: str
    ward: str | None
    village: str | None
    activities: list[str]
    relay: str | None


class GroupPageView(BaseModel):
    items: list[GroupView | PublicGroupView]
    next_cursor: str | None


def shown(group: Group, scope: Scope) -> GroupView | PublicGroupView:
    return (GroupView if sees_entry(group, scope) else PublicGroupView).model_validate(group)


Groups = Annotated[Aggregates[Group], aggregates(Group)]


async def narrowed(
    district: Filter = None, block: Filter = None, programme: Programme | None = None, q: Words = None
) -> GroupFilters:
    return GroupFilters(district=district, block=block, programme=programme, q=q)


@router.post("/groups", status_code=201)
async def register(body: RegisterGroup, by: Annotated[Caller, caller(*REGISTRARS)], groups: Groups) -> GroupView:
    """Enter a group of your own area into the registry; its id follows from programme and code."""
    return GroupView.model_validate(await commands.register(groups, body.entry(), by))


@router.get("/groups")
async def list_groups(
    scope: Annotated[Scope, reader(*REGISTRARS, Role.DEPARTMENT, *OWN_GROUPS)],
    reads: Annotated[Database, database],
    paged: Annotated[Paging, paging],
    filters: Annotated[GroupFilters, Depends(narrowed)],
) -> GroupPageView:
    """The groups of your area, or your own; `q` finds words of their names by how they begin."""
    page = await commands.listed(reads, filters, scope, paged)
    return GroupPageView(items=[shown(group, scope) for group in page.items], next_cursor=page.next_cursor)


@router.get("/groups/{group_id}")
async def read_group(
    group_id: PathId, scope: Annotated[Scope, reader()], groups: Groups
) -> GroupView | PublicGroupView:
    return shown(await commands.read(groups, group_id, scope), scope)
