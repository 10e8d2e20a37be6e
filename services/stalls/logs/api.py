"""What anybody may see of the steps of a call."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from services.stalls.calls.domain import Call
from services.stalls.draw.log import START, Entry, Step, instant
from services.stalls.logs import commands
from services.stalls.logs.domain import WORDS
from shared import answer
from shared.errors import Language
from shared.scoped import Published
from shared.web.asking import language, public
from shared.web.bounds import PathId

router = APIRouter(prefix="/v1", tags=["calls"])


class EntryView(BaseModel):
    """One step. `by` is a role and a pseudonym that is another in every call, or `timer`.

    Its digest is the SHA-256 of these lines, joined by a line feed, with none at the end: the digest before it (the
    first has `start`), number, `at` as it stands here, step, by, what.
    """

    number: int
    at: str = Field(examples=["2026-11-22T12:30:00.000Z"])
    step: Step
    by: str
    what: str
    digest: str
    sentence: str = Field(description="in the language of Accept-Language")

    @classmethod
    def of(cls, entry: Entry, tongue: Language) -> "EntryView":
        same = {name: getattr(entry, name) for name in ("number", "step", "by", "what", "digest")}
        return cls(**same, at=instant(entry.at), sentence=WORDS[entry.step].said(tongue))


class LogView(BaseModel):
    call: str
    public_at: datetime
    start: str
    items: list[EntryView]

    @classmethod
    def of(cls, call: Call, tongue: Language) -> "LogView":
        items = [EntryView.of(entry, tongue) for entry in call.log]
        return cls(call=call.id, public_at=call.public_at, start=START, items=items)


@router.get("/calls/{call_id}/log")
async def log(
    response: Response,
    call_id: PathId,
    published: Annotated[Published, public(Call)],
    tongue: Annotated[Language, language],
) -> LogView:
    """Public: every step that fixed the seed, each bound to the one before it. A log that was changed is refused."""
    call = await commands.get(published, call_id)
    answer.changes_with_time()
    response.headers.update({"Vary": "Accept-Language", "Content-Language": tongue})
    return LogView.of(call, tongue)
