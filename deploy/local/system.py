"""The whole system as one thing: start it, look after it, stop it. The command line and the journeys both use this."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from deploy.local.console import Console
from deploy.local.endpoints import Endpoints
from deploy.local.plan import Plan
from deploy.local.sample import tokens
from deploy.local.settings import LocalSettings
from deploy.local.supervisor import Supervisor


class AlreadyRunning(RuntimeError):
    """Another run holds this data folder."""


@contextmanager
def running(
    settings: LocalSettings,
    *,
    seed: bool,
    console: Console | None = None,
    given: Mapping[str, str] = os.environ,
    told: Mapping[str, str] | None = None,
) -> Iterator[tuple[Endpoints, Supervisor]]:
    """The system, ready; stopped at the end. `settings.on_free_ports()` and a folder of its own make it a test's.

    Seeds an empty data folder when asked; `told` are settings every process gets besides.
    Raises AlreadyRunning, PortInUse, StopsTheRun.
    """
    console = console or Console()
    plan = Plan(settings, console, given=given, told=told)
    with held(plan.data, settings.down):
        plan.refuse_taken_ports()
        yield from _run(plan, console, seed=seed)


def _run(plan: Plan, console: Console, *, seed: bool) -> Iterator[tuple[Endpoints, Supervisor]]:
    seeded = plan.data / "seeded"
    seed = seed and not seeded.exists()
    plan.write_gateway()
    plan.endpoints().save(plan.data)
    supervisor = Supervisor(plan.parts(seed=seed), console.say)
    try:
        supervisor.start()
        if seed:
            seeded.touch()
        known = plan.endpoints().model_copy(update={"tokens": tokens(plan.endpoints().issuer)})
        known.save(plan.data)
        yield known, supervisor
    finally:
        supervisor.stop()


@contextmanager
def held(data: Path, down: str) -> Iterator[None]:
    """This process alone works in the folder; `pid` in it says which one."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "pid").open("a+", encoding="ascii") as file:
        if not _lock(file):
            raise AlreadyRunning(already_runs(data, down))
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
        file.truncate(0)


def already_runs(data: Path, down: str) -> str:
    """What somebody is told who starts it a second time."""
    return f"the system already runs in {data} (process {holder(data)}): `{down}` stops it"


def holder(data: Path) -> int | None:
    """The process that runs in this folder now. The kernel's lock decides: a number left by a crash does not count."""
    try:
        with (data / "pid").open("r+", encoding="ascii") as file:
            text = file.read().strip()
            return None if _lock(file) or not text else int(text)
    except FileNotFoundError:
        return None


def _lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
