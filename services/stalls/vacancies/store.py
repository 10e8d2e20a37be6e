"""How vacancies are kept: one document a call."""

from dataclasses import asdict

from services.stalls.vacancies.domain import Entry, Left, Vacancies
from shared.documents import Doc, Document
from shared.places.area import NOWHERE
from shared.scope import Scope


class VacanciesDocument(Document[Vacancies]):
    holds = Vacancies
    collection = "vacancies"

    @staticmethod
    def of(state: Vacancies) -> Doc:
        return {"log": [asdict(entry) for entry in state.log]}

    @staticmethod
    def state(doc: Doc) -> Vacancies:
        log = tuple(Entry(**{**kept, "left": Left(**kept["left"])}) for kept in doc["log"])
        return Vacancies(id=doc["_id"], tenant=doc["tenant"], log=log)

    @staticmethod
    def visible(scope: Scope) -> Doc:  # noqa: ARG004
        return NOWHERE
