"""Named places where a test may kill or fail the process. Inert unless FAULT_POINTS is set and ALLOW_UNSAFE=1.

FAULT_POINTS is `name=action@nth,…`: `relay.acked=kill@3` kills the process (SIGKILL) the third time it gets there;
`error` raises instead, `stop` freezes it (SIGSTOP). `name=skip` makes `disabled(name)` true: the sabotage controls.
"""

import os
import signal
from collections import Counter

SIGNALS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}


class PlannedFaultError(RuntimeError):
    """Raised on purpose by a fault point."""


def _plan() -> dict[str, tuple[str, int]]:
    if os.environ.get("ALLOW_UNSAFE") != "1":
        return {}
    steps = (step.split("=", 1) for step in os.environ.get("FAULT_POINTS", "").split(",") if "=" in step)
    return {name: (action.partition("@")[0], int(action.partition("@")[2] or 1)) for name, action in steps}


_planned = _plan()
_reached: Counter[str] = Counter()


def point(name: str) -> None:
    """Here the process may die, if a test says so."""
    if name not in _planned:
        return
    action, nth = _planned[name]
    _reached[name] += 1
    if _reached[name] != nth:
        return
    if action == "error":
        raise PlannedFaultError(name)
    if action in SIGNALS:
        os.kill(os.getpid(), SIGNALS[action])


def disabled(name: str) -> bool:
    """True only under a sabotage control, which a test must catch."""
    return name in _planned and _planned[name][0] == "skip"
