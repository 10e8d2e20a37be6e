from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.catalog.candidates.domain import candidates
from services.catalog.doubles import domain
from services.catalog.doubles.domain import (
    CaseStatus,
    ChangedMeanwhile,
    Double,
    KeptApartBefore,
    MergedBefore,
    NothingDecided,
    NotOfThePair,
    OneByNow,
    StandApart,
    Verdict,
    double_id,
)
from services.catalog.doubles.store import DoubleDocument
from services.catalog.groups.domain import NotActive
from services.catalog.likeness.domain import Likeness, record
from services.catalog.merges.domain import HoldsOthers, absorb
from shared.places.area import OutsideArea
from tests.unit.catalog.samples import BARAMATI, HAVELI, PUNE
from tests.unit.catalog.test_likeness import MAVIM, SAVITRI

NOW = datetime(2026, 10, 18, 9, tzinfo=UTC)
SIDES = (MAVIM, SAVITRI) if MAVIM.id < SAVITRI.id else (SAVITRI, MAVIM)


def case() -> Double:
    (found,) = candidates([record(SAVITRI), record(MAVIM)])
    return domain.found(found, *SIDES, NOW).state


def merged() -> Double:
    return domain.merge(case(), SAVITRI.id, SIDES, (), BARAMATI, NOW).state


def done(one: Double) -> Double:
    return domain.ended(one, one.turn, NOW).state


def test_a_case_is_one_of_its_pair_whichever_comes_first() -> None:
    assert double_id("27", ("a", "b")) == double_id("27", ("b", "a")) != double_id("5", ("a", "b"))
    assert case().id == double_id("27", (SAVITRI.id, MAVIM.id))


def test_a_decision_asks_for_its_work_until_that_is_done() -> None:
    decided = merged()
    assert (decided.status, decided.kept, decided.absorbed) == (CaseStatus.MERGED, SAVITRI.id, MAVIM.id)
    assert (decided.due_at, decided.decided_by, decided.turn) == (NOW, BARAMATI.party, 1)
    assert done(decided).due_at is None


def test_only_one_of_the_pair_can_be_kept() -> None:
    with pytest.raises(NotOfThePair) as refused:
        domain.merge(case(), "somebody-else", SIDES, (), BARAMATI, NOW)
    assert MAVIM.id in refused.value.sentence("mr")


def test_an_officer_of_another_block_decides_nothing_here() -> None:
    with pytest.raises(OutsideArea):
        domain.merge(case(), SAVITRI.id, SIDES, (), HAVELI, NOW)
    with pytest.raises(OutsideArea):
        domain.keep_apart(case(), None, SIDES, HAVELI, NOW)
    with pytest.raises(OutsideArea):
        domain.undo(merged(), "चूक", SIDES, HAVELI, NOW)


def test_what_is_merged_is_undone_before_it_is_decided_otherwise() -> None:
    with pytest.raises(MergedBefore):
        domain.merge(done(merged()), MAVIM.id, SIDES, (), PUNE, NOW)
    with pytest.raises(MergedBefore):
        domain.keep_apart(done(merged()), None, SIDES, PUNE, NOW)
    undone = domain.undo(done(merged()), "दोन वेगळे गट आहेत", SIDES, PUNE, NOW).state
    assert (undone.status, undone.due_at, undone.words) == (CaseStatus.UNDONE, NOW, "दोन वेगळे गट आहेत")
    assert domain.merge(done(undone), MAVIM.id, SIDES, (), PUNE, NOW).state.kept == MAVIM.id


def test_keeping_apart_is_remembered_and_can_be_taken_back() -> None:
    apart = domain.keep_apart(case(), "शेजारच्या दोन गल्ल्या", SIDES, BARAMATI, NOW).state
    assert (apart.status, apart.words, apart.due_at) == (CaseStatus.APART, "शेजारच्या दोन गल्ल्या", None)
    with pytest.raises(KeptApartBefore):
        domain.keep_apart(apart, None, SIDES, BARAMATI, NOW)
    reopened = domain.undo(apart, "पुन्हा पाहू", SIDES, BARAMATI, NOW).state
    assert (reopened.status, reopened.words) == (CaseStatus.OPEN, "पुन्हा पाहू")
    with pytest.raises(NothingDecided):
        domain.undo(case(), "काहीच ठरले नव्हते", SIDES, BARAMATI, NOW)


def test_two_that_became_one_through_others_are_not_merged_again() -> None:
    with pytest.raises(OneByNow):
        domain.merge(case(), SAVITRI.id, (SAVITRI, SAVITRI), (), BARAMATI, NOW)
    with pytest.raises(OneByNow):
        domain.keep_apart(case(), None, (SAVITRI, SAVITRI), BARAMATI, NOW)


def test_what_the_kept_id_stands_for_is_what_stays() -> None:
    stands = replace(MAVIM, id="nulm-9", programme="nulm", code="N-9")
    sides = tuple(stands if side.id == MAVIM.id else side for side in SIDES)
    decided = domain.merge(case(), MAVIM.id, (sides[0], sides[1]), (), BARAMATI, NOW).state
    assert (decided.kept, decided.absorbed) == ("nulm-9", SAVITRI.id)


def test_only_her_own_pair_is_merged_though_it_was_kept_apart_and_what_was_said_then_is_said_no_more() -> None:
    apart = domain.keep_apart(case(), "शेजारच्या दोन गल्ल्या", SIDES, BARAMATI, NOW).state
    with pytest.raises(StandApart, match="case-9"):
        domain.merge(case(), SAVITRI.id, SIDES, (replace(apart, id="case-9"),), BARAMATI, NOW)
    merged_ = domain.merge(apart, SAVITRI.id, SIDES, (apart,), BARAMATI, NOW).state
    assert (merged_.status, merged_.words) == (CaseStatus.MERGED, None)


def test_who_holds_others_or_is_closed_is_named_before_anything_is_written() -> None:
    third = replace(MAVIM, id="nulm-9", programme="nulm", code="N-9")
    holding = absorb(MAVIM, third).state
    sides = tuple(holding if side.id == MAVIM.id else side for side in SIDES)
    with pytest.raises(HoldsOthers):
        domain.merge(case(), SAVITRI.id, (sides[0], sides[1]), (), BARAMATI, NOW)
    closed = tuple(replace(side, active=side.id != SAVITRI.id) for side in SIDES)
    with pytest.raises(NotActive):
        domain.merge(case(), SAVITRI.id, (closed[0], closed[1]), (), BARAMATI, NOW)


def test_a_worker_that_wakes_after_a_newer_decision_has_that_one_done_over() -> None:
    later = NOW + timedelta(minutes=5)
    undone = done(domain.undo(done(merged()), "चूक झाली", SIDES, PUNE, NOW).state)
    assert undone.due_at is None
    assert domain.ended(undone, 1, later).state.due_at == later
    late = domain.refused(undone, 1, later).state
    assert (late.status, late.due_at) == (CaseStatus.UNDONE, later)


def test_a_merge_that_turned_out_impossible_leaves_the_case_as_it_was() -> None:
    assert domain.refused(merged(), 1, NOW).state.status is CaseStatus.OPEN
    undone = done(domain.undo(done(merged()), "चूक झाली", SIDES, PUNE, NOW).state)
    again = domain.merge(undone, SAVITRI.id, SIDES, (), PUNE, NOW).state
    assert domain.refused(again, 3, NOW).state.status is CaseStatus.UNDONE


def test_a_merge_that_turned_out_impossible_leaves_what_was_said_before_it() -> None:
    assert replace(domain.refused(merged(), 1, NOW).state, turn=0) == case()
    apart = domain.keep_apart(case(), "शेजारच्या दोन गल्ल्या", SIDES, BARAMATI, NOW).state
    later = NOW + timedelta(minutes=5)
    again = domain.refused(domain.merge(apart, SAVITRI.id, SIDES, (), PUNE, later).state, 2, later).state
    assert (again.status, again.words, again.kept) == (CaseStatus.APART, "शेजारच्या दोन गल्ल्या", None)
    assert (again.decided_by, again.decided_at) == (BARAMATI.party, NOW)


def test_an_undo_of_groups_that_are_not_the_merged_ones_any_more_is_asked_again() -> None:
    third = replace(MAVIM, id="nulm-9", programme="nulm", code="N-9")
    with pytest.raises(ChangedMeanwhile):
        domain.undo(done(merged()), "चूक झाली", (SAVITRI, third), PUNE, NOW)


def test_a_case_of_an_earlier_release_is_read_as_todays() -> None:
    kept = {"_id": case().id, "tenant": "27", **DoubleDocument.of(merged())}
    earlier = {**kept, "block": "4512", "local_body": None, "before": "apart"}
    assert DoubleDocument.state(earlier) == replace(merged(), before=Verdict(status=CaseStatus.APART))


def test_what_another_merge_made_one_waits_for_nobody_until_that_is_undone() -> None:
    hidden = domain.cover(case(), "case-9").state
    assert hidden.covered_by == "case-9"
    assert domain.cover(hidden, "case-10").state.covered_by == "case-9"
    assert domain.uncover(hidden, "case-10").state.covered_by == "case-9"
    assert domain.uncover(hidden, "case-9").state.covered_by is None
    assert domain.cover(merged(), "case-9").state.covered_by is None


def test_a_changed_record_gives_a_waiting_case_another_score_and_a_decided_one_none() -> None:
    today = Likeness(score=72, reasons=("similar_name",))
    assert domain.looked_again(case(), today, *SIDES).state.score == 72
    assert domain.looked_again(merged(), today, *SIDES).state.score == case().score


def test_a_waiting_case_for_which_nothing_speaks_is_closed_until_something_does() -> None:
    closed = domain.looked_again(case(), None, *SIDES).state
    assert (closed.status, closed.score, closed.reasons, domain.said(closed)) == (CaseStatus.CLOSED, 0, (), None)
    assert domain.looked_again(closed, domain.said(case()), *SIDES).state == case()
    undone = done(domain.undo(done(merged()), "चूक झाली", SIDES, PUNE, NOW).state)
    assert domain.looked_again(undone, None, *SIDES).state == undone


@pytest.mark.parametrize("stood", [case, merged])
def test_a_case_lies_where_both_of_its_records_lie_today_decided_or_not(stood: Callable[[], Double]) -> None:
    town = replace(MAVIM, district="484", block=None, local_body="251536")
    for one, other in ((SAVITRI, town), (town, SAVITRI)):
        moved = domain.looked_again(stood(), None, one, other).state
        assert (moved.districts, moved.blocks, moved.local_bodies) == (("484", "490"), ("4512",), ("251536",))


def test_a_case_comes_back_from_its_document_as_it_went_in() -> None:
    for state in (case(), merged(), domain.cover(case(), "case-9").state):
        assert DoubleDocument.state({"_id": state.id, "tenant": "27", **DoubleDocument.of(state)}) == state
