"""Sentences about a figure and its memory, whatever is counted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.events import Event
from shared.streaming.figures import Figure, Step, TooOld, applied, changes_of, kept, milliseconds, read

NOON = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
EMPTY = Figure((0, 0))
LINES = st.text(min_size=1, max_size=20)


def event(sequence: int = 1, at: datetime = NOON) -> Event[Any]:
    id_ = f"घडा:1:{sequence}"
    return Event(data=None, id=id_, subject="घडा", tenant="27", incarnation=1, sequence=sequence, time=at)


def step(line: str, *stands: int) -> Step:
    return Step(key=(), line=line, stands=stands)


@given(figures=st.dictionaries(LINES, st.tuples(st.integers(0, 9), st.integers(0, 10**12)), max_size=5))
def test_a_figure_reads_back_from_its_changelog_as_it_was(figures: dict[str, tuple[int, int]]) -> None:
    figure = EMPTY
    for number, (line, stands) in enumerate(figures.items(), 1):
        figure = applied(figure, event(number), [step(line, *stands)])
    value = kept(figure, ("units", "paise"))
    assert read(value, ("units", "paise")) == figure
    assert changes_of(value) == figure.changes == len(figures)


def test_nothing_kept_is_a_figure_nobody_counted_in() -> None:
    assert read(None, ("units", "paise")) == EMPTY
    assert changes_of(None) == -1


def test_a_line_named_like_a_field_of_the_record_does_not_pass_for_it() -> None:
    figure = applied(EMPTY, event(), [step('"changes":99', 1, 1)])
    assert changes_of(kept(figure, ("units", "paise"))) == 1


def test_two_lines_of_one_fact_change_a_figure_once_and_together() -> None:
    figure = applied(EMPTY, event(), [step("1", 2, 20), step("2", 3, 30)])
    assert (figure.counts, figure.changes) == ((5, 50), 1)
    assert applied(figure, event(), [step("1", 2, 20), step("2", 3, 30)]) is figure


def test_a_newer_fact_of_a_line_replaces_what_it_stands_at() -> None:
    figure = applied(applied(EMPTY, event(1), [step("1", 2, 20)]), event(2), [step("1", 7, 70)])
    assert (figure.counts, figure.changes) == ((7, 70), 2)


def test_the_memory_reaches_48_hours_behind_the_newest_fact_and_no_further() -> None:
    figure = applied(EMPTY, event(1), [step("old", 1, 1)])
    at_the_edge = applied(figure, event(1, NOON + timedelta(hours=48)), [step("new", 1, 1)])
    beyond = applied(figure, event(1, NOON + timedelta(hours=48, milliseconds=1)), [step("new", 1, 1)])
    assert sorted(at_the_edge.seen) == ["new", "old"]
    assert sorted(beyond.seen) == ["new"]
    assert beyond.counts == (2, 2)
    assert beyond.newest == milliseconds(NOON) + 48 * 3_600_000 + 1
    with pytest.raises(TooOld, match="घडा:1:1"):
        applied(beyond, event(1), [step("old", 1, 1)])


def test_a_fact_that_is_too_old_for_one_line_changes_none() -> None:
    figure = replace(applied(EMPTY, event(3, NOON + timedelta(days=3)), [step("known", 1, 1)]), newest=2**60)
    with pytest.raises(TooOld):
        applied(figure, event(4), [step("known", 5, 5), step("unknown", 1, 1)])
    assert figure.counts == (1, 1)


def test_an_older_fact_moves_no_memory_back() -> None:
    newer = applied(EMPTY, event(1, NOON + timedelta(hours=5)), [step("new", 1, 1)])
    figure = applied(newer, event(2), [step("old", 1, 1)])
    assert (figure.counts, figure.newest) == ((2, 2), milliseconds(NOON + timedelta(hours=5)))


@pytest.mark.parametrize(("late", "told"), [(timedelta(), True), (timedelta(milliseconds=1), False)])
def test_a_fact_just_48_hours_older_than_the_newest_still_counts_and_a_millisecond_later_no_more(
    late: timedelta, told: bool
) -> None:
    figure = applied(EMPTY, event(1, NOON + timedelta(hours=48) + late), [step("new", 1, 1)])
    if told:
        assert applied(figure, event(2), [step("edge", 2, 20)]).counts == (3, 21)
    else:
        with pytest.raises(TooOld):
            applied(figure, event(2), [step("edge", 2, 20)])


@pytest.mark.parametrize(("late", "counts"), [(timedelta(), (5, 50)), (timedelta(milliseconds=1), (3, 30))])
def test_what_a_fact_says_was_counted_is_taken_out_only_where_its_memory_is_gone(
    late: timedelta, counts: tuple[int, ...]
) -> None:
    newest = NOON + timedelta(hours=48) + late
    figure = applied(EMPTY, event(1, newest), [step("other", 5, 50)])
    gone = Step(key=(), line="forgotten", stands=(0, 0), stood=(2, 20), since=NOON)
    assert applied(figure, event(2, newest), [gone]).counts == counts
