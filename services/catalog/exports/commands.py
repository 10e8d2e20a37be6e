"""What can be asked of the file: its lines, as the database gives the groups."""

from collections.abc import AsyncIterator

from services.catalog.exports import domain
from services.catalog.filters.domain import GroupFilters, check_filters
from services.catalog.groups import commands as groups
from services.catalog.groups.domain import Group
from shared.lists.writing import lines
from shared.mongo import Database
from shared.scope import Scope

ROWS_AT_ONCE = 500


async def exported(database: Database, filters: GroupFilters, scope: Scope) -> AsyncIterator[str]:
    """Pieces of the file, its header first; memory stays flat. Raises what `check_filters` raises before the first."""
    check_filters(filters, scope)
    return _pieces(groups.every(database, filters, scope), scope)


async def _pieces(found: AsyncIterator[Group], scope: Scope) -> AsyncIterator[str]:
    yield "".join(lines([domain.HEADER], bom=True))
    rows: list[tuple[str, ...]] = []
    async for group in found:
        rows.append(domain.row(group, scope))
        if len(rows) == ROWS_AT_ONCE:
            yield "".join(lines(rows))
            rows.clear()
    if rows:
        yield "".join(lines(rows))
