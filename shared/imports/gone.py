"""What is said of an import whose bad rows are not there any more."""

from datetime import datetime, timedelta

from shared import clock
from shared.errors import Refused
from shared.imports.domain import Import


class ReportGone(Refused):
    """The bad rows of this import were kept {days} days and are gone since {since}; import the list once more."""

    status = 410
    mr = "या आयातीच्या चुकीच्या ओळी {days} दिवस ठेवल्या होत्या, {since} पासून त्या नाहीत; नवीन अहवालासाठी यादी पुन्हा आयात करा."
    hi = "इस आयात की ग़लत पंक्तियाँ {days} दिन रखी गई थीं, {since} से वे नहीं हैं; नई रिपोर्ट के लिए सूची फिर से आयात करें।"


def require_report(job: Import, now: datetime, keep: timedelta) -> None:
    """Raises ReportGone, where there were bad rows and their time is over."""
    if job.over and job.counts.bad and (job.due_at is None or job.due_at <= now):
        since = (job.ended_at or now) + keep
        raise ReportGone(days=keep.days, since=since.astimezone(clock.INDIA).date().isoformat())
