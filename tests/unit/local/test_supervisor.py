import threading
from collections.abc import Sequence

import pytest

from deploy.local.supervisor import Part, StopsTheRun, Supervisor


class StandIn:
    """A process that lives in memory: it dies right after the first `deaths` starts."""

    def __init__(self, name: str, journal: list[str], *, deaths: int = 0, ends_with: int | None = None) -> None:
        self.name = name
        self.started = 0
        self.alive = threading.Event()
        self._journal = journal
        self._deaths = deaths
        self._ends_with = ends_with

    def start(self) -> None:
        self.started += 1
        self._journal.append(f"start {self.name}")
        if self.started > self._deaths and self._ends_with is None:
            self.alive.set()

    def ready(self) -> bool:
        self._journal.append(f"ready {self.name}")
        return True

    def stop(self) -> None:
        self._journal.append(f"stop {self.name}")
        self.alive.clear()

    def kill(self) -> None:
        self.alive.clear()

    @property
    def running(self) -> bool:
        return self.alive.is_set()

    @property
    def exit_code(self) -> int | None:
        if self._ends_with is not None:
            return self._ends_with
        return None if self.running else -9

    @property
    def tail(self) -> Sequence[str]:
        return ["पहिली ओळ", f"{self.name} cannot read its settings"]


def test_a_part_starts_only_when_what_it_needs_is_ready() -> None:
    journal: list[str] = []
    parts = [
        Part("orders", StandIn("orders", journal), after=("topics",)),
        Part("topics", StandIn("topics", journal, ends_with=0), after=("kafka",), once=True),
        Part("kafka", StandIn("kafka", journal)),
    ]
    supervisor = Supervisor(parts, journal.append)
    supervisor.start()
    supervisor.stop()
    starts = [line for line in journal if line.startswith("start ")]
    assert starts == ["start kafka", "start topics", "start orders"]
    assert journal.index("ready kafka") < journal.index("start topics")


def test_what_needs_others_is_stopped_before_them() -> None:
    journal: list[str] = []
    parts = [
        Part("kafka", StandIn("kafka", journal)),
        Part("orders", StandIn("orders", journal), after=("kafka",)),
        Part("gateway", StandIn("gateway", journal), after=("orders",)),
    ]
    supervisor = Supervisor(parts, journal.append)
    supervisor.start()
    supervisor.stop()
    assert [line for line in journal if line.startswith("stop ")] == ["stop gateway", "stop orders", "stop kafka"]


def test_a_part_that_dies_is_started_again_with_a_visible_line() -> None:
    said: list[str] = []
    orders = StandIn("orders", [], deaths=2)
    supervisor = Supervisor([Part("orders", orders)], said.append)
    supervisor.start()
    supervisor.stop()
    assert orders.started == 3
    assert said.count("orders died by signal 9 and is started again") == 2


def test_a_part_that_keeps_dying_stops_the_run_with_its_last_lines() -> None:
    journal: list[str] = []
    orders, kafka = StandIn("orders", journal, deaths=99), StandIn("kafka", journal)
    supervisor = Supervisor([Part("kafka", kafka), Part("orders", orders, after=("kafka",))], journal.append, deaths=3)
    with pytest.raises(StopsTheRun, match=r"orders died 3 times within 60 s, last by signal 9") as stopped:
        supervisor.start()
    supervisor.stop()
    assert "पहिली ओळ" in str(stopped.value)
    assert orders.started == 3
    assert not kafka.running


def test_a_task_that_fails_stops_the_run_and_is_not_tried_again() -> None:
    seed = StandIn("seed", [], ends_with=2)
    supervisor = Supervisor([Part("seed", seed, once=True)], print)
    with pytest.raises(StopsTheRun, match=r"seed failed \(exit code 2\)"):
        supervisor.start()
    supervisor.stop()
    assert seed.started == 1


def test_a_part_that_never_gets_ready_stops_the_run() -> None:
    class Mute(StandIn):
        def ready(self) -> bool:
            return False

    supervisor = Supervisor([Part("stalls", Mute("stalls", []))], print, ready_seconds=0.2)
    with pytest.raises(StopsTheRun, match="stalls is not ready after"):
        supervisor.start()
    supervisor.stop()


def test_a_part_that_dies_later_stops_the_watch_when_it_keeps_dying() -> None:
    orders = StandIn("orders", [])
    supervisor = Supervisor([Part("orders", orders)], print, deaths=2)
    supervisor.start()
    orders._deaths = 99
    orders.alive.clear()
    with pytest.raises(StopsTheRun, match="orders died 2 times"):
        supervisor.watch()
    supervisor.stop()
