"""Whether a list is of the programme it was said to be of, by where its first numbers stand already."""

from collections.abc import Sequence
from typing import get_args

from services.catalog.groups.commands import newest_rows
from shared.contracts.catalog import Programme, group_id
from shared.mongo import Database
from tools.groups.lists import Source


async def doubts(database: Database, sources: Sequence[Source], tenant: str) -> list[str]:
    """A sentence for every list whose numbers stand, for the most part, under another programme."""
    found = [await _doubt(database, source, tenant) for source in sources]
    return [sentence for sentence in found if sentence]


async def _doubt(database: Database, source: Source, tenant: str) -> str:
    standing = {one: await _standing(database, source, one, tenant) for one in get_args(Programme)}
    most = max(standing, key=lambda one: standing[one])
    if standing[most] * 2 <= len(source.codes) or standing[most] <= standing[source.programme]:
        return ""
    return (
        f"{source.path.name}: {standing[most]:,} of the first {len(source.codes):,} numbers already stand under "
        f"{most}, {standing[source.programme]:,} under {source.programme}: is this the right programme?"
    )


async def _standing(database: Database, source: Source, programme: str, tenant: str) -> int:
    return len(await newest_rows(database, [group_id(tenant, programme, code) for code in source.codes]))
