"""The roles of one process: started together, stopped in order."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import nullcontext
from typing import Any

import uvicorn

from shared.auth.keys import IssuerKeys, published_at
from shared.health import Health, writes_to
from shared.logs import log
from shared.service import Running
from shared.web.app import create_app

FINISH_REQUESTS_SECONDS = 10
FINISH_ROLES_SECONDS = 20  # a batch at hand, its offsets, the leaving of the group
KEEP_ALIVE_SECONDS = 75  # longer than the gateway keeps an idle connection, so that it never writes into a closed one


class Server(uvicorn.Server):
    """The process handles the signals, not its HTTP server."""

    def capture_signals(self) -> Any:
        return nullcontext()


class Process:
    """The roles of one process, as tasks beside its HTTP server."""

    def __init__(self, running: Running, roles: Sequence[str], listening: socket.socket) -> None:
        self.running, self.roles, self.listening = running, roles, listening
        self.health = Health(writes_to(running.database))
        self.keys = IssuerKeys(published_at(str(running.settings.jwks_url)))
        self.server = Server(self._http())
        self.failed = False

    def _http(self) -> uvicorn.Config:
        return uvicorn.Config(
            create_app(self.running, self.keys, self.health, api="api" in self.roles),
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=FINISH_REQUESTS_SECONDS,
        )

    async def work(self, stopping: asyncio.Event) -> int:
        """Until told to stop, or until the first role ends, which none should."""
        http = asyncio.create_task(self.server.serve([self.listening]), name="http")
        tasks = [http, *(asyncio.create_task(role, name=name) for name, role in self._started())]
        told = asyncio.create_task(stopping.wait())
        warm = asyncio.create_task(self._warm())
        host, port = self.listening.getsockname()[:2]
        log.info("process.started", roles=list(self.roles), host=host, port=port)
        await asyncio.wait([told, *tasks], return_when=asyncio.FIRST_COMPLETED)
        if not told.done():
            self._report(tasks)
        told.cancel()
        warm.cancel()
        log.info("process.stopping")
        await self._finish_requests(http)
        await self._finish_roles([task for task in tasks if task is not http])
        return int(self.failed)

    def _started(self) -> list[tuple[str, Coroutine[Any, Any, None]]]:
        """The roles asked for, by name. Each brings its own clients with it, so only what runs is imported."""
        found: list[tuple[str, Coroutine[Any, Any, None]]] = []
        if "relay" in self.roles:
            from shared.relay import relay  # noqa: PLC0415

            self.health.expects("relay")
            found.append(("relay", relay(self.running, self.health)))
        if "consume" in self.roles and self.running.service.handlers:
            from shared.consumer import consume  # noqa: PLC0415

            self.health.expects("consumer")
            found.append(("consume", consume(self.running, self.health)))
        if "stream" in self.roles:
            from shared.streaming.worker import stream  # noqa: PLC0415

            self.health.expects("stream")
            found.append(("stream", stream(self.running, self.health)))
        workers = self.running.service.workers if "consume" in self.roles else ()
        return [*found, *((getattr(worker, "__name__", "worker"), _worked(worker, self.running)) for worker in workers)]

    async def _warm(self) -> None:
        """Have the issuer's keys before the first request needs them."""
        if "api" in self.roles:
            await self.keys.refresh()

    async def _finish_requests(self, http: "asyncio.Task[None]") -> None:
        self.health.stops()
        self.server.should_exit = True
        await asyncio.wait([http], timeout=FINISH_REQUESTS_SECONDS + 5)

    async def _finish_roles(self, tasks: "list[asyncio.Task[None]]") -> None:
        running = [task for task in tasks if not task.done()]
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running, timeout=FINISH_ROLES_SECONDS)
        for task in running:
            if not task.done():
                self.failed = True
                log.error("role.stuck", role=task.get_name(), after_seconds=FINISH_ROLES_SECONDS)
            elif not task.cancelled() and task.exception():
                self.failed = True
                log.error("role.failed_while_stopping", role=task.get_name(), exc_info=task.exception())

    def _report(self, tasks: "list[asyncio.Task[None]]") -> None:
        self.failed = True
        for task in tasks:
            if task.done():
                error = None if task.cancelled() else task.exception()
                log.error("role.failed", role=task.get_name(), reason=repr(error), exc_info=error)


async def _worked(worker: Callable[[Running], Awaitable[None]], running: Running) -> None:
    await worker(running)
