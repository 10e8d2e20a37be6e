"""Starts parts in the order they need each other, keeps them alive, stops them in the reverse order."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Protocol

_LOOK_SECONDS: Final = 0.1
_LINES_SHOWN: Final = 30


class Runs(Protocol):
    """What a part needs of its process: Kafka, Mongo, HttpServer and Task have it."""

    def start(self) -> None: ...
    def ready(self) -> bool: ...
    def stop(self) -> None: ...
    def kill(self) -> None: ...
    @property
    def running(self) -> bool: ...
    @property
    def exit_code(self) -> int | None: ...
    @property
    def tail(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class Part:
    """One process of the run; `after` names the parts that must be ready first; `once`: it runs to its end."""

    name: str
    runs: Runs
    after: tuple[str, ...] = ()
    once: bool = False


class StopsTheRun(RuntimeError):
    """A part keeps dying or never gets ready; the message holds its last lines."""


class Supervisor:
    """Owns the processes of one run. `say` is told every step in a sentence."""

    def __init__(
        self,
        parts: Sequence[Part],
        say: Callable[[str], None],
        *,
        deaths: int = 5,
        window_seconds: float = 60,
        ready_seconds: float = 120,
    ) -> None:
        self._parts = list(parts)
        self._say = say
        self._deaths = deaths
        self._window_seconds = window_seconds
        self._ready_seconds = ready_seconds
        self._ready = {part.name: threading.Event() for part in parts}
        self._over = threading.Event()
        self._failure: Exception | None = None
        self._guards: list[threading.Thread] = []

    def start(self) -> None:
        """Return when every part is ready; StopsTheRun when one cannot be."""
        self._guards = [threading.Thread(target=self._guard, args=(part,), daemon=True) for part in self._parts]
        for guard in self._guards:
            guard.start()
        for event in self._ready.values():
            while not event.wait(_LOOK_SECONDS) and not self._over.is_set():
                pass
        self._raise_failure()

    def watch(self) -> None:
        """Return when somebody called `stop`; StopsTheRun when a part keeps dying."""
        while not self._over.wait(1):
            pass
        self._raise_failure()

    def part(self, name: str) -> Runs:
        """The process of that name; KeyError when the plan has none."""
        return {part.name: part.runs for part in self._parts}[name]

    def stop(self) -> None:
        """End every part: those that need others first, each gently, then firmly."""
        self._over.set()
        for guard in self._guards:
            guard.join()
        for layer in reversed(self._layers()):
            with ThreadPoolExecutor(len(layer)) as pool:
                list(pool.map(self._end, layer))

    def kill(self) -> None:
        """End every part at once, as a crash would."""
        self._over.set()
        for part in self._parts:
            part.runs.kill()

    def _guard(self, part: Part) -> None:
        """The life of one part, in a thread of its own."""
        try:
            if self._wait_for(part.after):
                self._live(part)
        except Exception as error:  # noqa: BLE001 - whatever it is ends the run with its sentence
            self._failure = self._failure or error
            self._over.set()

    def _wait_for(self, names: Sequence[str]) -> bool:
        waited = (name for name in names if name in self._ready)
        return all(self._wait_one(self._ready[name]) for name in waited) and not self._over.is_set()

    def _wait_one(self, event: threading.Event) -> bool:
        while not event.wait(_LOOK_SECONDS):
            if self._over.is_set():
                return False
        return True

    def _live(self, part: Part) -> None:
        died_at: deque[float] = deque(maxlen=self._deaths)
        part.runs.start()
        started_at = time.monotonic()
        while not self._over.wait(_LOOK_SECONDS):
            if part.once and part.runs.exit_code is not None:
                return self._finish(part, started_at)
            if not part.runs.running:
                self._revive(part, died_at)
            elif not self._ready[part.name].is_set():
                self._look(part, started_at)
        return None

    def _look(self, part: Part, started_at: float) -> None:
        took = time.monotonic() - started_at
        if not part.once and part.runs.ready():
            self._say(f"{part.name} is ready ({took:.1f} s)")
            self._ready[part.name].set()
        elif not part.once and took > self._ready_seconds:
            raise StopsTheRun(_last_lines(part, f"is not ready after {self._ready_seconds:.0f} s"))

    def _finish(self, part: Part, started_at: float) -> None:
        if part.runs.exit_code:
            raise StopsTheRun(_last_lines(part, f"failed (exit code {part.runs.exit_code})"))
        self._say(f"{part.name} is done ({time.monotonic() - started_at:.1f} s)")
        self._ready[part.name].set()

    def _revive(self, part: Part, died_at: "deque[float]") -> None:
        died_at.append(time.monotonic())
        how = _how(part.runs.exit_code)
        if len(died_at) == self._deaths and died_at[-1] - died_at[0] <= self._window_seconds:
            reason = f"died {self._deaths} times within {self._window_seconds:.0f} s, last by {how}"
            raise StopsTheRun(_last_lines(part, reason))
        self._say(f"{part.name} died by {how} and is started again")
        part.runs.start()

    def _end(self, part: Part) -> None:
        if part.runs.running:
            part.runs.stop()
            self._say(f"{part.name} is stopped")

    def _layers(self) -> list[list[Part]]:
        """Parts by how long their chain of needs is."""
        depth: dict[str, int] = {}
        for part in self._parts:
            depth[part.name] = 1 + max((depth.get(name, 0) for name in part.after), default=0)
        return [[part for part in self._parts if depth[part.name] == level] for level in sorted(set(depth.values()))]

    def _raise_failure(self) -> None:
        if self._failure:
            raise self._failure


def _how(code: int | None) -> str:
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"


def _last_lines(part: Part, what: str) -> str:
    lines = "\n".join(f"  {line}" for line in list(part.runs.tail)[-_LINES_SHOWN:])
    return f"{part.name} {what}; its last lines:\n{lines or '  (it printed nothing)'}"
