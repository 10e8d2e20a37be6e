"""Live demand from the outside: make its figures anew from the log, and see which records could not be counted."""

import asyncio
import json
import logging
import sys
from importlib import import_module
from typing import Annotated, Literal

import structlog
import typer
from kafka.errors import KafkaError
from rich.table import Table
from rich.text import Text

from shared.documents import Doc
from shared.errors import Refused
from shared.mongo import connect
from shared.streaming.measures import Generation
from tools.acts import recorded
from tools.environment import ToolSettings, database_of, decoded, plain_errors, readable, system
from tools.printing import printable

Counting = Literal["orders", "stalls"]
"""Services that measure demand."""
NAME = "demand"
RUN = ".venv/bin/python -m tools.demand"

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__)

Of = Annotated[Counting, typer.Option("--service", help="Whose figures.")]


@app.command(epilog=f"Example:\n\n  {RUN} rebuild --service orders")
def rebuild(service: Of = "orders") -> None:
    """Count the whole log anew beside the running figures, then let the new ones count; readers notice nothing."""
    _quiet()
    with plain_errors(KafkaError, Refused):
        asyncio.run(_rebuild(service, system()))


def _quiet() -> None:
    """What is wrong is said once, by us; what is parked, as a number at the end."""
    logging.basicConfig(level=logging.ERROR)
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


class Watched:
    """How far the count is: on a terminal one line that changes, elsewhere a line for each tenth."""

    def __init__(self, *, terminal: bool) -> None:
        self.terminal, self.tenth = terminal, -1

    def __call__(self, done: int, total: int) -> None:
        said, tenth = f"  {done:,} of {total:,} records", 10 * done // total if total else 10
        if self.terminal:
            typer.echo(f"\r{said}", nl=done == total)
        elif tenth > self.tenth:
            typer.echo(said)
        self.tenth = tenth


async def _rebuild(service: str, settings: ToolSettings) -> None:
    from shared.streaming.rebuild import rebuild as count_anew  # noqa: PLC0415  brings Faust with it

    (measure,) = import_module(f"services.{service}.wiring").SERVICE.streams
    database = await connect(settings.mongodb_uri, settings.database_name(service), allow_unsafe=settings.allow_unsafe)
    try:
        await recorded(database, settings, "demand rebuild", ("figures", measure.name))
        watched = Watched(terminal=sys.stdout.isatty())
        await count_anew(Generation(settings, service, measure, 1), database, typer.echo, watched)
    finally:
        await database.client.close()


@app.command(epilog=f"Example:\n\n  {RUN} parked --service orders")
def parked(
    service: Of = "orders",
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="A list of objects instead of a table.")] = False,
) -> None:
    """Records that could not be counted, each with its reason. They stay in Kafka: mend the cause, then rebuild."""
    with plain_errors(), database_of(service, system()) as database:
        found = list(database[f"{NAME}_parked"].find({}, {"headers": 0}).sort("parked_at", -1).limit(limit))
    if as_json:
        print(json.dumps([_plain(row) for row in found], ensure_ascii=False))
        return
    readable().print(_table(found) if found else "Nothing is parked.")


def _plain(row: Doc) -> Doc:
    shown = {"id": row["_id"], "code": row["code"], "reason": printable(row["reason"]), "key": decoded(row["key"])}
    return {**shown, "parked_at": row["parked_at"].isoformat(), "value": decoded(row["value"])}


def _table(rows: list[Doc]) -> Table:
    shown = Table("id", "key", "code", "reason", "parked at", title="What could not be counted")
    for row in map(_plain, rows):
        shown.add_row(*(Text(str(row[name])) for name in ("id", "key", "code", "reason", "parked_at")))
    return shown


if __name__ == "__main__":
    app(prog_name=RUN)
