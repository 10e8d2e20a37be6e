import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from deploy.local.process import Process

UNTIL_STOPPED = "import time; print('सुरू', flush=True); time.sleep(600)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"
PARENT = """
import sys, threading
from deploy.local.process import Process
child = Process("child", [sys.executable, "-c", "import time; time.sleep(600)"])
starter = threading.Thread(target=child.start)
starter.start(); starter.join()
print(child.pid, flush=True)
threading.Event().wait()
"""


def started(code: str, *, grace_seconds: float = 10, log: Path | None = None) -> Process:
    """A Python child that has printed its first line."""
    spoke = threading.Event()
    command = [sys.executable, "-c", code]
    env = {"PYTHONIOENCODING": "utf-8"}
    process = Process("child", command, env=env, log=log, on_line=lambda *_: spoke.set(), grace_seconds=grace_seconds)
    process.start()
    assert spoke.wait(20)
    return process


def ends(pid: int) -> bool:
    """Whether the process ends within 20 s (also one that is not our child)."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    with os.fdopen(handle):
        return bool(select.select([handle], [], [], 20)[0])


def test_what_a_process_prints_is_kept_and_told_with_its_name(tmp_path: Path) -> None:
    told: list[tuple[str, str]] = []
    code = "print('एक ऑर्डर आली'); import sys; print('and an error', file=sys.stderr)"
    env = {"PYTHONIOENCODING": "utf-8"}
    process = Process(
        "orders", [sys.executable, "-c", code], env=env, log=tmp_path / "l.log", on_line=lambda *a: told.append(a)
    )
    process.start()
    assert ends(process.pid)
    process.stop()
    assert sorted(told) == [("orders", "and an error"), ("orders", "एक ऑर्डर आली")]
    assert sorted(process.tail) == ["and an error", "एक ऑर्डर आली"]
    assert "एक ऑर्डर आली" in (tmp_path / "l.log").read_text(encoding="utf-8")
    assert process.exit_code == 0


def test_a_process_that_obeys_is_stopped_by_sigterm() -> None:
    process = started(UNTIL_STOPPED)
    process.stop()
    assert process.exit_code == -signal.SIGTERM
    assert not process.running


def test_a_process_that_does_not_obey_is_killed_after_its_grace() -> None:
    process = started(DEAF, grace_seconds=0.2)
    process.stop()
    assert process.exit_code == -signal.SIGKILL


def test_a_paused_process_can_be_stopped() -> None:
    process = started(UNTIL_STOPPED)
    process.pause()
    assert process.running
    process.stop()
    assert process.exit_code == -signal.SIGTERM


def test_a_killed_process_starts_again_under_another_pid() -> None:
    process = started(UNTIL_STOPPED)
    first = process.pid
    process.kill()
    process.start()
    assert process.running
    assert process.pid != first
    process.kill()


def test_no_child_outlives_a_parent_killed_with_9_whatever_thread_started_it() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    assert ends(child)


def test_a_child_outlives_the_thread_that_started_it() -> None:
    code = PARENT.replace("threading.Event().wait()", "print(child.running, flush=True); child.kill()")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[1] == "True"


def test_a_program_that_does_not_exist_is_named() -> None:
    with pytest.raises(FileNotFoundError, match="no-such-broker"):
        Process("kafka", ["no-such-broker"]).start()
