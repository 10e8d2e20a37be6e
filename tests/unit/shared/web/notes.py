"""A service of one kind, notes, as small as the layers allow: the HTTP face is tested on it."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from pymongo.errors import ServerSelectionTimeoutError

from shared import answer
from shared.aggregates import Aggregates
from shared.decisions import Decision
from shared.documents import Doc, Document
from shared.errors import Language, Refused
from shared.events import Fact
from shared.reads import Paging
from shared.scope import Caller, Role, Scope
from shared.scoped import Published
from shared.service import Service
from shared.settings import CommonSettings
from shared.web.asking import aggregates, caller, language, paging, public, reader, settings
from shared.web.views import Text, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    id: str
    tenant: str
    party: str
    text: str


class NoteWritten(Fact):
    topic: ClassVar[str] = "notes.notes"
    name: ClassVar[str] = "note-written"

    text: str


class NoteDocument(Document[Note]):
    holds = Note
    collection = "notes"

    @staticmethod
    def of(state: Note) -> Doc:
        return {"party": state.party, "text": state.text}

    @staticmethod
    def state(doc: Doc) -> Note:
        return Note(id=doc["_id"], tenant=doc["tenant"], party=doc["party"], text=doc["text"])

    @staticmethod
    def visible(scope: Scope) -> Doc:
        return {"party": scope.party}


class NoteTooLoud(Refused):
    """Write {text} more quietly."""

    mr = "{text} जरा हळू आवाजात लिहा."
    hi = "{text} थोड़ा धीरे लिखें।"


class NoteRequest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Annotated[Text, Field(min_length=1, max_length=80)]
    stars: Annotated[int, Field(ge=1, le=5)] = 1


class NoteView(View):
    id: str
    text: str


WRITERS = caller(Role.GROUP_LEADER, Role.BUYER)
router = APIRouter(prefix="/v1", tags=["notes"])
Notes = Annotated[Aggregates[Note], aggregates(Note)]
By = Annotated[Caller, WRITERS]


def written(note: Note) -> Decision[Note]:
    if note.text.endswith("!"):
        raise NoteTooLoud(text=note.text)
    return Decision(note, NoteWritten(text=note.text))


def rewritten(note: Note, text: str) -> Decision[Note]:
    return written(replace(note, text=text))


@router.post("/notes", status_code=201)
async def write(body: NoteRequest, by: By, notes: Notes) -> NoteView:
    async def decide() -> Decision[Note]:
        return written(Note(id=by.new_id("notes"), tenant=by.scope.tenant, party=by.scope.party, text=body.text))

    return NoteView.model_validate(await notes.create(by.new_id("notes"), decide, by))


@router.patch("/notes/{note_id}")
async def rewrite(note_id: str, body: NoteRequest, by: By, notes: Notes) -> NoteView:
    return NoteView.model_validate(await notes.change(note_id, partial(rewritten, text=body.text), by))


@router.post("/notes/{note_id}/burn")
async def burn(note_id: str, by: By, notes: Notes) -> NoteView:
    return NoteView.model_validate(await notes.change(note_id, partial(rewritten, text="राख"), by))


@router.get("/notes/{note_id}")
async def read(note_id: str, scope: Annotated[Scope, reader()], notes: Notes) -> NoteView:
    return NoteView.model_validate(await notes.get(note_id, scope))


@router.get("/notes")
async def listed(scope: Annotated[Scope, reader(Role.ADMIN)], page: Annotated[Paging, paging]) -> dict[str, Any]:
    return {"role": scope.role, "limit": page.limit}


@router.get("/board/{note_id}")
async def board(note_id: str, hung: Annotated[Published, public(Note)]) -> dict[str, str]:
    """What anybody may read."""
    note = await hung[Note].find(note_id)
    answer.shows_digest("d1ge57")
    return {"text": note.text if note else ""}


@router.get("/service")
async def service(
    spoken: Annotated[Language, language], own: Annotated[CommonSettings, settings(CommonSettings)]
) -> dict[str, str]:
    return {"language": spoken, "audience": own.audience}


@router.get("/broken")
async def broken() -> None:
    raise RuntimeError("the password is राजा123")


@router.get("/away")
async def away() -> None:
    raise ServerSelectionTimeoutError("mongo-3.internal:27017: connection refused")


NOTES = Service(name="notes", settings=CommonSettings, kinds=(NoteDocument,), routers=(router,))
