"""How the work of workers is kept, and which of it is free or stands still."""

from dataclasses import asdict, fields
from datetime import datetime

from services.stalls.draws.domain import STANDS_STILL_AFTER, Work
from shared.documents import Doc, Document
from shared.mongo import Database
from shared.places.area import NOWHERE
from shared.scope import Scope

MOST_AT_ONCE = 10


class WorkDocument(Document[Work]):
    holds = Work
    collection = "draws"
    due = "due_at"

    @staticmethod
    def of(state: Work) -> Doc:
        return {name: value for name, value in asdict(state).items() if name not in {"id", "tenant"}}

    @staticmethod
    def state(doc: Doc) -> Work:
        same = {one.name: doc[one.name] for one in fields(Work) if one.name != "id"}
        return Work(id=doc["_id"], **same)

    @staticmethod
    def visible(scope: Scope) -> Doc:  # noqa: ARG004
        """Nobody's by itself: it is shown with its call."""
        return NOWHERE


async def due(database: Database, now: datetime) -> list[str]:
    """Calls whose work nobody holds, the longest due first."""
    found = database.collection(WorkDocument.collection).find({"due_at": {"$lte": now}}, {"_id": 1})
    return [str(doc["_id"]) async for doc in found.sort("due_at").limit(MOST_AT_ONCE)]


async def still(database: Database, now: datetime) -> list[str]:
    """Calls of which something is to do, and nothing has been done for a while."""
    long_ago = now - STANDS_STILL_AFTER
    waits = {"due_at": {"$ne": None}, "asked_at": {"$lte": long_ago}}
    unmoved = {"$or": [{"moved_at": None}, {"moved_at": {"$lte": long_ago}}, {"refused": {"$ne": None}}]}
    found = database.collection(WorkDocument.collection).find({**waits, **unmoved}, {"_id": 1})
    return [str(doc["_id"]) async for doc in found]
