"""What callers ask of a closed call: open a nonce."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.stalls.calls.domain import Call
from services.stalls.calls.views import CallView
from services.stalls.nonces import commands
from shared.aggregates import Aggregates
from shared.errors import Language
from shared.scope import OFFICERS, Caller, Role
from shared.web.asking import aggregates, caller, language
from shared.web.bounds import PathId

router = APIRouter(prefix="/v1", tags=["calls"])


A_NONCE = r"^[ -*,.-<>?A-~][ -~]{0,199}$"


class OpenNonce(BaseModel):
    model_config = ConfigDict(extra="forbid")

    nonce: Annotated[
        str, Field(pattern=A_NONCE, description="the text whose SHA-256 a party promised; no formula of a spreadsheet")
    ]


@router.post("/calls/{call_id}/open-nonce")
async def open_nonce(
    call_id: PathId,
    body: OpenNonce,
    by: Annotated[Caller, caller(*OFFICERS, Role.ADMIN)],
    calls: Annotated[Aggregates[Call], aggregates(Call)],
    tongue: Annotated[Language, language],
) -> CallView:
    """Make public what a party promised; from the close until the announced hour, and not after it."""
    return CallView.of(await commands.open_nonce(calls, call_id, body.nonce, by), tongue)
