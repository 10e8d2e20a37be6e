"""What callers see of imports."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.errors import Language
from shared.imports.domain import Import, Status
from shared.imports.pace import rate, seconds_left
from shared.lists.mapping import Columns
from shared.lists.rows import BadRow, Row
from shared.web.views import Text, View

Programme = Literal["umed", "nulm", "mavim"]
Header = Annotated[Text, Field(min_length=1, max_length=200)]


class OpenImport(BaseModel):
    """`columns`: field to header, where the header's own name does not say it."""

    model_config = ConfigDict(extra="forbid")

    programme: Programme
    name: Annotated[Text, Field(min_length=1, max_length=200, description="what you call this list")] = "list"
    dry_run: Annotated[bool, Field(description="report only; nothing is entered")] = False
    columns: Annotated[dict[str, Header], Field(max_length=20)] = {}


class CountsView(View):
    new: int
    changed: int
    unchanged: int
    repeated: Annotated[int, Field(description="the same row again in the same list")]
    kept: Annotated[int, Field(description="set by the person herself or by a newer list, and left so")]
    skipped: Annotated[int, Field(description="says nothing for this service")]
    bad: int


class FileView(View):
    name: str
    sha256: str
    rows: int
    stands_under: Annotated[
        str, Field(description="the other programme most of its first groups stand under; start then asks for sure")
    ]


class ImportView(View):
    """`stage`: rows, then compare, then done. `seconds_left` and `rows_a_second` while it runs and as far as known."""

    id: str
    programme: str
    name: str
    dry_run: bool
    status: Status
    files: list[FileView]
    done: int
    total: int | None
    counts: CountsView
    rules: Annotated[dict[str, int], Field(description="bad rows by the code of what is wrong")]
    stage: str
    stage_done: int
    stage_total: int
    asked_at: datetime | None
    began_at: datetime | None
    ended_at: datetime | None
    refused: Annotated[str | None, Field(description="what stopped the last try; it is tried again unless it failed")]
    seconds_left: float | None = None
    rows_a_second: float | None = None

    @classmethod
    def of(cls, job: Import, now: datetime) -> "ImportView":
        left, speed = seconds_left(job, now), rate(job, now)
        timed = {"seconds_left": None if left is None else round(left, 1)}
        timed["rows_a_second"] = None if speed is None else round(speed, 1)
        return cls.model_validate(job).model_copy(update=timed)


class ColumnView(BaseModel):
    field: str
    header: str


class BadRowView(BaseModel):
    """`rule`: the problem's code; `fix`: the sentence that says what to do; `cells`: as far as they are kept here."""

    file: str
    line: int
    rule: str
    fix: str
    cells: dict[str, str]

    @classmethod
    def of(cls, row: BadRow, language: Language) -> "BadRowView":
        return cls(
            file=row.file,
            line=row.line,
            rule=row.problem.code,
            fix=row.problem.sentence(language),
            cells=dict(row.cells),
        )


class BadRowPageView(BaseModel):
    items: list[BadRowView]
    next_cursor: str | None


class UploadedView(BaseModel):
    """What was understood of a file, before anything is entered: which column says what, and its first rows."""

    file: str
    rows: int
    columns: list[ColumnView]
    unread: Annotated[list[str], Field(description="columns that are not read, and kept nowhere")]
    first: Annotated[list[dict[str, str]], Field(description="the first rows, as far as they may be kept here")]
    job: ImportView

    @classmethod
    def understood(cls, file: str, columns: Columns, first: list[Row], job: ImportView) -> "UploadedView":
        named = [ColumnView(field=field, header=columns.header(field)) for field in columns.at]
        rows = next(one.rows for one in job.files if one.name == file)
        shown = [dict(row.cells) for row in first]
        return cls(file=file, rows=rows, columns=named, unread=list(columns.unread), first=shown, job=job)
