"""How demand is read: the partial figures of the generation that counts, summed."""

from services.orders.demand.domain import COUNTS, LEVELS, NAME, Question
from shared.documents import Doc
from shared.mongo import Database
from shared.places.area import within
from shared.reads import Page, Paging
from shared.scope import OWN_GROUPS, Scope
from shared.streaming.reads import Asked, Sum, summed


def visible(scope: Scope) -> Doc:
    """A group's own products; an officer's area; the whole state for its offices."""
    if scope.role in OWN_GROUPS:
        return {"seller": {"$in": sorted(scope.groups)}}
    return within(scope)


async def summed_for(database: Database, scope: Scope, question: Question, paging: Paging) -> Page[Sum]:
    """By time, then product, then place. Raises BadCursor."""
    of = ("product", *LEVELS[question.level])
    asked = Asked(NAME, COUNTS, of, question.span, dict(question.narrowed))
    return await summed(database, scope, visible(scope), asked, paging)
