"""An import ends the same however often it died, and one process at a time holds it."""

import asyncio
import os
import re
import secrets
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from shared import clock
from shared.decisions import Decision
from shared.documents import Doc
from shared.imports import commands, domain, store
from shared.imports.commands import HeldImport, is_dead
from shared.imports.domain import File, Import, ImportStarted, ImportTaken, ImportUnderWay
from shared.imports.report import report
from shared.imports.worker import forget_once, work_once
from shared.lists.reading import digest, open_list
from shared.lists.rows import Line
from shared.reads import Paging
from shared.scope import Caller
from shared.service import Running
from tests.integration.kernel.jars import ADMIN, BATCH, TAKEN, Jars, a_list, imported, opened, shown

ROWS = 100
PHONE = re.compile(r"\b90000\d{5}\b")
POINTS = ["import.after_rows", "import.after_bad_rows", "import.after_mark", "import.before_end"]


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    found = await opened(f"jars{secrets.token_hex(4)}")
    yield found
    await found.database.client.drop_database(found.database.db.name)
    await found.database.client.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    target = tmp_path / "यादी.csv"
    target.write_text(a_list(ROWS), "utf-8")
    return target


async def bad(running: Running, job: Import) -> list[tuple[int, str]]:
    return [(row.line, row.problem.code) async for _, row in store.bad_rows(running.database, job)]


async def outcome(running: Running, job: Import) -> dict[str, Any]:
    jars = await running.database.collection("jars").find().sort("_id").to_list()
    return {**shown(job), "jars": [doc["_id"] for doc in jars], "bad": await bad(running, job)}


async def test_every_row_is_counted_once_and_every_bad_one_is_reported_with_its_line(
    running: Running, path: Path
) -> None:
    job = await imported(running, path)
    found = await outcome(running, job)
    assert found["rules"] == {"CrackedJar": 14, "TooManyCells": 1}
    assert (found["new"], found["repeated"], job.counts.bad) == (86, 8, 15)
    assert len(found["jars"]) == 86
    assert len(found["bad"]) == 15
    assert (21, "TooManyCells") in found["bad"]
    assert job.done == job.total == 86 + 8 + 15


@pytest.mark.parametrize("nth", [1, 4])
@pytest.mark.parametrize("point", POINTS)
async def test_killed_anywhere_it_is_gone_on_with_and_ends_the_same(
    running: Running, path: Path, point: str, nth: int
) -> None:
    other = await opened(f"jars{secrets.token_hex(4)}")
    expected = await outcome(other, await imported(other, path))
    await other.database.client.drop_database(other.database.db.name)
    planned = f"{point}=kill@{1 if point == 'import.before_end' else nth}"
    process = await program(running.database.db.name, path, FAULT_POINTS=planned)
    assert await process.wait() == -9, f"it never came to {point}"
    assert await outcome(running, await imported(running, path)) == expected


async def test_again_it_is_a_new_pass_with_nothing_new(running: Running, path: Path) -> None:
    first = await imported(running, path)
    second = await imported(running, path)
    assert (second.number, second.counts.new, second.counts.unchanged) == (2, 0, first.counts.new)
    assert await bad(running, first) == []
    assert len(await bad(running, second)) == 15


async def test_while_one_holds_it_another_hears_how_far_it_is_and_a_dead_one_is_followed_at_once(
    running: Running, path: Path
) -> None:
    job = await commands.of_file(running, "umed", path.name, digest(path), ADMIN)
    first = HeldImport(running, job, Jars(running))
    held = await first.claim()
    assert not is_dead(held.owner)
    with pytest.raises(ImportUnderWay, match="0 rows"):
        await HeldImport(running, held, Jars(running)).claim()
    gone = f"{commands.HERE.rpartition(':')[0]}:999999999/x"
    assert is_dead(gone)
    await running[Import].change(job.id, lambda one: Decision(replace(one, owner=gone)))
    known = await running[Import].get(job.id)
    second = HeldImport(running, known, Jars(running))
    assert (await second.claim()).epoch == held.epoch + 1
    with pytest.raises(ImportTaken):
        await first.take(rows(path)[:BATCH])
    await second.take(rows(path)[:BATCH])


def rows(path: Path) -> list[Line]:
    with open_list(path, path.name, "umed") as listed:
        return list(listed.rows())


def caller(key: str) -> Caller:
    return Caller(scope=ADMIN, key=key, body=key)


async def uploaded(running: Running, path: Path, *, dry_run: bool = False) -> Import:
    taker = Jars(running)
    job = await commands.opened(running, "umed", "यादी", {}, caller("open"), dry_run=dry_run)
    for name in ("ब.csv", "अ.csv"):
        file = File(name=name, sha256=digest(path))
        job = await commands.keep_file(running, taker, job, file, rows(path), caller(name))
    return await commands.start(running, job.id, caller("start"))


async def everything(running: Running) -> str:
    names = await running.database.db.list_collection_names()
    found: list[Doc] = [doc for name in names async for doc in running.database.collection(name).find()]
    return str(found)


async def test_what_was_uploaded_is_imported_by_a_worker_and_nothing_of_it_stays(running: Running, path: Path) -> None:
    job = await uploaded(running, path)
    assert job.total == 2 * (86 + 8 + 15)
    assert await running.database.collection(store.WAITING).count_documents({}) == 2
    assert await work_once(running, Jars)
    ended = await running[Import].get(job.id)
    assert (ended.status, ended.counts.new, ended.counts.repeated) == ("ended", 86, 86 + 2 * 8)
    assert await running.database.collection(store.WAITING).count_documents({}) == 0
    assert not await work_once(running, Jars)
    assert not PHONE.search(await everything(running)), "a phone is no business of jars"


async def test_a_frozen_worker_that_wakes_up_writes_nothing_of_the_job(running: Running, path: Path) -> None:
    job = await uploaded(running, path)
    frozen = HeldImport(running, job, Jars(running))
    await frozen.claim()
    await frozen.take(rows(path)[:BATCH])
    long_after = clock.now() + domain.LEASE + timedelta(seconds=1)
    claim = partial(domain.claimed, owner="another", now=long_after)
    taken = await running[Import].change(job.id, claim)
    frozen.job = replace(frozen.job, due_at=clock.now())
    before = await running.database.collection("jars").count_documents({})
    with pytest.raises(ImportTaken):
        await frozen.take(rows(path)[BATCH : 2 * BATCH])
    assert await running.database.collection("jars").count_documents({}) == before
    assert (await running[Import].get(job.id)).done == taken.done == BATCH


async def test_whoever_slept_and_was_not_missed_goes_on(running: Running, path: Path) -> None:
    slept = HeldImport(running, await uploaded(running, path), Jars(running))
    held = await slept.claim()
    slept.job = replace(held, due_at=clock.now() - domain.LEASE)
    await slept.take(rows(path)[:BATCH])
    assert (slept.job.done, slept.job.epoch) == (BATCH, held.epoch)


async def program(name: str, path: Path, **environment: str) -> asyncio.subprocess.Process:
    command = [sys.executable, "-m", "tests.integration.kernel.jars", name, str(path)]
    return await asyncio.create_subprocess_exec(*command, env={**os.environ, "ALLOW_UNSAFE": "1", **environment})


async def stopped(process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(30):
        while Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] != "T":  # noqa: ASYNC110, ASYNC240
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("point", POINTS)
async def test_a_process_that_was_stopped_and_goes_on_after_another_changes_nothing(
    running: Running, path: Path, point: str
) -> None:
    name = running.database.db.name
    frozen = await program(name, path, FAULT_POINTS=f"{point}=stop@1")
    try:
        await stopped(frozen)
        after_the_lease = str(domain.LEASE.total_seconds() + 1)
        assert await (await program(name, path, CLOCK_OFFSET_SECONDS=after_the_lease)).wait() == 0
        job = (await commands.listed(running, ADMIN, Paging())).items[0]
        expected = await outcome(running, job)
        frozen.send_signal(signal.SIGCONT)
        assert await frozen.wait() == TAKEN
        assert await outcome(running, await running[Import].get(job.id)) == expected
    finally:
        if frozen.returncode is None:
            frozen.kill()


async def test_two_processes_with_one_list_make_one_import(running: Running, path: Path) -> None:
    both = await asyncio.gather(imported(running, path), imported(running, path), return_exceptions=True)
    done = [one for one in both if isinstance(one, Import)]
    refused = [one for one in both if not isinstance(one, Import)]
    assert [type(one) for one in refused] == [ImportUnderWay]
    assert (done[0].number, done[0].counts.new) == (1, 86)
    assert (await commands.listed(running, ADMIN, Paging())).items == done


async def test_a_file_that_is_sent_again_takes_the_place_of_the_first(
    running: Running, path: Path, tmp_path: Path
) -> None:
    taker = Jars(running)
    job = await commands.opened(running, "umed", "यादी", {}, caller("open"), dry_run=False)
    first = File(name="अ.csv", sha256=digest(path))
    job = await commands.keep_file(running, taker, job, first, rows(path), caller("first"))
    other = tmp_path / "other.csv"
    other.write_text(a_list(5), "utf-8")
    second = File(name="अ.csv", sha256=digest(other))
    job = await commands.keep_file(running, taker, job, second, rows(other), caller("second"))
    assert [(file.sha256, file.rows) for file in job.files] == [(second.sha256, 6)]
    assert await running.database.collection(store.WAITING).count_documents({}) == 1
    await commands.start(running, job.id, caller("start"))
    with pytest.raises(ImportStarted):
        await commands.keep_file(running, taker, job, first, rows(path), caller("late"))
    assert await running.database.collection(store.WAITING).count_documents({}) == 1


async def test_after_its_time_an_import_keeps_its_counts_alone(running: Running, path: Path) -> None:
    ended = await imported(running, path)
    unused = await commands.opened(running, "umed", "यादी", {}, caller("open"), dry_run=False)
    file = File(name="अ.csv", sha256=digest(path))
    await commands.keep_file(running, Jars(running), unused, file, rows(path), caller("file"))
    await forget_once(running)
    assert len(await bad(running, ended)) == 15
    past = clock.now() - timedelta(seconds=1)
    for job in (ended, unused):
        await running[Import].change(job.id, lambda one: Decision(replace(one, due_at=past)))
    await forget_once(running)
    assert await bad(running, ended) == []
    assert await running.database.collection(store.WAITING).count_documents({}) == 0
    kept = await running[Import].get(ended.id)
    assert (kept.counts, kept.rules, kept.due_at) == (ended.counts, ended.rules, None)
    assert (await running[Import].get(unused.id)).status == "cancelled"
    assert await store.outdated(running.database, clock.now()) == []


async def test_a_late_repeat_of_an_older_upload_takes_no_row_of_the_newer_one(running: Running, path: Path) -> None:
    taker, lines = Jars(running), rows(path)
    job = await commands.opened(running, "umed", "यादी", {}, caller("open"), dry_run=False)
    first, second = (File(name="अ.csv", sha256=letter * 64) for letter in "ab")
    job = await commands.keep_file(running, taker, job, first, lines, caller("first"))
    job = await commands.keep_file(running, taker, job, second, lines, caller("second"))
    await commands.keep_file(running, taker, job, first, lines, caller("first"))
    await commands.start(running, job.id, caller("start"))
    assert await work_once(running, Jars)
    ended = await running[Import].get(job.id)
    assert (ended.status, ended.done) == ("ended", len(lines))


@pytest.mark.parametrize("cursor", ["", "0", "~", "00000000-0000-0000-0000-000000000000:1:0"])
async def test_a_cursor_from_outside_never_leads_to_the_bad_rows_of_others(
    running: Running, path: Path, cursor: str
) -> None:
    job = await imported(running, path)
    own = [id_ async for id_, _ in store.bad_rows(running.database, job)]
    for other in ("0:1:000000001", f"{job.id}0:1:000000001", "z:1:000000001"):
        row = {"_id": other, "file": "x", "line": 1, "code": "X", "said": {}, "cells": {"code": "theirs"}}
        await running.database.collection(store.BAD).insert_one(row)
    found = [id_ async for id_, _ in store.bad_rows(running.database, job, cursor)]
    assert set(found) <= set(own)
    assert found == ([] if cursor == "~" else own)


async def test_the_report_can_be_mended_and_read_again(running: Running, path: Path, tmp_path: Path) -> None:
    job = await imported(running, path)
    text = "".join([piece async for piece in report(running.database, job, "mr")])
    assert "तडकलेले" in text
    assert not PHONE.search(text)
    mended = tmp_path / "mended.csv"
    mended.write_text(text.replace(" तडा", ""), "utf-8")
    with open_list(mended, mended.name, "umed") as listed:
        again = list(listed.rows())
    assert len(again) == 15
    assert {line.cells["code"] for line in again} >= {f"J{number}" for number in range(6, ROWS, 7)}
