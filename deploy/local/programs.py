"""The two shapes of our own programs: one that serves HTTP until it is stopped, one that runs to its end."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx

from deploy.local.process import LineSink, Process


class HttpServer(Process):
    """Ready when `ready_url` answers 200."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        ready_url: str,
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        log: Path | None = None,
        on_line: LineSink | None = None,
        grace_seconds: float = 10,
    ) -> None:
        super().__init__(name, command, env=env, cwd=cwd, log=log, on_line=on_line, grace_seconds=grace_seconds)
        self.ready_url = ready_url

    def ready(self) -> bool:
        """Ask it now."""
        try:
            return httpx.get(self.ready_url, timeout=2).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False


class Task(Process):
    """Ready when it has ended well."""

    def ready(self) -> bool:
        """Whether it ended with exit code 0."""
        return self.exit_code == 0
