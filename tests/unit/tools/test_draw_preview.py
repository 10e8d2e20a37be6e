"""Sentences about the preview of a plan: many seeds on the same groups, and who gets how much of it."""

import hashlib
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.stalls.draw import archive
from services.stalls.draw.accept import accept
from services.stalls.draw.sources import TextSource
from shared.errors import LANGUAGES, Language
from tests.unit.stalls.draw.sample import INSTANCE, whole
from tools.draw import preview, previewing
from tools.draw.__main__ import app
from tools.draw.previewing import Line, previewed, seed

SOURCE = TextSource(whole())
SEEDS = 25
ALL = ("all", "")


def silent(stage: str, done: int, total: int) -> None:
    """Nobody listens."""


FOUND = previewed(SOURCE, SEEDS, "2026", silent)
LINES = {line.key: line for line in FOUND.lines}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    target = tmp_path / "draw.zip"
    target.write_bytes(archive.pack(whole()))
    return target


def test_what_each_seed_gives_is_what_the_draw_gives_with_it() -> None:
    seated = []
    for number in range(1, SEEDS + 1):
        rows = accept(INSTANCE, seed(number, "2026")).rows
        seated.append(sum(row.event is not None for row in rows))
    whole_, seen = LINES[ALL], sorted(seated)
    assert (whole_.applied, whole_.total, whole_.least, whole_.most) == (20, sum(seated), seen[0], seen[-1])
    assert whole_.usual == (seen[1], seen[-2])


def test_everybody_is_counted_under_each_heading() -> None:
    for heading in ("stages", "districts", "tiers"):
        rows = [line for line in FOUND.lines if line.key[0] == heading]
        assert (sum(row.applied for row in rows), sum(row.total for row in rows)) == (20, LINES[ALL].total)
    assert {line.key for line in FOUND.lines if line.key[0] == "tags"} == {("tags", "umed")}
    assert [line.key[0] for line in FOUND.lines] == sorted(
        (line.key[0] for line in FOUND.lines), key=previewing.HEADINGS.index
    )


def test_the_seeds_are_pinned_and_anybody_can_make_them() -> None:
    assert seed(1, "2026") == hashlib.sha256(b"preview 2026 1").hexdigest() == FOUND.first_seed
    assert previewed(SOURCE, SEEDS, "2026", silent) == FOUND
    assert previewed(SOURCE, SEEDS, "2027", silent) != FOUND


def test_the_engine_and_the_specification_see_the_same() -> None:
    assert previewed(SOURCE, SEEDS, "2026", silent, engine=True) == FOUND


def test_progress_is_told_seed_by_seed() -> None:
    heard = list[tuple[str, int, int]]()
    previewed(SOURCE, 3, "2026", lambda *step: heard.append(step))
    assert heard[-3:] == [("seeds", 1, 3), ("seeds", 2, 3), ("seeds", 3, 3)]


def test_means_are_rounded_in_whole_numbers() -> None:
    line = Line(key=ALL, applied=1500, total=2 * SEEDS * 617 + 3, least=1, most=1300, usual=(2, 1299))
    assert preview.cells(line, FOUND) == ["1,500", "1,234.1", "82.2", "1", "1,300", "2–1,299", "1,299"]


@pytest.mark.parametrize(
    ("language", "title", "row"),
    [
        ("en", "This plan, these groups, 12 different draws", "All groups"),
        ("mr", "हा आराखडा, हेच गट, 12 वेगवेगळ्या सोडती", "सर्व गट"),
        ("hi", "यही योजना, यही समूह, 12 अलग-अलग लॉटरियाँ", "सभी समूह"),
    ],
)
def test_an_officer_reads_it_in_her_language(file: Path, language: str, title: str, row: str) -> None:
    found = CliRunner().invoke(app, ["preview", str(file), "--seeds", "12", "--language", language])
    assert found.exit_code == 0, found.output
    assert found.stdout.splitlines()[0] == title
    assert row in found.stdout


def test_another_plan_is_shown_beside_the_file_s_own(file: Path, tmp_path: Path) -> None:
    plan, picture = tmp_path / "plan.json", tmp_path / "plan.svg"
    plan.write_text(json.dumps({"lines": [{"stage": "sc", "share": 1, "fallback": []}]}), "utf-8")
    asked = ["preview", str(file), "--plan", str(plan), "--seeds", "12", "--picture", str(picture)]
    found = CliRunner().invoke(app, asked)
    assert found.exit_code == 0, found.output
    assert "The file says of groups only what its own plan asks about" in found.stdout
    assert "- 2 events, first event 1: Line 1 has no fallback: where there are too few sc groups" in found.stdout
    assert "<circle" in picture.read_text("utf-8")


def test_what_is_no_plan_is_said_with_exit_status_one(file: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.csv"
    plan.write_text("event,line\n", "utf-8")
    found = CliRunner().invoke(app, ["preview", str(file), "--plan", str(plan)])
    assert (found.exit_code, found.stdout) == (1, "")
    assert "plan.csv does not have the columns event,line,stage" in found.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_says_for_each_kind_of_group_how_many_of_a_hundred_get_a_stall(language: Language) -> None:
    made = preview.Seen(found=FOUND, before=FOUND, advice=(), label="2026")
    drawn = ET.fromstring(preview.picture(made, language))  # noqa: S314  our own
    space = "{http://www.w3.org/2000/svg}"
    texts = [text.text for text in drawn.iter(f"{space}text")]
    whole_ = LINES[ALL]
    assert f"{preview.tenths(preview.rate(whole_, FOUND))} %  ({preview.mean(whole_, FOUND)} / 20)" in texts
    bars = [int(bar.attrib["width"]) for bar in drawn.iter(f"{space}rect") if bar.attrib["fill"] == "#8fb3d9"]
    assert len(bars) == len(FOUND.lines) == len(list(drawn.iter(f"{space}circle")))
    assert all(0 <= bar <= preview.WIDTH for bar in bars)


def test_a_picture_in_several_languages_is_several_files(tmp_path: Path) -> None:
    made = preview.Seen(found=FOUND, before=None, advice=(), label="2026")
    written = preview.write(made, tmp_path / "plan.svg", LANGUAGES)
    assert [path.name for path in written] == ["plan.mr.svg", "plan.hi.svg", "plan.en.svg"]
    assert "<circle" not in written[0].read_text("utf-8")
