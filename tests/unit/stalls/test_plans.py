"""Sentences about a plan before its call: what shares come to, what is said about it, and to whom."""

from collections.abc import Mapping
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from services.stalls.draw.lint import ADVICE
from services.stalls.draw.plan import OPEN, Line, PlanExceedsStalls, UnknownTag
from services.stalls.draw.roster import Templated
from services.stalls.offers.domain import Eligibility
from services.stalls.plans.api import CountPlan, LintPlan
from services.stalls.plans.domain import STAGES, Ground, counted, judged
from services.stalls.plans.views import PlanView
from shared.errors import LANGUAGES, Problem

EVERYBODY = Eligibility()
GROUND = Ground(venue="venue-1", stalls=20)
FUZZ = settings(max_examples=300, deadline=None, derandomize=True)


def codes(*plan: Line, who: Eligibility = EVERYBODY, stalls: int | None = None) -> list[str]:
    return [advice.code for advice in judged(plan, stalls, {}, who).advice]


def test_shares_become_counts_with_what_is_to_be_said_about_them() -> None:
    template = (
        Templated(line=Line(count=2)),
        Templated(line=Line(stage="sc", count=0), share=13),
        Templated(line=Line(categories=frozenset({"food"}), count=0), share=87),
    )
    found = counted(template, GROUND, {"food": 10}, EVERYBODY)
    assert sum(line.count for line in found.lines) == GROUND.stalls
    assert [advice.code for advice in found.advice] == ["CapBrokenByLines", "WiderLineFirst"]


def test_a_ground_s_next_event_goes_on_in_the_roster() -> None:
    template = (Templated(line=Line(stage="st", count=0), share=7), Templated(line=Line(count=0), share=93))
    grounds = [Ground(venue="venue-1", stalls=10, shared_out=10 * event) for event in range(10)]
    lines = [line for ground in grounds for line in counted(template, ground, {}, EVERYBODY).lines]
    assert sum(line.count for line in lines if line.stage == "st") == 7, "of a hundred stalls of ten events"


def test_who_may_apply_decides_what_is_out_of_reach() -> None:
    assert codes(Line(tags=frozenset({"umed"}), count=1), who=Eligibility(programmes=frozenset({"nulm"}))) == [
        "GuaranteeForNobody"
    ]
    assert codes(Line(tags=frozenset({"umed"}), count=1)) == []
    assert codes(Line(district="490", count=1), who=Eligibility(districts=frozenset({"482"}))) == ["GuaranteeForNobody"]
    assert codes(Line(stage="scc", count=1)) == ["StageUnused"]
    assert codes(*(Line(stage=stage, count=1) for stage in STAGES)) == []


def test_what_is_no_plan_at_all_is_refused() -> None:
    with pytest.raises(UnknownTag):
        codes(Line(tags=frozenset({"rich"}), count=1))
    with pytest.raises(PlanExceedsStalls):
        counted((Templated(line=Line(count=21)),), GROUND, {}, EVERYBODY)


def test_advice_is_shown_in_the_reader_s_language() -> None:
    view = PlanView.of(judged((Line(count=1),), 3, {}, EVERYBODY), "mr")
    assert [(one.code, one.line) for one in view.advice] == [("StallsLeftOut", None)]
    assert view.advice[0].detail == "मैदानावरील 3 स्टॉलपैकी आराखडा 1 देतो; 2 कोणालाही मिळणार नाहीत."
    assert (view.lines[0].stage, view.lines[0].count) == (OPEN, 1)


json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
line = st.fixed_dictionaries(
    {},
    optional={
        "stage": st.sampled_from(["open", "sc", "st", "SC", "", "a" * 33]) | json,
        "categories": st.none() | st.lists(st.sampled_from(["food", "paper", "gold"]), max_size=3) | json,
        "fallback": st.none() | st.lists(st.sampled_from(["food", "paper", "gold"]), max_size=3) | json,
        "tags": st.lists(st.sampled_from(["umed", "first_stall", "rich"]), max_size=2) | json,
        "district": st.none() | st.sampled_from(["490", "४९०", "-1"]) | json,
        "count": st.integers(-1, 600) | json,
        "share": st.integers(-1, 12_000) | json,
    },
)
body = st.fixed_dictionaries(
    {"lines": st.lists(line, max_size=4) | json},
    optional={
        "venue": st.text(max_size=70) | json,
        "stalls": st.integers(-1, 600) | json,
        "shared_out": st.integers(-1, 2**40) | json,
        "caps": st.dictionaries(st.sampled_from(["food", "gold"]), st.integers(-2, 600)) | json,
        "eligibility": json,
    },
)


def answered(asked: Mapping[str, object], kind: type[CountPlan | LintPlan]) -> PlanView | None:
    """What the route says of it; None where the request is not accepted."""
    try:
        said = kind.model_validate(asked)
    except ValidationError:
        return None
    who, caps = said.eligibility.eligibility(), {str(category): cap for category, cap in said.caps.items()}
    if isinstance(said, CountPlan):
        whole = counted([one.templated() for one in said.lines], said.ground(), caps, who)
        assert sum(one.count for one in whole.lines) == said.stalls
    else:
        whole = judged([one.line() for one in said.lines], said.stalls, caps, who)
    return PlanView.of(whole, "hi")


@given(body, st.sampled_from([CountPlan, LintPlan]))
@FUZZ
def test_whatever_is_sent_as_a_plan_gets_an_answer_or_a_refusal_in_a_sentence(
    asked: dict[str, object], kind: type[CountPlan | LintPlan]
) -> None:
    with suppress(Problem):
        view = answered(asked, kind)
        assert view is None or all(one.code in ADVICE for one in view.advice)


def test_what_is_sent_in_the_usual_way_gets_an_answer() -> None:
    asked = {"lines": [{"count": 3}, {"stage": "sc", "count": 1, "district": "४९०"}], "stalls": 4}
    assert answered(asked, LintPlan) is not None
    assert answered({**asked, "venue": "venue-1"}, CountPlan) is not None


@pytest.mark.parametrize(("shares", "told"), [((30, 60), True), ((30, 70), False), ((0, 0), False)])
def test_who_means_percent_hears_when_they_are_not_a_hundred(shares: tuple[int, int], told: bool) -> None:
    """30 and 60 are a third and two thirds, which is no fault."""
    kinds = (frozenset({"food"}), frozenset({"paper"}))
    lines = [Line(categories=kind, count=0 if any(shares) else 10) for kind in kinds]
    template = [Templated(line=line, share=share) for line, share in zip(lines, shares, strict=True)]
    found = [one for one in counted(template, GROUND, {}, EVERYBODY).advice if one.code == "SharesNotHundred"]
    assert bool(found) is told
    for one in found:
        assert all("90" in one.sentence(language) for language in LANGUAGES)
