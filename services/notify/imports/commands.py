"""What becomes of a list's rows here: its numbers go to the contacts of the groups, and nowhere else."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress

from services.notify.contacts import commands as reached
from services.notify.contacts.domain import Contact
from services.notify.contacts.domain import Told as Said
from services.notify.groups.domain import KnownGroup
from services.notify.groups.projections import find_group
from services.notify.imports import domain
from services.notify.imports.domain import Met
from shared.errors import Problem
from shared.imports.taking import Counts, NotYet, Run, Taken, Told
from shared.lists.rows import BadRow, Row
from shared.places.area import WHOLE_STATE
from shared.service import Running

Found = tuple[Row, Said]


class Numbers:
    """A `shared.imports.taking.Taker`, for one pass over a list."""

    def __init__(self, running: Running) -> None:
        self.running, self.met = running, Met()

    def kept(self, cells: Mapping[str, str]) -> dict[str, str]:
        return domain.ours(cells)

    def shown(self, cells: Mapping[str, str]) -> dict[str, str]:
        return domain.shown(cells)

    def remember(self, rows: Sequence[Row], run: Run) -> None:
        for row in rows:
            with suppress(Problem):
                if said := domain.told(row.cells, run.programme, run.scope):
                    self.met.add(said.party)

    async def take(self, rows: Sequence[Row], run: Run) -> Taken:
        """The first good row of a group counts; a later one with its number is a repetition."""
        counts, bad, found = Counter[str](), list[BadRow](), list[Found]()
        for row in rows:
            try:
                said = domain.told(row.cells, run.programme, run.scope)
            except Problem as problem:
                bad.append(BadRow(row.line, problem, row.cells, row.file))
                continue
            if said is None:
                counts["skipped"] += 1
            elif not self.met.add(said.party):
                counts["repeated"] += 1
            else:
                found.append((row, said))
        found = await self._near(found, run, bad)
        counts.update(await self._written([said for _, said in found], run))
        return Taken(Counts(**counts), bad)

    async def _near(self, found: list[Found], run: Run, bad: list[BadRow]) -> list[Found]:
        """Those whose group lies in the area of who imports, as the registry told; of a rehearsal, as far as it did.

        The registry's half of the same list may be on its way: for its groups an import waits a little.
        """
        if run.scope.role in WHOLE_STATE:
            return found
        groups, near = self.running[KnownGroup], list[Found]()
        known = await asyncio.gather(*(find_group(groups, said.party, run.scope.tenant) for _, said in found))
        if run.patient and None in known:
            raise NotYet
        for (row, said), group in zip(found, known, strict=True):
            try:
                if group is not None or not run.dry_run:
                    domain.require_known_area(group, domain.code_of(row.cells), run.scope)
            except Problem as problem:
                bad.append(BadRow(row.line, problem, row.cells, row.file))
            else:
                near.append((row, said))
        return near

    async def _written(self, said: Sequence[Said], run: Run) -> Sequence[str]:
        database, tenant = self.running.database, run.scope.tenant
        if run.dry_run:
            found = await reached.foretell(database, tenant, said, run.mark, run.order)
            return [domain.foretold(one, what, run.foretold) for one, what in zip(said, found, strict=True)]
        return await reached.enter(database, self.running[Contact], tenant, said, run.mark, run.order)

    async def end(self, run: Run, places: frozenset[str], told: Told) -> None:
        """Nothing is left to do after the last row."""


def numbers(running: Running) -> Numbers:
    """A taker for one pass over a list."""
    return Numbers(running)
