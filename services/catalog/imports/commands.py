"""What becomes of rows in the registry: the catalogue's part of an import."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from services.catalog.accounts.domain import Keys
from services.catalog.doubles import commands as doubles
from services.catalog.groups import commands as registry
from services.catalog.groups.domain import Entry, Group, Listed, entered, relist
from services.catalog.imports import domain
from services.catalog.imports.domain import SameCodeTwice, Seen
from services.catalog.settings import CatalogSettings
from shared.contracts.catalog import group_id
from shared.errors import Problem
from shared.imports.taking import Counts, Run, Taken, Told
from shared.lists.rows import BadRow, Row
from shared.service import Running


@dataclass(frozen=True, slots=True)
class Read:
    """A row with a code: what the catalogue may keep of it, and the id and digest that follow."""

    row: Row
    mine: Mapping[str, str]
    code: str
    id: str
    digest: str


def groups(running: Running) -> "Groups":
    """A taker for one pass over a list."""
    if not isinstance(running.settings, CatalogSettings):
        raise TypeError(running.settings)
    return Groups(running, Keys.read(running.settings.account_keys.get_secret_value()))


class Groups:
    """Rows to groups; a `shared.imports.taking.Taker`."""

    def __init__(self, running: Running, keys: Keys) -> None:
        self.running, self.keys, self.seen = running, keys, Seen()

    def kept(self, cells: Mapping[str, str]) -> dict[str, str]:
        return domain.ours(cells, self.keys)

    def remember(self, rows: Sequence[Row], run: Run) -> None:
        """Only good rows count as seen, as they did when they were taken."""
        for row in rows:
            with suppress(Problem):
                one = self.read(row, run)
                self.entry(one, run)
                self.seen.first(one.code, one.digest, row.line)

    async def take(self, rows: Sequence[Row], run: Run) -> Taken:
        batch = Batch(self, run)
        batch.read(rows)
        await batch.decide()
        if not run.dry_run:
            await batch.write()
        return batch.taken()

    async def end(self, run: Run, places: frozenset[str], told: Told) -> None:
        """Doubles are looked for where groups came or changed, place by place."""
        for done, place in enumerate(sorted(places)):
            told(done, len(places))
            await doubles.compare(self.running.database, run.scope.tenant, place)
        told(len(places), len(places))

    def read(self, row: Row, run: Run) -> Read:
        """Raises CodeMissing, BadCode."""
        mine = domain.ours(row.cells, self.keys)
        code = domain.code_of(mine)
        return Read(row, mine, code, group_id(run.scope.tenant, run.programme, code), domain.digest(mine))

    def entry(self, one: Read, run: Run) -> Entry:
        return domain.entry(one.mine, run.programme, run.scope, self.keys)


class Batch:
    """Some rows on their way: read, decided, written; then counted."""

    def __init__(self, taker: Groups, run: Run) -> None:
        self.taker, self.run = taker, run
        self.bad: list[BadRow] = []
        self.rows: list[Read] = []
        self.fresh: dict[str, tuple[Entry, Listed]] = {}
        self.newer: dict[str, tuple[Entry, Listed]] = {}
        self.counts = Counts()
        self.places: set[str] = set()

    def read(self, rows: Sequence[Row]) -> None:
        for row in rows:
            with self._reporting(row):
                self.rows.append(self.taker.read(row, self.run))

    async def decide(self) -> None:
        database = self.taker.running.database
        there = await registry.newest_rows(database, [one.id for one in self.rows])
        tally = dict.fromkeys(("new", "changed", "unchanged", "repeated"), 0)
        for one in self.rows:
            with self._reporting(one.row):
                tally[self._decide(one, there)] += 1
        self.counts = Counts(**tally)

    def _decide(self, one: Read, there: Mapping[str, Listed | None]) -> str:
        """What the row is. Taken again after a crash it is what it was."""
        listed = there.get(one.id)
        known = listed is not None and listed.digest == one.digest
        entry = None if known else self.taker.entry(one, self.run)
        if (first := self.taker.seen.first(one.code, one.digest, one.row.line)) is not None:
            line, same = first
            if not same:
                raise SameCodeTwice(code=one.code, line=line)
            return "repeated"
        if entry is None:
            return self._again(one, listed)
        what = "changed" if one.id in there else "new"
        kept = Listed(digest=one.digest, run=self.run.mark, what="changed" if one.id in there else "new")
        (self.newer if one.id in there else self.fresh)[one.id] = (entry, kept)
        self.places.add(entry.block or entry.local_body or "")
        return what

    def _again(self, one: Read, listed: Listed | None) -> str:
        if listed is None or listed.run != self.run.mark:
            return "unchanged"
        self.places.add(one.mine.get("block") or one.mine.get("local_body") or "")
        return listed.what

    async def write(self) -> None:
        """Fresh groups in few commands, changed ones each by its version."""
        running = self.taker.running
        decisions = [entered(self.run.scope.tenant, entry, listed=listed) for entry, listed in self.fresh.values()]
        if await registry.enter_all(running.database, decisions) < len(decisions):
            await self._overtaken()
        stored = running[Group]
        changes = [
            stored.change(id_, partial(relist, entry=entry, listed=listed, scope=self.run.scope))
            for id_, (entry, listed) in self.newer.items()
        ]
        await asyncio.gather(*changes)

    async def _overtaken(self) -> None:
        """Somebody entered some of these at the same time: what the list says of them is a change."""
        there = await registry.newest_rows(self.taker.running.database, list(self.fresh))
        for id_, (entry, listed) in self.fresh.items():
            if there.get(id_) != listed:
                self.newer[id_] = (entry, listed)

    def taken(self) -> Taken:
        return Taken(self.counts, self.bad, frozenset(self.places - {""}))

    @contextmanager
    def _reporting(self, row: Row) -> Iterator[None]:
        try:
            yield
        except Problem as problem:
            self.bad.append(BadRow(row.line, problem, row.cells, row.file))


class Batch:
    """Rows on their way into the registry. `bad`: in no order."""

    def __init__(self, by: Registrar, run: Run) -> None:
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
            said = self.by.checked(row, self.run)
        except ROW_PROBLEMS as problem:
            self._refuse(row, problem)
        else:
            id_ = group_id(self.run.scope.tenant, self.run.programme, said.code)
            self.candidates.append(Candidate(row, id_, said))

    async def write(self) -> None:
        """Raises what the database raises; written again, it comes out the same."""
        before = await registry.newest_rows(self.by.database, [one.id for one in self.candidates])
        for one in self.candidates:
            if not self._is_again(one):
                await self._sort(one, before)
        await self._enter()
        await asyncio.gather(*(self._relist(*one) for one in self.known.values()))

    def _is_again(self, one: Candidate) -> bool:
        """A row whose number stood in the list before."""
        row, said = one.row, one.told
        met = self.by.seen.find(said.code, said.digest)
        if met is None or (met.file, met.line) == (row.file, row.line):
            return False
        if met.same:
            self.counts["repeated"] += 1
        else:
            self._refuse(row, SameCodeTwice(code=said.code, line=met.line, file=met.file))
        return True

    async def _sort(self, one: Candidate, before: Mapping[str, Listed | None]) -> None:
        listed = before.get(one.id)
        if listed is None or (listed.run != self.run.mark and listed.digest != one.told.digest):
            await self._new_or_changed(one, is_known=one.id in before)
            return
        if listed.run == self.run.mark:
            self._count(listed.what, one)
        else:
            self.counts["unchanged"] += 1
        self._see(one)

    async def _new_or_changed(self, one: Candidate, *, is_known: bool) -> None:
        try:
            entry = domain.entry(one.told, self.run.programme, self.run.scope.tenant)
        except Invalid as problem:
            self._refuse(one.row, problem)
            return
        self._see(one)
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

    async def _relist(self, one: Candidate, entry: Entry) -> None:
        decide = partial(self._relisted, entry=entry, listed=self._listed(one, "changed"))
        try:
            if self.run.dry_run:
                before = await self.by.running[Group].get(one.id)
                after = decide(before).state
            else:
                after = await self.by.running[Group].change(one.id, decide)
        except ROW_PROBLEMS as problem:
            self._refuse(one.row, problem)
            return
        if after.listed is not None and after.listed.run == self.run.mark:
            self._count(after.listed.what, one)
        else:
            self.counts["unchanged"] += 1

    def _relisted(self, group: Group, entry: Entry, listed: Listed) -> Decision[Group]:
        """Nothing where this pass was here before, and where the row says nothing that stands otherwise."""
        if group.listed is not None and group.listed.run == listed.run:
            return Decision(group)
        require_area(self.run.scope, group.district, group.block)
        decision = relist(group, entry, listed, self.run.scope)
        as_before = replace(decision.state, listed=group.listed) == group
        return Decision(group) if as_before else decision

    def _listed(self, one: Candidate, what: Literal["new", "changed"]) -> Listed:
        return Listed(digest=one.told.digest, run=self.run.mark, what=what)

    def _see(self, one: Candidate) -> None:
        self.by.seen.add(one.told.code, one.told.digest, one.row.file, one.row.line)

    def _count(self, what: Literal["new", "changed"], one: Candidate) -> None:
        self.counts[what] += 1
        cells = one.told.cells
        self.places.add(cells.get("block") or cells["local_body"])

    def _refuse(self, row: Row, problem: Problem) -> None:
        self.bad.append(BadRow(row.line, problem, row.cells, row.file))


def account_keys(running: Running) -> dict[str, bytes]:
    settings = running.settings
    return keys_of(settings.account_keys.get_secret_value()) if isinstance(settings, CatalogSettings) else {}
