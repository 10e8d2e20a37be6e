"""`up` and `down`: the same run without a terminal, found again by the lock on its data folder."""

import os
import select
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from typing import Final

from deploy.local.settings import ROOT, LocalSettings
from deploy.local.system import already_runs, holder

DETACHED: Final = "--detached"
_STOP_SECONDS: Final = 60
_LOOK_SECONDS: Final = 0.2


def up(settings: LocalSettings) -> int:
    """Start a run of its own session and show its lines until it is ready; 0 when it is, 1 when it ended instead."""
    data = settings.data.resolve()
    data.mkdir(parents=True, exist_ok=True)
    log, ready = data / "run.log", data / "ready"
    if holder(data):
        print(already_runs(data, settings.down))
        return 1
    ready.unlink(missing_ok=True)
    log.write_bytes(b"")
    with log.open("ab") as out:  # two that begin at once write behind each other
        command = [sys.executable, "-m", "deploy.local", "run", DETACHED]
        child = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    with log.open(encoding="utf-8", errors="replace") as lines:
        while child.poll() is None and not ready.exists():
            _copy(lines.read())
            time.sleep(_LOOK_SECONDS)
        _copy(lines.read())
    if child.poll() is not None:
        return 1
    print(f"\n`{settings.down}` stops it (process {child.pid}); its log is {log}")
    return 0


def down(settings: LocalSettings) -> int:
    """Stop the run of this data folder, if there is one, and wait until it has gone."""
    data = settings.data.resolve()
    pid = holder(data)
    if pid is None:
        print(f"nothing runs in {data}")
        return 0
    if not _ended(pid):
        print(f"process {pid} has not stopped after {_STOP_SECONDS} s; its log is {data / 'run.log'}", file=sys.stderr)
        return 1
    print("stopped; the data stays")
    return 0


def _ended(pid: int) -> bool:
    """Ask it to stop; whether it has gone in time, from the list of processes and not only from its data folder."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(process, signal.SIGTERM)
        gone, _, _ = select.select([process], [], [], _STOP_SECONDS)
    finally:
        os.close(process)
    return bool(gone)


def reset(settings: LocalSettings) -> int:
    """Clear the data folder; refuses while a run holds it, and to touch a folder that is not one of ours."""
    data = settings.data.resolve()
    if pid := holder(data):
        print(f"the system runs (process {pid}): `{settings.down}` first", file=sys.stderr)
        return 1
    if data.exists() and not (data / "pid").exists() and any(data.iterdir()):
        print(f"{data} is not a data folder of this system: nothing is cleared", file=sys.stderr)
        return 1
    shutil.rmtree(data, ignore_errors=True)
    print(f"cleared {data}")
    return 0


def _copy(text: str) -> None:
    print(text, end="", flush=True)
