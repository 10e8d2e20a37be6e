"""The one clock. Times are aware and in UTC; days and hours are Asia/Kolkata."""

import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

INDIA = ZoneInfo("Asia/Kolkata")
_offset = timedelta(seconds=float(os.environ.get("CLOCK_OFFSET_SECONDS") or 0))


def now() -> datetime:
    """The time in UTC, to the millisecond (all MongoDB keeps), shifted by CLOCK_OFFSET_SECONDS."""
    moment = datetime.now(UTC) + _offset
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def today() -> date:
    return now().astimezone(INDIA).date()
