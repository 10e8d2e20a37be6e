"""`python -m tools.draw export|verify|mine`: exit status 0 when it holds, 1 when not, 2 for wrong usage."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from services.stalls.draw import reading
from shared.errors import Language, Problem
from tools.draw import words
from tools.draw.exporting import NotExported, export, running_gateway
from tools.draw.tickets import mine
from tools.draw.verifying import opened, verified
from tools.environment import printable

RUN = ".venv/bin/python -m tools.draw"
EXPORT = f"Example:\n\n  {RUN} export \\\n    0192f1c0-7c8e-7000-8000-2f6b3c1d9e55 draw.zip"
VERIFY = f"Example:\n\n  {RUN} verify draw.zip --language mr"
MINE = f"Example:\n\n  {RUN} mine draw.zip \\\n    '४८२१ ००५७ ९३३६ १२०४' --language mr"

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__)
Source = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True, help="The zip of a draw.")
]
Told = Annotated[Language, typer.Option("--language", help="mr, hi or en.")]


@contextmanager
def said_in(language: Language) -> Iterator[None]:
    """What does not hold is one sentence and exit code 1."""
    try:
        yield
    except Problem as problem:
        typer.echo(printable(problem.sentence(language)), err=True)
        raise typer.Exit(1) from None
    except NotExported as error:
        typer.echo(printable(f"Not exported: {error}"), err=True)
        raise typer.Exit(1) from None


@app.command("export", epilog=EXPORT)
def export_file(
    call: Annotated[uuid.UUID, typer.Argument(metavar="CALL", help="The call's id.")],
    target: Annotated[Path, typer.Argument(metavar="FILE", dir_okay=False, help="Where the zip is written.")],
    gateway: Annotated[str | None, typer.Option(help="Base URL; without it the system that runs here.")] = None,
) -> None:
    """Download the public file of a call whose draw is made. No token is needed."""
    with said_in("en"):
        size = export(str(call), target, gateway or running_gateway())
    typer.echo(f"{target}: {size:,} bytes. Run the draw again: {RUN} verify {target}")


@app.command("verify", epilog=VERIFY)
def verify_file(source: Source, language: Told = "en") -> None:
    """Check every digest, the commitment and the seed, run the draw again, and compare each cell."""
    with said_in(language):
        found = verified(opened(source.read_bytes()))
    for line in words.lines(found, language):
        typer.echo(line)


@app.command("mine", epilog=MINE)
def mine_in_file(
    source: Source,
    ticket: Annotated[
        str, typer.Argument(metavar="TICKET", help="The number on the receipt; ASCII or Devanagari digits.")
    ],
    language: Told = "en",
) -> None:
    """Show a ticket's place in line and how to check it, what it got, and each refused choice with its reason."""
    with said_in(language):
        files = opened(source.read_bytes())
        reading.checked(files)
        instance = reading.instance(files)
        rows = reading.outcome(files, instance).rows
        found = mine(ticket, reading.said(files).seed, instance, rows)
    for line in found.lines(language):
        typer.echo(line)


if __name__ == "__main__":
    app(prog_name=RUN)
