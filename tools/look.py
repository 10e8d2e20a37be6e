"""What the processes of a system say of themselves: whether they are of use, and the figures that dashboards draw."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Annotated

import httpx
import typer
from prometheus_client.parser import text_string_to_metric_families
from rich.markup import escape
from rich.table import Table

from deploy.local.endpoints import Endpoints
from deploy.local.settings import LocalSettings
from tools.environment import readable

PATIENCE_SECONDS = 10.0
SILENT, NOT_READY = AMISS = ("does not answer", "NOT READY")
EXAMPLES = """\
Examples:  .venv/bin/python -m tools.look      .venv/bin/python -m tools.look outbox relay --of orders

.venv/bin/python -m tools.look parked --url http://127.0.0.1:9000      (a forwarded port of a cluster)"""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
Row = tuple[str, ...]


@app.command(epilog=EXAMPLES)
def main(
    words: Annotated[
        list[str] | None, typer.Argument(help="Figures whose name has one of these, such as outbox; none: is it ready?")
    ] = None,
    of: Annotated[str, typer.Option(help="Only this process, such as orders or orders-stream.")] = "",
    url: Annotated[str, typer.Option(help="A process anywhere, instead of those of the system that runs here.")] = "",
) -> None:
    """Whether every process is ready, or the figures that it tells Prometheus.

    Exits with 1 when one is not ready, or does not answer.
    """
    found = {url: url} if url else {name: at for name, at in _running_here().items() if of in ("", name)}
    if not found:
        raise typer.BadParameter(f"There is no process {of} here.")
    with httpx.Client(timeout=PATIENCE_SECONDS) as client:
        rows = [(name, *row) for name, at in found.items() for row in look(client, at, words or [])]
    readable().print(table(rows, figures=bool(words)))
    if any(row[1] in AMISS for row in rows):
        raise typer.Exit(1)


def _running_here() -> dict[str, str]:
    try:
        known = Endpoints.load(LocalSettings().data)
    except (OSError, ValueError):
        typer.echo("No running system found: start it with `make up`, or name a process with --url.", err=True)
        raise typer.Exit(2) from None
    return {**known.services, **known.workers}


def look(client: httpx.Client, at: str, words: Sequence[str]) -> Iterator[Row]:
    """Rows of one process, or one that says that it does not answer."""
    try:
        yield from figures(client, at, words) if words else readiness(client, at)
    except httpx.HTTPError as error:
        yield SILENT, type(error).__name__


def readiness(client: httpx.Client, at: str) -> Iterator[Row]:
    answer = client.get(f"{at}/readyz")
    parts = answer.json()["parts"]
    told = ", ".join(f"{part}: {said}" for part, said in parts.items())
    yield ("ready" if answer.status_code == HTTPStatus.OK else NOT_READY), told


def figures(client: httpx.Client, at: str, words: Sequence[str]) -> Iterator[Row]:
    """Without the buckets of histograms, which are for machines."""
    for family in text_string_to_metric_families(client.get(f"{at}/metrics").text):
        for sample in family.samples:
            if any(word in sample.name for word in words) and not sample.name.endswith("_bucket"):
                labels = " ".join(f"{name}={value}" for name, value in sample.labels.items())
                yield f"{sample.name} {labels}".strip(), f"{sample.value:.15g}"


def table(rows: Sequence[Row], *, figures: bool) -> Table:
    shown = Table("process", "figure" if figures else "state", "value" if figures else "its parts")
    for row in rows:
        shown.add_row(*map(escape, row))
    return shown


if __name__ == "__main__":
    app(prog_name=".venv/bin/python -m tools.look")
