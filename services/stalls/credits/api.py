"""What callers see of credits."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from services.stalls.credits import commands
from services.stalls.credits.domain import Kind
from shared.clock import today
from shared.scope import OFFICERS, OWN_GROUPS, Role, Scope
from shared.service import Running
from shared.web.asking import reader, running
from shared.web.bounds import LONGEST
from shared.web.views import View

router = APIRouter(prefix="/v1", tags=["credits"])

Reader = Annotated[Scope, reader(*OWN_GROUPS, *OFFICERS, Role.ADMIN)]


class EntryView(View):
    id: str
    on: date
    credits: int
    kind: Kind


class BalanceView(View):
    """What counts today: the stalls of the last twelve months, the newest first."""

    group: str
    as_of: date
    credits: int
    tier: int
    ever: bool
    entries: list[EntryView]


@router.get("/credits")
async def read_credits(
    group: Annotated[str, Query(max_length=LONGEST)], scope: Reader, work: Annotated[Running, running]
) -> BalanceView:
    """How many turns a group had in twelve months, and the tier it stands in today."""
    return BalanceView.model_validate(await commands.read(work, group, today(), scope))
