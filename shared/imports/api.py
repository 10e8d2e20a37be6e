"""The routes of imports, made for the prefix and the taker of a service."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import StreamingResponse

from shared import answer, clock
from shared.errors import Language
from shared.imports import commands, store
from shared.imports.domain import MOST_ROWS, File, Import, TooManyRows
from shared.imports.doubting import Doubts
from shared.imports.report import report
from shared.imports.taking import Takers
from shared.imports.views import (
    BadRowPageView,
    BadRowView,
    ImportView,
    OpenImport,
    UploadedView,
)
from shared.lists.mapping import Columns
from shared.lists.reading import open_list
from shared.lists.rows import Line, Row
from shared.reads import Paging
from shared.scope import OFFICERS, Caller, Role, Scope
from shared.service import Running
from shared.web.asking import caller, language, paging, reader, running
from shared.web.bounds import PathId
from shared.web.views import PageView

REGISTRARS = (*OFFICERS, Role.ADMIN)
SHOWN_ROWS = 5
FILE_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        },
    }
}

FileName = Annotated[str, Path(pattern=r"^[^/:\x00-\x1f]{1,120}$", description="as reports show it")]
Registrar = Annotated[Caller, caller(*REGISTRARS)]
Sure = Annotated[bool, Query(description="also where its groups stand under another programme already")]
Sees = Annotated[Scope, reader(*REGISTRARS)]
Service = Annotated[Running, running]
Tongue = Annotated[Language, language]


def imports_router(  # noqa: C901  one function for each route
    prefix: str, taker_of: Takers, tag: str, doubts: Doubts | None = None
) -> APIRouter:
    """Below `/v1/<prefix>`."""
    router = APIRouter(prefix=f"/v1/{prefix}", tags=[tag])

    @router.post("", status_code=201)
    async def open_import(body: OpenImport, by: Registrar, service: Service) -> ImportView:
        """Open an import; then send its files, look at what was understood, and start it."""
        job = await commands.opened(service, body.programme, body.name, dict(body.columns), by, dry_run=body.dry_run)
        return ImportView.of(job, clock.now())

    @router.get("")
    async def list_imports(scope: Sees, service: Service, paged: Annotated[Paging, paging]) -> PageView[ImportView]:
        """Your imports, and those of your area's officers."""
        found, now = await commands.listed(service, scope, paged), clock.now()
        return PageView(items=[ImportView.of(job, now) for job in found.items], next_cursor=found.next_cursor)

    @router.get("/{import_id}")
    async def read_import(import_id: PathId, scope: Sees, service: Service) -> ImportView:
        """How far it is, how fast it goes and what came of it."""
        job = await commands.get(service, import_id, scope)
        answer.changes_with_time()
        return ImportView.of(job, clock.now())

    @router.put("/{import_id}/files/{name}", openapi_extra=FILE_BODY)
    async def put_file(
        import_id: PathId, name: FileName, request: Request, by: Registrar, service: Service
    ) -> UploadedView:
        """Send a list, a CSV or an .xlsx workbook of up to 8 MiB. Answers what was understood of it."""
        job, body = await commands.get(service, import_id, by.scope), await request.body()
        columns, lines = await asyncio.to_thread(_read, body, name, job)
        under = await doubts(service.database, job, lines) if doubts else ""
        taker, sha256 = taker_of(service), hashlib.sha256(body).hexdigest()
        file = File(name=name, sha256=sha256, stands_under=under)
        job = await commands.keep_file(service, taker, job, file, lines, by)
        good = (row for row in lines if isinstance(row, Row))
        first = [Row(row.line, taker.shown(row.cells), row.file) for row in islice(good, SHOWN_ROWS)]
        return UploadedView.understood(name, columns, first, ImportView.of(job, clock.now()))

    @router.delete("/{import_id}/files/{name}")
    async def drop_file(import_id: PathId, name: FileName, by: Registrar, service: Service) -> ImportView:
        """Take a file back before the import starts."""
        job = await commands.get(service, import_id, by.scope)
        return ImportView.of(await commands.drop_file(service, job, name, by), clock.now())

    @router.post("/{import_id}/start")
    async def start(import_id: PathId, by: Registrar, service: Service, *, sure: Sure = False) -> ImportView:
        """From now on it goes by itself, also when a process dies; look at it for progress."""
        return ImportView.of(await commands.start(service, import_id, by, sure=sure), clock.now())

    @router.post("/{import_id}/cancel")
    async def cancel(import_id: PathId, by: Registrar, service: Service) -> ImportView:
        """Stop it; what was entered stays."""
        return ImportView.of(await commands.cancel(service, import_id, by), clock.now())

    @router.get("/{import_id}/bad-rows")
    async def bad_rows(
        import_id: PathId, scope: Sees, service: Service, paged: Annotated[Paging, paging], tongue: Tongue
    ) -> BadRowPageView:
        """Every row that was not entered: its line, the rule, and what to do."""
        job = await commands.reported(service, import_id, scope)
        answer.changes_with_time()
        found = [one async for one in store.bad_rows(service.database, job, paged.cursor or "", paged.limit + 1)]
        here = found[: paged.limit]
        more = here[-1][0] if len(found) > paged.limit else None
        return BadRowPageView(items=[BadRowView.of(row, tongue) for _, row in here], next_cursor=more)

    @router.get("/{import_id}/report", response_class=StreamingResponse)
    async def read_report(import_id: PathId, scope: Sees, service: Service, tongue: Tongue) -> StreamingResponse:
        """The bad rows as CSV, to mend and send again; of a phone it has the last digits at most: write it in again."""
        job = await commands.reported(service, import_id, scope)
        answer.changes_with_time()
        headers = {"Content-Disposition": f'attachment; filename="report-{job.id}.csv"'}
        lines: AsyncIterator[str] = report(service.database, job, tongue)
        return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)

    return router


def _read(body: bytes, name: str, job: Import) -> tuple[Columns, list[Line]]:
    with open_list(body, name, job.programme, job.wanted) as opened:
        lines = list(islice(opened.rows(), MOST_ROWS + 1))
        if len(lines) > MOST_ROWS:
            raise TooManyRows(file=name, most=MOST_ROWS)
        return opened.columns, lines
