"""How fast an import goes and how long it still takes."""

from datetime import datetime
from typing import Final

from shared.imports.domain import Import

ADVANCE: Final = 250  # rows; below this a rate says nothing


def seconds_left(job: Import, now: datetime) -> float | None:
    """Of its rows, if it goes on as it did since it was taken up; None while that cannot be said, and after them."""
    fresh = job.done - job.began_done
    if job.status != "running" or job.total is None or job.began_at is None or fresh < ADVANCE or job.done >= job.total:
        return None
    return (now - job.began_at).total_seconds() * (job.total - job.done) / fresh


def rate(job: Import, now: datetime) -> float | None:
    """Rows a second since it was taken up."""
    if job.began_at is None:
        return None
    until = job.ended_at or job.moved_at or now
    seconds = (until - job.began_at).total_seconds()
    return (job.done - job.began_done) / seconds if seconds > 0 else None
