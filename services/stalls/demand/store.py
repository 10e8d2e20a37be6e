"""How demand for stalls is read: the partial figures of the generation that counts, summed."""

from services.stalls.demand.domain import COUNTS, NAME, Question
from shared.documents import Doc
from shared.mongo import Database
from shared.reads import Page, Paging
from shared.scope import Scope
from shared.streaming.reads import Asked, Sum, summed

WHOLE_STATE: Doc = {}
"""How many apply is no secret of a district: every officer plans with it."""


async def summed_for(database: Database, scope: Scope, question: Question, paging: Paging) -> Page[Sum]:
    """By time, then category. Raises BadCursor."""
    where: Doc = {"call": question.call, **({"category": question.category} if question.category else {})}
    asked = Asked(NAME, COUNTS, ("category",), question.span, where)
    return await summed(database, scope, WHOLE_STATE, asked, paging)
