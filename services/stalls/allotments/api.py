"""What callers see of allotments."""

from typing import Annotated

from fastapi import APIRouter, Depends

from services.stalls.allotments import commands
from services.stalls.allotments.domain import Allotment, AllotmentFilters, Status
from services.stalls.allotments.views import AllotmentView
from shared.aggregates import Aggregates
from shared.mongo import Database
from shared.reads import Paging
from shared.scope import OWN_GROUPS, Caller, Scope
from shared.web.asking import aggregates, caller, database, paging, reader
from shared.web.bounds import Filter, PathId
from shared.web.views import PageView, page_view

router = APIRouter(prefix="/v1", tags=["allotments"])


Allotments = Annotated[Aggregates[Allotment], aggregates(Allotment)]
Mine = Annotated[Caller, caller(*OWN_GROUPS)]


async def narrowed(group: Filter = None, call: Filter = None, status: Status | None = None) -> AllotmentFilters:
    return AllotmentFilters(group=group, call=call, status=status)


@router.get("/allotments")
async def list_allotments(
    scope: Annotated[Scope, reader()],
    reads: Annotated[Database, database],
    paged: Annotated[Paging, paging],
    filters: Annotated[AllotmentFilters, Depends(narrowed)],
) -> PageView[AllotmentView]:
    """A group its own; an officer those of the groups and of the calls of her area."""
    return page_view(AllotmentView, await commands.listed(reads, filters, scope, paged))


@router.get("/allotments/{allotment_id}")
async def read_allotment(
    allotment_id: PathId, scope: Annotated[Scope, reader()], allotments: Allotments
) -> AllotmentView:
    return AllotmentView.model_validate(await commands.get(allotments, allotment_id, scope))


@router.post("/allotments/{allotment_id}/confirm")
async def confirm(allotment_id: PathId, by: Mine, allotments: Allotments) -> AllotmentView:
    """She comes; one credit is charged."""
    return AllotmentView.model_validate(await commands.confirm(allotments, allotment_id, by))


@router.post("/allotments/{allotment_id}/decline")
async def decline(allotment_id: PathId, by: Mine, allotments: Allotments) -> AllotmentView:
    """She gives the stall back, or leaves the waitlist; the next in line is asked."""
    return AllotmentView.model_validate(await commands.decline(allotments, allotment_id, by))
