"""The processes a benchmark starts: our own, each in an interpreter of its own, ended by their pid."""

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

from deploy.local.ports import free_port

ROOT = Path(__file__).parent.parent
PATIENCE_SECONDS = 60
LOOK_SECONDS = 0.01
KIB = 1024


class Serving:
    """A process that answers HTTP; its output goes to a file, so that nobody has to read along."""

    def __init__(
        self, module: str, arguments: Sequence[str], environment: Mapping[str, str], folder: Path, port: int = 0
    ) -> None:
        self.port = port or free_port()
        self.output = folder / f"{module}-{self.port}.log"
        self.began = time.perf_counter()
        with self.output.open("wb") as output:
            self.child = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=ROOT,
                env={**environment, "HTTP_PORT": str(self.port), "PYTHONUNBUFFERED": "1"},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def ready(self, path: str = "/readyz") -> float:
        """Wait for it; the seconds since its start. Raises RuntimeError with its last lines."""
        while not self._answers(path):
            took = time.perf_counter() - self.began
            if self.child.poll() is not None or took > PATIENCE_SECONDS:
                raise RuntimeError(f"not ready after {took:.0f} s:\n{self.output.read_text()[-3000:]}")
            time.sleep(LOOK_SECONDS)
        return time.perf_counter() - self.began

    def _answers(self, path: str) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == 200  # noqa: PLR2004
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def resident_mib(self) -> float:
        return resident_mib(self.child.pid)

    def cpu_seconds(self) -> float:
        """Of its own, user and system."""
        fields = Path(f"/proc/{self.child.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def stop(self) -> None:
        self.child.terminate()
        try:
            self.child.wait(PATIENCE_SECONDS / 2)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()


def issuer(port: int, folder: Path, environment: Mapping[str, str]) -> Serving:
    return Serving("deploy.local.issuer", ("--port", str(port), "--data", str(folder)), environment, folder, port)


def resident_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / KIB


def side_by_side(module: str, specs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Run the module once for each spec, at the same time: a spec is its argument, JSON what it prints."""
    children = [
        subprocess.Popen([sys.executable, "-m", module, json.dumps(spec)], cwd=ROOT, stdout=subprocess.PIPE)
        for spec in specs
    ]
    said = [child.communicate(timeout=PATIENCE_SECONDS * 3)[0] for child in children]
    if any(child.returncode for child in children):
        raise RuntimeError(f"{module} failed")
    return [json.loads(words) for words in said]
