"""`.venv/bin/python -m tools.groups`: a programme's lists into the registry. Safe to repeat, safe to interrupt."""

import asyncio
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
import uvloop
from rich.console import Console

from shared.contracts.catalog import Programme
from shared.errors import Conflict, Language, Problem
from shared.ids import derived_id
from shared.imports.domain import Import
from shared.imports.gone import ReportGone
from shared.places.directory import districts_of
from shared.scope import Role, Scope
from tools.acts import operator, recorded
from tools.environment import ToolSettings, must_answer, plain_errors, readable, system
from tools.groups import showing
from tools.groups.doubting import doubts
from tools.groups.halves import Half, Pass, halves, kept_faults, newest, prepared
from tools.groups.importing import begun, fed
from tools.groups.keys import accounts_by_key
from tools.groups.lists import ListChanged, Source, looked_at
from tools.groups.reporting import Report, beside
from tools.printing import printable

RUN = ".venv/bin/python -m tools.groups"
CLEAN, BAD_ROWS, COULD_NOT = 0, 1, 2
EXAMPLE = f"""Look first, write nothing; then import; then send the mended report:

  {RUN} import umed.csv --programme umed --dry-run

  {RUN} import umed.csv --programme umed

  {RUN} import umed-report.csv --programme umed

Ends with 0 when every row is in, 1 when some are in the report, 2 when it could not be done.
"""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)

Files = Annotated[list[Path], typer.Argument(help="CSV or .xlsx, one or several of one programme.", metavar="FILE…")]
Of = Annotated[Programme, typer.Option(help="Whose list it is.")]
State = Annotated[str, typer.Option(help="LGD code of the state.")]
Headers = Annotated[
    str, typer.Option("--columns", help="Columns by name, as name=SHG Title,code=No; else headers are recognised.")
]
Out = Annotated[
    Path | None, typer.Option("--report", help="Where the bad rows go; without it <first file>-report.csv.")
]
Tongue = Annotated[Language, typer.Option("--language", help="Of the sentences in the report: mr, hi or en.")]


@app.callback()
def about() -> None:
    """Programmes' lists: groups go to the registry, phones to notify's contacts and nowhere else."""


@app.command("import", epilog=EXAMPLE)
def import_(
    files: Files,
    programme: Of,
    state: State = "27",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come of it; write nothing.")] = False,
    columns: Headers = "",
    report: Out = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask. Needed where no terminal is there to answer on.")
    ] = False,
    sure: Annotated[
        bool, typer.Option("--sure", help="Its groups stand under another programme, and so be it.")
    ] = False,
    language: Tongue = "mr",
) -> None:
    """Import lists. What was understood of the columns is shown first, and asked about before anything is written."""
    console = Console(soft_wrap=True)
    sources = _sources(files, programme, state, columns, language)
    out = _out(sources, report)
    settings = system()
    for source in sources:
        console.print(showing.understood(source))
    _check_keys(sources, settings)
    with _answering(settings), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        doubt = runner.run(doubted(settings, sources, state))
    for sentence in doubt:
        console.print(printable(sentence), style="red", markup=False)
    if doubt and not (dry_run or sure) and (yes or not sys.stdin.isatty()):
        _could_not("If the programme is right all the same, repeat it with --sure.")
    if not (dry_run or yes):
        _ask()
    with _answering(settings), _told(language), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        made = Report(out, sources, language)
        code = runner.run(imported(settings, sources, state, made, console, dry_run=dry_run))
    raise typer.Exit(code)


@app.command()
def report(
    files: Files,
    programme: Of,
    state: State = "27",
    columns: Headers = "",
    out: Out = None,
    language: Tongue = "mr",
) -> None:
    """Write the report of lists that were imported once more, say in another language."""
    sources = _sources(files, programme, state, columns, language)
    to = _out(sources, out)
    settings = system()
    with _answering(settings), _told(language), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        code = runner.run(reported(settings, sources, state, Report(to, sources, language), Console(soft_wrap=True)))
    raise typer.Exit(code)


@app.command()
def status(state: State = "27") -> None:
    """The newest imports and how far each half of them is."""
    settings, console = system(), readable()
    with _answering(settings), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(told_jobs(settings, state, console))


@app.command()
def rekey() -> None:
    """How many accounts are sealed with which key. An old key may go when no account is left that has it.

    What is sealed cannot be opened: an account gets the current key when its list is imported again.
    """
    settings, console = system(), Console(soft_wrap=True)
    with _answering(settings):
        console.print(showing.keys(accounts_by_key(settings)))


async def doubted(settings: ToolSettings, sources: list[Source], state: str) -> list[str]:
    async with halves(settings) as (catalog, _):
        return await doubts(catalog.running.database, sources, state)


async def imported(
    settings: ToolSettings, sources: list[Source], state: str, made: Report, console: Console, *, dry_run: bool
) -> int:
    """What the program ends with. Raises ImportUnderWay, ImportTaken."""
    scope, began, done = Scope(tenant=state, role=Role.ADMIN, party=operator(settings)), time.monotonic(), []
    async with halves(settings, foretelling=dry_run and len(sources) > 1) as both:
        if not dry_run:
            await prepared(both)
        try:
            with showing.Bars(console) as bars:
                for source in sources:
                    if not dry_run:
                        await _audited(both, settings, source)
                    passes = await begun(both, source, scope, dry_run=dry_run)
                    await fed(source, passes, bars.reading(source), bars.comparing())
                    done.append((source, passes))
        except ListChanged:
            await _written(made, done)
            if made.rows:
                _shown(made, console)
            raise
        await _written(made, done)
    ended = [one for _, passes in done for one in passes]
    console.print(showing.outcome(ended, time.monotonic() - began, dry_run=dry_run))
    return _shown(made, console)


async def _audited(both: Sequence[Half], settings: ToolSettings, source: Source) -> None:
    subject = ("imports", await asyncio.to_thread(source.sha256))
    for half in both:
        await recorded(half.running.database, settings, "tools.groups import", subject)


async def _written(made: Report, done: Sequence[tuple[Source, Sequence[Pass]]]) -> None:
    await made.write([(source, [one.faults() for one in passes]) for source, passes in done])


async def reported(settings: ToolSettings, sources: list[Source], state: str, made: Report, console: Console) -> int:
    """What the program ends with. Raises ReportGone."""
    async with halves(settings) as both:
        found = []
        for source in sources:
            id_ = derived_id(state, "import", source.programme, await asyncio.to_thread(source.sha256))
            jobs = [(half, await half.running[Import].find(id_)) for half in both]
            if not any(job for _, job in jobs):
                console.print(f"{source.path.name} was not imported: {RUN} import", style="red")
                return COULD_NOT
            found.append((source, [kept_faults(half, job) for half, job in jobs if job]))
        await made.write(found)
    return _shown(made, console)


async def told_jobs(settings: ToolSettings, state: str, console: Console) -> None:
    scope = Scope(tenant=state, role=Role.ADMIN, party=operator(settings))
    async with halves(settings) as both:
        for half in both:
            console.print(showing.jobs(half.name, await newest(half, scope)))


def _shown(made: Report, console: Console) -> int:
    if not made.rows:
        console.print("Every row is in order.")
        return CLEAN
    console.print(showing.by_rule(made.rules))
    console.print(showing.to_mend(made.out, made.columns))
    return BAD_ROWS


def _sources(files: list[Path], programme: Programme, state: str, columns: str, language: Language) -> list[Source]:
    if not districts_of(state):
        _could_not(f"No districts of a state {state} are known.")
    try:
        return [looked_at(path, programme, _wanted(columns)) for path in files]
    except Problem as problem:
        _could_not(problem.sentence(language))
    except OSError as error:
        _could_not(f"{error.filename}: {error.strerror}")


def _wanted(columns: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in columns.split(",") if part.strip()]
    if any(not (field.strip() and header.strip()) for field, _, header in pairs):
        _could_not("--columns is written as name=SHG Title,code=No.")
    return {field.strip(): header.strip() for field, _, header in pairs}


def _out(sources: list[Source], given: Path | None) -> Path:
    out = given or beside(sources[0])
    if given and out.resolve() in {source.path.resolve() for source in sources}:
        _could_not(f"{out} is one of the lists; say with --report where the bad rows go.")
    if not (out.parent.is_dir() and os.access(out.parent, os.W_OK)):
        _could_not(f"Nothing can be written into {out.parent}; say with --report where the bad rows go.")
    return out


def _check_keys(sources: list[Source], settings: ToolSettings) -> None:
    if any("account" in source.columns.at for source in sources) and not settings.account_keys.get_secret_value():
        _could_not("These lists have bank accounts, and ACCOUNT_KEYS, the catalogue's setting, is not set.")


def _ask() -> None:
    if not sys.stdin.isatty():
        _could_not("Nothing was written. Nobody can be asked here: look at the columns above and repeat it with --yes.")
    if not typer.confirm("Are the columns right? Import now?"):
        raise typer.Exit(COULD_NOT)


@contextmanager
def _answering(settings: ToolSettings) -> Iterator[None]:
    """A server that is away is no list with bad rows."""
    try:
        with plain_errors():
            must_answer(settings)
            yield
    except typer.Exit as left:
        raise typer.Exit(COULD_NOT if left.exit_code == BAD_ROWS else left.exit_code) from None


@contextmanager
def _told(language: Language) -> Iterator[None]:
    """Somebody else is at it, or the person herself stops it: one sentence, and nothing is lost."""
    try:
        yield
    except (Conflict, ReportGone) as problem:
        _could_not(problem.sentence(language))
    except KeyboardInterrupt:
        typer.echo("Stopped. What is in stays in; the same command goes on where it stopped.", err=True)
        raise


def _could_not(sentence: str) -> NoReturn:
    typer.echo(printable(sentence), err=True)
    raise typer.Exit(COULD_NOT)


if __name__ == "__main__":
    app(prog_name=RUN)
