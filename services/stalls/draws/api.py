"""What callers see of closing and drawing a call, and of how far a large one is."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.stalls.calls.domain import Status
from services.stalls.calls.views import CallView
from services.stalls.draws import commands
from services.stalls.draws.commands import LISTENERS, Seen, Value
from services.stalls.draws.domain import eta
from shared import answer, clock
from shared.errors import Language
from shared.localized import ascii_digits
from shared.scope import OFFICERS, Caller, Role, Scope
from shared.service import Running
from shared.web.asking import caller, language, reader, running
from shared.web.bounds import PathId
from shared.web.views import Instant, Text

router = APIRouter(prefix="/v1", tags=["draws"])

LOOK_EVERY_SECONDS = 1.0
HEARTBEAT_SECONDS = 10.0  # well within what gateways and middleboxes allow a silent connection
EACH_EVENT = {
    "type": "object",
    "properties": {
        "event": {"type": "string", "enum": ["progress", "published"]},
        "data": {"type": "string", "description": "what GET /v1/draws/{call_id} answers, as JSON"},
    },
}
ACCEPTED = 202
MOST_ROUND = 999_999_999  # what a cell of the public file holds


def on_one_line(text: str) -> str:
    return " ".join(ascii_digits(text).split())


class DrawRequest(BaseModel):
    """The announced round where the office reads the beacon's file; else the value and when it was published."""

    model_config = ConfigDict(extra="forbid")

    public_round: Annotated[int, Field(strict=True, ge=1, le=MOST_ROUND)] | None = None
    public_value: (
        Annotated[
            Text,
            Field(
                min_length=1,
                max_length=1000,
                description="as it stands at the call's public_source; kept so for good, but for Devanagari digits and "
                "rows of spaces, which become ASCII digits and one space",
            ),
            AfterValidator(on_one_line),
        ]
        | None
    ) = None
    published_at: Instant | None = None


class ProgressView(BaseModel):
    """How far a call is. `stage` with `done` of `total` while a worker is at it; `total` 0: not known.

    `eta`: when this stage ends if it goes on as it did. `refused`: the code of what stopped the last try; it is tried
    again.
    """

    id: str
    status: Status
    stage: str | None
    done: int
    total: int
    started_at: datetime | None = None
    eta: datetime | None = None
    refused: str | None = None

    @classmethod
    def of(cls, seen: Seen) -> "ProgressView":
        """Of what no worker is at, only how much is told is known."""
        call, work = seen.call, seen.work
        if work is not None and seen.is_left:
            stage, done, total = work.stage or "wait", work.done, work.total
            when = {"started_at": work.asked_at, "eta": eta(work, clock.now())}
            return cls(
                id=call.id, status=call.status, stage=stage, done=done, total=total, refused=work.refused, **when
            )
        told = call.status in {Status.DRAWN, Status.PUBLISHED}
        done, total = (call.told, call.to_tell) if told else (0, 0)
        tells = "tell" if call.status is Status.DRAWN else None
        return cls(id=call.id, status=call.status, stage=tells, done=done, total=total)

    @property
    def event(self) -> str:
        return "published" if self.status is Status.PUBLISHED else "progress"


Officer = Annotated[Caller, caller(*OFFICERS, Role.ADMIN)]
Anyone = Annotated[Scope, reader()]
Service = Annotated[Running, running]
Tongue = Annotated[Language, language]
LEFT: dict[int | str, dict[str, object]] = {
    ACCEPTED: {"model": CallView, "description": "begun; a worker finishes it: Location says where to look"}
}


def shown(seen: Seen, response: Response, language_: Language) -> CallView:
    if seen.is_left:
        response.status_code = ACCEPTED
        response.headers["Location"] = f"/v1/draws/{seen.call.id}"
    return CallView.of(seen.call, language_)


@router.post("/calls/{call_id}/close", responses=LEFT)
async def close(call_id: PathId, by: Officer, service: Service, response: Response, language_: Tongue) -> CallView:
    """Fix the applications; from the second after `closes_at`. Asked again it answers the same."""
    return shown(await commands.close(service, call_id, by), response, language_)


@router.post("/calls/{call_id}/draw", responses=LEFT)
async def draw(
    call_id: PathId, body: DrawRequest, by: Officer, service: Service, response: Response, language_: Tongue
) -> CallView:
    """The first officer names the public value that came after the close; when a second confirms it, it is drawn.

    Asked again it answers the same.
    """
    value = Value(round=body.public_round, value=body.public_value, published_at=body.published_at)
    seen = await commands.draw(service, call_id, value, by)
    return shown(seen, response, language_)


@router.get("/draws/{call_id}")
async def progress(call_id: PathId, scope: Anyone, service: Service) -> ProgressView:
    """How far the close, the draw or the telling of a call is."""
    seen = await commands.seen(service, call_id, scope)
    answer.changes_with_time()
    return ProgressView.of(seen)


@router.get(
    "/draws/{call_id}/events",
    response_class=Response,
    responses={200: {"content": {"text/event-stream": {"schema": EACH_EVENT}}}},
)
async def events(call_id: PathId, scope: Anyone, service: Service) -> StreamingResponse:
    """The same as server-sent events: `progress` when it changes, `published` at the end; a comment while nothing does.

    A listener that is sent away comes back by itself after `retry` milliseconds.
    """
    first = await commands.seen(service, call_id, scope)
    LISTENERS.require_place(commands.settings_of(service).draw_listeners)
    answer.changes_with_time()
    return StreamingResponse(
        _stream(service, first, scope), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )


async def _stream(service: Running, seen: Seen, scope: Scope) -> AsyncIterator[str]:
    said, silent = "", 0.0
    with LISTENERS.one_more():
        yield "retry: 3000\n\n"
        for _ in range(int(commands.settings_of(service).draw_listen_seconds / LOOK_EVERY_SECONDS)):
            now = ProgressView.of(seen)
            silent += LOOK_EVERY_SECONDS
            if (news := now.model_dump_json(exclude={"eta"})) != said:
                said, silent = news, 0.0
                yield f"event: {now.event}\ndata: {now.model_dump_json()}\n\n"
            elif silent >= HEARTBEAT_SECONDS:
                silent = 0.0
                yield ": still here\n\n"
            if now.status is Status.PUBLISHED:
                return
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            seen = await commands.seen(service, seen.call.id, scope)
