"""What can be asked of the registry: enter a group, read one, list them."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any

from services.catalog.filters.domain import GroupFilters, check_filters
from services.catalog.groups import domain, store
from services.catalog.groups.domain import Entry, Group, Listed
from services.catalog.groups.store import GroupDocument, found, renew, sounds_beginning, sounds_there
from services.catalog.searches.commands import Keeper
from services.catalog.searches.domain import Meant
from shared import clock
from shared.aggregates import Aggregates
from shared.contracts.catalog import Inactive, group_id
from shared.decisions import Decision
from shared.logs import log
from shared.mongo import Database
from shared.outbox import Stored
from shared.reads import Page, Paging
from shared.scope import Caller, Scope
from shared.service import Running


async def register(groups: Aggregates[Group], entry: Entry, caller: Caller) -> Group:
    """Enter a group of the officer's area. Raises AlreadyExists for the same number of the same programme."""

    async def decide() -> Decision[Group]:
        return domain.register(entry, caller.scope, clock.now())

    return await groups.create(group_id(caller.scope.tenant, entry.programme, entry.code), decide, caller)


async def read(groups: Aggregates[Group], id_: str, scope: Scope) -> Group:
    """Any group of the state, or the one it was merged into. Raises NotFound."""
    group = await groups.get(id_, scope)
    return await groups.get(group.merged_into, scope) if group.merged_into else group


async def mend(groups: Aggregates[Group], id_: str, changes: Mapping[str, Any], caller: Caller) -> Group:
    """Raises NotFound, OutsideArea, MergedAlready, and what is wrong with the changes."""
    decide = partial(domain.mend, changes=changes, scope=caller.scope, now=clock.now())
    return await groups.change(id_, decide, caller)


async def deactivate(groups: Aggregates[Group], id_: str, reason: Inactive, caller: Caller) -> Group:
    """Raises NotFound, OutsideArea, MergedAlready, NotActive."""
    return await groups.change(id_, partial(domain.deactivate, reason=reason, scope=caller.scope), caller)


async def reactivate(groups: Aggregates[Group], id_: str, caller: Caller) -> Group:
    """Raises NotFound, OutsideArea, MergedAlready, AlreadyActive."""
    return await groups.change(id_, partial(domain.reactivate, scope=caller.scope, now=clock.now()), caller)


KEEPERS: dict[tuple[str, str], Keeper] = {}
"""What the names of each database and tenant sound like."""


async def readings(database: Database, tenant: str, asked: str | None) -> list[list[Meant]]:
    """What a search for a name means in this registry, the likeliest first."""
    read, look = partial(sounds_there, database, tenant), partial(sounds_beginning, database, tenant)
    keeper = KEEPERS.setdefault((database.db.name, tenant), Keeper(read, look))
    return await keeper.meant(asked)


async def listed(database: Database, filters: GroupFilters, scope: Scope, paging: Paging) -> Page[Group]:
    """Raises what `check_filters` raises, BadCursor."""
    check_filters(filters, scope)
    return await found(database, filters, await readings(database, scope.tenant, filters.q), scope, paging)


async def newest_rows(database: Database, ids: Sequence[str]) -> dict[str, Listed | None]:
    """Of those of these groups that are there: the newest row a list has of each. As many as one query takes."""
    return await store.newest_rows(database, ids)


async def enter_all(database: Database, decisions: Sequence[Decision[Group]]) -> int:
    """Groups that were not there when it was decided; how many still were not."""
    return await store.entered(database, decisions)


def of_place(database: Database, tenant: str, place: str) -> AsyncIterator[Group]:
    """All records of a block or town, by its code, aliases too: to compare them."""
    return store.of_place(database, tenant, place)


async def of_ids(database: Database, ids: Iterable[str]) -> dict[str, Group]:
    """Those of them that are there, as they stand."""
    groups = Stored(database, GroupDocument)
    found_ = await asyncio.gather(*(groups.find(id_) for id_ in ids))
    return {group.id: group for group in found_ if group}


async def counted(
    database: Database, field: str, filters: GroupFilters, scope: Scope
) -> tuple[int, list[tuple[str, int]]]:
    """How many in all, and of each value of that field of their documents. Raises what `check_filters` raises."""
    check_filters(filters, scope)
    ranks = await readings(database, scope.tenant, filters.q)
    return await store.counted(database, field, filters, chain.from_iterable(ranks), scope)


async def every(database: Database, filters: GroupFilters, scope: Scope) -> AsyncIterator[Group]:
    """All of the scope's area, one after the other."""
    ranks = await readings(database, scope.tenant, filters.q)
    async for group in store.every(database, filters, chain.from_iterable(ranks), scope):
        yield group


async def renewer(running: Running) -> None:
    """Groups that an earlier release entered are found as today's are; then there is nothing more to do."""
    if renewed := await renew(running.database):
        log.info("groups.renewed", groups=renewed)
    await asyncio.Event().wait()
