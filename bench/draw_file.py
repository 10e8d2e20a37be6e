"""A fresh process from the public file to outcome, reasons and digest; and the stand-alone checker on that file."""

import subprocess
import sys
import time
from pathlib import Path

from bench.lines import Line, middle, took
from bench.processes import KIB, ROOT
from bench.settings import BenchSettings
from services.stalls.draw import files

MOST_SECONDS, MOST_MIB, MOST_CHECKED_SECONDS = 2.5, 300.0, 60.0
DRAWN = """
import sys
from pathlib import Path
from services.stalls.draw.running import run
from services.stalls.draw.sources import ZipSource
print(run(ZipSource(Path(sys.argv[1])), sys.argv[2], engine=True).outcome_digest)
"""
HASHED = """
import hashlib, sys
from pathlib import Path
import numba
from services.stalls.draw.files import INPUTS, PLAN
from services.stalls.draw.sources import ZipSource
source, sha256 = ZipSource(Path(sys.argv[1])), hashlib.sha256()
for name in (*INPUTS, *PLAN):
    for chunk in source.chunks(name):
        sha256.update(chunk)
print(sha256.hexdigest())
"""
CHECKED = """
import sys
from tools.check_draw import check
print(*check(sys.argv[1]), sep="; ")
"""
AND_MEMORY = """
print(next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")))
"""
Fresh = tuple[float, float, str]
"""Seconds, the most that was resident in MiB, what it said."""


def measured(path: Path, said: files.Said, sizes: BenchSettings) -> list[Line]:
    """The limit: an interpreter that imports numba and reads the same inputs for their SHA-256 alone."""
    _fresh(DRAWN, path, said.seed)  # compiles what is not yet in the cache
    bare = [_fresh(HASHED, path) for _ in range(sizes.draw_rounds)]
    drawn = [_fresh(DRAWN, path, said.seed) for _ in range(sizes.draw_rounds)]
    least, seconds = (middle([one[0] for one in many]) for many in (bare, drawn))
    least_mib, mib = (middle([one[1] for one in many]) for many in (bare, drawn))
    checked, checked_mib, faults = _fresh(CHECKED, path)
    limit = "numba imported, inputs hashed"
    whole = took("draw", "fresh process: file → outcome, reasons, digest", seconds, limit, least, MOST_SECONDS)
    alone = took(
        "draw", "the stand-alone checker", checked, limit, least, MOST_CHECKED_SECONDS, f"{checked_mib:.0f} MiB"
    )
    return [
        whole if drawn[-1][2] == said.outcome_digest else whole.missed("another outcome than the file says"),
        _memory(mib, limit, least_mib),
        alone.missed(faults) if faults else alone,
    ]


def _memory(mib: float, limit: str, least: float) -> Line:
    return Line(
        name="draw",
        measure="memory of that process",
        value=mib,
        unit="MiB",
        limit=limit,
        limit_value=least,
        ratio=least / mib,
        goal=f"≤ {MOST_MIB:.0f} MiB",
        met=mib <= MOST_MIB,
    )


def _fresh(program: str, *arguments: str | Path) -> Fresh:
    """Raises CalledProcessError."""
    command = [sys.executable, "-c", f"{program}\nfrom pathlib import Path{AND_MEMORY}", *arguments]
    began = time.perf_counter()
    ended = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    seconds = time.perf_counter() - began
    said, _, memory = ended.stdout.rstrip().rpartition("\n")
    return seconds, int(memory) / KIB, said.strip()
