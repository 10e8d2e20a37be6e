"""Lists on a disk that does not stand still, and reports that leave nothing behind."""

import asyncio
import csv
import gc
import os
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from rich.console import Console

from shared.imports.domain import Import
from shared.lists.problems import DateCell
from shared.lists.rows import Line
from shared.scope import Role, Scope
from tools.groups.halves import Fault, Pass
from tools.groups.importing import fed
from tools.groups.lists import ListChanged, Source, looked_at
from tools.groups.reporting import Report, beside
from tools.groups.showing import by_rule, jobs, to_mend

Change = Callable[[Path], None]
LIST = "code,name,district,block,phone\r\nU-1,सावित्री गट,490,4512,9000012345\r\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    target = tmp_path / "umed.csv"
    target.write_text(LIST, "utf-8", newline="")
    return target


@pytest.fixture
def titled(path: Path) -> Path:
    path.write_text("उमेद यादी\r\n" + LIST, "utf-8", newline="")
    return path


@pytest.fixture
def source(path: Path) -> Source:
    return looked_at(path, "umed", {})


def replaced(path: Path) -> None:
    other = path.with_name("other.csv")
    other.write_text(LIST.replace("U-1", "U-2"), "utf-8", newline="")
    os.utime(other, ns=(0, path.stat().st_mtime_ns))
    other.replace(path)


def written_to(path: Path) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write("U-2,जिजाऊ गट,490,4512,9000012346\r\n")


@pytest.mark.parametrize("change", [replaced, written_to])
def test_a_list_that_changed_since_it_was_looked_at_is_not_taken_for_it(
    path: Path, source: Source, change: Change
) -> None:
    change(path)
    for asks in (source.sha256, source.opened, source.require_same):
        with pytest.raises(ListChanged, match="was changed or replaced"):
            asks()


@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.write_bytes(b""), lambda path: path.write_text("x")])
def test_nor_one_that_is_gone_or_no_list_any_more(path: Path, source: Source, change: Change) -> None:
    change(path)
    for asks in (source.sha256, source.opened):
        with pytest.raises(ListChanged):
            asks()


def test_an_offices_own_name_is_no_report_of_ours(path: Path) -> None:
    ward = path.rename(path.with_name("ward-report-5.csv"))
    assert beside(looked_at(ward, "umed", {})).name == "ward-report-5-report.csv"


@pytest.mark.parametrize("change", [replaced, written_to, Path.unlink])
def test_nor_one_that_changes_while_it_is_read(path: Path, source: Source, change: Change) -> None:
    source.sha256()
    with source.opened() as opened:
        assert len(list(opened.rows())) == 1
        change(path)
    with pytest.raises(ListChanged):
        source.require_same()


def test_one_that_was_only_touched_or_copied_over_is_what_it_was(path: Path, source: Source) -> None:
    sha256 = source.sha256()
    os.utime(path, ns=(0, 0))
    source.require_same()
    with source.opened() as opened:
        assert len(list(opened.rows())) == 1
    assert source.sha256() == sha256


async def one_fault() -> AsyncIterator[Fault]:
    yield 0, DateCell(field="phone", text="-")


async def test_a_report_that_is_being_written_has_no_name_and_then_one_that_only_its_owner_reads(
    path: Path, source: Source
) -> None:
    report = Report(path.with_name("report.csv"), [source], "mr")
    while_written: list[list[Path]] = []

    async def watched() -> AsyncIterator[Fault]:
        async for fault in one_fault():
            yield fault
        while_written.append(sorted(path.parent.iterdir()))

    await report.write([(source, [watched()])])
    assert while_written == [[path]]
    assert report.out == path.with_name("report.csv")
    assert report.out.stat().st_mode & 0o777 == 0o600
    assert "9000012345" in report.out.read_text("utf-8")


async def test_a_report_takes_the_place_of_nothing_and_the_same_is_there_once(path: Path, source: Source) -> None:
    wanted = path.with_name("report.csv")
    for expected in ("report.csv", "report.csv"):
        again = Report(wanted, [source], "mr")
        await again.write([(source, [one_fault()])])
        assert again.out.name == expected
    wanted.write_text("mended", "utf-8")
    other = Report(wanted, [source], "mr")
    await other.write([(source, [one_fault()])])
    assert (other.out.name, wanted.read_text("utf-8")) == ("report-2.csv", "mended")


async def test_a_report_of_a_report_is_the_lists_next_and_tells_lines_of_the_one_that_was_sent(
    titled: Path,
) -> None:
    headers, sent = [], looked_at(titled, "umed", {})
    for name, file, line in (
        ("umed-report.csv", "umed.csv", "3"),
        ("umed-report-2.csv", "umed-report.csv", "2"),
        ("umed-report-3.csv", "umed-report-2.csv", "2"),
    ):
        report = Report(beside(sent), [sent], "mr")
        await report.write([(sent, [one_fault()])])
        with report.out.open(encoding="utf-8-sig", newline="") as written:
            (row,) = rows = csv.DictReader(written)
        headers.append(rows.fieldnames)
        assert (report.out.name, row["_file"], row["_line"]) == (name, file, line)
        assert (row["code"], row["phone"]) == ("U-1", "9000012345")
        sent = looked_at(report.out, "umed", {})
    assert headers == [headers[0]] * 3


@pytest.fixture
def collected() -> Iterator[None]:
    """An import collects garbage seldom; what comes after it in this process does not."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


class Looking:
    """A pass whose last word comes right before its end."""

    stage = (0, 0)

    async def take(self, lines: Sequence[Line]) -> None:
        """Kept nowhere."""

    async def end(self) -> None:
        self.stage = (551, 594)
        await asyncio.sleep(0)
        self.stage = (594, 594)


@pytest.mark.usefixtures("collected")
async def test_a_bar_that_ends_stands_at_its_end(source: Source) -> None:
    told: list[tuple[int, int]] = []
    await fed(source, [cast("Pass", Looking())], lambda *_: None, lambda *figures: told.append(figures))
    assert told[-1] == (594, 594)


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        (["code", "name"], "."),
        (["code", "phone"], ", there are phones in it."),
        (["code", "account"], ", there are accounts in it."),
        (["phone", "account"], ", there are phones and accounts in it."),
    ],
)
def test_a_report_is_to_be_deleted_for_what_is_in_it(columns: list[str], why: str) -> None:
    told = to_mend(Path("umed-report.csv"), columns)
    assert told == f"Mend these rows in umed-report.csv and import that file; then delete it{why}"


def test_a_wrong_number_alone_is_not_shown_as_a_row_that_was_not_entered() -> None:
    console = Console(width=100)
    with console.capture() as shown:
        console.print(by_rule({"NotAMobileNumber": 3, "BadCode": 1}))
    assert "NotAMobileNumber (the number only)" in shown.get()
    assert "BadCode (" not in shown.get()
    assert "not entered" not in shown.get()


def test_an_import_that_was_a_rehearsal_is_shown_as_one_and_no_speed_where_there_was_none() -> None:
    by = Scope(tenant="27", role=Role.ADMIN, party="p-1")
    real = Import(id="i-1", tenant="27", programme="umed", name="umed.csv", asked_by=by, status="ended")
    console = Console(width=160)
    with console.capture() as shown:
        console.print(jobs("groups", [real, replace(real, dry_run=True)]))
    lines = [line for line in shown.get().splitlines() if "umed.csv" in line]
    assert ["dry run, ended" in line for line in lines] == [False, True]
    assert all(line.split("│")[6].strip() == "" for line in lines)
