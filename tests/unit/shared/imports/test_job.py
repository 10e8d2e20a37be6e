"""What may become of an import, and what it says of its speed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.imports import domain, pace
from shared.imports.domain import LEASE, MOST_FILES, File, Import, ImportStarted, ImportTaken, ImportUnderWay, Step
from shared.imports.gone import ReportGone, require_report
from shared.imports.taking import Counts
from shared.scope import Role, Scope

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
KEEP = timedelta(days=90)
LATER = NOW + LEASE + timedelta(seconds=1)
OFFICER = Scope(tenant="27", role=Role.BLOCK_OFFICER, party="o-1", district="490", block="4510")
OPEN = Import(id="i-1", tenant="27", programme="umed", name="बारामती तालुका", asked_by=OFFICER, due_at=NOW + KEEP)


def file(name: str, rows: int = 10) -> File:
    return File(name=name, sha256=name * 3, rows=rows, blocks=1)


def step(rows: int, **counts: int) -> Step:
    return Step(rows=rows, counts=Counts(**counts), rules={}, places=frozenset({"4510"}))


@pytest.fixture
def waiting() -> Import:
    return domain.started(domain.with_file(OPEN, file("अ.csv", 1_000)).state, OFFICER, NOW).state


@pytest.fixture
def held(waiting: Import) -> Import:
    return domain.claimed(waiting, "w-1", NOW).state


def test_files_stand_in_the_order_of_their_names_and_one_of_a_name() -> None:
    job = OPEN
    for one in (file("ब.csv"), file("अ.csv"), file("ब.csv", 30)):
        job = domain.with_file(job, one).state
    assert [(one.name, one.rows) for one in job.files] == [("अ.csv", 10), ("ब.csv", 30)]
    assert job.total == 40
    assert domain.without_file(job, "ब.csv").state.total == 10


def test_an_import_holds_so_many_files_and_no_more() -> None:
    full = replace(OPEN, files=tuple(file(f"{number}.csv") for number in range(MOST_FILES)))
    assert len(domain.with_file(full, file("7.csv")).state.files) == MOST_FILES
    with pytest.raises(domain.TooManyFiles):
        domain.with_file(full, file("अ.csv"))


def test_nothing_starts_without_rows_and_no_file_comes_after_the_start(waiting: Import) -> None:
    with pytest.raises(domain.NothingToImport):
        domain.started(OPEN, OFFICER, NOW)
    assert domain.started(waiting, OFFICER, LATER).state == waiting
    with pytest.raises(ImportStarted):
        domain.with_file(waiting, file("ब.csv"))
    with pytest.raises(ImportStarted):
        domain.without_file(waiting, "अ.csv")


def test_the_area_is_that_of_the_start_and_stays_it(waiting: Import) -> None:
    moved = replace(OFFICER, block="4511")
    started = domain.started(domain.with_file(OPEN, file("अ.csv")).state, moved, NOW).state
    assert (started.scope, started.asked_by) == (moved, OFFICER)
    assert domain.started(started, OFFICER, LATER).state.scope == moved
    assert waiting.scope == OFFICER


def test_it_is_ones_until_the_lease_ends_or_she_is_known_to_be_dead(held: Import) -> None:
    with pytest.raises(ImportUnderWay):
        domain.claimed(held, "w-2", NOW)
    assert domain.claimed(held, "w-2", LATER).state.epoch == held.epoch + 1
    assert domain.claimed(held, "w-2", NOW, dead=True).state.owner == "w-2"


def test_who_was_overtaken_can_say_nothing_more(held: Import) -> None:
    other = domain.claimed(held, "w-2", LATER).state
    with pytest.raises(ImportTaken):
        domain.moved(other, held.epoch, step(5), LATER)
    with pytest.raises(ImportTaken):
        domain.staged(other, held.epoch, "compare", 1, 2, LATER)
    with pytest.raises(ImportTaken):
        domain.put_off(other, held.epoch, "CutOff", LATER)
    with pytest.raises(ImportTaken):
        domain.failed(other, held.epoch, "CutOff", LATER, KEEP)
    with pytest.raises(ImportTaken):
        domain.ended(other, held.epoch, LATER, KEEP)


def test_every_batch_moves_the_mark_adds_up_and_renews_the_lease(held: Import) -> None:
    job = domain.moved(held, held.epoch, step(500, new=490, bad=10), NOW).state
    job = domain.moved(job, held.epoch, step(500, new=100, repeated=400), LATER).state
    assert (job.done, job.counts) == (1_000, Counts(new=590, repeated=400, bad=10))
    assert job.due_at == LATER + LEASE


def test_an_import_is_cancelled_while_it_runs_but_not_when_it_is_over(held: Import) -> None:
    cancelled = domain.cancelled(held, NOW, KEEP).state
    assert (cancelled.status, cancelled.due_at) == ("cancelled", NOW + KEEP)
    with pytest.raises(ImportTaken):
        domain.moved(cancelled, held.epoch, step(5), NOW)
    with pytest.raises(ImportStarted):
        domain.cancelled(cancelled, NOW, KEEP)
    with pytest.raises(ImportTaken):
        domain.claimed(cancelled, "w-2", LATER)


def test_an_import_that_ended_looks_ended_however_long_ago_it_last_said_how_far_it_was(held: Import) -> None:
    comparing = domain.staged(held, held.epoch, "compare", 551, 594, NOW).state
    ended = domain.ended(comparing, held.epoch, NOW, KEEP).state
    assert (ended.status, ended.stage, ended.stage_done, ended.stage_total) == ("ended", "done", 0, 0)


def test_one_that_failed_is_over_keeps_what_was_taken_and_begins_again_when_its_list_is_there_again(
    held: Import,
) -> None:
    failed = domain.failed(held, held.epoch, "ListChanged", NOW, KEEP).state
    assert (failed.status, failed.refused, failed.due_at) == ("failed", "ListChanged", NOW + KEEP)
    with pytest.raises(ImportTaken):
        domain.claimed(failed, "w-2", LATER)
    again = domain.again(failed, 2, OFFICER, LATER).state
    assert (again.status, again.refused, again.number) == ("open", None, 2)


def test_a_list_that_was_imported_begins_again_as_the_next_pass_and_once(held: Import) -> None:
    ended = domain.ended(held, held.epoch, NOW, KEEP).state
    again = domain.again(ended, 2, OFFICER, NOW).state
    assert (again.number, again.done, again.counts, again.status) == (2, 0, Counts(), "open")
    assert again.epoch == held.epoch
    assert domain.again(again, 2, OFFICER, NOW).state == again


def test_after_its_time_it_may_be_forgotten_and_not_before(held: Import) -> None:
    after = NOW + KEEP
    ended = domain.ended(held, held.epoch, NOW, KEEP).state
    assert not domain.forgettable(ended, after - timedelta(seconds=1))
    assert domain.forgotten(ended, after).state.due_at is None
    assert domain.given_up(OPEN, NOW).state == OPEN
    assert domain.given_up(OPEN, after).state.status == "cancelled"
    assert domain.forgotten(held, after).state == domain.given_up(held, after).state == held


def test_a_report_whose_time_is_over_says_so_and_an_import_without_a_bad_row_has_none_to_lose(held: Import) -> None:
    after = NOW + KEEP
    ended = replace(domain.ended(held, held.epoch, NOW, KEEP).state, counts=Counts(new=3, bad=2))
    require_report(ended, after - timedelta(seconds=1), KEEP)
    require_report(replace(ended, counts=Counts(new=3)), after, KEEP)
    for gone in (ended, domain.forgotten(ended, after).state):
        with pytest.raises(ReportGone, match="90 days and are gone since 2027-02-21"):
            require_report(gone, after, KEEP)


def test_the_speed_is_that_since_it_was_taken_up(held: Import) -> None:
    resumed = replace(held, done=600, began_done=100, began_at=NOW, total=1_100)
    now = NOW + timedelta(seconds=10)
    assert pace.rate(replace(resumed, moved_at=now), now) == 50
    assert pace.seconds_left(resumed, now) == 10
    assert pace.seconds_left(replace(resumed, done=1_100), now) is None, "its rows are in; what comes then has no rate"


def test_too_few_rows_say_nothing_of_the_time_left(held: Import) -> None:
    now = NOW + timedelta(seconds=10)
    assert pace.seconds_left(replace(held, done=100), now) is None
    assert pace.seconds_left(replace(held, done=600, total=None), now) is None
    assert pace.rate(replace(held, began_at=None), now) is None
