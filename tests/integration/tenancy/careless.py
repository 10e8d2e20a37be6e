"""A service whose routes forget, each one thing: what the matrix has to find."""

from typing import Annotated, Any

from fastapi import APIRouter

from shared.aggregates import Aggregates
from shared.errors import NotFound
from shared.mongo import Database
from shared.reads import Page, Paging, page
from shared.scope import BUYERS, Caller, Role, Scope
from shared.service import Service
from shared.settings import CommonSettings
from shared.web.asking import aggregates, caller, database, paging, reader, signed
from shared.web.views import PageView, page_view
from tests.integration.houses import House
from tests.integration.tenancy.people import ANOTHER, HER
from tests.integration.tenancy.world import Ask, Shown, World, keep
from tests.unit.shared.web.notes import Note, NoteDocument, NoteView, rewritten

router = APIRouter(prefix="/v1")
Notes = Annotated[Aggregates[Note], aggregates(Note)]
Unscoped = Annotated[Aggregates[Note], signed(Note)]
Reader = Annotated[Scope, reader(*BUYERS)]
Writer = Annotated[Caller, caller(*BUYERS)]


class EverybodysNotes(NoteDocument):
    @staticmethod
    def visible(scope: Scope) -> dict[str, Any]:
        return {}


@router.get("/sound/{note_id}")
async def sound(note_id: str, scope: Reader, notes: Notes) -> NoteView:
    return NoteView.model_validate(await notes.get(note_id, scope))


@router.get("/unscoped/{note_id}")
async def unscoped(note_id: str, _: Reader, notes: Unscoped) -> NoteView:
    return NoteView.model_validate(await notes.get(note_id))


@router.get("/tokenless/{note_id}")
async def tokenless(note_id: str, notes: Unscoped) -> NoteView:
    return NoteView.model_validate(await notes.get(note_id))


@router.get("/roleless/{note_id}")
async def roleless(note_id: str, scope: Annotated[Scope, reader()], notes: Notes) -> NoteView:
    return NoteView.model_validate(await notes.get(note_id, scope))


@router.post("/hasty/{note_id}")
async def hasty(note_id: str, by: Writer, notes: Unscoped) -> NoteView:
    """Answers as it should, after it wrote."""
    note = await notes.change(note_id, lambda note: rewritten(note, "राख"))
    if note.party != by.scope.party:
        raise NotFound(what="notes", id=note_id)
    return NoteView.model_validate(note)


@router.get("/shut/{note_id}")
async def shut(note_id: str, scope: Annotated[Scope, reader(Role.ADMIN)], notes: Notes) -> NoteView:
    return NoteView.model_validate(await notes.get(note_id, scope))


@router.get("/listed")
async def listed(
    scope: Reader, reads: Annotated[Database, database], at: Annotated[Paging, paging]
) -> PageView[NoteView]:
    found: Page[Note] = await page(reads, EverybodysNotes, scope, at)
    return page_view(NoteView, found)


CARELESS = Service(name="careless", settings=CommonSettings, kinds=(NoteDocument,), routers=(router,))
BY_ID = ("GET /v1/sound", "GET /v1/unscoped", "GET /v1/tokenless", "GET /v1/roleless", "POST /v1/hasty", "GET /v1/shut")
NOTES = (("note-1", HER), ("note-2", ANOTHER))


async def arrange(house: House) -> World:
    await keep(house, *(Note(id=id_, tenant="27", party=party, text="पापड") for id_, party in NOTES))
    asks = {(f"{route}/{{note_id}}", "a note"): Ask({"note_id": "note-1"}) for route in BY_ID}
    rows = tuple(Shown(id_, party=party) for id_, party in NOTES)
    return World(house, {**asks, ("GET /v1/listed", "list"): Ask()}, {"GET /v1/listed": ("id", rows)})
