"""What callers see of the exported registry."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response, StreamingResponse

from services.catalog.exports import commands
from services.catalog.filters.views import GroupsAsked
from shared.mongo import Database
from shared.scope import OFFICERS, Role, Scope
from shared.web.asking import database, reader

router = APIRouter(prefix="/v1", tags=["groups"])
AS_A_FILE = {"Content-Disposition": 'attachment; filename="groups.csv"', "Cache-Control": "no-store"}


@router.get(
    "/groups/export",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
)
async def export_groups(
    scope: Annotated[Scope, reader(*OFFICERS, Role.ADMIN, Role.DEPARTMENT)],
    reads: Annotated[Database, database],
    asked: Annotated[GroupsAsked, Query()],
) -> StreamingResponse:
    """The groups of your area as CSV in UTF-8, streamed; no cell of it is computed by a spreadsheet."""
    pieces = await commands.exported(reads, asked.filters(), scope)
    return StreamingResponse(pieces, media_type="text/csv; charset=utf-8", headers=AS_A_FILE)
