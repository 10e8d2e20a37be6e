"""One child process: its output kept line by line, stopped by its pid, never left behind."""

import ctypes
import os
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

LineSink = Callable[[str, str], None]
"""Called with (process name, line without its end) for every line a child prints."""

TAIL_LINES: Final = 30
_PR_SET_PDEATHSIG: Final = 1
_libc = ctypes.CDLL(None, use_errno=True)
# The death signal fires when the *thread* that forked ends; this one lives as long as the interpreter.
_spawner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spawner")


class Process:
    """A child in its own session (a terminal's Ctrl-C does not reach it), killed by the kernel when we die.

    Output goes to `log` (appended), to `on_line`, and its last 30 lines stay in `tail`.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        log: Path | None = None,
        on_line: LineSink | None = None,
        grace_seconds: float = 10,
    ) -> None:
        self.name = name
        self.command = [str(part) for part in command]
        self.tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._env = {**os.environ, **(env or {})}
        self._cwd = cwd
        self._log = log
        self._on_line = on_line
        self._grace_seconds = grace_seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None

    def start(self) -> None:
        """Spawn it; FileNotFoundError when the program does not exist."""
        if self.running:
            return
        self._child = _spawner.submit(self._spawn).result()
        self._reader = threading.Thread(target=self._read, args=(self._child,), daemon=True, name=f"read-{self.name}")
        self._reader.start()

    @property
    def pid(self) -> int:
        """Of the current or last child; 0 before the first start."""
        return self._child.pid if self._child else 0

    @property
    def running(self) -> bool:
        """Whether the child lives (a stopped zombie counts as living)."""
        return self._child is not None and self._child.poll() is None

    @property
    def exit_code(self) -> int | None:
        """None while it runs or before the first start; negative: the signal that ended it."""
        return self._child.poll() if self._child else None

    def signal(self, number: signal.Signals) -> None:
        """Send one signal to this child alone; nothing happens when it has already ended."""
        if self._child:
            self._child.send_signal(number)

    def stop(self) -> None:
        """SIGTERM, the grace period, then SIGKILL; returns when it is gone."""
        if not self._child:
            return
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        try:
            self._child.wait(self._grace_seconds)
        except subprocess.TimeoutExpired:
            self.kill()
        self._drain()

    def kill(self) -> None:
        """SIGKILL, as a crash would; returns when it is gone."""
        if self._child:
            self._child.kill()
            self._child.wait()
            self._drain()

    def pause(self) -> None:
        """SIGSTOP: a zombie that holds its connections and answers nobody."""
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        """SIGCONT: the zombie wakes up with everything it believed."""
        self.signal(signal.SIGCONT)

    def _spawn(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            self.command,
            env=self._env,
            cwd=self._cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - one call into libc, no lock of ours
        )

    def _read(self, child: "subprocess.Popen[bytes]") -> None:
        if self._log:
            self._log.parent.mkdir(parents=True, exist_ok=True)
        with (self._log or Path(os.devnull)).open("ab", buffering=0) as log:
            for raw in child.stdout or ():
                log.write(raw)
                self._keep(raw.decode(errors="replace").rstrip("\n"))

    def _keep(self, line: str) -> None:
        self.tail.append(line)
        if self._on_line:
            self._on_line(self.name, line)

    def _drain(self) -> None:
        """Give the last lines a moment to arrive: a grandchild may hold the pipe open for longer."""
        if self._reader:
            self._reader.join(timeout=1)


def _die_with_parent() -> None:
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
