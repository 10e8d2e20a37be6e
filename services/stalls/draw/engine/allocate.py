"""A whole draw by the engine."""

from services.stalls.draw.engine.accept import Progress, matched
from services.stalls.draw.engine.order import places
from services.stalls.draw.engine.reasons import explained
from services.stalls.draw.engine.tables import Result, Tables


def allocate(tables: Tables, seed: str, threads: int = 1, progress: Progress | None = None) -> Result:
    """The same for any number of threads. `seed`: 64 characters of ASCII; raises ValueError for another length.

    `progress` hears the stage (line_up, allocate, reasons), how many are done and of how many.
    """
    tell = progress or _silent
    n = len(tables.tickets)
    tell("line_up", 0, n)
    order = places(tables, seed, threads)
    tell("line_up", n, n)
    found = matched(tables, order, threads, tell)
    tell("reasons", 0, n)
    result = explained(tables, order, found, threads)
    tell("reasons", n, n)
    return result


def _silent(stage: str, done: int, total: int) -> None:
    pass
