"""Times that callers send: a text with an offset, in ASCII digits, of our centuries."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from shared.web.views import Instant


class Alarm(BaseModel):
    at: Instant


@pytest.mark.parametrize(
    "written", ["2026-11-22T18:00:00+05:30", "2026-11-22T12:30:00Z", "2026-11-22t12:30:00.999z", "2026-11-22T12:30Z"]
)
def test_a_time_is_kept_in_utc_to_the_second(written: str) -> None:
    kept = Alarm(at=written).at  # type: ignore[arg-type]
    assert kept == datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
    assert kept.utcoffset() == UTC.utcoffset(None)


@pytest.mark.parametrize(
    "wrong",
    [
        "2026-11-22T18:00:00",
        "2026-11-22",
        "२०२६-११-२२T18:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59Z",
        "2026-02-30T10:00:00Z",
        1_795_000_000,
        "1795000000",
        None,
    ],
)
def test_what_is_no_time_of_ours_is_refused(wrong: Any) -> None:
    with pytest.raises(ValidationError):
        Alarm(at=wrong)
