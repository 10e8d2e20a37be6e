"""Sentences about the draw that ships with the repository, and about what its README tells a stranger to type."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from services.stalls.draw import archive
from shared.errors import LANGUAGES, Language
from tests.processes import ROOT
from tests.unit.tools.test_draw import draw

SAMPLE = ROOT / "docs" / "examples" / "draw-sample.zip"
GUIDE = SAMPLE.with_name("README.md").read_text("utf-8")
FRONT = (ROOT / "README.md").read_text("utf-8")
TEXTS = archive.unpack(SAMPLE.read_bytes())
TICKETS = [line.split(",")[0] for line in TEXTS["applications.csv"].splitlines()[1:]]
TOOL = ".venv/bin/python -m tools.draw "
EQUAL = {"mr": "जुळते: ", "hi": "मेल खाता है: ", "en": "equal: "}


def lines(text: str) -> list[str]:
    return [line.split("#")[0].strip() for line in text.splitlines() if line.startswith(TOOL)]


def typed(line: str, tmp_path: Path) -> int:
    """As from the folder of the project, but for what is written: that goes elsewhere."""
    words = [word.replace("TICKET", TICKETS[0]) for word in shlex.split(line.removeprefix(TOOL))]
    here = {name: tmp_path / name for name in ("again.zip", "rehearsal.zip", "preview.svg", "draw-page")}
    here["docs/examples/draw-sample.zip"] = SAMPLE
    return draw(*(here.get(word, word) for word in words)).exit_code


def test_the_sample_is_small_enough_to_ship() -> None:
    assert SAMPLE.stat().st_size <= 1_000_000


def test_the_command_of_its_readme_makes_the_same_bytes(tmp_path: Path) -> None:
    (line,) = (one for one in lines(GUIDE) if "instance" in one and "draw-sample.zip" in one)
    target = tmp_path / "again.zip"
    made = draw(*(target if word == "docs/examples/draw-sample.zip" else word for word in shlex.split(line)[3:]))
    assert made.exit_code == 0, made.output
    assert target.read_bytes() == SAMPLE.read_bytes(), f"the rules or the generator changed: run {line}"


def test_its_grounds_are_named_in_marathi_and_one_party_kept_silent() -> None:
    notes = TEXTS["events.csv"].splitlines()[1:]
    assert len(notes) > 50
    assert all(re.search("[\u0900-\u097f]{3}", note) for note in notes)
    assert sum(line.endswith(",") for line in TEXTS["parties.csv"].splitlines()[1:]) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_holds_in_every_language(language: Language) -> None:
    found = draw("verify", SAMPLE, "--language", language)
    assert (found.exit_code, found.stdout.startswith(EQUAL[language])) == (0, True), found.output
    assert draw("check", SAMPLE, "--language", language).exit_code == 0


def test_every_ticket_of_a_hundred_finds_itself() -> None:
    for ticket in TICKETS[::30]:
        found = draw("mine", SAMPLE, ticket)
        assert found.exit_code == 0, found.output
        assert found.stdout.startswith(f"Ticket {ticket}: place ")


@pytest.mark.parametrize(
    "line", [line for line in (*lines(GUIDE), *lines(FRONT)) if "docs/examples" in line and "instance" not in line]
)
def test_what_a_stranger_is_told_to_type_ends_with_status_zero(tmp_path: Path, line: str) -> None:
    assert typed(line, tmp_path) == 0


def test_the_checker_needs_nothing_but_python(tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-S", str(ROOT / "tools" / "check_draw.py"), str(SAMPLE)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_letter_changed_in_any_file_is_found_by_verify_and_by_check(tmp_path: Path, name: str) -> None:
    """Packed again as it should be, so that no checksum of the zip tells."""
    text = TEXTS[name]
    at = next(match.start() for match in re.finditer("[0-9]", text) if match.start() > len(text) // 2)
    changed = {**TEXTS, name: f"{text[:at]}{(int(text[at]) + 1) % 10}{text[at + 1 :]}"}
    file = tmp_path / "changed.zip"
    file.write_bytes(archive.pack(changed))
    for command in ("verify", "check"):
        found = draw(command, file)
        assert found.exit_code == 1, f"{command} did not see it"
        assert found.stderr.strip()


def test_the_lines_without_any_program_give_what_stands_in_the_zip(tmp_path: Path) -> None:
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, "utf-8", newline="\n")
    said = dict(line.split(",", 1) for line in TEXTS["draw.csv"].splitlines())
    for expected, line in (
        (said["inputs_digest"], "grep -E '^(applications|choices).csv,' manifest.csv | sha256sum"),
        (said["rules_digest"], "sha256sum rules.txt"),
        (TEXTS["parties.csv"].splitlines()[1].split(",")[2], "printf '%s' 'a pinned nonce of the mission' | sha256sum"),
    ):
        assert line in GUIDE
        done = subprocess.run(["/bin/sh", "-ec", line], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert done.stdout.split()[0] == expected
