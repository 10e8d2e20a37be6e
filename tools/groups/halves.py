"""The two services a list goes to: groups to the catalogue, numbers to notify. Each knows how far it is by itself."""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import nlargest
from typing import Protocol

from services.catalog.imports.commands import groups
from services.catalog.settings import CatalogSettings
from services.catalog.wiring import SERVICE as CATALOG
from services.notify.imports.commands import numbers
from services.notify.wiring import SERVICE as NOTIFY
from shared.errors import Problem
from shared.imports import store
from shared.imports.commands import HeldImport, listed, of_file, require_report
from shared.imports.domain import Import
from shared.imports.foretold import Foretold
from shared.imports.taking import Counts, Run, Takers
from shared.lists.rows import BadRow, Line, Reported, Row
from shared.mongo import connect, ensure_indexes
from shared.reads import Paging
from shared.scope import Scope
from shared.service import Running, Service, Stores
from shared.settings import CommonSettings
from tools.environment import ToolSettings
from tools.groups.lists import Source

SHOWN, LISTED_AT_ONCE = 20, 200
BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
Fault = tuple[int, Problem | Reported]
"""What is wrong with the row that stands so many rows behind the first of its list."""


@dataclass(frozen=True, slots=True)
class Half:
    """`name` is what its rows become; `foretold`: what they would, as far as they were rehearsed."""

    name: str
    running: Running
    taker_of: Takers
    foretold: Foretold | None


class Pass(Protocol):
    """One list on its way into one half."""

    half: Half

    async def take(self, lines: Sequence[Line]) -> None: ...

    async def end(self) -> None: ...

    async def fail(self, code: str) -> None: ...

    @property
    def counts(self) -> Counts: ...

    @property
    def rules(self) -> Counter[str]: ...

    @property
    def stage(self) -> tuple[int, int]: ...

    def faults(self) -> AsyncIterator[Fault]:
        """In the list's order."""


class Written:
    """A pass that a job in the half's database remembers."""

    def __init__(self, half: Half, job: Import) -> None:
        self.half = half
        self.held = HeldImport(half.running, job, half.taker_of(half.running))

    @classmethod
    async def of(cls, half: Half, source: Source, sha256: str, scope: Scope) -> "Written":
        """Raises ImportUnderWay where another process is at it."""
        job = await of_file(half.running, source.programme, source.path.name, sha256, scope)
        begun = cls(half, job)
        await begun.held.claim()
        return begun

    async def take(self, lines: Sequence[Line]) -> None:
        await self.held.take(lines)

    async def end(self) -> None:
        await self.held.end()

    async def fail(self, code: str) -> None:
        await self.held.fail(code)

    @property
    def counts(self) -> Counts:
        return self.held.job.counts

    @property
    def rules(self) -> Counter[str]:
        return Counter(self.held.job.rules)

    @property
    def stage(self) -> tuple[int, int]:
        return self.held.stage

    def faults(self) -> AsyncIterator[Fault]:
        return kept_faults(self.half, self.held.job)


class Rehearsed:
    """A pass of which nothing is written."""

    def __init__(self, half: Half, source: Source, scope: Scope) -> None:
        self.half, self.taker = half, half.taker_of(half.running)
        self.run = Run(
            import_id="rehearsal",
            number=1,
            programme=source.programme,
            scope=scope,
            order=sys.maxsize,
            dry_run=True,
            foretold=half.foretold,
        )
        self.at, self.counts, self.rules = 0, Counts(), Counter[str]()
        self.stage = (0, 0)
        self._faults: list[Fault] = []

    async def take(self, lines: Sequence[Line]) -> None:
        taken = await self.taker.take([line for line in lines if isinstance(line, Row)], self.run)
        refused = {(row.file, row.line): row.problem for row in taken.bad}
        found = [(self.at + at, problem) for at, line in enumerate(lines) if (problem := _of(line, refused))]
        self._faults += found
        self.rules.update(problem.code for _, problem in found)
        self.counts += taken.counts + Counts(bad=len(found))
        self.at += len(lines)

    async def end(self) -> None:
        """Nothing came of it."""

    async def fail(self, code: str) -> None:
        """Nothing would have."""

    async def faults(self) -> AsyncIterator[Fault]:
        for fault in self._faults:
            yield fault


def _of(line: Line, refused: dict[tuple[str, int], Problem | Reported]) -> Problem | Reported | None:
    return line.problem if isinstance(line, BadRow) else refused.get((line.file, line.line))


async def kept_faults(half: Half, job: Import) -> AsyncIterator[Fault]:
    """Those of its newest pass. Raises ReportGone."""
    require_report(half.running, job)
    async for id_, row in store.bad_rows(half.running.database, job):
        yield int(id_.rpartition(":")[2]), row.problem


@asynccontextmanager
async def halves(settings: ToolSettings, *, foretelling: bool = False) -> AsyncIterator[tuple[Half, Half]]:
    """The catalogue's and notify's, in this order. `foretelling`: several lists are rehearsed in them."""
    shared = {name: getattr(settings, name) for name in CatalogSettings.model_fields}
    async with AsyncExitStack() as stack:
        catalog = await _running(stack, CATALOG, CatalogSettings(**shared), settings)
        notify = await _running(stack, NOTIFY, settings, settings)
        first, second = (stack.enter_context(closing(Foretold())) if foretelling else None for _ in range(2))
        yield Half("groups", catalog, groups, first), Half("contacts", notify, numbers, second)


async def _running(stack: AsyncExitStack, service: Service, settings: CommonSettings, where: ToolSettings) -> Running:
    name = where.database_name(service.name)
    database = await connect(where.mongodb_uri, name, allow_unsafe=where.allow_unsafe)
    stack.push_async_callback(database.client.close)
    return Running(service, settings, database, Stores(database, service.kinds))


async def prepared(both: Sequence[Half]) -> None:
    """Indexes, before anything is written."""
    await asyncio.gather(*(ensure_indexes(half.running.database, half.running.service.kinds) for half in both))


async def newest(half: Half, scope: Scope) -> list[Import]:
    """By when they last came further: the id of a list imported by its file does not tell."""
    found, cursor = list[Import](), None
    while True:
        page = await listed(half.running, scope, Paging(limit=LISTED_AT_ONCE, cursor=cursor))
        found = nlargest(SHOWN, [*found, *page.items], key=lambda job: job.happened_at or BEFORE_ALL)
        if (cursor := page.next_cursor) is None:
            return found
