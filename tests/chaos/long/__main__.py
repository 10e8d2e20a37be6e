"""`python -m tests.chaos.long MINUTES`: rounds until that time is over; CHAOS_SEED repeats, CHAOS_ROUND only one round.

Exit code 1 when a round failed: that round ends the run and keeps its folder.
"""

import asyncio
import logging
import os
import secrets
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import structlog

from tests.chaos.long.report import Report
from tests.chaos.long.rounds import Finding, one_round

KEPT = Path(".run/chaos")


def main(minutes: float) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # disks are unmounted also then
    _silence()
    seed = int(os.environ.get("CHAOS_SEED") or secrets.randbelow(1_000_000))
    only = int(os.environ.get("CHAOS_ROUND") or 0)
    findings: list[Finding] = []
    deadline = time.monotonic() + minutes * 60
    print(f"chaos: CHAOS_SEED={seed}, {minutes:g} minutes", flush=True)
    while True:
        findings.append(_one(only or len(findings) + 1, seed))
        report = Report(seed, findings)
        page = report.write(KEPT)
        print(_line(findings[-1]), flush=True)
        if only or report.failed or time.monotonic() > deadline:
            print(f"\n{report.text()}\n{page}")
            return 1 if report.failed else 0


def _silence() -> None:
    """What the kernel logs in this process, where a projection is rebuilt, is no news of the run."""
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


def _one(number: int, seed: int) -> Finding:
    """In a folder of its own outside the project, which a clean round does not leave behind."""
    folder = Path(tempfile.mkdtemp(prefix=f"chaos-{seed}-{number}-"))
    finding = asyncio.run(one_round(number, seed, folder))
    if not finding.failed:
        shutil.rmtree(folder, ignore_errors=True)
    return finding


def _line(finding: Finding) -> str:
    verdict = f"FAILED: {', '.join(finding.differences)}; see {finding.folder}" if finding.failed else "clean"
    did = f"{len(finding.placed_at)} orders, {len(finding.marks)} faults, {len(finding.died)} deaths"
    return f"round {finding.number} ({finding.kind}), {finding.seconds:.0f} s: {did}: {verdict}"


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 10.0))
