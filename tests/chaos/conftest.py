"""Servers once for all runs of a worker; the big run once for all its invariants. CHAOS_SEED repeats a schedule."""

import os
import resource
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.chaos.fair_run import FairSize, held
from tests.chaos.fair_world import FairWorld
from tests.chaos.run import Size, chaos
from tests.chaos.servers import Servers, servers
from tests.chaos.world import World

USUAL = Size(seed=0)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: for `make chaos` only: takes minutes, or breaks the whole server")
    os.environ.setdefault("CHAOS_SEED", str(secrets.randbelow(1_000_000)))  # workers inherit it


def pytest_report_header() -> str:
    return f"chaos: CHAOS_SEED={os.environ['CHAOS_SEED']}"


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with servers(tmp_path_factory.mktemp("chaos")) as both:
        yield both


@pytest.fixture(scope="session")
def size() -> Size:
    """CHAOS_SEED and CHAOS_ORDERS; every fault comes once."""
    return Size(seed=int(os.environ["CHAOS_SEED"]), orders=int(os.environ.get("CHAOS_ORDERS") or USUAL.orders))


@pytest.fixture(scope="session")
async def world(started: Servers, size: Size, request: pytest.FixtureRequest) -> World:
    """What the one big run left behind."""
    began = time.monotonic()
    found = await chaos(started, size)
    cost = f"{time.monotonic() - began:.0f} s, {_cpu_seconds():.0f} s of CPU in its processes"
    tell(request.config, f"\nchaos: CHAOS_SEED={size.seed}, {cost}", found)
    return found


@pytest.fixture(scope="session")
def fair_size(size: Size) -> FairSize:
    return FairSize(seed=size.seed)


@pytest.fixture(scope="session")
async def after_the_fair(started: Servers, fair_size: FairSize, request: pytest.FixtureRequest) -> FairWorld:
    """What the one fair left behind."""
    began = time.monotonic()
    found = await held(started, fair_size)
    left, promised = found.left, found.promised
    statuses = Counter(doc["status"] for doc in found.allotments.values())
    missed = sum(doc["late_from"] is not None for doc in left.stored["stalls.applications"].values())
    lines = [
        f"\nfair: CHAOS_SEED={fair_size.seed}, {time.monotonic() - began:.0f} s",
        ", ".join(left.phases),
        *left.faults,
        *(f"{name} died at {plan}" for name, _, plan in left.died if plan),
        f"{len(left.died)} processes died; {dict(promised.done)}, {dict(promised.refused)}, {dict(statuses)}",
        f"{missed} applications were written while the call closed and missed the draw",
    ]
    on_the_terminal(request.config, lines)
    return found


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def tell(config: pytest.Config, title: str, world: World) -> None:
    """On the terminal, whatever pytest captures: the seed to repeat it, the faults, and what came of the orders."""
    statuses = Counter(doc["status"] for doc in world.stored["orders.orders"].values())
    planned = [f"{name} died at {plan}" for name, _, plan in world.died if plan]
    lines = [
        title,
        ", ".join(world.phases),
        *world.faults,
        *planned,
        f"{len(world.died)} processes died; orders: {dict(statuses)}",
    ]
    on_the_terminal(config, lines)


def on_the_terminal(config: pytest.Config, lines: list[str]) -> None:
    """A worker's standard output is its line to the one who divides the work: it speaks on the other one."""
    worker = "PYTEST_XDIST_WORKER" in os.environ
    manager = config.pluginmanager.getplugin("capturemanager")
    with manager.global_and_fixture_disabled():
        print("\n  ".join(lines), file=sys.stderr if worker else sys.stdout, flush=True)
