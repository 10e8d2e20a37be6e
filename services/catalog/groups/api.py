"""What callers see of the registry. Names and place of a group are public; the rest is for its area and itself."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from services.catalog.filters.views import GroupsAsked
from services.catalog.groups import commands
from services.catalog.groups.domain import Entry, Group, sees_entry
from shared.aggregates import Aggregates
from shared.contracts.catalog import Inactive, Programme
from shared.mongo import Database
from shared.reads import Paging
from shared.scope import OFFICERS, OWN_GROUPS, Caller, Role, Scope
from shared.web.asking import aggregates, caller, database, paging, reader
from shared.web.bounds import PathId
from shared.web.localized import Line, LocalizedLine
from shared.web.views import View

router = APIRouter(prefix="/v1", tags=["groups"])

LgdCode = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,7}$", description="LGD code", examples=["490"])]
PartyId = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
ProgrammeCode = Annotated[
    str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z/_-]{0,39}$", description="the programme's own number")
]
Activities = Annotated[list[Line], Field(max_length=20)]
REGISTRARS = (*OFFICERS, Role.ADMIN)


class RegisterGroup(BaseModel):
    model_config = ConfigDict(extra="forbid")

    programme: Programme
    code: ProgrammeCode
    names: LocalizedLine
    district: LgdCode
    block: LgdCode | None = None
    local_body: LgdCode | None = None
    ward: Line | None = None
    village: Line | None = None
    activities: Activities = []
    federation: Line | None = None
    relay: PartyId | None = None

    def entry(self) -> Entry:
        plain = {name: getattr(self, name) for name in type(self).model_fields if name not in ("names", "activities")}
        return Entry(**plain, names=self.names.localized(), activities=tuple(self.activities))


class MendGroup(BaseModel):
    """What is not named stays as it is; null empties a field. No later list changes what is named here."""

    model_config = ConfigDict(extra="forbid")

    names: LocalizedLine = LocalizedLine()
    district: LgdCode = Field(default_factory=str)
    block: LgdCode | None = None
    local_body: LgdCode | None = None
    ward: Line | None = None
    village: Line | None = None
    activities: Activities = []
    federation: Line | None = None
    relay: PartyId | None = None

    def changes(self) -> dict[str, Any]:
        named: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        if "names" in named:
            named["names"] = self.names.localized()
        if "activities" in named:
            named["activities"] = tuple(self.activities)
        return named


class DeactivateGroup(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Inactive


class MembershipView(View):
    id: str
    programme: Programme
    code: str


class PublicGroupView(View):
    id: str
    names: LocalizedLine
    district: str
    block: str | None
    local_body: str | None
    active: bool


class GroupView(PublicGroupView):
    """`memberships`: the groups merged into this one, whose ids mean it. `mended`: what no list changes any more."""

    programme: Programme
    code: str
    programmes: list[Programme]
    memberships: list[MembershipView] = Field(validation_alias="absorbs")
    ward: str | None
    village: str | None
    activities: list[str]
    federation: str | None
    relay: str | None
    why: Inactive | None
    stall_years: list[int] = Field(validation_alias="years")
    mended: Annotated[list[str], BeforeValidator(sorted)]


class GroupPageView(BaseModel):
    items: list[GroupView | PublicGroupView]
    next_cursor: str | None


def shown(group: Group, scope: Scope) -> GroupView | PublicGroupView:
    return (GroupView if sees_entry(group, scope) else PublicGroupView).model_validate(group)


Groups = Annotated[Aggregates[Group], aggregates(Group)]


@router.post("/groups", status_code=201)
async def register(body: RegisterGroup, by: Annotated[Caller, caller(*REGISTRARS)], groups: Groups) -> GroupView:
    """Enter a group of your own area into the registry; its id follows from programme and code."""
    return GroupView.model_validate(await commands.register(groups, body.entry(), by))


@router.get("/groups")
async def list_groups(
    scope: Annotated[Scope, reader(*REGISTRARS, Role.DEPARTMENT, *OWN_GROUPS)],
    reads: Annotated[Database, database],
    paged: Annotated[Paging, paging],
    asked: Annotated[GroupsAsked, Query()],
) -> GroupPageView:
    """The groups of your area, or your own, each once: a merged one under the group it was merged into."""
    page = await commands.listed(reads, asked.filters(), scope, paged)
    return GroupPageView(items=[shown(group, scope) for group in page.items], next_cursor=page.next_cursor)


@router.get("/groups/{group_id}")
async def read_group(
    group_id: PathId, scope: Annotated[Scope, reader()], groups: Groups
) -> GroupView | PublicGroupView:
    """The id of a group that was merged into another one answers with that one."""
    return shown(await commands.read(groups, group_id, scope), scope)


@router.patch("/groups/{group_id}")
async def mend(
    group_id: PathId, body: MendGroup, by: Annotated[Caller, caller(*REGISTRARS)], groups: Groups
) -> GroupView:
    """Correct the entry of a group of your area."""
    return GroupView.model_validate(await commands.mend(groups, group_id, body.changes(), by))


@router.post("/groups/{group_id}/deactivate")
async def deactivate(
    group_id: PathId, body: DeactivateGroup, by: Annotated[Caller, caller(*REGISTRARS)], groups: Groups
) -> GroupView:
    """It applies for nothing and sells nothing until it is reactivated."""
    return GroupView.model_validate(await commands.deactivate(groups, group_id, body.reason, by))


@router.post("/groups/{group_id}/reactivate")
async def reactivate(group_id: PathId, by: Annotated[Caller, caller(*REGISTRARS)], groups: Groups) -> GroupView:
    return GroupView.model_validate(await commands.reactivate(groups, group_id, by))
