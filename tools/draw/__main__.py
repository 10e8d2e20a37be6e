"""A draw's public file: draw it again, check it, find your place. Exit status 0: it holds, 1: not, 2: wrong usage."""

import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from shared.errors import Language, Problem
from shared.money import grouped
from tools.draw import progress
from tools.draw.wanted import WrongUsage, require_free, require_picture
from tools.printing import printable

RUN = ".venv/bin/python -m tools.draw"
STATE, MOST_GROUPS, MOST_SEEDS = 782_000, 2_000_000, 10_000
SAMPLE = "docs/examples/draw-sample.zip"


def example(line: str) -> str:
    return f"Example:\n\n  {RUN} {line}"


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__)
Source = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True, help="The zip of a draw.")
]
Told = Annotated[Language, typer.Option("--language", help="mr, hi or en.")]


@contextmanager
def said_in(language: Language) -> Iterator[None]:
    """What does not hold is one sentence and status 1; what cannot be read, written or meant one and status 2."""
    try:
        yield
    except WrongUsage as problem:
        typer.echo(printable(problem.sentence(language)), err=True)
        raise typer.Exit(2) from None
    except Problem as problem:
        typer.echo(printable(problem.sentence(language)), err=True)
        raise typer.Exit(1) from None
    except BrokenPipeError:
        raise
    except OSError as error:
        typer.echo(printable(f"{error.filename or ''}: {error.strerror or error}"), err=True)
        raise typer.Exit(2) from None


@app.command("export", epilog=example("export \\\n    0192f1c0-7c8e-7000-8000-2f6b3c1d9e55 draw.zip"))
def export_file(
    call: Annotated[uuid.UUID, typer.Argument(metavar="CALL", help="The call's id.")],
    target: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="Where the zip is written.")],
    gateway: Annotated[str | None, typer.Option(help="Base URL; without it the system that runs here.")] = None,
) -> None:
    """Download the public file of a call whose draw is made. No token is needed."""
    from tools.draw.exporting import NotExported, export, running_gateway  # noqa: PLC0415

    try:
        size = export(str(call), target, gateway or running_gateway())
    except NotExported as error:
        typer.echo(printable(f"Not exported: {error}"), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{target}: {size:,} bytes. Run the draw again: {RUN} verify {target}")


@app.command("run", epilog=example(f"run {SAMPLE} \\\n    again.zip --label 'a rehearsal of 22 November'"))
def run_file(
    source: Source,
    target: Annotated[Path, typer.Argument(metavar="OUT", dir_okay=False, help="Where the whole zip is written.")],
    label: Annotated[str | None, typer.Option(help="Rehearse: any words, of which the seed is made.")] = None,
    over: Annotated[bool, typer.Option("--over", help="Write OUT over a file that is there.")] = False,
    language: Told = "en",
) -> None:
    """Draw from the inputs and the plan in FILE, and write the public file with its outcome; or rehearse it."""
    from tools.draw.opening import opened  # noqa: PLC0415
    from tools.draw.running import made  # noqa: PLC0415
    from tools.draw.words import RAN  # noqa: PLC0415

    with said_in(language):
        require_free(target, over)
    with said_in(language), opened(source) as files, progress.shown(language) as tell:
        found = made(files, target, label, tell)
    typer.echo(
        RAN[found.said.run][language].format(groups=grouped(found.groups), seated=grouped(found.seated), file=target)
    )
    typer.echo(f"  seed: {found.said.seed}\n  outcome_digest: {found.said.outcome_digest}")


@app.command("parquet", epilog=example(f"parquet {SAMPLE} tables"))
def parquet_files(
    source: Source,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", file_okay=False, help="Where the tables are written.")],
    language: Told = "en",
) -> None:
    """Write the tables of a draw as Parquet, to compute with. What is published, and its digests, stay the CSV."""
    from tools.draw.findings import NoTable  # noqa: PLC0415
    from tools.draw.opening import opened  # noqa: PLC0415
    from tools.draw.parquet import written  # noqa: PLC0415

    with said_in(language), opened(source) as files, progress.shown(language) as tell:
        try:
            files.size("applications.csv")  # a zip of something else has no tables of a draw
            paths = written(files, folder, tell)
        except ValueError as error:  # pyarrow's, in its own words
            raise NoTable(why=str(error)) from error
    for path in paths:
        typer.echo(path)


@app.command("verify", epilog=example(f"verify {SAMPLE}"))
def verify_file(source: Source, language: Told = "en") -> None:
    """Check every digest, the nonces, the log and the seed, run the draw again, and compare each cell."""
    from tools.draw import words  # noqa: PLC0415
    from tools.draw.opening import opened  # noqa: PLC0415
    from tools.draw.verifying import verified  # noqa: PLC0415

    with said_in(language), opened(source) as files, progress.shown(language) as tell:
        found = verified(files, tell)
    for line in words.lines(found, language):
        typer.echo(line)


@app.command("check", epilog=example(f"check {SAMPLE}"))
def check_file(source: Source, language: Told = "en") -> None:
    """Prove the outcome without drawing again, by a program that shares nothing with the one that draws."""
    from tools.draw.checking import checked  # noqa: PLC0415
    from tools.draw.opening import require_zip  # noqa: PLC0415

    with said_in(language), progress.shown(language) as tell:
        require_zip(source)
        holds, lines = checked(source, language, tell)
    for line in lines:
        typer.echo(printable(line), err=not holds)
    raise typer.Exit(0 if holds else 1)


@app.command("mine", epilog=example("mine draw.zip \\\n    '४८२१ ००५७ ९३३६ १२०४' --language mr"))
def mine_in_file(
    source: Source,
    ticket: Annotated[
        str, typer.Argument(metavar="NUMBER", help="The ticket on the receipt; ASCII or Devanagari digits.")
    ],
    language: Told = "en",
) -> None:
    """Show a ticket's place in line and how to check it, what it got, and each refused choice with its reason."""
    from tools.draw.opening import opened  # noqa: PLC0415
    from tools.draw.tickets import mine  # noqa: PLC0415

    with said_in(language), opened(source) as files, progress.shown(language) as tell:
        found = mine(files, ticket, tell)
    for line in found.lines(language):
        typer.echo(line)


@app.command("after", epilog=example("after draw.zip vacancies.json"))
def after_file(
    source: Source,
    log: Annotated[
        list[Path],
        typer.Argument(metavar="LOG...", exists=True, dir_okay=False, help="Pages of /v1/calls/…/vacancies, in order."),
    ],
    ticket: Annotated[str | None, typer.Option(help="Also say which stall this ticket has now.")] = None,
    language: Told = "en",
) -> None:
    """Replay what followed the draw: who gave a stall back, who has it now, by the rule."""
    from tools.draw.afterwards import afterwards  # noqa: PLC0415
    from tools.draw.opening import opened  # noqa: PLC0415

    with said_in(language), opened(source) as files:
        lines = list(afterwards(files, log, ticket, language))
    for line in lines:
        typer.echo(line)


@app.command("page", epilog=example(f"page {SAMPLE} draw-page"))
def page_of_file(
    source: Source,
    target: Annotated[Path, typer.Argument(metavar="FOLDER|FILE.html", help="Where the page is written.")],
    language: Told = "en",
) -> None:
    """Write a web page that opens offline: where the stalls went, the last places, how to check it."""
    from tools.draw.opening import opened  # noqa: PLC0415
    from tools.draw.page import write  # noqa: PLC0415

    with said_in(language), opened(source) as files, progress.shown(language) as tell:
        for path in write(files, source.name, target, language, tell):
            typer.echo(path)


@app.command("preview", epilog=example(f"preview {SAMPLE} \\\n    --picture preview.svg"))
def preview_of_plan(
    source: Source,
    plan: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, readable=True, help="Another plan: as plan.csv, or a JSON template."),
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, max=MOST_SEEDS, help="How many draws to make.")] = 200,
    label: Annotated[str, typer.Option(help="Of the seeds: the same label, the same draws.")] = "1",
    picture: Annotated[Path | None, typer.Option(dir_okay=False, metavar="FILE.svg", help="Also as a picture.")] = None,
    language: Told = "en",
) -> None:
    """Try a plan on the applications in FILE with many seeds: who gets how much, and how far that is chance.

    A template gives each ground its shares: {"lines": [{"tags": ["rural"], "share": 30}, {"share": 70}]}
    """
    from tools.draw import preview  # noqa: PLC0415
    from tools.draw.opening import opened  # noqa: PLC0415

    with said_in(language):
        require_picture(picture)
    with said_in(language), opened(source) as files, progress.shown(language) as tell:
        made = preview.seen(files, plan, seeds, label, language, tell)
        if picture is not None:
            preview.write(made, picture, [language])
    for line in preview.lines(made, language):
        typer.echo(line)


@app.command("instance", epilog=example("instance state.zip"))
def made_up_file(
    target: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="Where the zip is written.")],
    groups: Annotated[int, typer.Option(min=1, max=MOST_GROUPS, help="How many groups apply.")] = STATE,
    seed: Annotated[int, typer.Option(min=0, help="Another number, another draw.")] = 2026,
    language: Told = "en",
) -> None:
    """Make up a whole draw, the same on every machine: 782,000 groups are the size of Maharashtra."""
    from tools.draw.instances import write  # noqa: PLC0415

    with said_in(language), progress.shown(language):
        said = write(target, groups, seed)
    typer.echo(f"{target}: {target.stat().st_size:,} bytes, outcome digest {said.outcome_digest}")


if __name__ == "__main__":
    sys.exit(app(prog_name=RUN))
