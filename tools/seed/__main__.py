"""`.venv/bin/python -m tools.seed`: fill the market of a state. Safe to repeat: only what is missing is added."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console

from services.catalog.wiring import SERVICE as CATALOG
from services.notify.wiring import SERVICE as NOTIFY
from services.stalls.wiring import SERVICE as STALLS
from shared.clock import now, today
from shared.mongo import Database, connect
from shared.places.directory import districts_of
from shared.service import Service
from tools.environment import ToolSettings, must_answer, plain_errors, system
from tools.seed import market as wishes
from tools.seed import turns
from tools.seed.groups import Market
from tools.seed.people import MOST_GROUPS
from tools.seed.planting import Seedling, Tally, plant
from tools.seed.report import Progress, summary
from tools.seed.state.program import registry

RUN = ".venv/bin/python -m tools.seed"
EXAMPLE = f"""Example, a second, larger market beside the first:

  {RUN} --groups 20000 --seed 8

The lists of a hundredth of a state, and what is right and wrong in them; needs no server:

  {RUN} --scale 0.01 --out lists/
"""
SMALLEST = 0.001

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command(epilog=EXAMPLE)
def main(
    state: Annotated[str, typer.Option(help="LGD code of the state.")] = "27",
    groups: Annotated[
        int, typer.Option(min=1, max=MOST_GROUPS, help="Self-help groups, over all its districts.")
    ] = 5000,
    products: Annotated[
        int | None, typer.Option(min=0, max=1_000_000, help="Products on sale; without it 3 for every 10 groups.")
    ] = None,
    seed: Annotated[
        int, typer.Option(min=0, max=9999, help="Another number makes another market, with other ids.")
    ] = 7,
    scale: Annotated[
        float | None,
        typer.Option(
            min=SMALLEST, max=1.0, help="Instead of a market, the registry of the state: 1.0 is 782,000 groups."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="With --scale: write the programmes' lists and answers.json here, import nothing."),
    ] = None,
) -> None:
    """Fill the market: groups, contacts, products with stock, venues, credits, an open call; what is there stays."""
    if not districts_of(state):
        typer.echo(f"No districts of a state {state} are known; known: 27, 5, 10.", err=True)
        raise typer.Exit(2)
    if out is not None and scale is None:
        typer.echo("--out is for the lists of a state: say how large with --scale, as 1.0.", err=True)
        raise typer.Exit(2)
    if scale is not None:
        raise typer.Exit(registry(state, scale, seed, out))
    asked = Market(state=state, groups=groups, products=groups * 3 // 10 if products is None else products, seed=seed)
    settings = system()
    with plain_errors(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        must_answer(settings)
        tallies = runner.run(fill(settings, asked, Console(soft_wrap=True)))
    raise typer.Exit(1 if any(tally.refused for tally in tallies.values()) else 0)


async def fill(settings: ToolSettings, market: Market, console: Console) -> dict[str, Tally]:
    """Groups before what they sell; contacts before there is anything to tell."""
    began, day = time.monotonic(), today()
    had, calls = list(turns.credit_seedlings(market, day)), list(turns.call_seedlings(market, now()))
    steps: list[tuple[str, Service, int, Iterable[Seedling]]] = [
        ("venues", STALLS, turns.venue_count(), turns.venue_seedlings(market, day)),
        ("calendars", STALLS, turns.calendar_count(), turns.calendar_seedlings(market, day)),
        ("credits", STALLS, len(had), had),
        ("calls", STALLS, len(calls), calls),
        ("groups", CATALOG, market.groups, wishes.group_seedlings(market)),
        ("contacts", NOTIFY, wishes.contact_count(market), wishes.contact_seedlings(market)),
        ("products", CATALOG, market.products, wishes.product_seedlings(market, day)),
    ]
    tallies: dict[str, Tally] = {}
    with Progress(console) as progress:
        for what, service, total, seedlings in steps:
            async with _opened(settings, service) as database:
                tallies[what] = await plant(database, service, seedlings, progress.step(what, total))
    console.print(summary(tallies, time.monotonic() - began))
    return tallies


@asynccontextmanager
async def _opened(settings: ToolSettings, service: Service) -> AsyncIterator[Database]:
    name = settings.database_name(service.name)
    database = await connect(settings.mongodb_uri, name, allow_unsafe=settings.allow_unsafe)
    try:
        yield database
    finally:
        await database.client.close()


if __name__ == "__main__":
    app(prog_name=RUN)
