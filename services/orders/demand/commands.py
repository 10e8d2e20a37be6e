"""What can be asked of demand."""

from services.orders.demand import domain, store
from services.orders.demand.domain import Question
from shared.mongo import Database
from shared.reads import Page, Paging
from shared.scope import Scope
from shared.streaming.reads import Sum


async def answered(database: Database, scope: Scope, question: Question, paging: Paging) -> Page[Sum]:
    """What the scope may see of it. Raises OutsideArea, BadCursor."""
    domain.require_asked(question, scope)
    return await store.summed_for(database, scope, question, paging)
