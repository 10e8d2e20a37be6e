"""The clock of a running process jumps forwards and backwards, and that of one process alone."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.processes import Spawned, until

TELLS = """
import time
from shared.clock import now
while True:
    print(now().isoformat(), flush=True)
    time.sleep(0.1)
"""


def _ahead(process: Spawned) -> float:
    """Seconds, by the last whole line it printed."""
    lines = process.text().splitlines(keepends=True)
    told = [line for line in lines if line.endswith("\n")]
    return (datetime.fromisoformat(told[-1].strip()) - datetime.now(UTC)).total_seconds() if told else 0.0


async def test_a_running_process_is_set_ahead_and_back_while_another_is_not(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    jumps = Spawned([sys.executable, "-c", TELLS], {"CLOCK_OFFSET_FILE": str(clock)})
    other = Spawned([sys.executable, "-c", TELLS], {"CLOCK_OFFSET_FILE": str(tmp_path / "other")})
    try:
        for seconds in (3600, -3600, 0):
            clock.write_text(str(seconds), encoding="ascii")

            async def jumped(by: int = seconds) -> bool:
                return abs(_ahead(jumps) - by) < 1800 and bool(jumps.text())

            await until(jumped, what=f"its clock is {seconds} s ahead")
            assert abs(_ahead(other)) < 1800
    finally:
        jumps.kill()
        other.kill()


async def test_a_process_starts_with_the_clock_it_is_given(tmp_path: Path) -> None:
    born = Spawned([sys.executable, "-c", TELLS], {"CLOCK_OFFSET_SECONDS": "-86400"})

    async def late() -> bool:
        return _ahead(born) < -80_000

    try:
        await until(late, what="it lives in yesterday")
    finally:
        born.kill()
