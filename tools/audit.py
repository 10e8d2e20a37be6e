"""The audit log of privileged acts: list them, export them, verify that none was changed, lost or slipped in."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, get_args

import typer
from pymongo.collection import Collection
from pymongo.read_concern import ReadConcern
from rich.table import Table

from shared.audit.entries import Head, Plain, plain
from shared.audit.verifying import verified
from shared.documents import Doc
from shared.mongo import AUDIT
from tools.audit_heads import head_of, known_heads, stop
from tools.environment import Service, ToolSettings, database_of, plain_errors, readable, system
from tools.printing import printable

RUN = ".venv/bin/python -m tools.audit"
SHOWN_DIGITS = 12
UNVERIFIED = "As it stands in the database; whether it is whole, `verify` says."

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__)

Of = Annotated[Service, typer.Option("--service", help="Whose log.")]
Since = Annotated[datetime | None, typer.Option("--from", help="Acts at this time (UTC) or later.")]
Until = Annotated[datetime | None, typer.Option("--to", help="Acts before this time (UTC).")]


@app.command("list", epilog=f"Example:\n\n  {RUN} list \\\n    --service stalls --act draw --from 2026-11-01")
def list_(
    service: Of,
    since: Since = None,
    until: Until = None,
    actor: Annotated[str | None, typer.Option(help="Who: the token's subject, or an operator's name.")] = None,
    role: Annotated[str | None, typer.Option(help="In which role, such as district_officer or operator.")] = None,
    act: Annotated[str | None, typer.Option(help="What: a part of the route or of the command's name.")] = None,
    subject: Annotated[str | None, typer.Option(help="To what: its id, or its kind, such as calls.")] = None,
    after: Annotated[int, typer.Option(min=0, help="Only entries with a higher number: the next page.")] = 0,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="A list of objects instead of a table.")] = False,
) -> None:
    """Who did what to what, and when, in the order of the chain."""
    wanted: list[Doc] = [{"_id": {"$gt": after}}, {"at": _between(since, until)}]
    wanted += [{name: value} for name, value in (("actor.sub", actor), ("actor.role", role)) if value]
    wanted += [{"act": {"$regex": re.escape(act), "$options": "i"}}] if act else []
    wanted += [{"$or": [{"subject.id": subject}, {"subject.kind": subject}]}] if subject else []
    with plain_errors(), ExitStack() as closing:
        found = list(map(plain, _rows(service, system(), closing).find({"$and": wanted}).sort("_id").limit(limit + 1)))
    if as_json:
        typer.echo(json.dumps(found[:limit], ensure_ascii=False))
        return
    readable().print(_table(found[:limit]) if found else "There is no such entry.")
    if len(found) > limit:
        typer.echo(f"… and more: --after {found[limit - 1]['seq']}")


@app.command(epilog=f"Example:\n\n  {RUN} export audit-stalls.jsonl --service stalls")
def export(
    file: Annotated[Path, typer.Argument(help="Written anew, one entry a line; what is there is not overwritten.")],
    service: Of,
) -> None:
    """The log as JSON lines, which `verify --file` reads anywhere."""
    count = 0
    with plain_errors(), ExitStack() as closing:
        found = _rows(service, system(), closing).find().sort("_id")
        try:
            out = closing.enter_context(file.open("x", encoding="utf-8"))
        except OSError as error:
            stop(f"{file} cannot be written: {error.strerror}.", 2)
        for row in found:
            out.write(json.dumps(plain(row), ensure_ascii=False) + "\n")
            count += 1
    typer.echo(f"{count} entries are in {file}.")


@app.command(
    epilog=f"Example:\n\n  {RUN} verify > heads.txt\n\n  and later:\n\n  {RUN} verify --head heads.txt",
)
def verify(
    service: Annotated[Service | None, typer.Option("--service", help="Only this one; all when none is named.")] = None,
    file: Annotated[Path | None, typer.Option(help="An export instead of the database.")] = None,
    head: Annotated[
        str | None, typer.Option(help="What was the end once: SEQ:HASH, or a file that verify has printed.")
    ] = None,
) -> None:
    """Whether the chain is whole; prints its end for each service. Exits with 1 at the first entry that is wrong.

    A tail that is cut off leaves a whole chain: only a head that was kept elsewhere (--head) shows that.
    """
    known = known_heads(head, service) if head else {}
    if file:
        with plain_errors():
            whole = _told(service or "", _lines(file), known)
    else:
        services = [service] if service else list(get_args(Service))
        settings = system()
        with plain_errors():
            whole = sum(_online(name, settings, known) for name in services) == len(services)
    raise typer.Exit(0 if whole else 1)


def _online(service: str, settings: ToolSettings, known: dict[str, Head]) -> bool:
    with ExitStack() as closing:
        return _told(service, map(plain, _rows(service, settings, closing).find().sort("_id")), known)


def _told(service: str, entries: Iterable[Plain], known: dict[str, Head]) -> bool:
    """Print the head on stdout or the damage on stderr."""
    verdict = verified(entries, head_of(service, known) if known else None)
    if verdict.damage is None:
        typer.echo(f"{service} {verdict.head}".strip())
        return True
    sound = f"right up to {verdict.head.seq}" if verdict.head.seq else "no entry comes before it"
    typer.echo(f"{service}: {verdict.damage}; {sound}".removeprefix(": "), err=True)
    return False


def _rows(service: str, settings: ToolSettings, closing: ExitStack) -> Collection[Doc]:
    """Of majority concern: nothing that a failover takes back."""
    database = closing.enter_context(database_of(service, settings))
    return database.get_collection(AUDIT, read_concern=ReadConcern("majority"))


def _between(since: datetime | None, until: datetime | None) -> Doc:
    first = since.replace(tzinfo=UTC) if since else datetime(1970, 1, 1, tzinfo=UTC)
    return {"$gte": first, **({"$lt": until.replace(tzinfo=UTC)} if until else {})}


def _lines(file: Path) -> Iterator[Plain]:
    """The entries of an export. A line that is none ends the program with 1."""
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                yield _entry(line, number)
    except (OSError, UnicodeDecodeError) as error:
        stop(f"{file} cannot be read: {error}.", 2)


def _entry(line: str, number: int) -> Plain:
    try:
        found: Any = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        stop(f"Line {number} is no entry.", 1)
    return found


def _table(entries: list[Plain]) -> Table:
    shown = Table("seq", "at", "actor", "role", "area", "act", "subject", "hash", caption=UNVERIFIED)
    for one in entries:
        who, what = one["actor"], one["subject"]
        subject = f"{what['kind']} {what['id']}"
        cells = (one["seq"], one["at"], who["sub"], who["role"], who["area"], one["act"], subject)
        shown.add_row(*(printable(str(cell)) for cell in cells), one["hash"][:SHOWN_DIGITS])
    return shown


if __name__ == "__main__":
    app(prog_name=RUN)
