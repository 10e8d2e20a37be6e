"""What callers see of demand for stalls."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from services.stalls.demand import commands
from services.stalls.demand.domain import Question
from shared import clock
from shared.contracts.catalog import Category
from shared.mongo import Database
from shared.reads import Paging
from shared.scope import OFFICERS, Role, Scope
from shared.streaming.spans import By, spanned
from shared.web.asking import database, paging, reader
from shared.web.bounds import PathId

router = APIRouter(prefix="/v1", tags=["demand"])

READERS = (*sorted(OFFICERS), Role.DEPARTMENT, Role.ADMIN)


class CallDemandView(BaseModel):
    """Applications that stand, by when they were submitted; one counts in each of its categories."""

    start: datetime = Field(serialization_alias="from", description="in Indian time")
    end: datetime = Field(serialization_alias="to")
    category: str
    applications: int


class CallDemandPage(BaseModel):
    items: list[CallDemandView]
    next_cursor: str | None


def _question(
    *,
    call_id: PathId,
    since: Annotated[str | None, Query(alias="from", max_length=40, description="date, or time with its zone")] = None,
    until: Annotated[str | None, Query(alias="to", max_length=40, description="a date counts as a whole")] = None,
    by: By = "day",
    category: Category | None = None,
) -> Question:
    return Question(call=call_id, span=spanned(since, until, by, clock.now()), category=category)


@router.get("/calls/{call_id}/demand")
async def demand(
    scope: Annotated[Scope, reader(*READERS)],
    reads: Annotated[Database, database],
    at: Annotated[Paging, paging],
    question: Annotated[Question, Depends(_question)],
) -> CallDemandPage:
    """How many apply, by category and hour or day in India: a few seconds behind the applications."""
    page = await commands.answered(reads, scope, question, at)
    rows = [
        CallDemandView.model_validate({"start": row.start, "end": row.end, **row.of, **row.counts})
        for row in page.items
    ]
    return CallDemandPage(items=rows, next_cursor=page.next_cursor)
