"""Work on a large call: asked for, claimed, kept alive, ended; by one worker at a time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.stalls.calls.domain import Status
from services.stalls.draws import domain
from services.stalls.draws.api import ProgressView
from services.stalls.draws.commands import Seen
from services.stalls.draws.domain import Step, Work, WorkTaken
from services.stalls.draws.store import WorkDocument
from tests.unit.stalls.fairs import DRAWN
from tests.unit.stalls.small_fair import NOON, opened

NEW = Work(id="call-1", tenant="27")
LEASE = timedelta(seconds=15)


def claimed(work: Work, owner: str = "first", after: timedelta = timedelta()) -> Work:
    return domain.claimed(work, owner, NOON + after, NOON + after + LEASE).state


@pytest.fixture
def asked() -> Work:
    return domain.asked(NEW, NOON).state


def test_what_nobody_asked_for_is_nobodys(asked: Work) -> None:
    with pytest.raises(WorkTaken):
        claimed(NEW)
    assert claimed(asked).owner == "first"


def test_two_workers_never_hold_one_call_and_the_second_gets_it_when_the_first_is_silent(asked: Work) -> None:
    held = claimed(asked)
    with pytest.raises(WorkTaken):
        claimed(held, "second", LEASE - timedelta(seconds=1))
    assert claimed(held, "second", LEASE).epoch == held.epoch + 1


def test_who_was_frozen_and_wakes_up_is_told_to_stop(asked: Work) -> None:
    first = claimed(asked)
    second = claimed(first, "second", LEASE)
    later = NOON + LEASE * 2
    with pytest.raises(WorkTaken):
        domain.moved(second, first.epoch, None, later, later + LEASE)
    with pytest.raises(WorkTaken):
        domain.ended(second, first.epoch, 1, later)
    with pytest.raises(WorkTaken):
        domain.failed(second, first.epoch, "TextChanged", later)


def test_what_is_asked_while_a_worker_is_at_it_is_done_after(asked: Work) -> None:
    held = claimed(asked)
    again = domain.asked(held, NOON).state
    assert (again.owner, again.due_at) == ("first", held.due_at)
    ended = domain.ended(again, held.epoch, held.asked, NOON).state
    assert (ended.due_at, ended.ended_at) == (NOON, None)
    done = claimed(ended, "second")
    rests = domain.ended(done, done.epoch, done.asked, NOON).state
    assert (rests.due_at, rests.ended_at, rests.owner) == (None, NOON, None)
    with pytest.raises(WorkTaken):
        claimed(rests)


def test_a_heartbeat_without_progress_is_no_progress(asked: Work) -> None:
    held, later = claimed(asked), NOON + timedelta(seconds=5)
    some = domain.moved(held, 1, Step(stage="tell", done=500, total=2000), later, later + LEASE).state
    silent = domain.moved(some, 1, Step(stage="tell", done=500, total=2000), later + LEASE, later + LEASE * 2).state
    assert (silent.moved_at, silent.due_at) == (later, later + LEASE * 2)


def test_the_end_of_a_stage_follows_from_its_pace(asked: Work) -> None:
    held = claimed(asked)
    begun = domain.moved(held, 1, Step(stage="tell", done=0, total=2000), NOON, NOON + LEASE).state
    assert domain.eta(begun, NOON) is None
    later = NOON + timedelta(seconds=10)
    some = domain.moved(begun, 1, Step(stage="tell", done=500, total=2000), later, later + LEASE).state
    assert domain.eta(some, later) == NOON + timedelta(seconds=40)


def test_what_failed_rests_and_says_why_until_something_is_done_again(asked: Work) -> None:
    held = claimed(asked)
    rests = domain.failed(held, 1, "DrawFilesDamaged", NOON).state
    assert (rests.refused, rests.owner, rests.due_at) == ("DrawFilesDamaged", None, NOON + timedelta(seconds=30))
    again = claimed(rests, "second", timedelta(seconds=31))
    moved = domain.moved(again, 2, Step(stage="check", done=0, total=4), NOON, NOON + LEASE).state
    assert moved.refused is None


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.ANNOUNCED])
def test_only_what_has_begun_is_left_to_a_worker(status: Status) -> None:
    call = replace(opened(), status=status)
    begun = status in {Status.CLOSING, Status.DRAWING, Status.DRAWN}
    left = domain.left(call).state
    assert (left.due_at is None) == begun


def test_work_is_read_as_it_was_kept(asked: Work) -> None:
    held = claimed(asked)
    assert WorkDocument.state({"_id": held.id, "tenant": "27", **WorkDocument.of(held)}) == held


def test_how_many_were_told_stays_when_a_call_is_published() -> None:
    count = DRAWN.to_tell
    assert count > 0
    told = replace(DRAWN, status=Status.PUBLISHED, told=count)
    for call, stage, done in ((DRAWN, "tell", 0), (told, None, count)):
        seen = ProgressView.of(Seen(call=call, work=None))
        assert (seen.stage, seen.done, seen.total) == (stage, done, count)
