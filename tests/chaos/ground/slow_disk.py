"""A slow disk: each fsync and fdatasync of a server waits first (an LD_PRELOAD library that is compiled here).

Without a C compiler: pulses of SIGSTOP, and it says so.
"""

import asyncio
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from deploy.local.process import Process

SOURCE = Path(__file__).with_suffix(".c")
COMPILERS = ("cc", "gcc", "clang")
PULSE_SECONDS = 0.1


class SlowDisk:
    """Made before a server starts, which is given `environment`; quick until `slow`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.told = folder / "slow_disk"
        self.library = _built(folder / "slow_disk.so")

    @property
    def environment(self) -> Mapping[str, str]:
        return {"LD_PRELOAD": str(self.library), "SLOW_DISK": str(self.told)} if self.library else {}

    @property
    def waits(self) -> int:
        """How often something waited for this disk."""
        with suppress(FileNotFoundError):
            return self.told.with_name("slow_disk.waits").stat().st_size
        return 0

    async def slow(self, process: Process, milliseconds: int, seconds: float) -> str:
        """For so long; in words."""
        if self.library is None:
            await _pulses(process, seconds)
            return "pulses of SIGSTOP stand in for a slow disk: no C compiler here"
        self.told.write_text(str(milliseconds), encoding="ascii")
        try:
            await asyncio.sleep(seconds)
        finally:
            self.told.unlink(missing_ok=True)
        return f"{self.waits} writes have waited for a slow disk"


async def _pulses(process: Process, seconds: float) -> None:
    for _ in range(round(seconds / PULSE_SECONDS / 2)):
        process.pause()
        await asyncio.sleep(PULSE_SECONDS)
        process.resume()
        await asyncio.sleep(PULSE_SECONDS)


def _built(library: Path) -> Path | None:
    compiler = next(filter(None, map(shutil.which, COMPILERS)), None)
    if compiler is None:
        return None
    command = [compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(SOURCE), "-ldl"]
    return library if subprocess.run(command, capture_output=True, check=False).returncode == 0 else None
