"""What callers see of the numbers of groups."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from services.catalog.counts import commands
from services.catalog.counts.domain import By
from services.catalog.filters.views import GroupsAsked
from shared.mongo import Database
from shared.scope import OFFICERS, Role, Scope
from shared.web.asking import database, reader
from shared.web.views import View

router = APIRouter(prefix="/v1", tags=["groups"])


class CountsAsked(GroupsAsked):
    by: By


class CountView(View):
    of: Annotated[str, Field(description="LGD code, programme, reason, or a text as most groups write it")]
    name: str | None
    groups: int


class CountsView(View):
    """`total` is each group once; one of two programmes stands in `items` twice, one of no block not at all."""

    total: int
    items: list[CountView]


@router.get("/groups/counts")
async def count_groups(
    scope: Annotated[Scope, reader(*OFFICERS, Role.ADMIN, Role.DEPARTMENT)],
    reads: Annotated[Database, database],
    asked: Annotated[CountsAsked, Query()],
) -> CountsView:
    """The groups of your area by place, programme, activity, federation or why they are not active; the most first."""
    return CountsView.model_validate(await commands.counted(reads, asked.by, asked.filters(), scope))
