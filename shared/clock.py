"""The one clock. Times are aware and in UTC; days and hours are Asia/Kolkata."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

INDIA = ZoneInfo("Asia/Kolkata")
_offset = timedelta(seconds=float(os.environ.get("CLOCK_OFFSET_SECONDS") or 0))
_jumps = os.environ.get("CLOCK_OFFSET_FILE")


def offset(file: str | None = _jumps) -> timedelta:
    """CLOCK_OFFSET_SECONDS, and the seconds that stand in CLOCK_OFFSET_FILE now: so a test sets a running clock."""
    if not file:
        return _offset
    try:
        return _offset + timedelta(seconds=float(Path(file).read_text(encoding="ascii")))
    except (OSError, ValueError):  # nobody has written there yet, or is writing just now
        return _offset


def now() -> datetime:
    """The time in UTC, to the millisecond (all MongoDB keeps), shifted by `offset`."""
    moment = datetime.now(UTC) + offset()
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def today() -> date:
    return now().astimezone(INDIA).date()
