"""A fair's draw while everything is killed: what was promised, drawn, told and sent is one set, each exactly once."""

from collections import Counter

import pytest

from tests.chaos import fair_invariants as fair
from tests.chaos import invariants
from tests.chaos.fair_run import PUBLISHERS_DIE, FairSize, held
from tests.chaos.fair_world import FairWorld
from tests.chaos.servers import Servers
from tests.chaos.test_chaos import none

pytestmark = pytest.mark.timeout(1_800)


def test_the_fair_was_a_hard_one(after_the_fair: FairWorld, fair_size: FairSize) -> None:
    promised, plans = after_the_fair.promised, Counter(plan for _, _, plan in after_the_fair.left.died)
    assert sum(promised.done.values()) + sum(promised.refused.values()) >= fair_size.groups
    assert promised.done.keys() >= {"applied", "revise", "withdrawn"}
    assert "draw.frozen=kill" in plans, "the close was killed in its middle"
    assert any("draw.outcome_written" in plan for plan in plans), "so was the draw"
    assert sum(plans[plan] for plan in PUBLISHERS_DIE) >= 2, "the publication was killed in its middle, twice"
    assert after_the_fair.left.stored["vacancy_log"], "stalls were given back"


def test_everything_settles_once_the_blows_are_over(after_the_fair: FairWorld) -> None:
    assert none(invariants.everything_settles(after_the_fair.left))


def test_i1_acknowledged_applications_are_the_frozen_inputs_ticket_by_ticket(after_the_fair: FairWorld) -> None:
    assert none(fair.acknowledged_is_frozen(after_the_fair))


def test_i1_every_application_knows_whether_it_took_part(after_the_fair: FairWorld) -> None:
    assert none(fair.applications_say_whether_they_took_part(after_the_fair))


def test_outcome_allotments_and_what_was_told_of_the_draw_are_one_set(after_the_fair: FairWorld) -> None:
    assert none(fair.outcome_is_told(after_the_fair))


def test_i2_i3_every_change_tells_its_facts_and_every_fact_is_in_kafka(after_the_fair: FairWorld) -> None:
    assert none(invariants.facts_are_changes(after_the_fair.left))


def test_i4_first_occurrences_stand_in_sequence_without_holes(after_the_fair: FairWorld) -> None:
    assert none(invariants.first_occurrences_are_in_sequence(after_the_fair.left))


def test_a_fact_that_is_told_again_says_the_same(after_the_fair: FairWorld) -> None:
    assert none(invariants.repeats_say_the_same(after_the_fair.left))


def test_i6_the_ledger_has_one_row_for_each_fact_of_a_group(after_the_fair: FairWorld) -> None:
    assert none(fair.every_group_is_told_once(after_the_fair))


def test_i7_the_provider_accepted_each_message_once(after_the_fair: FairWorld) -> None:
    assert none(invariants.provider_accepted_once(after_the_fair.left))


def test_i5_each_message_tells_its_end_once(after_the_fair: FairWorld) -> None:
    assert none(invariants.each_message_ends_once(after_the_fair.left))


def test_i9_no_stall_has_two_holders_at_any_time(after_the_fair: FairWorld) -> None:
    assert none(fair.no_stall_has_two_holders(after_the_fair))


def test_every_stall_given_back_is_passed_on_once_to_who_is_next_in_line(after_the_fair: FairWorld) -> None:
    assert none(fair.every_stall_is_passed_on_once(after_the_fair))


def test_answers_are_kept_and_every_credit_is_a_confirmed_stall(after_the_fair: FairWorld) -> None:
    assert none(fair.answers_are_kept(after_the_fair))


def test_two_officers_at_once_are_told_the_same(after_the_fair: FairWorld) -> None:
    assert none(fair.officers_were_told_the_same(after_the_fair))


def test_figures_of_demand_are_the_applications_that_stand(after_the_fair: FairWorld) -> None:
    assert none(fair.demand_is_what_stands(after_the_fair))


def test_a_stranger_draws_again_and_finds_the_same(after_the_fair: FairWorld) -> None:
    assert none(fair.anybody_can_verify(after_the_fair))


def test_i11_nothing_is_parked(after_the_fair: FairWorld) -> None:
    assert none(fair.nothing_is_parked(after_the_fair))


def test_no_phone_number_of_a_group_stands_in_any_log(after_the_fair: FairWorld) -> None:
    assert after_the_fair.left.logs
    assert none(fair.no_phone_in_a_log(after_the_fair))


@pytest.mark.long
async def test_a_mark_moved_before_its_chunk_loses_allotments_and_the_invariants_say_so(
    started: Servers, fair_size: FairSize
) -> None:
    small = FairSize(fair_size.seed, groups=80, late=0, seconds=8, confirm=4, decline=0, leave=0)
    dies = ("write.after_update=kill", "write.after_update=kill")
    world = await held(started, small, publishers=dies, sabotage="draw.mark_after_chunk=skip", calm=True)
    assert not fair.acknowledged_is_frozen(world), "what is not sabotaged still holds"
    assert fair.outcome_is_told(world)
