"""What can be asked of demand for stalls."""

from services.stalls.demand import store
from services.stalls.demand.domain import Question
from shared.mongo import Database
from shared.reads import Page, Paging
from shared.scope import Scope
from shared.streaming.reads import Sum


async def answered(database: Database, scope: Scope, question: Question, paging: Paging) -> Page[Sum]:
    """Raises BadCursor."""
    return await store.summed_for(database, scope, question, paging)
