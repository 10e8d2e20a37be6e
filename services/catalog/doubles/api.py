"""What officers see of records that may be one group, and what they decide of them."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from services.catalog.doubles import commands
from services.catalog.doubles.commands import Shown
from services.catalog.doubles.domain import CaseStatus, Double, DoubleFilters
from services.catalog.groups.domain import Group, sees_entry
from services.catalog.likeness.domain import Reason
from shared.contracts.catalog import Programme
from shared.reads import Paging
from shared.scope import OFFICERS, Caller, Role, Scope
from shared.service import Running
from shared.web.asking import caller, paging, reader, running
from shared.web.bounds import Filter, PathId
from shared.web.localized import Line, LocalizedLine
from shared.web.views import PageView, Text, View

router = APIRouter(prefix="/v1", tags=["doubles"])

REVIEWERS = (*OFFICERS, Role.ADMIN)
SIDE_BY_SIDE = ("programme", "code", "names", "district", "ward", "village", "activities", "federation", "active")
PLAIN = ("id", "status", "score", "words", "found_at", "decided_at")


class MergeDouble(BaseModel):
    model_config = ConfigDict(extra="forbid")

    keep: Annotated[str, Field(max_length=64, description="the one of the two whose id stays in use")]


class KeepApart(BaseModel):
    model_config = ConfigDict(extra="forbid")

    note: Line | None = None


class UndoDecision(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Annotated[Text, Field(min_length=3, max_length=200)]


class PublicRecordView(View):
    """Of a group that lies in another officer's area: what everybody may know."""

    id: str
    names: LocalizedLine
    district: str
    block: str | None
    local_body: str | None
    active: bool
    merged_into: str | None


class RecordView(PublicRecordView):
    """`account`: whether one is known; the number is nowhere."""

    programme: Programme
    code: str
    ward: str | None
    village: str | None
    activities: list[str]
    federation: str | None
    account: Annotated[bool, BeforeValidator(lambda kept: kept not in (None, False))]


class DoubleView(View):
    """`records` side by side, `differs` what both show and differ in. `keep`: what merged ones go by."""

    id: str
    status: CaseStatus
    score: Annotated[int, Field(ge=0, le=100)]
    reasons: list[Reason]
    records: list[RecordView | PublicRecordView]
    differs: list[str]
    keep: str | None
    words: Annotated[str | None, Field(description="why, as the officer put it")]
    found_at: datetime
    decided_at: datetime | None


Service = Annotated[Running, running]
Reviewer = Annotated[Caller, caller(*REVIEWERS)]


async def narrowed(
    status: CaseStatus = CaseStatus.OPEN,
    district: Filter = None,
    block: Filter = None,
    local_body: Filter = None,
    group: Annotated[Filter, Query(description="the id of one of the two")] = None,
    min_score: Annotated[int, Query(ge=0, le=100)] = 0,
) -> DoubleFilters:
    places = {"district": district, "block": block, "local_body": local_body}
    return DoubleFilters(status=status, group=group, min_score=min_score, **places)


@router.get("/doubles")
async def list_doubles(
    scope: Annotated[Scope, reader(*REVIEWERS)],
    work: Service,
    paged: Annotated[Paging, paging],
    filters: Annotated[DoubleFilters, Depends(narrowed)],
) -> PageView[DoubleView]:
    """Pairs of records of your area that may be one group, the likeliest first; what waits for you unless asked."""
    page = await commands.listed(work, filters, scope, paged)
    return PageView(items=[view(shown, scope) for shown in page.items], next_cursor=page.next_cursor)


@router.get("/doubles/{double_id}")
async def read_double(double_id: PathId, scope: Annotated[Scope, reader(*REVIEWERS)], work: Service) -> DoubleView:
    return view(await commands.read(work, double_id, scope), scope)


@router.post("/doubles/{double_id}/merge")
async def merge(double_id: PathId, body: MergeDouble, by: Reviewer, work: Service) -> DoubleView:
    """They are one group: the other id becomes an alias of the one to keep. It can be undone."""
    return await _view(work, await commands.merge(work, double_id, body.keep, by), by)


@router.post("/doubles/{double_id}/apart")
async def keep_apart(double_id: PathId, by: Reviewer, work: Service, body: KeepApart | None = None) -> DoubleView:
    """They are two groups; nobody is asked again. It can be undone."""
    return await _view(work, await commands.keep_apart(work, double_id, body.note if body else None, by), by)


@router.post("/doubles/{double_id}/undo")
async def undo(double_id: PathId, body: UndoDecision, by: Reviewer, work: Service) -> DoubleView:
    """Take the decision back: what was merged is two groups again."""
    return await _view(work, await commands.undo(work, double_id, body.reason, by), by)


async def _view(work: Running, case: Double, by: Caller) -> DoubleView:
    return view(await commands.shown(work, case), by.scope)


def view(shown: Shown, scope: Scope) -> DoubleView:
    case = shown.case
    one, other = (_record(group, scope) for group in shown.records)
    return DoubleView(
        **{name: getattr(case, name) for name in PLAIN},
        reasons=list(case.reasons),
        records=[one, other],
        differs=[field for field in SIDE_BY_SIDE if _differ(one, other, field)],
        keep=case.kept if case.status is CaseStatus.MERGED else None,
    )


def _differ(one: BaseModel, other: BaseModel, field: str) -> bool:
    """Of a field that only one of the two shows nothing is said."""
    shown = all(field in type(record).model_fields for record in (one, other))
    return shown and getattr(one, field) != getattr(other, field)


def _record(group: Group, scope: Scope) -> RecordView | PublicRecordView:
    return (RecordView if sees_entry(group, scope) else PublicRecordView).model_validate(group)
