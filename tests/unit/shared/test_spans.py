"""Sentences about hours and days of India, and what `from` and `to` may say."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Invalid
from shared.streaming.spans import NotMidnight, SpanTooLong, YearOutOfRange, hour_name, hour_of, spanned

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)  # half past one in the night of the 23rd, in India
ANY = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(at=ANY)
def test_every_moment_lies_in_the_hour_that_begins_half_past_in_utc(at: datetime) -> None:
    hour = hour_of(at)
    assert timedelta() <= at - hour < timedelta(hours=1)
    assert (hour.tzinfo, hour.minute, hour.second) == (UTC, 30, 0)
    assert hour_name(hour) == hour_name(at)


def test_an_hour_is_named_in_indian_time() -> None:
    assert hour_name(NOW) == "2026-11-23T01"


def test_a_date_is_its_whole_day_in_india() -> None:
    span = spanned("2026-11-22", "2026-11-22", "day", NOW)
    assert span.start == datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
    assert span.end - span.start == timedelta(days=1)


def test_nothing_named_means_the_last_seven_days_today_included() -> None:
    span = spanned(None, None, "day", NOW)
    assert span.end == datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
    assert span.end - span.start == timedelta(days=7)


@given(start=st.text(max_size=40), end=st.text(max_size=40))
def test_whatever_is_written_there_is_understood_or_refused_by_name(start: str, end: str) -> None:
    with suppress(Invalid):
        span = spanned(start, end, "hour", NOW)
        assert span.start < span.end


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2101-01-01", "9999-12-31", "9999-12-31T23:00:00+05:30"])
def test_years_nobody_sells_in_are_refused_by_name(day: str) -> None:
    for start, end in ((day, None), (None, day)):
        with pytest.raises(YearOutOfRange):
            spanned(start, end, "hour", NOW)
    assert spanned("2000-01-01", "2000-01-01", "day", NOW).end - NOW < timedelta()
    assert spanned("2100-12-31", "2100-12-31", "day", NOW).start > NOW


def test_refusals_say_what_can_be_asked_in_marathi() -> None:
    with pytest.raises(NotMidnight) as refused:
        spanned("2026-11-22T10:00:00+05:30", None, "day", NOW)
    assert "फक्त तारीख पाठवा" in refused.value.sentence("mr")
    with pytest.raises(SpanTooLong) as long:
        spanned("2026-01-01", "2026-11-22", "hour", NOW)
    assert "जास्तीत जास्त 31 दिवस" in long.value.sentence("mr")
