"""Sentences about what an officer is advised to look at again in a stall plan."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.stalls.draw.choose import choose
from services.stalls.draw.lint import ADVICE, Advice, Hopefuls, lint
from services.stalls.draw.plan import Event, Line
from shared.errors import LANGUAGES
from tests.unit.stalls.draw.instances import group, lines

MANY = settings(max_examples=200, deadline=None, derandomize=True)
ANYBODY = Hopefuls()
FOOD, PAPER, UMED, NONE = frozenset({"food"}), frozenset({"paper"}), frozenset({"umed"}), frozenset[str]()


def said(*plan: Line, who: Hopefuls = ANYBODY, stalls: int | None = None, **caps: int) -> list[str]:
    return [advice.sentence("en") for advice in lint(plan, stalls=stalls, caps=caps, who=who)]


def test_of_a_plan_without_a_fault_nothing_is_said() -> None:
    plan = (
        Line(categories=FOOD, fallback=FOOD, tags=UMED, count=3),
        Line(stage="sc", count=2),
        Line(district="490", count=1),
        Line(count=4),
    )
    who = Hopefuls(stages={"sc", "st"}, tags=UMED, districts={"490"}, categories=FOOD | PAPER)
    assert said(*plan, who=who, stalls=10, food=10, paper=7) == []


def test_restrictive_lines_come_first() -> None:
    found = said(Line(count=2), Line(categories=FOOD, count=1))
    words = "Line 1 takes more products than line 2 and stands before it; stalls of earlier lines are filled first, "
    assert found == [f"{words}so put line 2 first."]
    assert said(Line(categories=FOOD, count=1), Line(count=2)) == []
    assert said(Line(stage="sc", count=2), Line(categories=FOOD, count=1)) == [], "of another stage"


def test_why_restrictive_lines_come_first() -> None:
    """On the wide line the food group sits where the paper group, which comes later by the fallback, might have."""
    wide, narrow = Line(stage="sc", count=1), Line(stage="sc", categories=FOOD, fallback=FOOD, count=1)
    pool = (group(1, sells="food", stages=frozenset({"sc"})), group(2, sells="paper"))
    holders = [len(choose(Event(number=1, lines=plan), pool).holders) for plan in ((narrow, wide), (wide, narrow))]
    assert holders == [2, 1]


def test_a_line_that_nobody_can_reach_is_named() -> None:
    weavers = Hopefuls(categories=PAPER)
    assert said(Line(categories=FOOD, fallback=FOOD, count=3), who=weavers) == [
        "Nobody can have one of the 3 stalls of line 1: it takes nothing of what those who may apply sell."
    ]
    assert said(Line(categories=FOOD | PAPER, count=3), who=weavers) == []
    assert said(Line(categories=FOOD, count=3), who=weavers) == [], "the fallback takes them"


def test_a_guarantee_that_nobody_can_hold_is_named() -> None:
    who = Hopefuls(tags={"nulm"}, districts={"482"})
    assert said(Line(tags=UMED, district="490", count=1), who=who) == [
        "Nobody who may apply can hold the guarantee of line 1 (umed, 490)."
    ]
    assert said(Line(tags=UMED | {"nulm"}, count=1), Line(district="482", count=1), who=who) == []


def test_a_stage_that_nobody_uses_is_named() -> None:
    assert said(Line(stage="obc", count=1), who=Hopefuls(stages={"st", "sc"})) == [
        "No group uses the stage obc of line 1; there are: open, sc, st."
    ]


def test_stalls_of_a_stage_that_stay_empty_are_named() -> None:
    assert said(Line(stage="st", fallback=NONE, count=4)) == [
        "Line 1 has no fallback: where there are too few st groups, its stalls (4) stay empty."
    ]


def test_a_cap_that_only_the_fallback_breaks_is_told_apart_from_one_that_the_lines_break() -> None:
    plan = (Line(categories=FOOD, fallback=FOOD, count=3), Line(categories=PAPER, fallback=None, count=2))
    assert said(*plan, food=4) == [
        "food has a cap of 4. Without fallbacks 3 stalls take it, with them 5; change the fallback in (lines: 2)."
    ]
    assert said(*plan, food=2) == ["food has a cap of 2, but 3 stalls take it (lines: 1)."]


def test_counts_are_compared_with_the_stalls_of_the_ground() -> None:
    assert said(Line(count=7), stalls=5) == ["The plan gives out 7 stalls, but the ground has 5."]
    assert said(Line(count=7), stalls=9) == ["Of the ground's 9 stalls the plan gives out 7; 2 go to nobody."]


def test_lines_alike_and_a_fallback_that_takes_less_are_named() -> None:
    assert said(Line(count=1), Line(count=3)) == ["Lines 1 and 2 are alike; make one line of them."]
    assert said(Line(categories=FOOD | PAPER, fallback=PAPER, count=1)) == [
        "The fallback of line 1 leaves out food, which its products take; stalls left over do not go to them either."
    ]


def test_advice_is_in_her_language_and_names_the_line() -> None:
    advice = Advice(code="WiderLineFirst", line=3, params={"other": 5})
    assert advice.sentence("mr").startswith("ओळ 3 ही ओळ 5 पेक्षा जास्त उत्पादने घेते")
    assert advice.sentence("hi").startswith("पंक्ति 3 पंक्ति 5 से अधिक उत्पाद लेती है")


@pytest.mark.parametrize("code", ADVICE)
def test_every_advice_says_the_same_things_in_three_languages(code: str) -> None:
    told = [{field for _, field, _, _ in string.Formatter().parse(words) if field} for words in ADVICE[code]]
    assert len(ADVICE[code]) == len(LANGUAGES)
    assert told[0] == told[1] == told[2]


@given(
    st.lists(lines, max_size=5),
    st.integers(0, 8),
    st.dictionaries(st.sampled_from(["food", "paper"]), st.integers(0, 9)),
)
@MANY
def test_whatever_the_plan_all_advice_can_be_said(plan: list[Line], stalls: int, caps: dict[str, int]) -> None:
    who = Hopefuls(stages={"sc"}, tags={"umed"}, districts={"490"}, categories={"food"})
    for advice in lint(plan, stalls=stalls, caps=caps, who=who):
        assert all("{" not in advice.sentence(language) for language in LANGUAGES)
        assert advice.line is None or 1 <= advice.line <= len(plan)


@given(st.lists(lines, min_size=1, max_size=4))
@MANY
def test_what_is_said_to_be_out_of_reach_nobody_ever_gets(plan: list[Line]) -> None:
    """Whoever sells paper only, in whatever stage and with whatever tag."""
    told = lint(plan, who=Hopefuls(categories=PAPER))
    lost = {advice.line for advice in told if advice.code == "LineUnreachable"}
    stages = frozenset(line.stage for line in plan)
    pool = [group(n, sells="paper", stages=stages, tags=UMED) for n in range(1, 12)]
    for taken in choose(Event(number=1, lines=tuple(plan)), pool).passes:
        assert all(not count or number not in lost for number, count in enumerate(taken.stalls, 1))
