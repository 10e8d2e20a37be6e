"""Hours and days of India: which one a moment lies in, and what a reader may ask for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from shared.clock import INDIA
from shared.errors import Invalid

By = Literal["hour", "day"]
LONGEST_DAYS: dict[By, int] = {"hour": 31, "day": 366}
USUAL_DAYS = 7
FIRST_YEAR, LAST_YEAR = 2000, 2100


class BadMoment(Invalid):
    """{field}: {value} is no date (2026-11-22) and no time with its zone (2026-11-22T10:00:00+05:30)."""

    mr = "{field}: {value} ही तारीख (2026-11-22) नाही आणि वेळक्षेत्रासह वेळही (2026-11-22T10:00:00+05:30) नाही."
    hi = "{field}: {value} न तारीख (2026-11-22) है, न समय-क्षेत्र के साथ समय (2026-11-22T10:00:00+05:30)।"


class YearOutOfRange(Invalid):
    """{field}: {value} lies outside the years {first} to {last}."""

    mr = "{field}: {value} हे {first} ते {last} या वर्षांच्या बाहेर आहे."
    hi = "{field}: {value} वर्ष {first} से {last} के बाहर है।"


class NotOnTheHour(Invalid):
    """{field}: {value} does not begin an hour in India; figures are kept by whole hours."""

    mr = "{field}: {value} येथे भारतीय वेळेनुसार तास सुरू होत नाही; आकडे पूर्ण तासांचे ठेवले जातात."
    hi = "{field}: {value} पर भारतीय समय का घंटा शुरू नहीं होता; आँकड़े पूरे घंटों के रखे जाते हैं।"


class NotMidnight(Invalid):
    """{field}: {value} does not begin a day in India; send a date alone, or ask by=hour."""

    mr = "{field}: {value} येथे भारतीय वेळेनुसार दिवस सुरू होत नाही; फक्त तारीख पाठवा किंवा by=hour मागा."
    hi = "{field}: {value} पर भारतीय समय का दिन शुरू नहीं होता; केवल तारीख भेजें या by=hour माँगें।"


class SpanReversed(Invalid):
    """from: {start} does not lie before to: {end}; exchange them."""

    mr = "from: {start} ही वेळ to: {end} च्या आधीची नाही; दोन्हींची अदलाबदल करा."
    hi = "from: {start}, to: {end} से पहले नहीं है; दोनों को आपस में बदलें।"


class SpanTooLong(Invalid):
    """from, to: {days} days are too many; by hours at most {hourly} can be asked for, by days at most {daily}."""

    mr = "from, to: {days} दिवस खूप जास्त आहेत; तासांनुसार जास्तीत जास्त {hourly} दिवस, दिवसांनुसार {daily} दिवस मागता येतात."
    hi = "from, to: {days} दिन बहुत अधिक हैं; घंटों के अनुसार अधिकतम {hourly} दिन, दिनों के अनुसार {daily} दिन माँगे जा सकते हैं।"


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` up to but not including `end`, both aware and at the start of an hour or a day in India."""

    start: datetime
    end: datetime
    by: By


def _require_year(field: str, at: datetime) -> None:
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise YearOutOfRange(field=field, value=at.isoformat(), first=FIRST_YEAR, last=LAST_YEAR)


def hour_of(at: datetime) -> datetime:
    """The start of its hour in India, in UTC: half past, there. Raises YearOutOfRange where nobody can ask."""
    _require_year("time", at)
    return at.astimezone(INDIA).replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def hour_name(at: datetime) -> str:
    """`2026-11-22T14` for two to three in the afternoon in India."""
    return f"{at.astimezone(INDIA):%Y-%m-%dT%H}"


def spanned(start: str | None, end: str | None, by: By, now: datetime) -> Span:
    """What `from` and `to` mean: a date is its whole day, so that of `to` counts; without them the last seven days.

    Raises BadMoment, YearOutOfRange, NotOnTheHour, NotMidnight, SpanReversed, SpanTooLong.
    """
    until = _moment("to", end, by, last=True) if end else _day(now.astimezone(INDIA).date() + timedelta(days=1))
    since = _moment("from", start, by, last=False) if start else until - timedelta(days=USUAL_DAYS)
    if since >= until:
        raise SpanReversed(start=since.isoformat(), end=until.isoformat())
    if (days := (until - since) / timedelta(days=1)) > LONGEST_DAYS[by]:
        raise SpanTooLong(days=round(days), hourly=LONGEST_DAYS["hour"], daily=LONGEST_DAYS["day"])
    return Span(since.astimezone(UTC), until.astimezone(UTC), by)


def _day(day: date) -> datetime:
    return datetime.combine(day, time(), INDIA)


def _moment(field: str, value: str, by: By, *, last: bool) -> datetime:
    try:
        at = datetime.fromisoformat(value)
        _require_year(field, at)
        if "T" not in value and len(value) == len("2026-11-22"):
            return _day(at.date() + timedelta(days=last))
        if at.tzinfo is None:
            raise BadMoment(field=field, value=value)
        moment = at.astimezone(INDIA)
    except (ValueError, OverflowError) as error:
        raise BadMoment(field=field, value=value) from error
    if (moment.minute, moment.second, moment.microsecond) != (0, 0, 0):
        raise NotOnTheHour(field=field, value=value)
    if by == "day" and moment.hour:
        raise NotMidnight(field=field, value=value)
    return moment
