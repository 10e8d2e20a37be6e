"""The one clock can be set by a test: at the start, and while a process runs."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.clock import offset


@given(seconds=st.integers(-(10**9), 10**9))
def test_the_file_says_how_far_the_clock_is_ahead(tmp_path_factory: pytest.TempPathFactory, seconds: int) -> None:
    file = tmp_path_factory.getbasetemp() / "clock"
    file.write_text(str(seconds), encoding="ascii")
    assert offset(str(file)) == timedelta(seconds=seconds)


def test_no_file_and_half_a_file_change_nothing(tmp_path: Path) -> None:
    assert offset(str(tmp_path / "none")) == timedelta()
    (tmp_path / "half").write_text("", encoding="ascii")
    assert offset(str(tmp_path / "half")) == timedelta()
    assert offset(None) == timedelta()
