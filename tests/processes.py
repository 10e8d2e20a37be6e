"""Processes of the system as tests start, kill, freeze and await them; and waiting for what must become true."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PATIENCE_SECONDS = 30.0
LEAVE_SECONDS = 15.0
MOST_OUTPUT_BYTES = 16 * 1024 * 1024


class Spawned:
    """A child process and its output."""

    def __init__(self, arguments: list[str], environment: Mapping[str, str], folder: Path = ROOT) -> None:
        self.output = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  open as long as the process
        self._begun = partial(
            subprocess.Popen[str],
            arguments,
            cwd=folder,
            env={**os.environ, **environment},
            stdout=self.output,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.child = self._begun()

    def again(self) -> None:
        """The same program once more, as a supervisor does; what it prints follows what was printed."""
        self.child = self._begun()

    @property
    def pid(self) -> int:
        return self.child.pid

    @property
    def running(self) -> bool:
        return self.child.poll() is None

    def send(self, number: signal.Signals) -> None:
        if self.running:
            self.child.send_signal(number)

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        self.child.wait()

    async def ended(self) -> int:
        """Its exit code, once it has ended by itself; fails the test with its output otherwise."""
        try:
            return await asyncio.to_thread(self.child.wait, PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            message = f"still running:\n{self.text()}"
            raise AssertionError(message) from None

    async def stop(self) -> int:
        self.send(signal.SIGTERM)
        return await self.ended()

    def text(self) -> str:
        """All it printed so far. The file's position is the child's too, so it is not moved."""
        return os.pread(self.output.fileno(), MOST_OUTPUT_BYTES, 0).decode(errors="replace")


def spawn(module: str, *arguments: str, environment: Mapping[str, str]) -> Spawned:
    return Spawned([sys.executable, "-m", module, *arguments], environment)


@asynccontextmanager
async def playing(role: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """A role in this process, cancelled at the end. If it dies before, so does the test, with the role's error."""
    task, test = asyncio.create_task(role), asyncio.current_task()
    task.add_done_callback(lambda ended: test.cancel() if test and not ended.cancelled() else None)
    try:
        yield
    except asyncio.CancelledError:
        if not task.done():
            raise
        task.result()
        raise
    finally:
        while not task.done():  # one cancellation may be lost inside a client (decision 9)
            task.cancel()
            await asyncio.wait([task], timeout=LEAVE_SECONDS)
        await asyncio.gather(task, return_exceptions=True)


async def until(truth: Callable[[], Awaitable[bool]], *, what: str, patience_seconds: float = PATIENCE_SECONDS) -> None:
    """Wait for something to become true; fail with `what` when it does not."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience_seconds
    while not await truth():
        assert loop.time() < deadline, f"never came true: {what}"
        await asyncio.sleep(0.05)
