"""What an officer asks before the draw: a rehearsal on what was frozen."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.stalls.rehearsals import commands
from services.stalls.rehearsals.domain import Rehearsal
from shared.scope import OFFICERS, Caller, Role
from shared.service import Running
from shared.web.asking import caller, running
from shared.web.bounds import PathId
from shared.web.localized import LocalizedLine
from shared.web.views import View

router = APIRouter(prefix="/v1", tags=["draws"])


class GivenView(View):
    number: int
    venue_name: LocalizedLine
    stalls: int = Field(description="0 where it was struck out")
    wanted: int = Field(description="applications that listed it")
    given: int
    waiting: int = Field(description="of those without any stall, who listed it")


class RehearsalView(BaseModel):
    """A dry run: figures only. Its seed is made of `label` and the frozen inputs; the real draw will be another."""

    call: str
    run: str = "dry"
    label: str
    seed: str
    applications: int
    allotted: int
    waitlisted: int
    events: list[GivenView]
    made_at: datetime

    @classmethod
    def of(cls, made: Rehearsal) -> "RehearsalView":
        names = {event.number: event.venue_name for event in made.call.events}
        figures = ("number", "stalls", "wanted", "given", "waiting")
        return cls(
            call=made.call.id,
            **{name: getattr(made, name) for name in ("label", "seed", "allotted", "waitlisted", "made_at")},
            applications=made.allotted + made.waitlisted,
            events=[
                GivenView.model_validate(
                    {"venue_name": names[one.number], **{name: getattr(one, name) for name in figures}}
                )
                for one in made.events
            ],
        )


@router.post("/calls/{call_id}/dry-run")
async def dry_run(
    call_id: PathId,
    by: Annotated[Caller, caller(*OFFICERS, Role.ADMIN)],
    service: Annotated[Running, running],
) -> RehearsalView:
    """A rehearsal after the close, by one officer: counts by event, of a seed that tells nothing of the real one."""
    return RehearsalView.of(await commands.rehearse(service, call_id, by))
