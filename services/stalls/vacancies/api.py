"""What anybody sees of the stalls that were left after a draw."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from services.stalls.calls.domain import Call
from services.stalls.draw.chain import Phase
from services.stalls.draw.chain_log import Kind
from services.stalls.vacancies import commands
from services.stalls.vacancies.domain import Vacancies
from shared.mongo import Database
from shared.reads import Paging
from shared.scoped import Published
from shared.web.asking import database, paging, public
from shared.web.bounds import PathId
from shared.web.views import PageView, View, page_view

router = APIRouter(prefix="/v1", tags=["vacancies"])


class EntryView(View):
    """One line of the log; a ticket stands for its group."""

    number: int = Field(description="from 1, without a gap")
    at: str = Field(description="ISO 8601, UTC")
    kind: Kind
    after: int = Field(description="the entry it continues; 0 for a beginning")
    ticket: str = Field(description="who left, moved, was passed over or stands by; empty for an empty stall")
    event: int
    stall: int = Field(description="0 where none is meant")
    phase: Phase = Field(description="who could take the stall at that time")
    upgrades_from: str = Field(description="a ground whose first day is this or later could be left for a better one")
    taker: str = Field(description="who has the stall from now on; empty for nobody")
    from_event: int = Field(description="where the taker was before; 0 when she had none")
    from_stall: int
    digest: str = Field(description="SHA-256 of the digest before and the fields above, a line each")


@router.get("/calls/{call_id}/vacancies")
async def vacancies(
    response: Response,
    call_id: PathId,
    published: Annotated[Published, public(Call, Vacancies)],
    reads: Annotated[Database, database],
    paged: Annotated[Paging, paging],
) -> PageView[EntryView]:
    """Public: what followed the draw, in order, so that with its file anybody can say who holds which stall now."""
    response.headers["Cache-Control"] = "public, max-age=5"
    return page_view(EntryView, await commands.page(published, reads, call_id, paged))
