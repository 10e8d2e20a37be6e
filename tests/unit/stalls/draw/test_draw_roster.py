"""Sentences about the roster: shares become whole stalls, and what is rounded off is not lost."""

from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.stalls.draw.plan import Line, PlanExceedsStalls
from services.stalls.draw.roster import MOST_SHARES, NoShares, SharesTooFine, Templated, counts, lines, offset, roster

MANY = settings(max_examples=200, deadline=None, derandomize=True)
shares = st.lists(st.integers(0, 40), min_size=1, max_size=7).filter(any).map(tuple)
venues = st.uuids().map(str)


@given(shares)
@MANY
def test_of_every_number_of_stalls_each_line_has_its_share_within_one(parts: tuple[int, ...]) -> None:
    points, total = roster(parts), sum(parts)
    assert len(points) == total
    for line, share in enumerate(parts):
        for number, had in enumerate(accumulate(point == line for point in points), 1):
            assert had in {number * share // total, -(-number * share // total)}


@given(shares, venues, st.lists(st.integers(0, 60), min_size=1, max_size=6))
@MANY
def test_a_ground_goes_on_at_its_next_event_where_it_stopped(
    parts: tuple[int, ...], venue: str, sizes: list[int]
) -> None:
    had, before = [0] * len(parts), 0
    for stalls in sizes:
        given_ = counts(parts, stalls, venue, before)
        assert (sum(given_), min(given_) >= 0) == (stalls, True)
        before += stalls
        had = [one + more for one, more in zip(had, given_, strict=True)]
        for count, share in zip(had, parts, strict=True):
            assert abs(count * sum(parts) - before * share) < 2 * sum(parts), "from its own beginning: less than two"
    assert tuple(had) == counts(parts, sum(sizes), venue), "as if it had been one event"


@given(shares, st.integers(0, 100))
@MANY
def test_over_all_beginnings_every_share_is_met_exactly(parts: tuple[int, ...], stalls: int) -> None:
    total = sum(parts)
    begun = [counts(parts, stalls, "-", before) for before in range(total)]
    assert [sum(column) for column in zip(*begun, strict=True)] == [stalls * share for share in parts]


def test_a_hundred_grounds_of_ten_stalls_come_near_the_shares_of_a_state() -> None:
    """Half open, 13 % sc, 7 % st, 30 % for first stalls: no ground of ten can have 13 %, a hundred of them can."""
    parts = (50, 13, 7, 30)
    each = [counts(parts, 10, f"venue-{number}") for number in range(100)]
    assert {sum(one) for one in each} == {10}
    for column, share in zip(zip(*each, strict=True), parts, strict=True):
        assert abs(sum(column) - 10 * share) <= 20, "0.2 stalls a ground"


def test_where_a_ground_begins_anybody_can_work_out() -> None:
    """`printf '%s' venue-7 | sha256sum` shows 6b9c55a6…0d0e; this number modulo 100."""
    assert offset("venue-7", 100) == 70
    assert int("6b9c55a6ede595dacbefdad42db67f0be47f88853e2ce36e00ce486557060d0e", 16) % 100 == 70


def test_counted_stalls_come_first_and_the_rest_is_shared() -> None:
    papad = Templated(line=Line(categories=frozenset({"food"}), fallback=frozenset(), count=3))
    template = (papad, Templated(line=Line(stage="sc", count=0), share=1), Templated(line=Line(count=2), share=3))
    made = lines(template, 13, "venue-1")
    assert [(line.stage, line.count) for line in made] == [("open", 3), ("sc", 2), ("open", 8)]


def test_a_line_without_a_stall_is_left_out() -> None:
    template = (Templated(line=Line(stage="sc", count=0), share=1), Templated(line=Line(count=0), share=99))
    assert {len(lines(template, 1, f"venue-{number}")) for number in range(300)} == {1}
    assert {line.stage for number in range(300) for line in lines(template, 1, f"venue-{number}")} == {"open", "sc"}


def test_what_cannot_be_shared_is_refused_with_the_numbers() -> None:
    counted = Templated(line=Line(count=5))
    with pytest.raises(PlanExceedsStalls, match="gives out 5 stalls, but its ground venue-1 has 4"):
        lines((counted,), 4, "venue-1")
    with pytest.raises(NoShares, match="2 stalls are left"):
        lines((counted,), 7, "venue-1")
    with pytest.raises(SharesTooFine, match="add up to 10001"):
        lines((Templated(line=Line(count=0), share=MOST_SHARES + 1),), 7, "venue-1")
    assert lines((counted,), 5, "venue-1") == (counted.line,)
