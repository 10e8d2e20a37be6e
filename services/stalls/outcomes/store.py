"""How draws are kept: one document of what was frozen and one of what was drawn; their texts stand in `texts`."""

from dataclasses import asdict, fields
from typing import Any

from services.stalls.outcomes.domain import KeptInputs, KeptOutcome, Shelf, Weight
from services.stalls.texts.domain import Manifest
from services.stalls.venues.domain import read_reasons
from shared.documents import Doc, Document
from shared.places.area import NOWHERE
from shared.scope import Scope


class KeptInputsDocument(Document[KeptInputs]):
    holds = KeptInputs
    collection = "draw_inputs"

    @staticmethod
    def of(state: KeptInputs) -> Doc:
        struck = [{"event": number, "why": [one.kept() for one in why]} for number, why in sorted(state.struck.items())]
        return {**_plain(state), "files": _kept(state.files), "register": list(state.register), "struck": struck}

    @staticmethod
    def state(doc: Doc) -> KeptInputs:
        struck = {one["event"]: read_reasons(one["why"]) for one in doc["struck"]}
        return KeptInputs(**_read(doc, KeptInputs), struck=struck)

    @staticmethod
    def visible(scope: Scope) -> Doc:  # noqa: ARG004
        return NOWHERE


class KeptOutcomeDocument(Document[KeptOutcome]):
    """Inserted once; nothing here ever updates it."""

    holds = KeptOutcome
    collection = "outcomes"
    schema = 2

    @staticmethod
    def of(state: KeptOutcome) -> Doc:
        shelves = [{"table": name, **asdict(shelf)} for name, shelf in state.shelves.items()]
        weights = [{"file": name, **asdict(weight)} for name, weight in state.weights.items()]
        kept = {"files": _kept(state.files), "register": list(state.register)}
        return {**_plain(state), **kept, "shelves": shelves, "weights": weights}

    @staticmethod
    def state(doc: Doc) -> KeptOutcome:
        shelves = {
            one["table"]: Shelf(parts=tuple(one["parts"]), firsts=tuple(one["firsts"])) for one in doc["shelves"]
        }
        weights = {one["file"]: Weight(bytes=one["bytes"], crc32=one["crc32"]) for one in doc["weights"]}
        return KeptOutcome(**_read(doc, KeptOutcome), shelves=shelves, weights=weights)

    @staticmethod
    def visible(scope: Scope) -> Doc:  # noqa: ARG004
        return NOWHERE

    @classmethod
    def upgrade(cls, doc: Doc) -> Doc:
        """Schema 1 was read whole."""
        return {"shelves": [], "weights": [], **doc}


OF_ITS_OWN = {"id", "tenant", "files", "register", "struck", "shelves", "weights"}


def _plain(state: Any) -> Doc:
    return {field.name: getattr(state, field.name) for field in fields(state) if field.name not in OF_ITS_OWN}


def _kept(files: Manifest) -> list[Doc]:
    return [{"file": name, "parts": list(parts)} for name, parts in files.items()]


def _read(doc: Doc, kind: type[Any]) -> Doc:
    plain = {field.name: doc[field.name] for field in fields(kind) if field.name not in OF_ITS_OWN}
    files = {row["file"]: tuple(row["parts"]) for row in doc["files"]}
    return {"id": doc["_id"], "tenant": doc["tenant"], "files": files, "register": tuple(doc["register"]), **plain}
