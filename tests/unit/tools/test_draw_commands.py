"""Sentences about the draw's command line as a whole: help, languages, exit status, odd files."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from services.stalls.draw import archive
from tests.processes import ROOT
from tests.unit.stalls.draw.sample import INSTANCE, whole
from tests.unit.tools.test_draw import CALL, draw
from tools.draw.__main__ import app

TICKET = INSTANCE.applicants[0].ticket
COMMANDS = sorted(typer.main.get_group(app).commands)
SLOW = ("httpx", "jinja2", "kafka", "numba", "numpy", "pyarrow", "pymongo")
READING = {
    "check": (),
    "mine": (TICKET,),
    "page": ("page.html",),
    "parquet": ("tables",),
    "preview": (),
    "run": ("again.zip",),
    "verify": (),
}
"""Commands that read a draw, with what they take besides: a ticket, or where they write."""


def asked(command: str, file: Path) -> tuple[int, str, str]:
    more = [one if one == TICKET else str(file.with_name(one)) for one in READING[command]]
    found = draw(command, file, *more)
    return found.exit_code, found.stdout, found.stderr


def test_there_is_a_command_for_each_thing_a_stranger_wants() -> None:
    assert {*READING, "export", "instance"} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command_has_an_example_that_can_be_pasted_from_eighty_columns(command: str) -> None:
    """Typer measures no terminal here: 80 columns."""
    said = draw(command, "--help").stdout.split("Example:")[1].splitlines()
    first, *more = [line.strip() for line in said if line.strip()]
    assert first.startswith(f".venv/bin/python -m tools.draw {command}")
    assert first.endswith("\\") is bool(more)


def test_help_loads_no_database_client_and_no_engine() -> None:
    """That is what makes it quick."""
    program = "import sys, tools.draw.__main__; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not set(SLOW) & set(done.stdout.split())


@pytest.mark.parametrize("command", READING)
def test_a_true_file_is_exit_status_zero_and_says_nothing_on_stderr(tmp_path: Path, command: str) -> None:
    file = tmp_path / "draw.zip"
    file.write_bytes(archive.pack(whole()))
    status, said, wrong = asked(command, file)
    assert (status, wrong) == (0, ""), "no progress bar where nobody looks"
    assert said


def test_on_a_terminal_long_work_shows_a_bar_on_stderr_and_leaves_the_result_clean(tmp_path: Path) -> None:
    file = tmp_path / "draw.zip"
    file.write_bytes(archive.pack(whole()))
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "tools.draw", "mine", str(file), TICKET]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=theirs, check=True)
    os.close(theirs)
    shown = os.read(ours, 1 << 16).decode("utf-8", "replace")
    os.close(ours)
    assert "reading" in shown
    assert done.stdout.decode().startswith(f"Ticket {TICKET}: ")


@pytest.mark.parametrize("command", READING)
@pytest.mark.parametrize(
    "content",
    [b"", b"PK", b"<html>", b'{"code": "OutcomeNotYet"}', archive.pack(whole())[:-30], archive.pack({"a.csv": "a\n"})],
    ids=["empty", "two letters", "a web page", "a refusal", "cut short", "another zip"],
)
def test_what_is_no_draw_is_exit_status_one_in_one_sentence(tmp_path: Path, command: str, content: bytes) -> None:
    file = tmp_path / "draw.zip"
    file.write_bytes(content)
    status, said, wrong = asked(command, file)
    assert (status, said) == (1, "")
    assert wrong.strip()
    assert "Traceback" not in wrong
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert left == [file], "nothing is half-written"


@pytest.mark.parametrize("command", sorted(READING.keys() - {"parquet"}))
def test_a_changed_file_is_exit_status_one(tmp_path: Path, command: str) -> None:
    file = tmp_path / "draw.zip"
    texts = whole()
    texts["choices.csv"] = texts["choices.csv"].replace(",1,3\n", ",1,2\n", 1)
    file.write_bytes(archive.pack(texts))
    status, _, wrong = asked(command, file)
    assert status == 1
    assert "choices.csv" in wrong


@pytest.mark.parametrize("command", READING)
def test_a_folder_or_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path, command: str) -> None:
    for file in (tmp_path, tmp_path / "no-such.zip"):
        status, said, wrong = asked(command, file)
        assert (status, said) == (2, "")
        assert "Usage:" in wrong


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("draw.zip",),
        ("verify",),
        ("mine", "draw.zip"),
        ("page", "draw.zip"),
        ("export", "not-an-id", "draw.zip"),
        ("instance", "made.zip", "--groups", "0"),
        ("verify", "draw.zip", "--language", "ta"),
    ],
)
def test_wrong_usage_is_exit_status_two(arguments: tuple[str, ...]) -> None:
    assert draw(*arguments).exit_code == 2


def test_a_target_that_cannot_be_written_is_wrong_usage_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "draw.zip"
    file.write_bytes(archive.pack(whole()))
    for target in (file, tmp_path / "no-such" / "page.html"):
        found = draw("page", file, target)
        assert found.exit_code == 2, found.output
        assert found.stderr.count("\n") == 1
    assert draw("instance", tmp_path / "no-such" / "made.zip", "--groups", "50").exit_code == 2
    assert draw("export", CALL, tmp_path).exit_code == 2


def test_what_a_file_says_cannot_move_the_cursor(tmp_path: Path) -> None:
    file = tmp_path / "draw.zip"
    texts = whole()
    texts["draw.csv"] = texts["draw.csv"].replace("final", "\x1b[2Jfinal")
    file.write_bytes(archive.pack(texts))
    for command in READING:
        _, said, wrong = asked(command, file)
        assert "\x1b" not in re.sub(r"\x1b\[[0-9;]*m", "", said + wrong)
