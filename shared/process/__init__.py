"""One process of a service: reads what it is told, starts the roles it is asked for, and stops them in order."""

import asyncio
import gc
import signal
import sys
from collections.abc import Coroutine, Sequence
from typing import Any, NoReturn, TypeVar

import uvloop

from shared import logs, tracing
from shared.logs import log
from shared.mongo import UnsafeSettingsError
from shared.process.arguments import roles_of
from shared.process.roles import Process
from shared.process.starting import AddressTakenError, listen, started
from shared.service import Service
from shared.settings import CommonSettings, read_settings

T = TypeVar("T")

NEW_OBJECTS = 50_000  # a few MiB, between two looks for garbage


def main(service: Service, arguments: Sequence[str] | None = None) -> NoReturn:
    """Run until SIGTERM or SIGINT. Exits with 0, with 1 when a role died, with 2 for wrong arguments or settings."""
    roles = roles_of(service, sys.argv[1:] if arguments is None else arguments)
    settings = read_settings(service.settings)
    logs.configure(settings, service.name)
    stop_tracing = tracing.start(settings, service.name, roles)
    _collect_less_often()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        code = runner.run(run(service, settings, roles))
    stop_tracing()
    raise SystemExit(code)


def _collect_less_often() -> None:
    """A batch makes thousands of documents and no cycles: at Python's 700 the collector took a third of its time."""
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, 10, 10)


async def run(service: Service, settings: CommonSettings, roles: Sequence[str]) -> int:
    """Start, work until a signal or a failure, stop; the exit code."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    try:
        listening = listen(settings)
        running = await _unless(stopping, started(service, settings, roles))
    except (UnsafeSettingsError, AddressTakenError) as error:
        log.error("process.refused_to_start", reason=str(error))
        return 1
    if running is None:
        return 0
    try:
        return await Process(running, roles, listening).work(stopping)
    finally:
        await running.database.client.close()
        log.info("process.stopped")


async def _unless(stopping: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """What the work gives, or None when the process is told to stop before."""
    task, told = asyncio.create_task(work), asyncio.create_task(stopping.wait())
    await asyncio.wait([task, told], return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if task.done():
        return task.result()
    task.cancel()
    await asyncio.wait([task])
    return None
