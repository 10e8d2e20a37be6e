"""How parts of texts are kept."""

from services.stalls.texts.domain import TextPart
from shared.documents import Doc, Document
from shared.places.area import NOWHERE
from shared.scope import Scope


class TextPartDocument(Document[TextPart]):
    holds = TextPart
    collection = "draw_files"

    @staticmethod
    def of(state: TextPart) -> Doc:
        return {"text": state.text}

    @staticmethod
    def state(doc: Doc) -> TextPart:
        return TextPart(id=doc["_id"], tenant=doc["tenant"], text=doc["text"])

    @staticmethod
    def visible(scope: Scope) -> Doc:  # noqa: ARG004
        """Nobody's by itself: whose ticket is whose stands among these texts."""
        return NOWHERE
