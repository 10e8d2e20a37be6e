"""Sentences about a plan in a file: it is laid over a draw's own, or refused in a sentence that says where."""

import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.stalls.draw import archive, files, reading
from services.stalls.draw.damage import CellUnusable, RowNotCanonical, RowOutOfOrder
from services.stalls.draw.plan import Event, Line, PlanExceedsStalls, PlanTooLarge
from services.stalls.draw.roster import NoShares
from services.stalls.draw.sources import TextSource
from shared.errors import LANGUAGES, Problem
from tests.unit.stalls.draw.instances import events
from tests.unit.stalls.draw.sample import EVENTS, whole
from tools.draw.plans import NoSuchEvent, Overlaid, TemplateUnreadable, counted, read

MANY = settings(max_examples=200, deadline=None, derandomize=True)
PLAN = files.plan(EVENTS)["plan.csv"]
HEAD = "event,line,stage,categories,fallback,tags,district,stalls\n"


def by(text: str, name: str = "mine.csv") -> tuple[Event, ...]:
    return read(text, name, EVENTS)


def test_a_plan_for_one_event_leaves_the_others_as_they_are() -> None:
    changed = by(f"{HEAD}2,1,sc,*,*,,,2\n2,2,open,*,*,,,5\n")
    assert (changed[0], changed[2]) == (EVENTS[0], EVENTS[2])
    assert changed[1] == replace(EVENTS[1], lines=(Line(stage="sc", count=2), Line(count=5)))


def test_a_template_gives_each_event_its_counts_by_the_roster() -> None:
    changed = by(json.dumps({"lines": [{"stage": "sc", "share": 20}, {"share": 80, "tags": ["umed"]}]}), "mine.json")
    assert [event.stalls for event in changed] == [event.stalls for event in EVENTS]
    assert {line.stage for event in changed for line in event.lines} == {"sc", "open"}
    assert changed[2].lines == (), "struck out stays struck out"


def test_the_changed_files_are_read_in_place_of_the_draw_s_own() -> None:
    source = Overlaid(TextSource(whole()), TextSource(files.plan(by(f"{HEAD}1,1,open,*,*,,,9\n"))))
    texts = archive.texts(source)
    assert texts["applications.csv"] == whole()["applications.csv"]
    assert [event.stalls for event in reading.events(texts)] == [9, 3, 0]
    assert sum(source.size(name) for name in source.names()) == sum(len(text.encode()) for text in texts.values())


@pytest.mark.parametrize(
    ("text", "name", "problem", "said"),
    [
        (f"{HEAD}7,1,open,*,*,,,1\n", "mine.csv", NoSuchEvent, "mine.csv has a plan for event 7"),
        (f"{HEAD}2,2,open,*,*,,,1\n", "mine.csv", RowOutOfOrder, "plan.csv, row 1, line: 2 is out of order"),
        (f"{HEAD}2,1,open,*,*,,,-1\n", "mine.csv", CellUnusable, "plan.csv, row 1, stalls: -1 is negative"),
        (f"{HEAD}2,1,open,*,*,,,{2**63}\n", "mine.csv", CellUnusable, "row 1, stalls: 9223372036854775808 is larger"),
        (f"{HEAD}2,1,open,*\n", "mine.csv", RowNotCanonical, "plan.csv, row 1 is not written as canonical CSV"),
        (f"{HEAD}2,1,open,*,*,,,400\n2,2,open,*,*,,,400\n", "mine.csv", PlanTooLarge, "the plan has 800 stalls"),
        ('{"lines": [{"count": 6}]}', "mine.json", PlanExceedsStalls, "gives out 6 stalls, but its ground 1 has 5"),
        ('{"lines": [{"count": 1}]}', "mine.json", NoShares, "4 stalls are left to share out"),
        ('{"lines": [{"count": -1}]}', "mine.json", TemplateUnreadable, "mine.json, lines.0.count: Input should be"),
        ('{"lines": []}', "mine.json", TemplateUnreadable, "mine.json, lines: List should have at least 1 item"),
        ('{"lines": [{"cuont": 1}]}', "mine.json", TemplateUnreadable, "mine.json, lines.0.cuont: Extra inputs"),
        ("{", "mine.json", TemplateUnreadable, "mine.json, -: Expecting property name"),
        ("[" * 100_000, "mine.json", TemplateUnreadable, "mine.json, -: "),
    ],
)
def test_what_is_no_plan_is_refused_in_a_sentence_that_says_where(
    text: str, name: str, problem: type[Problem], said: str
) -> None:
    with pytest.raises(problem) as refused:
        by(text, name)
    assert said in refused.value.sentence("en")
    assert all(refused.value.sentence(language) for language in LANGUAGES)


@given(st.lists(events(), max_size=3))
@MANY
def test_what_is_written_as_a_plan_is_read_back(made: list[Event]) -> None:
    numbered = [replace(event, number=number) for number, event in enumerate(made, 1) if event.lines]
    assert list(counted(files.plan(numbered)["plan.csv"])) == numbered


@given(st.integers(0, len(PLAN) - 1), st.text(max_size=3), st.integers(0, 4))
@MANY
def test_whatever_stands_in_the_text_of_a_plan_it_is_read_or_refused_in_a_sentence(at: int, new: str, cut: int) -> None:
    with suppress(Problem):
        for event in by(PLAN[:at] + new + PLAN[at + cut :]):
            assert event.stalls == sum(line.count for line in event.lines) <= 512


@given(st.text(max_size=60) | st.integers(0, 40).map(lambda at: json.dumps({"lines": [{"count": 1}]})[:at]))
@MANY
def test_whatever_stands_in_a_template_it_is_read_or_refused_in_a_sentence(text: str) -> None:
    with suppress(Problem):
        by(text, "mine.json")
