"""What anybody may see of the outcome of a draw."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, Field

from services.stalls.calls.domain import Call, CallEvent
from services.stalls.draw.accept import Row
from services.stalls.draw.reasons import Refusal
from services.stalls.outcomes import commands
from services.stalls.outcomes.domain import InLine, KeptOutcome
from services.stalls.texts.domain import TextPart
from shared import answer
from shared.errors import Language
from shared.reads import Page, Paging
from shared.scoped import Published
from shared.web.asking import language, paging, public
from shared.web.bounds import PathId
from shared.web.localized import LocalizedLine
from shared.web.views import View

router = APIRouter(prefix="/v1", tags=["draws"])

CACHED = "public, max-age=300"  # it never changes, but a stall given back is told elsewhere


class WaitingView(BaseModel):
    event: int
    position: int


class RefusalView(View):
    """Why a choice better than what she got was refused; the three counts add up to `stalls`."""

    rank: int = Field(description="of her choices, from 1")
    event: int
    stalls: int
    other_products: int
    other_reservation: int
    better_place: int
    last_place: int | None
    sentence: str = Field(description="in the language of Accept-Language")

    @classmethod
    def of(cls, refusal: Refusal, language_: Language) -> "RefusalView":
        counts = {name: getattr(refusal, name) for name in cls.model_fields if name != "sentence"}
        return cls(**counts, sentence=refusal.sentence(language_))


class RowView(BaseModel):
    """What one ticket got."""

    ticket: str
    place: int = Field(description="in the one line of this draw, from 1")
    tier: int
    event: int | None
    stall: int | None
    choice: int | None = Field(description="which of her choices it was, from 1")
    waiting: list[WaitingView]
    refusals: list[RefusalView]

    @classmethod
    def of(cls, row: Row, tier: int, language_: Language) -> "RowView":
        return cls(
            ticket=row.ticket,
            place=row.place,
            tier=tier,
            event=row.event,
            stall=row.stall,
            choice=row.choice,
            waiting=[WaitingView(event=event, position=position) for event, position in row.waiting],
            refusals=[RefusalView.of(refusal, language_) for refusal in row.refusals],
        )


class DrawnEventView(View):
    """A ground on its days. `struck` says why the close struck it out, in the language of Accept-Language."""

    number: int
    venue: str
    venue_name: LocalizedLine
    days: list[date]
    stalls: int = Field(description="0 where it was struck out")
    struck: str | None

    @classmethod
    def of(cls, event: CallEvent, language_: Language) -> "DrawnEventView":
        same = {name: getattr(event, name) for name in ("number", "venue", "venue_name", "days")}
        drawn = 0 if event.struck is not None else event.stalls
        return cls.model_validate({**same, "stalls": drawn, "struck": event.struck_in(language_)})


class OutcomeView(BaseModel):
    """A draw as anybody may see it: tickets, no names. The file holds all of it, to be checked."""

    call: str
    names: LocalizedLine
    events: list[DrawnEventView]
    seed: str
    commitment: str
    nonce: str
    public_source: str
    public_value: str
    public_value_at: datetime
    inputs_digest: str
    plan_digest: str
    rules_digest: str
    outcome_digest: str
    applications: int
    allotted: int
    waitlisted: int
    drawn_at: datetime
    file: str
    items: list[RowView]
    next_cursor: str | None

    @classmethod
    def of(cls, call: Call, kept: KeptOutcome, page: Page[InLine], language_: Language) -> "OutcomeView":
        of_call = ("commitment", "nonce", "public_source", "public_value", "public_value_at", "applications")
        of_draw = ("seed", "inputs_digest", "plan_digest", "rules_digest", "outcome_digest", "allotted", "waitlisted")
        return cls(
            call=call.id,
            names=LocalizedLine.model_validate(call.names),
            events=[DrawnEventView.of(event, language_) for event in call.events],
            **{name: getattr(call, name) for name in of_call},
            **{name: getattr(kept, name) for name in (*of_draw, "drawn_at")},
            file=f"/v1/calls/{call.id}/outcome/file",
            items=[RowView.of(one.row, one.whose.tier, language_) for one in page.items],
            next_cursor=page.next_cursor,
        )


Tongue = Annotated[Language, language]
Anybodys = Annotated[Published, public(Call, KeptOutcome, TextPart)]


@router.get("/calls/{call_id}/outcome")
async def outcome(
    response: Response,
    call_id: PathId,
    published: Anybodys,
    paged: Annotated[Paging, paging],
    language_: Tongue,
    ticket: Annotated[str | None, Query(max_length=40, description="only this one; Devanagari digits too")] = None,
) -> OutcomeView:
    """Public: every ticket in order of place, with what it got and why not something better."""
    call, kept, page = await commands.outcome(published, call_id, paged, ticket)
    view = OutcomeView.of(call, kept, page, language_)
    answer.shows_digest(f"{kept.outcome_digest}.{language_}")
    response.headers.update({"Cache-Control": CACHED, "Vary": "Accept-Language", "Content-Language": language_})
    return view


@router.get(
    "/calls/{call_id}/outcome/file",
    response_class=Response,
    responses={200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def file(call_id: PathId, published: Anybodys) -> StreamingResponse:
    """Public: the whole draw as one zip of CSV files, to be checked by anybody."""
    kept, length, pieces = await commands.file(published, call_id)
    answer.shows_digest(kept.outcome_digest)
    named = {"Content-Disposition": f'attachment; filename="draw-{kept.id}.zip"', "Content-Length": str(length)}
    return StreamingResponse(pieces, media_type="application/zip", headers={**named, "Cache-Control": CACHED})
