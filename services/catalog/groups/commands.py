"""What can be asked of the registry: enter a group, read one, list them."""

from services.catalog.groups import domain
from services.catalog.groups.domain import Entry, Group, GroupFilters
from services.catalog.groups.store import found
from shared.aggregates import Aggregates
from shared.decisions import Decision
from shared.mongo import Database
from shared.reads import Page, Paging
from shared.scope import Caller, Scope


async def register(groups: Aggregates[Group], entry: Entry, caller: Caller) -> Group:
    """Enter a group of the officer's area. Raises AlreadyExists for the same number of the same programme."""

    async def decide() -> Decision[Group]:
        return domain.register(entry, caller.scope)

    return await groups.create(domain.group_id(caller.scope.tenant, entry.programme, entry.code), decide, caller)


async def read(groups: Aggregates[Group], group_id: str, scope: Scope) -> Group:
    """Any group of the state. Raises NotFound."""
    return await groups.get(group_id, scope)


async def listed(database: Database, filters: GroupFilters, scope: Scope, paging: Paging) -> Page[Group]:
    return await found(database, filters, scope, paging)
