"""What can be asked of imports, and how a pass goes through a list."""

import asyncio
import os
import socket
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from shared import clock, faults
from shared.aggregates import first_kept
from shared.decisions import Decision
from shared.errors import Conflict, NotFound
from shared.ids import derived_id, new_id
from shared.imports import domain, gone, store
from shared.imports.domain import File, Import, Step
from shared.imports.doubting import require_sure
from shared.imports.refused import refused
from shared.imports.taking import Counts, Run, Taken, Taker
from shared.lists.rows import BadRow, Line, Row
from shared.reads import Page, Paging, page
from shared.scope import Caller, Scope
from shared.service import Running

HERE = f"{socket.gethostname()}:{os.getpid()}"


async def opened(
    running: Running, programme: str, name: str, wanted: dict[str, str], caller: Caller, *, dry_run: bool
) -> Import:
    """An import that waits for files. The same request opens one."""
    job = Import(
        id=caller.new_id("imports"),
        tenant=caller.scope.tenant,
        programme=programme,
        name=name,
        asked_by=caller.scope,
        dry_run=dry_run,
        wanted=wanted,
        asked_at=clock.now(),
        due_at=clock.now() + _keeps(running),
    )

    async def decide() -> Decision[Import]:
        return Decision(job)

    return await running[Import].create(job.id, decide, caller)


async def keep_file(
    running: Running, taker: Taker, job: Import, file: File, lines: Iterable[Line], caller: Caller
) -> Import:
    """The rows of a file, without what may not lie here. Raises ImportStarted, TooManyFiles."""
    domain.with_file(job, file)
    rows, blocks = await store.keep_waiting(running.database, job.id, file, (kept(taker, line) for line in lines))
    known = replace(file, rows=rows, blocks=blocks)
    try:
        after = await running[Import].change(job.id, partial(domain.with_file, file=known), caller)
    except Conflict:
        after = await running[Import].get(job.id)  # it was started, or is over, while the rows were kept
        await _drop_unless_named(running, after, file)
        raise
    held = await running[Import].get(job.id)  # a request that was repeated late is answered with what was then
    for before in job.files:
        if before.name == file.name:
            await _drop_unless_named(running, held, before)
    return after


async def _drop_unless_named(running: Running, job: Import, file: File) -> None:
    """The rows of a file that this import does not hold any more, or never held."""
    if (file.name, file.sha256) not in {(one.name, one.sha256) for one in job.files}:
        await store.drop_waiting(running.database, job.id, file)


async def drop_file(running: Running, job: Import, file: str, caller: Caller) -> Import:
    """Raises NotFound, ImportStarted."""
    known = next((one for one in job.files if one.name == file), None)
    if known is None:
        raise NotFound(what="imports", id=file)
    left = await running[Import].change(job.id, partial(domain.without_file, name=file), caller)
    await store.drop_waiting(running.database, job.id, known)
    return left


async def start(running: Running, import_id: str, caller: Caller, *, sure: bool = False) -> Import:
    """Raises NotFound, ImportStarted, NothingToImport, AnotherProgramme."""

    def decide(job: Import) -> Decision[Import]:
        if not sure:
            require_sure(job)
        return domain.started(job, caller.scope, clock.now())

    return await running[Import].change(import_id, decide, caller)


async def cancel(running: Running, import_id: str, caller: Caller) -> Import:
    """Raises NotFound, ImportStarted."""
    decide = partial(domain.cancelled, now=clock.now(), keep=_keeps(running))
    job = await running[Import].change(import_id, decide, caller)
    await store.drop_waiting(running.database, import_id)
    return job


async def get(running: Running, import_id: str, scope: Scope) -> Import:
    """Raises NotFound, also for somebody else's."""
    return await running[Import].get(import_id, scope)


async def reported(running: Running, import_id: str, scope: Scope) -> Import:
    """One whose bad rows are there, if it has any. Raises NotFound, ReportGone."""
    job = await get(running, import_id, scope)
    require_report(running, job)
    return job


def require_report(running: Running, job: Import) -> None:
    """Raises ReportGone."""
    gone.require_report(job, clock.now(), _keeps(running))


async def listed(running: Running, scope: Scope, paging: Paging) -> Page[Import]:
    """The newest first, as far as ids tell: her own, and what her area's officers asked."""
    return await page(running.database, store.ImportDocument, scope, paging, direction=-1)


async def of_file(running: Running, programme: str, name: str, sha256: str, by: Scope) -> Import:
    """The import of this very file: begun now, gone on with, or, when it has ended, once more from the beginning."""
    id_ = derived_id(by.tenant, "import", programme, sha256)
    fresh = Import(id=id_, tenant=by.tenant, programme=programme, name=name, asked_by=by, asked_at=clock.now())
    job = await first_kept(running[Import], id_, fresh)
    if not job.over:
        return job
    await store.drop_bad(running.database, id_, job.number)
    return await running[Import].change(id_, partial(domain.again, number=job.number + 1, by=by, now=clock.now()))


async def forget(running: Running, import_id: str) -> None:
    """What was sent and the bad rows of an import that is open or over go; its counts stay."""
    now = clock.now()
    job = await running[Import].change(import_id, partial(domain.given_up, now=now))
    if domain.forgettable(job, now):
        await store.drop_bad(running.database, import_id, job.number)
        await store.drop_waiting(running.database, import_id)
        await running[Import].change(import_id, partial(domain.forgotten, now=now))


def _keeps(running: Running) -> timedelta:
    return timedelta(days=running.settings.import_report_days)


def kept(taker: Taker, line: Line) -> Line:
    """The row as it may lie in this service's database."""
    if isinstance(line, BadRow):
        return refused(taker, line)
    return Row(line.line, taker.kept(line.cells), line.file)


def is_dead(owner: str | None) -> bool:
    """Whether that owner was a process of this machine that is no more."""
    host, _, process = (owner or "").rpartition("/")[0].rpartition(":")
    if host != socket.gethostname() or not process.isdigit():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False


class HeldImport:
    """One pass in the hands of this process. Rows must come in the list's order, from its first."""

    def __init__(self, running: Running, job: Import, taker: Taker) -> None:
        self.running, self.taker = running, taker
        self.job, self.owner, self.at = job, f"{HERE}/{new_id()}", 0
        self.stage = (0, 0)
        self.run = Run(
            import_id=job.id, number=job.number, programme=job.programme, scope=job.scope, dry_run=job.dry_run
        )

    async def claim(self, total: int | None = None) -> Import:
        """Raises ImportUnderWay while another process that lives holds it, ImportTaken when it is over."""
        job, dead = self.job, is_dead(self.job.owner)
        order = job.order or await store.next_order(self.running.database, job.tenant, job.programme)
        claimed = partial(domain.claimed, owner=self.owner, now=clock.now(), total=total, order=order, dead=dead)
        await self._change(claimed)
        patient = self.job.is_patient(clock.now())
        self.run = replace(self.run, order=self.job.order, scope=self.job.scope, patient=patient)
        return self.job

    async def take(self, lines: Sequence[Line]) -> None:
        """The next rows. Those before the mark were taken by an earlier try. Raises ImportTaken."""
        known = min(max(self.job.done - self.at, 0), len(lines))
        self.taker.remember([line for line in lines[:known] if isinstance(line, Row)], self.run)
        self.at += known
        if fresh := lines[known:]:
            await self._take(fresh)

    async def _take(self, lines: Sequence[Line]) -> None:
        if self.job.due_at is None or clock.now() >= self.job.due_at:
            await self._change(partial(domain.renewed, epoch=self.job.epoch, now=clock.now()))
        taken = await self.taker.take([line for line in lines if isinstance(line, Row)], self.run)
        faults.point("import.after_rows")
        bad = self._bad(lines, taken)
        await store.keep_bad(self.running.database, self.run, bad)
        faults.point("import.after_bad_rows")
        rules = Counter(row.problem.code for _, row in bad)
        counts = taken.counts + Counts(bad=len(bad))
        step = Step(rows=len(lines), counts=counts, rules=rules, places=taken.places)
        await self._change(partial(domain.moved, epoch=self.job.epoch, step=step, now=clock.now()))
        self.at += len(lines)
        faults.point("import.after_mark")

    def _bad(self, lines: Sequence[Line], taken: Taken) -> list[tuple[int, BadRow]]:
        """What could not be read and what the taker refused, each at its place in the list."""
        turned_down = {(row.file, row.line): row for row in taken.bad}
        found = [
            (self.at + at, line if isinstance(line, BadRow) else turned_down[line.file, line.line])
            for at, line in enumerate(lines)
            if isinstance(line, BadRow) or (line.file, line.line) in turned_down
        ]
        return [(at, refused(self.taker, row)) for at, row in found]

    async def end(self) -> Import:
        """What comes after the last row, and done. Raises ImportTaken."""
        beating = asyncio.create_task(self._beat())
        try:
            await self.taker.end(self.run, self.job.places, self._told)
        finally:
            beating.cancel()
            await asyncio.wait([beating])
        if not beating.cancelled() and (error := beating.exception()):
            raise error
        faults.point("import.before_end")
        keep = _keeps(self.running)
        await self._change(partial(domain.ended, epoch=self.job.epoch, now=clock.now(), keep=keep))
        await store.drop_waiting(self.running.database, self.job.id)
        return self.job

    async def fail(self, code: str) -> Import:
        """Nobody goes on with it. Raises ImportTaken."""
        keep = _keeps(self.running)
        await self._change(partial(domain.failed, epoch=self.job.epoch, code=code, now=clock.now(), keep=keep))
        return self.job

    def _told(self, done: int, total: int) -> None:
        self.stage = (done, total)

    async def _beat(self) -> None:
        """Say that it lives, and how far it is."""
        while True:
            done, total = self.stage
            now = clock.now()
            await self._change(
                partial(domain.staged, epoch=self.job.epoch, stage="compare", done=done, total=total, now=now)
            )
            await asyncio.sleep(1)

    async def _change(self, decide: Callable[[Import], Decision[Import]]) -> None:
        self.job = await self.running[Import].change(self.job.id, decide)
