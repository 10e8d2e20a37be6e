"""What callers see of demand."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from services.orders.demand import commands
from services.orders.demand.domain import Level, Question
from shared import clock
from shared.mongo import Database
from shared.reads import Page, Paging
from shared.scope import OFFICERS, OWN_GROUPS, Role, Scope
from shared.streaming.reads import Sum
from shared.streaming.spans import By, spanned
from shared.web.asking import database, paging, reader
from shared.web.bounds import Filter

router = APIRouter(prefix="/v1", tags=["demand"])

READERS = (*sorted(OFFICERS | OWN_GROUPS), Role.DEPARTMENT, Role.ADMIN)


class DemandView(BaseModel):
    """What was ordered of a product from `from` up to `to`, net of what was refused or cancelled."""

    start: datetime = Field(serialization_alias="from", description="in Indian time")
    end: datetime = Field(serialization_alias="to")
    product: str
    district: str | None = Field(default=None, description="of the seller, LGD code; not at level state")
    block: str | None = Field(default=None, description="of the seller, LGD code; at level block, rural sellers")
    units: int
    paise: int = Field(description="tax included")


class DemandPage(BaseModel):
    items: list[DemandView]
    next_cursor: str | None


def _question(
    *,
    since: Annotated[str | None, Query(alias="from", max_length=40, description="date, or time with its zone")] = None,
    until: Annotated[str | None, Query(alias="to", max_length=40, description="a date counts as a whole")] = None,
    by: By = "day",
    level: Level = "district",
    product: Filter = None,
    district: Filter = None,
    block: Filter = None,
) -> Question:
    span = spanned(since, until, by, clock.now())
    return Question(span=span, level=level, product=product, district=district, block=block)


@router.get("/demand")
async def demand(
    scope: Annotated[Scope, reader(*READERS)],
    reads: Annotated[Database, database],
    at: Annotated[Paging, paging],
    question: Annotated[Question, Depends(_question)],
) -> DemandPage:
    """Units and paise by product, place of the seller and hour or day in India: a few seconds behind the orders."""
    return _page(await commands.answered(reads, scope, question, at))


def _page(page: Page[Sum]) -> DemandPage:
    rows = [
        DemandView.model_validate({"start": row.start, "end": row.end, **row.of, **row.counts}) for row in page.items
    ]
    return DemandPage(items=rows, next_cursor=page.next_cursor)
