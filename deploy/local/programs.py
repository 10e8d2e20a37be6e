"""The two shapes of our own programs: one that serves HTTP until it is stopped, one that runs to its end."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

from deploy.local.process import LineSink, Process

_DIRECTLY = build_opener(ProxyHandler({}))


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
        """Ask it now; by the standard library, because an httpx client costs 20 ms of processor to make."""
        try:
            with _DIRECTLY.open(self.ready_url, timeout=2) as answer:
                return bool(answer.status == HTTPStatus.OK)
        except (OSError, HTTPException):
            return False


class Task(Process):
    """Ready when it has ended well."""

    def ready(self) -> bool:
        """Whether it ended with exit code 0."""
        return self.exit_code == 0
