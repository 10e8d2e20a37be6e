"""Save a service's database while it runs, put it back, and say what was told since and is forgotten."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, get_args

import typer
from aiokafka.errors import KafkaError as ClientError
from kafka.errors import KafkaError

from deploy.local.settings import LocalSettings
from tools.backup import acting
from tools.backup.archive import Archive, Damaged, archives
from tools.backup.presence import StillRunning
from tools.backup.reconcile import Fate, Forgotten
from tools.backup.restoring import Occupied
from tools.backup.views import archives_table, forgotten_json, forgotten_table
from tools.environment import Service, plain_errors, readable, system

RUN = ".venv/bin/python -m tools.backup"
SERVICES: tuple[Service, ...] = get_args(Service)
SAY_EVERY_SECONDS = 2.0

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__)

Saved = Annotated[Path, typer.Argument(metavar="ARCHIVE", help="The folder of one backup.")]
Folder = Annotated[Path | None, typer.Option(help="Where backups are kept; default: beside the data folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="A list of objects instead of a table.")]


class Progress:
    """A line every two seconds while there is something new to say."""

    def __init__(self) -> None:
        self.said_at = time.monotonic()

    def __call__(self, text: str) -> None:
        if time.monotonic() - self.said_at >= SAY_EVERY_SECONDS:
            typer.echo(f"  {text}")
            self.said_at = time.monotonic()


@app.command(epilog=f"Example:\n\n  {RUN} write --service orders")
def write(
    service: Annotated[Service | None, typer.Option(help="Default: all, one after the other.")] = None,
    folder: Folder = None,
) -> None:
    """Save databases, each as it is at one moment. Nothing is stopped."""
    with _plain():
        settings = system()
        for name in (service,) if service else SERVICES:
            began = time.monotonic()
            archive = acting.write(settings, name, _kept_in(folder), Progress())
            count = sum(one.documents for one in archive.manifest().collections.values())
            typer.echo(f"{name}: {count:,} documents in {time.monotonic() - began:.1f} s, in {archive.folder}")


@app.command("list", epilog=f"Example:\n\n  {RUN} list")
def list_(folder: Folder = None) -> None:
    """The backups there are."""
    with _plain():
        found = archives(_kept_in(folder))
        readable().print(archives_table(found) if found else f"No backup in {_kept_in(folder)}.")


@app.command(epilog=f"Example:\n\n  {RUN} verify .run-backups/orders-20261122T181500Z")
def verify(archive: Saved) -> None:
    """Read every byte of a backup; exit code 1 names the files that are not what was saved."""
    with _plain():
        manifest = Archive(archive).verify()
        typer.echo(f"{archive} is whole: {manifest.service} as of {manifest.at:%Y-%m-%d %H:%M:%SZ}")


@app.command(epilog=f"Example:\n\n  {RUN} restore .run-backups/orders-20261122T181500Z --over")
def restore(
    archive: Saved,
    over: Annotated[bool, typer.Option("--over", help="What is there now is saved first, then replaced.")] = False,
    folder: Folder = None,
) -> None:
    """Put a backup in its database's place. Its service must be stopped; the others may run."""
    with _plain():
        settings, saved = system(), Archive(archive)
        rows = acting.restore(settings, saved, _kept_in(folder), Progress(), over=over)
        service = acting.wired(saved.manifest().service)
        typer.echo(f"{service.name} is restored as of {saved.manifest().at:%Y-%m-%d %H:%M:%SZ}; start it.")
        if service.streams:
            typer.echo(
                f"Then count its figures anew: .venv/bin/python -m tools.demand rebuild --service {service.name}"
            )
        _show(rows)
        if unlisted := acting.untold(service):
            typer.echo(f"No fact tells of {', '.join(unlisted)}: what changed there is in the copy from before alone.")


@app.command(epilog=f"Example:\n\n  {RUN} report .run-backups/orders-20261122T181500Z")
def report(archive: Saved, as_json: AsJson = False) -> None:
    """What the restored service told after this backup and no longer knows, and what a person can do."""
    with _plain():
        rows = acting.report(system(), Archive(archive))
        if as_json:
            typer.echo(forgotten_json(rows))
        else:
            _show(rows)


@app.command("bring-back", epilog=f"Example:\n\n  {RUN} bring-back .run-backups/orders-…-before-restore ID ID")
def bring_back(archive: Saved, ids: Annotated[list[str], typer.Argument(metavar="ID...")]) -> None:
    """Of what the report misses: what was made after the backup, whole, from the copy made before the restore."""
    with _plain():
        brought = acting.bring_back(system(), Archive(archive), ids)
        left = [id_ for id_ in ids if id_ not in brought]
        typer.echo(f"Brought back: {len(brought)}.")
        if left:
            typer.echo(f"Not in that copy, or in the database already: {', '.join(left)}", err=True)
            raise typer.Exit(1)


def _show(rows: list[Forgotten]) -> None:
    if not rows:
        typer.echo("Nothing that it told is forgotten.")
        return
    readable().print(forgotten_table(rows))
    left = sum(one.fate not in (Fate.AGAIN, Fate.BACK) for one in rows)
    typer.echo(f"{len(rows)} facts, {left} of them for a person to look at.")


def _kept_in(folder: Path | None) -> Path:
    """Not in the data folder: `make reset` clears that."""
    data = LocalSettings().data.resolve()
    return folder or data.with_name(f"{data.name}-backups")


@contextmanager
def _plain() -> Iterator[None]:
    """What is expected to go wrong is one sentence and exit code 1."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    try:
        with plain_errors(KafkaError, ClientError):
            yield
    except (Damaged, Occupied, StillRunning, FileExistsError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


if __name__ == "__main__":
    app(prog_name=RUN)
