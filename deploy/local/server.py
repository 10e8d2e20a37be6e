"""What Kafka and MongoDB have in common: one process, and waiting until it serves."""

import time
from collections.abc import Sequence

from deploy.local.process import Process

_LOOK_SECONDS = 0.05


class Server:
    """A server in one process; a subclass says when it is ready."""

    name: str
    process: Process

    def ready(self) -> bool:
        """Whether it serves clients now."""
        return self.process.running

    @property
    def running(self) -> bool:
        """Whether its process lives."""
        return self.process.running

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self.process.exit_code

    @property
    def tail(self) -> Sequence[str]:
        """Its last lines."""
        return list(self.process.tail)

    def _wait(self, timeout_seconds: float, not_yet: str) -> None:
        """RuntimeError with its last lines when it died, TimeoutError with `not_yet` when it is too slow."""
        deadline = time.monotonic() + timeout_seconds
        while not self.ready():
            if not self.process.running:
                raise RuntimeError(f"{self.name} ended while starting:\n" + "\n".join(self.process.tail))
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.name} {not_yet} after {timeout_seconds:.0f} s")
            time.sleep(_LOOK_SECONDS)
