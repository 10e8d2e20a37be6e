"""How long each process takes until it is ready, and what it then holds in memory."""

import subprocess
import sys
import time

from bench.lines import Line, middle
from bench.place import Place, place
from bench.processes import resident_mib
from bench.settings import BenchSettings

COMPOSED = ("api", "relay", "consume")
PROCESSES: tuple[tuple[str, ...], ...] = (
    ("orders", "api"),
    ("orders", "relay"),
    ("orders", "consume"),
    *((service, *COMPOSED) for service in ("orders", "catalog", "notify", "stalls")),
)
LIBRARIES = "import aiokafka, fastapi, kafka.admin, pydantic_settings, pymongo, structlog, uvicorn, uvloop"
WAITS = f"{LIBRARIES}; print(flush=True); input()"


async def measured(sizes: BenchSettings) -> list[Line]:
    """The limit, right before each, is an interpreter that imports the same libraries and does nothing."""
    async with place() as here:
        here.start_issuer()
        lines = []
        for command in PROCESSES:
            rounds = [(*_bare(), *_started(here, command)) for _ in range(sizes.starts)]
            seconds, mib, took, held = (middle(one) for one in zip(*rounds, strict=True))
            name = " ".join(command)
            lines += [_line(f"start of {name}", took, "s", seconds), _line(f"memory of {name}", held, "MiB", mib)]
    return lines


def _line(measure: str, value: float, unit: str, limit: float) -> Line:
    return Line(
        name="starting",
        measure=measure,
        value=value,
        unit="s" if unit == "s" else "MiB",
        limit="imports alone",
        limit_value=limit,
        ratio=limit / value,
    )


def _started(here: Place, command: tuple[str, ...]) -> tuple[float, float]:
    serving = here.start(*command)
    took = serving.ready()
    held = serving.resident_mib()
    serving.stop()
    return took, held


def _bare() -> tuple[float, float]:
    began = time.perf_counter()
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", WAITS], stdin=pipe, stdout=pipe) as child:
        if child.stdout is None or not child.stdout.readline():
            raise RuntimeError("the libraries cannot be imported")
        took, held = time.perf_counter() - began, resident_mib(child.pid)
        child.communicate(b"\n")
    return took, held
