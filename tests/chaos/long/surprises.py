"""Faults at named points that nobody scheduled: whoever starts may carry a plan; who freezes by it is woken later."""

import asyncio
import random
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from deploy.local.process import Process
from tests.chaos.faults import ZOMBIE_SECONDS
from tests.chaos.system import Program, System

WRITES = ("write.before_insert", "write.after_insert", "write.before_update", "write.after_update")
POINTS: Mapping[str, tuple[str, ...]] = {
    "api": WRITES,
    "relay": ("relay.sent", "relay.acked", "relay.before_trim", "timer.before_command"),
    "consume": (
        "consumer.before_write",
        "consumer.between_collections",
        "consumer.before_commit",
        "consumer.after_commit",
    ),
}
SENDER = ("notify.claimed", "notify.sent")
ACTIONS = {"kill": 6, "stop": 3, "error": 2}
PLANNED, LATEST = 0.75, 120
LOOK_EVERY_SECONDS = 1.0


class Surprises:
    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def plan(self, program: Program) -> str:
        """FAULT_POINTS of this start; most have one."""
        points = [point for role in program.roles for point in POINTS.get(role, ())]
        points += SENDER if "consume" in program.roles and program.service == "notify" else ()
        if not points or self.rng.random() > PLANNED:
            return ""
        (action,) = self.rng.choices(list(ACTIONS), list(ACTIONS.values()))
        return f"{self.rng.choice(points)}={action}@{self.rng.randint(1, LATEST)}"


async def wake(system: System) -> None:
    """Until cancelled: who has been frozen for longer than every lease wakes up with all it believed."""
    since: dict[int, float] = {}
    while True:
        now = time.monotonic()
        for process in list(system.processes.values()):
            if not stopped(process):
                since.pop(process.pid, None)
            elif now - since.setdefault(process.pid, now) > ZOMBIE_SECONDS:
                process.resume()
        await asyncio.sleep(LOOK_EVERY_SECONDS)


def stopped(process: Process) -> bool:
    """Whether it stands still by a SIGSTOP."""
    with suppress(OSError):
        return Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
    return False
