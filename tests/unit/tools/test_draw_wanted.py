"""Sentences about what a command is asked to write: nothing is lost by a slip, and wrong usage is status 2."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from shared.errors import LANGUAGES, Language
from tests.processes import ROOT
from tests.unit.tools.test_draw import draw
from tests.unit.tools.test_draw_sample import SAMPLE


@pytest.fixture
def file(tmp_path: Path) -> Path:
    copy = tmp_path / "draw.zip"
    copy.write_bytes(SAMPLE.read_bytes())
    return copy


def test_a_rehearsal_never_takes_the_place_of_the_draw_it_was_made_from(file: Path) -> None:
    found = draw("run", file, file, "--label", "सराव")
    assert (found.exit_code, file.read_bytes()) == (2, SAMPLE.read_bytes())
    assert found.stderr == f"{file} is there already and would be lost; write to another name, or say --over.\n"


def test_what_is_there_is_written_over_only_when_that_is_said(file: Path) -> None:
    other = file.with_name("other.zip")
    other.write_bytes(b"somebody's only copy")
    assert draw("run", file, other).exit_code == 2
    assert other.read_bytes() == b"somebody's only copy"
    assert draw("run", file, other, "--over").exit_code == 0
    assert other.read_bytes() == file.read_bytes()


def test_a_folder_that_is_not_there_is_named_as_it_was_written(file: Path) -> None:
    found = draw("run", file, file.parent / "nowhere" / "out.zip")
    assert (found.exit_code, str(file.parent / "nowhere") in found.stderr) == (2, True)
    assert ".out.zip-" not in found.stderr


@pytest.mark.parametrize("label", ["", "=1+1", "two\nlines"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_label_that_cannot_be_is_wrong_usage(file: Path, label: str, language: Language) -> None:
    target = file.with_name("out.zip")
    found = draw("run", file, target, "--label", label, "--language", language)
    assert (found.exit_code, found.stderr.startswith('--label "'), target.exists()) == (2, True, False)


@pytest.mark.parametrize("name", ["preview.png", "preview.txt", "preview"])
def test_no_picture_has_an_ending_that_lies(file: Path, name: str) -> None:
    found = draw("preview", file, "--seeds", "1", "--picture", file.with_name(name))
    assert (found.exit_code, file.with_name(name).exists()) == (2, False)
    assert "preview.svg" in found.stderr


def test_the_legend_explains_a_dot_only_where_there_is_one(file: Path) -> None:
    plan, alone, both = (file.with_name(name) for name in ("plan.json", "alone.SVG", "both.svg"))
    plan.write_text('{"lines": [{"share": 1}]}', encoding="utf-8")
    assert draw("preview", file, "--seeds", "1", "--picture", alone).exit_code == 0
    assert draw("preview", file, "--seeds", "1", "--plan", plan, "--picture", both).exit_code == 0
    for picture, has in ((alone, False), (both, True)):
        text = picture.read_text("utf-8")
        assert ("Dot: " in text, "<circle" in text) == (has, has)


def test_districts_are_called_as_their_people_call_them(file: Path) -> None:
    said = {one: draw("preview", file, "--seeds", "1", "--language", one).stdout for one in LANGUAGES}
    assert "रायगड (491)" in said["mr"]
    assert "Raigad (491)" in said["en"]
    assert "7 किंवा जास्त स्टॉल" in said["mr"]
    assert "had 7 or more" in said["en"]


def test_a_page_says_on_top_which_draw_it_is_and_has_no_table_without_rows(file: Path) -> None:
    page = file.with_name("page.html")
    assert draw("page", file, page, "--language", "en").exit_code == 0
    text = page.read_text("utf-8")
    top = text[: text.index("<main>")]
    assert "Public value MS 48/21 57: महाराष्ट्र राज्य लॉटरी, महाराष्ट्र सह्याद्री, 2026-08-04 16:00 IST." in top
    assert "<tbody>\n</tbody>" not in text


def alone(file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", str(ROOT / "tools" / "check_draw.py"), str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_checker_alone_names_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = alone(tmp_path / "nofile.zip")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{tmp_path / 'nofile.zip'}: no such file\n")


def test_a_draw_that_somebody_packed_again_is_said_to_be_compressed(file: Path) -> None:
    again = file.with_name("again.zip")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    done = alone(again)
    assert (done.returncode, "its files are compressed" in done.stdout) == (1, True)
