"""What can be asked of the numbers of groups."""

from services.catalog.counts import domain
from services.catalog.counts.domain import By, Counts
from services.catalog.filters.domain import GroupFilters, require_place
from services.catalog.groups import commands as groups
from shared.mongo import Database
from shared.scope import Scope

FIELDS = {"programme": "programmes", "reason": "why"}
HEARD = {
    "activity": ("activity_sounds", "activities"),
    "federation": ("federation_sound", "federation"),
    "village": ("village_sound", "village"),
}
"""What one sound stands for, and as it is written."""
OF_ONE_PLACE = frozenset({"federation", "village"})


async def counted(database: Database, by: By, filters: GroupFilters, scope: Scope) -> Counts:
    """Over the groups of the scope's area, each alias left out. Raises what `check_filters` raises, PlaceNeeded."""
    if by in OF_ONE_PLACE:
        require_place("by", filters, scope)
    if by not in HEARD:
        return domain.counts(by, *await groups.counted(database, FIELDS.get(by, by), filters, scope))
    sound, text = HEARD[by]
    total, found = await groups.counted(database, sound, filters, scope)
    _, texts = await groups.counted(database, text, filters, scope)
    spelt = domain.spelt_most(texts)
    return domain.counts(by, total, [(spelt.get(of, of), number) for of, number in found if of])
