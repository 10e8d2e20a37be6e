"""`python -m bench [NAME …]`: every benchmark, or those named, on the servers the environment names."""

import asyncio
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer
import uvloop

from bench import (
    acks,
    chain,
    demand,
    draw,
    effects,
    exact,
    facts,
    growth,
    holds,
    notices,
    orders,
    pace,
    rebuild,
    registry,
    registry_relay,
    registry_search,
    relayed,
    report,
    soak,
    starting,
    writes,
)
from bench.lines import Line
from bench.settings import SMOKE, BenchSettings

ALL: dict[str, Callable[[BenchSettings], Coroutine[Any, Any, list[Line]]]] = {
    "orders": orders.measured,
    "writes": writes.measured,
    "relay": relayed.measured,
    "acks": acks.measured,
    "chain": chain.measured,
    "effects": effects.measured,
    "holds": holds.measured,
    "rebuild": rebuild.measured,
    "notices": notices.measured,
    "pace": pace.measured,
    "exact": exact.measured,
    "growth": growth.measured,
    "starting": starting.measured,
    "draw": draw.measured,
    "facts": facts.measured,
    "demand": demand.measured,
    "registry": registry.measured,
    "registry-relay": registry_relay.measured,
    "registry-search": registry_search.measured,
    "soak": soak.measured,
}
SERVERS = ("MONGODB_URI", "KAFKA_BOOTSTRAP_SERVERS")
ALONE = {"draw"}
"""What needs no server."""


def main(
    names: Annotated[list[str] | None, typer.Argument(help=f"Some of: {', '.join(ALL)}. None: all.")] = None,
    json: Annotated[Path, typer.Option(help="Where the figures are written.")] = Path(".run/bench.json"),
    smoke: Annotated[bool, typer.Option("--smoke", help="A minute: does every line still work?")] = False,
) -> None:
    """Print each figure beside its limit of the same run. Nothing is asserted: a missed goal is a line that says so."""
    chosen = names or list(ALL)
    if unknown := sorted(set(chosen) - set(ALL)):
        raise typer.BadParameter(f"{', '.join(unknown)}; there are: {', '.join(ALL)}")
    missing = [name for name in SERVERS if not os.environ.get(name)]
    if missing and set(chosen) - ALONE:
        raise typer.BadParameter(f"{' and '.join(missing)} not set: run `make bench`, which starts the servers")
    sizes = BenchSettings(**SMOKE) if smoke else BenchSettings()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    lines, failed = [], []
    for name in chosen:
        began = time.perf_counter()
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                lines += runner.run(ALL[name](sizes))
        except Exception:  # noqa: BLE001  the others' figures are worth having
            traceback.print_exc()
            failed.append(name)
        print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    report.show(lines)
    report.save(lines, json, sizes.model_dump())
    print(f"also in {json}" + (f"; not measured: {', '.join(failed)}" if failed else ""))
    raise typer.Exit(bool(failed))


if __name__ == "__main__":
    typer.run(main)
