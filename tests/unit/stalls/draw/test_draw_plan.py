"""Sentences about stall plans: what is refused before a call can open, each under its own name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.stalls.draw.plan import (
    BadPlanDistrict,
    BadStageName,
    CapBroken,
    CapNegative,
    Event,
    Line,
    PlanCount,
    PlanEmpty,
    PlanExceedsStalls,
    PlanMaskEmpty,
    PlanTooLarge,
    UnknownPlanCategory,
    UnknownTag,
    check,
    stages,
)
from services.stalls.tags.domain import TAGS
from shared.errors import Invalid, Problem
from tests.unit.stalls.draw.instances import MANY

CATEGORIES = ("food", "masks", "paper")
FOOD, NO_PRODUCT = frozenset({"food"}), frozenset[str]()


def faults(*lines: Line, stalls: int = 40, caps: dict[str, int] | None = None) -> type[Problem] | None:
    try:
        check(lines, stalls=stalls, caps=caps or {}, categories=CATEGORIES, tags=TAGS)
    except Problem as problem:
        return type(problem) if problem.sentence("mr") else None
    return None


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (Line(count=0), PlanCount),
        (Line(count=-3), PlanCount),
        (Line(count=41), PlanExceedsStalls),
        (Line(count=513), PlanTooLarge),
        (Line(count=2**63), PlanTooLarge),
        (Line(count=1, categories=NO_PRODUCT), PlanMaskEmpty),
        (Line(count=1, categories=frozenset({"papad"})), UnknownPlanCategory),
        (Line(count=1, fallback=frozenset({"papad"})), UnknownPlanCategory),
        (Line(count=1, tags=frozenset({"rich"})), UnknownTag),
        (Line(count=1, stage="SC"), BadStageName),
        (Line(count=1, stage="खुला"), BadStageName),
        (Line(count=1, district="पुणे"), BadPlanDistrict),
        (Line(count=1, district="४९०"), BadPlanDistrict),
    ],
)
def test_a_line_that_cannot_stand_is_refused_by_name(line: Line, problem: type[Problem]) -> None:
    assert faults(line) is problem


def test_a_plan_without_a_line_is_no_plan() -> None:
    assert faults() is PlanEmpty


def test_lines_add_up_to_no_more_than_the_ground_has() -> None:
    assert faults(Line(count=20), Line(count=20)) is None
    assert faults(Line(count=20), Line(count=21)) is PlanExceedsStalls


def test_a_cap_counts_masks_and_fallbacks_alike() -> None:
    closed = frozenset({"masks"})
    lines = (Line(count=3, categories=FOOD, fallback=closed), Line(count=4, categories=closed, fallback=FOOD))
    assert faults(*lines, caps={"food": 7}) is None
    assert faults(*lines, caps={"food": 6}) is CapBroken
    assert faults(*lines, Line(count=1, categories=closed), caps={"food": 7}) is CapBroken, "any product is food too"


def test_a_cap_is_for_a_known_category_and_not_negative() -> None:
    assert faults(Line(count=1), caps={"papad": 1}) is UnknownPlanCategory
    assert faults(Line(count=1), caps={"food": -1}) is CapNegative


def test_stages_come_in_published_order_with_open_first() -> None:
    assert stages([Line(stage="st", count=1), Line(count=1), Line(stage="sc", count=1), Line(stage="st", count=1)]) == (
        "open",
        "st",
        "sc",
    )


def test_an_event_has_the_stalls_of_its_lines() -> None:
    assert Event(number=1, lines=(Line(count=2), Line(count=3))).stalls == 5
    assert Event(number=2, lines=(), note="वगळले").stalls == 0


def test_a_refusal_reads_in_three_languages() -> None:
    with pytest.raises(PlanExceedsStalls) as refused:
        check([Line(count=60)], stalls=40, caps={}, categories=CATEGORIES, tags=TAGS, event=2, ground="आठवडी बाजारतळ")
    mr, hi = (refused.value.sentence(language) for language in ("mr", "hi"))
    assert mr == "lines: क्रमांक 2 चा आराखडा 60 स्टॉल देतो, पण आठवडी बाजारतळ या मैदानावर 40 आहेत."
    assert hi == "lines: क्रमांक 2 की योजना 60 स्टॉल देती है, पर आठवडी बाजारतळ मैदान में 40 हैं।"


words = st.text(max_size=6) | st.sampled_from(("open", "sc", "food", "papad", "umed"))
wild = st.builds(
    Line,
    stage=words,
    categories=st.none() | st.frozensets(words, max_size=3),
    fallback=st.none() | st.frozensets(words, max_size=3),
    tags=st.frozensets(words, max_size=2),
    district=st.none() | words,
    count=st.integers(-2, 2**64),
)


@MANY
@given(st.lists(wild, max_size=5), st.integers(0, 600), st.dictionaries(words, st.integers(-1, 9), max_size=2))
def test_whatever_a_plan_holds_it_is_accepted_or_refused_by_name(
    lines: list[Line], stalls: int, caps: dict[str, int]
) -> None:
    problem = faults(*lines, stalls=stalls, caps=caps)
    assert problem is None or issubclass(problem, Invalid)
    if problem is None:
        assert sum(line.count for line in lines) <= min(stalls, 512)
