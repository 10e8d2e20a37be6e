"""Parked events: look at them, release them to be applied again, or drop one with a reason."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, NoReturn

import typer

from shared.documents import Doc
from tools.acts import digest_of, record
from tools.environment import Service, database_of, plain_errors, readable, system
from tools.parked import Chain, Parked, Wanted, pending
from tools.parked_views import body, chains_json, chains_table, headers_table, rows_table

POLL_SECONDS = 0.25
RUN = ".venv/bin/python -m tools.replay"
DRY = "Nothing was changed; add --yes to do it."

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__)
console = readable()

Of = Annotated[Service, typer.Option("--service", help="Whose consumer parked them.")]
Topic = Annotated[str | None, typer.Option(help="Only this topic, such as orders.orders.")]
Key = Annotated[str | None, typer.Option(help="Only this key: the subject's id.")]
Code = Annotated[str | None, typer.Option(help="Only keys that this code stopped, such as SequenceGap.")]
Limit = Annotated[int, typer.Option(min=1, help="At most so many keys, those that wait longest.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it; without it, only say what would be done.")]
Wait = Annotated[bool, typer.Option("--wait", help="Until the running consumer has tried them; then show the outcome.")]
Patience = Annotated[float, typer.Option(min=0, help="Seconds to wait at most.")]
Force = Annotated[bool, typer.Option("--force", help="Though facts are missing before a key's first event.")]


@app.command("list", epilog=f"Example:\n\n  {RUN} list \\\n    --service notify --code DoesNotParse")
def list_(
    service: Of,
    topic: Topic = None,
    key: Key = None,
    code: Code = None,
    limit: Limit = 50,
    as_json: Annotated[bool, typer.Option("--json", help="A list of objects instead of a table.")] = False,
) -> None:
    """Keys that wait: what stopped each, since when, and how many events wait behind it."""
    with _parked(service) as parked:
        chains = parked.chains(Wanted(topic=topic, key=key, code=code))
    if as_json:
        typer.echo(chains_json(chains[:limit]))
    else:
        console.print(chains_table(chains[:limit]) if chains else "Nothing is parked.")
    if len(chains) > limit:
        typer.echo(f"… and {len(chains) - limit} more keys (--limit)", err=as_json)


@app.command(epilog=f"Example:\n\n  {RUN} show \\\n    orders.orders:2:17 --service notify")
def show(id_: Annotated[str, typer.Argument(metavar="ID", help="topic:partition:offset")], service: Of) -> None:
    """One parked event: why, its headers, its body."""
    with _parked(service) as parked:
        row = _found(parked, id_)
    console.print(rows_table([row]), headers_table(row), body(row), sep="\n")


@app.command(epilog=f"Example:\n\n  {RUN} ready \\\n    --service orders --code NewerVersion --yes --wait")
def ready(
    service: Of,
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Only the keys of these events.")] = None,
    topic: Topic = None,
    key: Key = None,
    code: Code = None,
    all_: Annotated[bool, typer.Option("--all", help="Every key, when nothing narrower is named.")] = False,
    force: Force = False,
    limit: Limit = 10_000,
    yes: Yes = False,
    wait: Wait = False,
    patience: Patience = 30,
) -> None:
    """Release keys: each one's poison and all behind it, to be applied in order by the running consumer."""
    wanted = Wanted(topic=topic, key=key, code=code)
    if not (wanted or ids or all_):
        _stop("Which keys? Name an ID, --topic, --key or --code, or say --all.", 2)
    with _parked(service) as parked:
        chains = _holding(parked, parked.chains(wanted), ids)[:limit]
        if not chains:
            console.print("Nothing is parked that fits.")
            return
        what = f"{sum(len(chain.rows) for chain in chains)} events, keys: {len(chains)}"
        console.print(chains_table(chains), f"Released: {what}" if yes else f"To be released: {what}. {DRY}", sep="\n")
        if yes:
            _record(service, "replay ready --force" if force else "replay ready", chains)
            released = parked.release(chains, force=force)
            _await(parked, released, patience if wait else 0)


@app.command(epilog=f"Example:\n\n  {RUN} drop \\\n    orders.orders:2:17 --service notify --reason test --yes")
def drop(
    id_: Annotated[str, typer.Argument(metavar="ID", help="topic:partition:offset of a poison event")],
    service: Of,
    reason: Annotated[str, typer.Option(help="Why it may be lost; kept beside it.")],
    yes: Yes = False,
    wait: Wait = False,
    patience: Patience = 30,
) -> None:
    """Give one poison event up, and release what waits behind it in spite of the gap it leaves."""
    with _parked(service) as parked:
        row = _found(parked, id_)
        console.print(rows_table([row]))
        if row["status"] != "poison":
            _stop(f"This event is {row['status']}; only a poison one can be dropped.", 1)
        if not yes:
            console.print(f"It would be dropped. {DRY}")
            return
        _record(service, "replay drop", [Chain([row])])
        released = parked.drop(row, reason)
        if released is None:
            _stop("It changed meanwhile; look at it again.", 1)
        console.print(f"Dropped. Released behind it: {len(released)} events.")
        _await(parked, released, patience if wait else 0)


@contextmanager
def _parked(service: Service) -> Iterator[Parked]:
    settings = system()
    with plain_errors(), database_of(service, settings) as database:
        yield Parked(database, settings.namespace)


def _record(service: Service, act: str, chains: list[Chain]) -> None:
    """In the audit log, before it is done: the one row, or the first, how many, and a digest of all."""
    ids = [str(row["_id"]) for chain in chains for row in chain.rows]
    many = f", events: {len(ids)}, keys: {len(chains)}" if len(ids) > 1 else ""
    record(system(), service, act + many, ("parked", ids[0]), digest_of(ids))


def _found(parked: Parked, id_: str) -> Doc:
    row = parked.find(id_)
    if row is None:
        _stop(f"No event is parked as {id_}; `list` shows their ids.", 1)
    return row


def _holding(parked: Parked, chains: list[Chain], ids: list[str] | None) -> list[Chain]:
    """Those that hold one of these rows; all when none is named."""
    if not ids:
        return chains
    named = {_found(parked, id_)["_id"] for id_ in ids}
    return [chain for chain in chains if any(row["_id"] in named for row in chain.rows)]


def _await(parked: Parked, released: list[str], patience_seconds: float) -> None:
    """Show what became of these rows; what was parked behind them meanwhile is released too."""
    if not released or not patience_seconds:
        return
    deadline = time.monotonic() + patience_seconds
    while pending(rows := parked.outcome(released)) or parked.stragglers(released):
        if time.monotonic() > deadline:
            console.print(rows_table(rows))
            _stop(f"Not all were tried within {patience_seconds:g} s: does the consumer run? They stay released.", 1)
        released += parked.release(parked.stragglers(released), force=False)
        time.sleep(POLL_SECONDS)
    console.print(rows_table(rows))
    if any(row["status"] == "poison" for row in rows):
        _stop("What is poison still stops its key: see its reason.", 1)


def _stop(why: str, code: int) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(code)


if __name__ == "__main__":
    app(prog_name=RUN)
