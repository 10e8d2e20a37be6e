"""What a list of groups does to the registry, a batch at a time."""

import asyncio
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Literal, get_args

from services.catalog.accounts.domain import MARK, References, keys_of
from services.catalog.doubles.commands import compare
from services.catalog.groups import commands as registry
from services.catalog.groups.domain import ENTRY, Entry, Group, Listed, entered, relist
from services.catalog.imports import domain
from services.catalog.imports.domain import SameCodeTwice
from services.catalog.repeats.domain import Seen
from services.catalog.settings import CatalogSettings
from shared import clock
from shared.contracts.catalog import Programme, group_id
from shared.decisions import Decision
from shared.errors import Invalid, Problem
from shared.imports.domain import Import
from shared.imports.taking import Counts, Run, Taken, Told
from shared.lists.rows import BadRow, Line, Row
from shared.localized import ascii_digits
from shared.mongo import Database
from shared.places.area import WHOLE_STATE, OutsideArea, require_area
from shared.service import Running

AT_ONCE = 250
"""Groups written by one command, while the next are being prepared."""
DOUBTED_BY = 200
"""Rows by whose numbers a list's programme is doubted."""
ROW_PROBLEMS = (Invalid, OutsideArea)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row with a number, the id that follows from it, and a digest of what it says."""

    row: Row
    id: str
    code: str
    digest: str


def groups(running: Running) -> "Groups":
    """The taker of lists of groups, for one pass over a list."""
    settings = running.settings
    if not isinstance(settings, CatalogSettings):
        raise TypeError(settings)
    keeps = timedelta(days=settings.import_report_days)
    return Groups(running, References(keys_of(settings.account_keys.get_secret_value()), keeps))


async def standing(database: Database, tenant: str, codes: Collection[str]) -> dict[str, int]:
    """How many of these numbers stand under each programme."""
    ids = {one: [group_id(tenant, one, code) for code in codes] for one in get_args(Programme)}
    return {one: len(await registry.newest_rows(database, ids[one])) for one in ids}


async def another_programme(database: Database, job: Import, lines: Sequence[Line]) -> str:
    """A `shared.imports.doubting.Doubts`."""
    codes = domain.codes_of(line.cells for line in lines[:DOUBTED_BY] if isinstance(line, Row))
    return domain.another(await standing(database, job.tenant, codes), job.programme, len(codes))


class Groups:
    """Rows to groups: a `shared.imports.taking.Taker`."""

    def __init__(self, running: Running, references: References) -> None:
        self.running, self.database = running, running.database
        self.references, self.keys, self.seen = references, references.keys, Seen()

    def kept(self, cells: Mapping[str, str]) -> dict[str, str]:
        """Without phone and language, the account sealed. Raises NoAccountKey."""
        return domain.without_secrets(domain.resolved(cells, self.references, clock.now()), self.keys)

    def shown(self, cells: Mapping[str, str]) -> dict[str, str]:
        """A reference in the place of the account; one that is there already stays. Raises NoAccountKey."""
        shown = domain.referred(self.kept(cells), self.references, clock.now())
        known = domain.resolved(cells, self.references, clock.now()) is not cells
        return shown | {"account": cells["account"]} if known else shown

    def remember(self, rows: Sequence[Row], run: Run) -> None:
        """The numbers of the rows that were good."""
        for row in rows:
            with suppress(*ROW_PROBLEMS):
                one = self.read(row, run)
                self.entry(one, run)
                self.see(one)

    async def take(self, rows: Sequence[Row], run: Run) -> Taken:
        """Each row once, whoever took part of the batch before and died. Raises NoAccountKey."""
        batch = Batch(self, run)
        for row in rows:
            batch.read(row)
        await batch.write()
        return Taken(Counts(**batch.counts), batch.bad, frozenset(batch.places))

    async def end(self, run: Run, places: frozenset[str], told: Told) -> None:
        """Looks through every place the list touched for groups that may be one."""
        if run.dry_run:
            return
        for done, place in enumerate(sorted(places)):
            told(done, len(places))
            await compare(self.database, run.scope.tenant, place)
        told(len(places), len(places))

    def read(self, row: Row, run: Run) -> Candidate:
        """Raises CodeMissing, BadCode."""
        if row.cells.get("account", "").startswith(MARK):
            row = Row(row.line, domain.resolved(row.cells, self.references, clock.now()), row.file)
        code = domain.code_of(row.cells)
        id_ = group_id(run.scope.tenant, run.programme, code)
        return Candidate(row, id_, code, domain.digest(row.cells, self.keys))

    def entry(self, one: Candidate, run: Run) -> Entry:
        """What the row says, of a place that is there and hers. Raises ROW_PROBLEMS, NoAccountKey."""
        cells = domain.understood(one.row.cells, self.keys)
        domain.check_place(cells, run.scope)
        return domain.entry(cells, one.code, run.programme, run.scope.tenant)

    def see(self, one: Candidate) -> None:
        self.seen.add(one.code, one.digest, one.row.file, one.row.line)


class Batch:
    """Rows on their way into the registry. `bad`: in no order."""

    def __init__(self, by: Groups, run: Run) -> None:
        self.by, self.run = by, run
        self.candidates: list[Candidate] = []
        self.counts: Counter[str] = Counter()
        self.bad: list[BadRow] = []
        self.places: set[str] = set()
        self.fresh: list[Decision[Group]] = []
        self.writes: list[asyncio.Task[int]] = []
        self.entered: dict[str, tuple[Candidate, Entry]] = {}
        self.known: dict[str, tuple[Candidate, Entry]] = {}

    def read(self, row: Row) -> None:
        """What can be said of the row without the registry."""
        try:
            self.candidates.append(self.by.read(row, self.run))
        except ROW_PROBLEMS as problem:
            self._refuse(row, problem)

    async def write(self) -> None:
        """Raises what the database raises; written again, it comes out the same."""
        before = await registry.newest_rows(self.by.database, [one.id for one in self.candidates])
        for one in self.candidates:
            if not self._is_again(one):
                await self.sort(one, before)
        await self._enter()
        await asyncio.gather(*(self._relist(*one) for one in self.known.values()))

    def _is_again(self, one: Candidate) -> bool:
        """A row whose number stood in the list before."""
        row = one.row
        met = self.by.seen.find(one.code, one.digest)
        if met is None or (met.file, met.line) == (row.file, row.line):
            return False
        if met.same:
            self.counts["repeated"] += 1
        else:
            self._refuse(row, SameCodeTwice(code=one.code, line=met.line, file=met.file))
        return True

    async def sort(self, one: Candidate, before: Mapping[str, Listed | None]) -> None:
        """What is to be done with a row, given what stood in the registry before."""
        listed, is_foretold = before.get(one.id), self.run.foretold is not None and one.id in self.run.foretold
        if is_foretold or listed is None or listed.digest != one.digest:
            await self._new_or_changed(one, is_known=is_foretold or one.id in before)
            return
        if not self._is_hers(one):
            return
        if listed.run == self.run.mark:
            self._count(listed.what, one)
        else:
            self.counts["unchanged"] += 1
        self.by.see(one)

    def _is_hers(self, one: Candidate) -> bool:
        """That a row is as it was is told to nobody of another area: with it she could try out accounts."""
        if self.run.scope.role in WHOLE_STATE:
            return True
        try:
            self.by.entry(one, self.run)
        except ROW_PROBLEMS as problem:
            self._refuse(one.row, problem)
            return False
        return True

    async def _new_or_changed(self, one: Candidate, *, is_known: bool) -> None:
        try:
            entry = self.by.entry(one, self.run)
        except ROW_PROBLEMS as problem:
            self._refuse(one.row, problem)
            return
        self.by.see(one)
        (self.known if is_known else self.entered)[one.id] = one, entry
        if not is_known and not self.run.dry_run:
            self.fresh.append(entered(self.run.scope.tenant, entry, listed=self._listed(one, "new")))
            if len(self.fresh) == AT_ONCE:
                await self._begin()

    async def _begin(self) -> None:
        """Let what is ready be written while the next rows are prepared."""
        ready, self.fresh = self.fresh, []
        self.writes.append(asyncio.create_task(registry.enter_all(self.by.database, ready)))
        await asyncio.sleep(0)

    async def _enter(self) -> None:
        await self._begin()
        new = sum(await asyncio.gather(*self.writes))
        there: Mapping[str, Listed | None] = {}
        if new < len(self.entered) and not self.run.dry_run:
            there = await registry.newest_rows(self.by.database, list(self.entered))
        for id_, (one, entry) in self.entered.items():
            listed = there.get(id_)
            if id_ in there and (listed is None or listed.run != self.run.mark):
                self.known[id_] = one, entry  # somebody else entered it meanwhile
            else:
                self._count("new", one)
                self._foretold(id_, entry)

    async def _relist(self, one: Candidate, entry: Entry) -> None:
        decide = partial(self._relisted, entry=entry, listed=self._listed(one, "changed"))
        try:
            if self.run.dry_run:
                before = await self.by.running[Group].find(one.id)
                after = decide(before).state if before else entered(self.run.scope.tenant, entry).state
            else:
                after = await self.by.running[Group].change(one.id, decide)
        except ROW_PROBLEMS as problem:
            self._refuse(one.row, problem)
            return
        if foretold := self._foretold(one.id, after):
            self.counts[foretold] += 1
        elif after.listed is not None and after.listed.run == self.run.mark:
            self._count(after.listed.what, one)
        elif after.listed is not None and after.listed.order > self.run.order:
            self.counts["kept"] += 1
        else:
            self.counts["unchanged"] += 1

    def _foretold(self, id_: str, entry: Entry) -> Literal["unchanged", "changed"] | None:
        """What becomes of a group that a list before this one of a rehearsal would have brought."""
        if self.run.foretold is None:
            return None
        return self.run.foretold.met(id_, [getattr(entry, name) for name in ENTRY])

    def _relisted(self, group: Group, entry: Entry, listed: Listed) -> Decision[Group]:
        """Nothing where this pass or a newer list was here before, and where the row says what stands already.

        Decided at the write: a process that slept for long may bring rows of an older list.
        """
        before = group.listed
        if before is not None and (before.run == listed.run or before.order > listed.order):
            return Decision(group)
        require_area(self.run.scope, group.district, group.block)
        decision = relist(group, entry, listed, self.run.scope)
        as_before = replace(decision.state, listed=group.listed) == group
        return Decision(group) if as_before else decision

    def _listed(self, one: Candidate, what: Literal["new", "changed"]) -> Listed:
        return Listed(digest=one.digest, run=self.run.mark, what=what, order=self.run.order)

    def _count(self, what: Literal["new", "changed"], one: Candidate) -> None:
        self.counts[what] += 1
        cells = one.row.cells
        self.places.add(ascii_digits(cells.get("block") or cells["local_body"]))

    def _refuse(self, row: Row, problem: Problem) -> None:
        self.bad.append(BadRow(row.line, problem, row.cells, row.file))
