"""How vacancies are kept: one document an entry; the logs of before in one document a call."""

from dataclasses import asdict
from typing import Any

from services.stalls.draw.chain import Phase
from services.stalls.draw.chain_log import Entry, Kind
from services.stalls.vacancies.domain import Left, Logged, OldEntry, Vacancies
from shared.documents import Doc, Document
from shared.mongo import Database
from shared.places.area import NOWHERE
from shared.scope import Scope

MOST_AT_ONCE = 1000


class VacanciesDocument(Document[Vacancies]):
    """Not written any more."""

    holds = Vacancies
    collection = "vacancies"

    @staticmethod
    def of(state: Vacancies) -> Doc:
        return {"log": [asdict(entry) for entry in state.log]}

    @staticmethod
    def state(doc: Doc) -> Vacancies:
        log = tuple(OldEntry(**{**kept, "left": Left(**kept["left"])}) for kept in doc["log"])
        return Vacancies(id=doc["_id"], tenant=doc["tenant"], log=log)

    @staticmethod
    def visible(scope: Scope) -> Doc:  # noqa: ARG004
        return NOWHERE


class LoggedDocument(Document[Logged]):
    """Inserted once; nothing here ever updates it."""

    holds = Logged
    collection = "vacancy_log"
    indexes = ((("call", 1), ("number", 1)),)

    @staticmethod
    def of(state: Logged) -> Doc:
        entry = asdict(state.entry)
        return {"call": state.call, **entry, "kind": state.entry.kind.value, "phase": state.entry.phase.value}

    @staticmethod
    def state(doc: Doc) -> Logged:
        kept: dict[str, Any] = {name: doc[name] for name in Entry.__dataclass_fields__}
        entry = Entry(**{**kept, "kind": Kind(kept["kind"]), "phase": Phase(kept["phase"])})
        return Logged(id=doc["_id"], tenant=doc["tenant"], call=doc["call"], entry=entry)

    @staticmethod
    def visible(scope: Scope) -> Doc:  # noqa: ARG004
        """Tickets and numbers: public, as the outcome is."""
        return {}


async def entries_from(database: Database, call: str, number: int, most: int = MOST_AT_ONCE) -> list[Entry]:
    """From this number on, in order."""
    wanted = {"call": call, "number": {"$gte": number}}
    found = database.collection(LoggedDocument.collection).find(wanted, {"outbox": 0, "requests": 0})
    return [LoggedDocument.load(doc).entry async for doc in found.sort("number").limit(most)]
