"""What officers see of records that may be one group, and what they decide of them."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from services.catalog.doubles import commands
from services.catalog.doubles.commands import Shown
from services.catalog.doubles.domain import CaseStatus, Double, DoubleFilters
from services.catalog.groups.domain import Group
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


class RecordView(View):
    """`account`: whether one is known; the number is nowhere."""

    id: str
    programme: Programme
    code: str
    names: LocalizedLine
    district: str
    block: str | None
    local_body: str | None
    ward: str | None
    village: str | None
    activities: list[str]
    federation: str | None
    account: bool
    active: bool
    merged_into: str | None


class DoubleView(View):
    """`records` side by side, `differs` the fields they differ in. `keep`: what the merged ones go by."""

    id: str
    status: CaseStatus
    score: Annotated[int, Field(ge=0, le=100)]
    reasons: list[Reason]
    records: list[RecordView]
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
    min_score: Annotated[int, Query(ge=0, le=100)] = 0,
) -> DoubleFilters:
    return DoubleFilters(status=status, district=district, block=block, local_body=local_body, min_score=min_score)


@router.get("/doubles")
async def list_doubles(
    scope: Annotated[Scope, reader(*REVIEWERS)],
    work: Service,
    paged: Annotated[Paging, paging],
    filters: Annotated[DoubleFilters, Depends(narrowed)],
) -> PageView[DoubleView]:
    """Pairs of records of your area that may be one group, the likeliest first; what waits for you unless asked."""
    page = await commands.listed(work, filters, scope, paged)
    return PageView(items=[view(shown) for shown in page.items], next_cursor=page.next_cursor)


@router.get("/doubles/{double_id}")
async def read_double(double_id: PathId, scope: Annotated[Scope, reader(*REVIEWERS)], work: Service) -> DoubleView:
    return view(await commands.read(work, double_id, scope))


@router.post("/doubles/{double_id}/merge")
async def merge(double_id: PathId, body: MergeDouble, by: Reviewer, work: Service) -> DoubleView:
    """They are one group: the other id becomes an alias of the one to keep. It can be undone."""
    return await _view(work, await commands.merge(work, double_id, body.keep, by))


@router.post("/doubles/{double_id}/apart")
async def keep_apart(double_id: PathId, by: Reviewer, work: Service, body: KeepApart | None = None) -> DoubleView:
    """They are two groups; nobody is asked again. It can be undone."""
    return await _view(work, await commands.keep_apart(work, double_id, body.note if body else None, by))


@router.post("/doubles/{double_id}/undo")
async def undo(double_id: PathId, body: UndoDecision, by: Reviewer, work: Service) -> DoubleView:
    """Take the decision back: what was merged is two groups again."""
    return await _view(work, await commands.undo(work, double_id, body.reason, by))


async def _view(work: Running, case: Double) -> DoubleView:
    return view(await commands.shown(work, case))


def view(shown: Shown) -> DoubleView:
    case, (one, other) = shown.case, shown.records
    return DoubleView(
        **{name: getattr(case, name) for name in PLAIN},
        reasons=list(case.reasons),
        records=[_record(one), _record(other)],
        differs=[field for field in SIDE_BY_SIDE if getattr(one, field) != getattr(other, field)],
        keep=case.kept if case.status is CaseStatus.MERGED else None,
    )


def _record(group: Group) -> RecordView:
    plain = {name: getattr(group, name) for name in RecordView.model_fields if name not in ("names", "activities")}
    names = LocalizedLine.model_validate(group.names)
    return RecordView(**{**plain, "account": group.account is not None}, names=names, activities=list(group.activities))
