"""A cursor is opaque and ours; anything else is said to be none, never a fault of the server."""

import base64
from datetime import UTC, datetime

import pytest

from shared.reads import BadCursor, cursor_of, parsed


def given(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode().rstrip("=")


@pytest.mark.parametrize("value", [7, "पापड", None, datetime(2026, 11, 22, 9, 30, tzinfo=UTC)])
def test_what_we_gave_is_read_again(value: object) -> None:
    assert parsed(cursor_of(value, "id-1")) == (value, "id-1")


STRANGE = [
    "",
    "[]",
    "{}",
    '[{"v": {"$gt": ""}}, "x"]',
    '[{"v": [1]}, "x"]',
    '[{"v": 1}, {"$gt": ""}]',
    '[{"v": 1}, 7]',
    f'[{{"v": {10**30}}}, "x"]',
    '[{"t": "0001-01-01T00:00:00+14:00"}, "x"]',
    '[{"t": 5}, "x"]',
    '[{"v": "\\ud800"}, "x"]',
    '[{"v": 1}, "\\ud800"]',
    "[" * 1_400,
    "[" * 100_000,
]


@pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
def test_anything_else_is_no_cursor(text: str) -> None:
    with pytest.raises(BadCursor):
        parsed(given(text))


@pytest.mark.parametrize("cursor", ["§", "a", "%%%", "पापड", "=" * 9])
def test_what_is_not_even_base64_is_no_cursor(cursor: str) -> None:
    with pytest.raises(BadCursor):
        parsed(cursor)
