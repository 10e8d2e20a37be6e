"""Sentences about made-up draws: pinned to the byte, whole, and as crowded as a state's."""

import hashlib
import io
from pathlib import Path

import numpy as np
import pytest

from services.stalls.draw.engine.tables import ANY, tables_of
from services.stalls.draw.plan import MOST_STALLS
from services.stalls.draw.sources import ZipSource
from shared.places.directory import blocks_of, districts_of
from tools import check_draw
from tools.draw import instances
from tools.draw.grounds import CATEGORIES, DAYS, TAGS, area, bits
from tools.draw.lots import below, picked, shared_out, words
from tools.draw.tabled import instance_of, texts
from tools.draw.verifying import verified

SMALL = 300
EIGHTH = 97_750
INPUTS = {
    "applications.csv": "4df507ef3c9414bd2e2b5c732c3a3be2a5d2be8e0903bfa2653c29d676b28e37",
    "choices.csv": "5ca45512e45249a491d79e6b34a9e1bd67d76af92cbe19113018481e4b16f268",
    "plan.csv": "623715d3eff34d42b7dae80aaaf5f665d7fe3900e8ce26af8388735e59196d4f",
}
"""SHA-256 of the files of 3,000 groups: the same on every machine."""


def digests(groups: int) -> dict[str, str]:
    found = {name: hashlib.sha256() for name in ("applications.csv", "choices.csv", "events.csv", "plan.csv")}
    for name, chunk in texts(instances.tables(groups)):
        found[name].update(chunk)
    return {name: one.hexdigest() for name, one in found.items()}


def test_the_same_groups_wishes_and_plans_on_every_machine() -> None:
    made = digests(3_000)
    assert {name: made[name] for name in INPUTS} == INPUTS


def test_another_seed_is_another_draw() -> None:
    one, other = instances.tables(SMALL), instances.tables(SMALL, 7)
    assert not np.array_equal(one.tickets, other.tickets)
    assert not np.array_equal(one.categories, other.categories)


def test_the_words_are_those_of_splitmix64() -> None:
    """Steele, Lea and Flood 2014; the first outputs for the state 0 are known."""
    mixed = words(0, "", 1)
    first = int.from_bytes(hashlib.sha256(b"0:").digest()[:8], "big")
    z = (first + 0x9E3779B97F4A7C15) % 2**64
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
    assert int(mixed[0]) == z ^ (z >> 31)


def test_chance_is_fair_and_shares_add_up() -> None:
    chance = words(1, "fair", 100_000)
    assert np.bincount(below(chance, 10), minlength=10).min() > 9_500
    assert abs(np.bincount(picked(chance, (1, 3)))[1] - 75_000) < 1_000
    assert shared_out(950, np.array([3, 1, 7])).tolist() == [259, 86, 605]


@pytest.mark.parametrize("groups", [10, 60, SMALL, 3_000])
def test_a_small_draw_is_whole_verified_and_proven(groups: int, tmp_path: Path) -> None:
    path = tmp_path / "made.zip"
    said = instances.write(path, groups)
    with ZipSource(path) as source:
        found = verified(source)
    assert (found.said, found.groups) == (said, groups)
    assert check_draw.check(io.BytesIO(path.read_bytes())) == []
    assert [one.name for one in tmp_path.iterdir()] == ["made.zip"]


def test_the_arrays_are_those_of_its_words() -> None:
    made = instances.tables(SMALL)
    again = tables_of(instance_of(made))
    for name in ("tickets", "tier", "upgrade", "start", "choices", "events", "line_start", "count"):
        assert np.array_equal(getattr(made, name), getattr(again, name)), name


def test_an_eighth_of_a_state_has_its_proportions() -> None:
    made = instances.tables(EIGHTH)
    stalls, wanted = made.stalls(), np.bincount(made.choices, minlength=len(made.events))
    assert (len(made.events), int(stalls.sum())) == (3_375, 118_750)
    assert 2_400_000 // 8 < len(made.choices) < 2_440_000 // 8
    assert stalls.max() == MOST_STALLS, "a fair of the state"
    assert (stalls == 0).any(), "an event struck out"
    assert wanted.max() > 4_000, "the popular ones have the crowd"
    assert (wanted[stalls > 0] < stalls[stalls > 0]).any(), "others have more stalls than applicants"
    assert int(made.tier.max()) == 7
    assert made.upgrade.any()


def test_who_never_had_a_stall_has_had_none_in_the_last_year() -> None:
    made = instances.tables(3_000)
    first = made.tags & np.uint64(bits(TAGS, "first_stall")) > 0
    assert first.sum() > 1_000
    assert not made.tier[first].any()
    assert (made.tier[~first] == 0).any(), "who had one long ago is in the first tier too"


def test_every_kind_of_line_is_in_its_plans() -> None:
    made = instances.tables(EIGHTH)
    any_product = np.uint64(ANY)
    assert set(made.stage.tolist()) == {0, 1, 2}
    assert (made.takes == any_product).any()
    assert (made.takes != any_product).any()
    assert (made.fallback == 0).any(), "some are kept for their own to the end"
    assert (made.district_of >= 0).any()
    assert set(np.bitwise_or.reduce(made.tags_of)[None].tolist()) <= {2 ** len(TAGS) - 1}
    assert int(np.bitwise_or.reduce(made.categories)) == 2 ** len(CATEGORIES) - 1


def test_wishes_name_no_event_twice_and_wildcards_are_spelled_out() -> None:
    made = instances.tables(3_000)
    listed = [made.choices[first:last].tolist() for first, last in zip(made.start, made.start[1:], strict=False)]
    assert all(1 <= len(set(one)) == len(one) for one in listed)
    here = area(3_000, instances.SEED)
    days = int(np.diff(here.first).max()) // DAYS
    runs = sum(one[-2:] == [one[-1] - 1, one[-1]] for one in listed if len(one) > 2)
    assert days >= 1
    assert runs > 20, "some end with all grounds of a day, one after the other"


def test_grounds_lie_in_blocks_of_the_state() -> None:
    here = area(EIGHTH, instances.SEED)
    known = {block.code for district in districts_of("27") for block in blocks_of(district.code)}
    assert set(here.codes) <= known
    assert len(here.districts) >= 3
