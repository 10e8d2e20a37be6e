"""Sentences about rebuilding demand: who waits sees how far it is."""

import pytest

from tools.demand import Watched

STEPS = (0, 400, 4_100, 4_300, 9_999, 10_000)


def test_in_a_file_each_tenth_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    watched = Watched(terminal=False)
    for done in STEPS:
        watched(done, 10_000)
    shown = ["0", "4,100", "9,999", "10,000"]
    assert capsys.readouterr().out.splitlines() == [f"  {done} of 10,000 records" for done in shown]


def test_on_a_terminal_one_line_changes_until_all_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    watched = Watched(terminal=True)
    for done in STEPS:
        watched(done, 10_000)
    out = capsys.readouterr().out
    assert out.count("\r") == len(STEPS)
    assert out.endswith("\r  10,000 of 10,000 records\n")
    assert out.count("\n") == 1


def test_an_empty_log_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    watched = Watched(terminal=False)
    watched(0, 0)
    watched(0, 0)
    assert capsys.readouterr().out == "  0 of 0 records\n"
