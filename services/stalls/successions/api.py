"""What groups may do with a stall they confirmed, and on the day without one."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.stalls.allotments.views import AllotmentView
from services.stalls.successions import commands
from shared.scope import OWN_GROUPS, Caller
from shared.service import Running
from shared.web.asking import caller, running
from shared.web.bounds import PathId
from shared.web.localized import Digits

router = APIRouter(prefix="/v1", tags=["allotments"])

Mine = Annotated[Caller, caller(*OWN_GROUPS)]
Service = Annotated[Running, running]


class StandbyRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    event: Annotated[int, Digits, Field(ge=1, description="one of those she waits for, on its day")]


@router.post("/allotments/{allotment_id}/give-back")
async def give_back(allotment_id: PathId, by: Mine, service: Service) -> AllotmentView:
    """She cannot come: the confirmed stall goes to others; until the day before the fair begins.

    Her credit is returned up to a week before the fair; later it stays charged. She is not asked again in this draw.
    """
    return AllotmentView.model_validate(await commands.give_back(service, allotment_id, by))


@router.post("/allotments/{allotment_id}/standby")
async def stand_by(allotment_id: PathId, body: StandbyRequest, by: Mine, service: Service) -> AllotmentView:
    """She stands at the ground today without a stall: one that stays empty goes to who stands there, by place."""
    return AllotmentView.model_validate(await commands.stand_by(service, allotment_id, body.event, by))
