"""The properties once more on draws nobody has seen: another number every time, printed when one of them fails."""

import os
import secrets

from hypothesis import given, seed, settings
from hypothesis import strategies as st

from tests.unit.stalls.draw import test_draw_accept, test_draw_choose, test_draw_reasons
from tests.unit.stalls.draw.instances import events, instances, pools, seeds

FRESH = settings(max_examples=40, deadline=None, database=None)


def number() -> int:
    """DRAW_SEED=… repeats a run."""
    found = int(os.environ.get("DRAW_SEED") or secrets.randbelow(2**32))
    print(f"DRAW_SEED={found}")
    return found


def test_the_choice_rule_holds_on_fresh_events() -> None:
    for rule in (
        test_draw_choose.test_line_by_line_takes_whom_and_what_stall_by_stall_takes,
        test_draw_choose.test_no_listed_stall_she_fits_stays_empty,
    ):
        seed(number())(FRESH(given(events(), pools(most=6))(rule.hypothesis.inner_test)))()  # type: ignore[attr-defined]


def test_the_draw_holds_on_fresh_instances() -> None:
    for rule in (
        test_draw_accept.test_no_stall_a_group_could_have_had_went_to_a_worse_place,
        test_draw_accept.test_every_choice_better_than_hers_really_refused_her,
        test_draw_reasons.test_the_counts_are_those_of_a_count_stall_by_stall,
    ):
        seed(number())(FRESH(given(instances(), seeds)(rule.hypothesis.inner_test)))()  # type: ignore[attr-defined]


def test_fresh_lies_bring_nothing() -> None:
    rule = test_draw_accept.test_hiding_a_tag_a_stage_or_a_district_never_helps
    seed(number())(FRESH(given(instances(), seeds, st.data())(rule.hypothesis.inner_test)))()  # type: ignore[attr-defined]
