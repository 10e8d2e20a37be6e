"""A question before lists are imported: whether each is of the programme it was said to be of."""

from collections.abc import Sequence

from services.catalog.imports.commands import standing
from services.catalog.imports.domain import another
from shared.mongo import Database
from tools.groups.lists import Source


async def doubts(database: Database, sources: Sequence[Source], tenant: str) -> list[str]:
    """A sentence for every list whose numbers stand, for the most part, under another programme."""
    found = [await _doubt(database, source, tenant) for source in sources]
    return [sentence for sentence in found if sentence]


async def _doubt(database: Database, source: Source, tenant: str) -> str:
    there, looked_at = await standing(database, tenant, source.codes), len(source.codes)
    if not (most := another(there, source.programme, looked_at)):
        return ""
    return (
        f"{source.path.name}: {there[most]:,} of the first {looked_at:,} numbers already stand under "
        f"{most}, {there[source.programme]:,} under {source.programme}: is this the right programme?"
    )
