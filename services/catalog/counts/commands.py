"""What can be asked of the numbers of groups."""

from services.catalog.counts import domain
from services.catalog.counts.domain import By, Counts
from services.catalog.filters.domain import GroupFilters
from services.catalog.groups import commands as groups
from shared.mongo import Database
from shared.scope import Scope

FIELDS = {"programme": "programmes", "activity": "activity_sounds"}


async def counted(database: Database, by: By, filters: GroupFilters, scope: Scope) -> Counts:
    """Over the groups of the scope's area, each alias left out. Raises what `check_filters` raises."""
    total, found = await groups.counted(database, FIELDS.get(by, by), filters, scope)
    if by == "activity":
        _, texts = await groups.counted(database, "activities", filters, scope)
        spelt = domain.spelt_most(texts)
        found = [(spelt.get(of, of), number) for of, number in found]
    return domain.counts(by, total, found)
