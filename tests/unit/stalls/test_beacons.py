"""Sentences about the public value: the announced round, published in its time, pasted or read from a file."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from services.stalls.beacons import commands
from services.stalls.beacons.domain import (
    Announced,
    BeaconFileDamaged,
    BeaconRoundAbsent,
    BeaconRoundEarlier,
    BeaconRoundMissing,
    BeaconRoundOther,
    BeaconRoundSkipped,
    BeaconValueDiffers,
    PublicValueMissing,
    PublicValueNotYet,
    PublicValueTooEarly,
    PublicValueUnreadable,
    Pulse,
    check,
)
from services.stalls.draw.seed import PublicValueNotPlain
from shared.errors import LANGUAGES, Problem
from tests.unit.stalls.fairs import CLOSES, PUBLIC, SECOND

SOURCE = "drand, quicknet"
ANNOUNCED = Announced(round=4821, at=PUBLIC, first=PUBLIC)
PULSE = Pulse(round=4821, published_at=PUBLIC, value="9f2c 11aa")
LINES = (
    '{"round": 4820, "published_at": "2026-11-10T15:29:57Z", "value": "77ab"}\n'
    '{"round": 4821, "published_at": "2026-11-10T15:30:00Z", "value": "9f2c 11aa"}\n'
)


def refusal(pulse: Pulse, announced: Announced = ANNOUNCED) -> type[Problem] | None:
    try:
        check(pulse, announced, SOURCE, PUBLIC + SECOND)
    except Problem as problem:
        return type(problem) if all(problem.sentence(language) for language in LANGUAGES) else None
    return None


@pytest.mark.parametrize(
    ("pulse", "problem"),
    [
        (PULSE, None),
        (replace(PULSE, published_at=PUBLIC - SECOND), PublicValueTooEarly),
        (replace(PULSE, published_at=CLOSES), PublicValueTooEarly),
        (replace(PULSE, published_at=PUBLIC + 2 * SECOND), PublicValueNotYet),
        (replace(PULSE, round=4820), BeaconRoundEarlier),
        (replace(PULSE, round=4822), BeaconRoundOther),
        (replace(PULSE, round=None), BeaconRoundMissing),
        (replace(PULSE, value="two\nlines"), PublicValueUnreadable),
        (replace(PULSE, value="निफ्टी"), PublicValueNotPlain),
    ],
)
def test_only_the_announced_round_in_its_time_counts(pulse: Pulse, problem: type[Problem] | None) -> None:
    assert refusal(pulse) is problem


def test_a_source_without_rounds_is_held_to_its_hour_alone() -> None:
    assert refusal(replace(PULSE, round=None), replace(ANNOUNCED, round=None)) is None


def test_a_call_that_was_fixed_too_late_takes_a_later_round_and_never_one_that_was_known() -> None:
    late = replace(ANNOUNCED, first=PUBLIC + SECOND)
    later = replace(PULSE, round=4822, published_at=PUBLIC + SECOND)
    assert refusal(PULSE, late) is PublicValueTooEarly
    assert refusal(later, late) is None


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "rounds.jsonl"
    found.write_text(LINES, encoding="utf-8")
    return found


def read(file: Path | None, pulse: Pulse | None, asked: int | None = 4821) -> Pulse:
    value, at = (pulse.value, pulse.published_at) if pulse else (None, None)
    return asyncio.run(commands.pulse(file, asked, value, at, SOURCE))


def test_a_round_is_read_from_the_file_or_pasted_as_it_stands_there(file: Path) -> None:
    assert read(file, None) == PULSE
    assert read(file, PULSE) == PULSE
    assert read(None, PULSE) == PULSE
    assert read(file, replace(PULSE, round=None), asked=None) == replace(PULSE, round=None)


def test_what_is_not_as_in_the_file_is_refused(file: Path) -> None:
    with pytest.raises(BeaconValueDiffers):
        read(file, replace(PULSE, value="9f2c 11ab"))
    with pytest.raises(BeaconRoundAbsent):
        read(file, None, asked=4823)
    with pytest.raises(PublicValueMissing):
        read(None, None)


@pytest.mark.parametrize(
    "line", ["", "[]", "{}", '{"round": "x"}', '{"round": 1, "published_at": "2026-11-10T15:30:00", "value": "7"}']
)
def test_a_file_that_is_none_names_its_line(file: Path, line: str) -> None:
    file.write_text(f"{LINES}{line}\n", encoding="utf-8")
    assert read(file, None) == PULSE, "the lines before it are whole"
    with pytest.raises(BeaconFileDamaged, match="in line 3"):
        read(file, None, asked=4822)


def test_when_the_close_was_late_only_the_first_round_after_it_is_read_from_the_file(file: Path) -> None:
    late = PUBLIC - timedelta(seconds=3)
    with pytest.raises(BeaconRoundSkipped) as skipped:
        asyncio.run(commands.pulse(file, 4821, None, None, SOURCE, late))
    assert all("4820" in skipped.value.sentence(language) for language in LANGUAGES)
    assert asyncio.run(commands.pulse(file, 4820, None, None, SOURCE, late)).value == "77ab"
    assert asyncio.run(commands.pulse(file, 4821, None, None, SOURCE, PUBLIC)).value == "9f2c 11aa"
