"""The command that imports lists, in real databases: both halves or neither, again nothing, phones in one place."""

import asyncio
import csv
import json
import os
import re
import secrets
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from shared.mongo import Database, connect
from tests.processes import Spawned, spawn, until
from tools.seed.state.making import made

SCALE, SEED = 0.002, 7
KEYS = "k1:00112233445566778899aabbccddeeff"
PHONE = re.compile(r"9000\d{6}")
BETWEEN = (
    "import.after_rows=kill@2",
    "import.after_rows=kill@3",
    "import.after_mark=kill@1",
    "import.before_end=kill@2",
)
"""Where a process dies: in one half, while the other one is at another point."""


@dataclass(frozen=True)
class Desk:
    folder: Path
    namespace: str
    catalog: Database
    notify: Database

    def begin(self, *arguments: str, fault: str = "") -> Spawned:
        unsafe = {"ALLOW_UNSAFE": "1", "FAULT_POINTS": fault} if fault else {}
        named = {"NAMESPACE": self.namespace, "PROFILE": "local", "ACCOUNT_KEYS": KEYS, **unsafe}
        return spawn("tools.groups", *arguments, environment=named)

    async def run(self, *arguments: str, fault: str = "") -> tuple[int, str]:
        process = self.begin(*arguments, fault=fault)
        return await process.ended(), process.text()

    async def imports(self, *arguments: str, fault: str = "", file: str = "umed.csv") -> tuple[int, str]:
        report = ("--report", str(self.folder / "report.csv"))
        return await self.run(
            "import", str(self.folder / file), "--programme", "umed", *report, *arguments, fault=fault
        )

    def reported(self) -> list[dict[str, str]]:
        with (self.folder / "report.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    async def kept(self) -> dict[str, Any]:
        """Every document of both halves by version, and how many facts there are to tell."""
        found: dict[str, Any] = {}
        for database, name in ((self.catalog, "groups"), (self.notify, "contacts")):
            async for doc in database.collection(name).find({}, {"version": 1, "sequence": 1}):
                found[f"{name} {doc['_id']}"] = (doc["version"], doc["sequence"])
        return found


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Needs MONGODB_URI and KAFKA_BOOTSTRAP_SERVERS; its databases are dropped at the end."""
    made("27", SCALE, SEED, tmp_path, lambda *_: None)
    namespace = f"g{secrets.token_hex(4)}-"
    catalog, notify = [await connect(os.environ["MONGODB_URI"], f"{namespace}{name}") for name in ("catalog", "notify")]
    yield Desk(tmp_path, namespace, catalog, notify)
    for database in (catalog, notify):
        await database.client.drop_database(database.db.name)
        await database.client.close()


def answers(desk: Desk) -> dict[str, Any]:
    return dict(json.loads((desk.folder / "answers.json").read_text(encoding="utf-8"))["files"]["umed.csv"])


async def test_a_death_between_the_halves_loses_neither(desk: Desk) -> None:
    for fault in BETWEEN:
        code, shown = await desk.imports("--yes", fault=fault)
        assert code < 0, shown
    code, shown = await desk.imports("--yes")
    assert code == 1, shown
    right = answers(desk)
    kept = await desk.kept()
    assert sum(name.startswith("groups") for name in kept) == right["good"]
    assert sum(name.startswith("contacts") for name in kept) == right["contacts"]["good"]
    assert all(kept[f"groups {name.rpartition(':')[2]}"] for name in kept if name.startswith("contacts"))
    assert {version for version, _ in kept.values()} == {1}

    code, shown = await desk.imports("--yes")
    assert (code, await desk.kept()) == (1, kept), shown
    assert "unchanged" in shown


async def test_the_report_names_line_rule_and_fix_and_can_be_mended_and_sent_again(desk: Desk) -> None:
    code, shown = await desk.imports("--yes", "--language", "mr")
    assert code == 1, shown
    right, rows = answers(desk), desk.reported()
    registry = {row["_line"]: row["_rule"] for row in rows if row["_rule"] != "NotAMobileNumber"}
    assert registry == right["bad"]
    phones = [row for row in rows if row["_rule"] == "NotAMobileNumber"]
    assert [int(row["_line"]) for row in phones] == right["bad_phones"]
    assert {row["_fix"].partition(":")[0] for row in phones} == {"phone"}
    assert (desk.folder / "report.csv").stat().st_mode & 0o077 == 0

    with (desk.folder / "mended.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows({**row, "मोबाईल क्रमांक": f"98234567{at:02d}"} for at, row in enumerate(phones))
    before = await desk.kept()
    code, shown = await desk.imports("--yes", file="mended.csv")
    assert code == 0, shown
    assert len(await desk.kept()) == len(before) + len(phones)
    assert not list(desk.folder.glob("report-*.csv")), "without a bad row there is no report"

    report = desk.folder / "report.csv"
    report.write_bytes(by_hand := report.read_bytes().replace(b",4", b",5", 1))
    code, shown = await desk.imports("--yes", "--language", "mr")
    assert (code, report.read_bytes()) == (1, by_hand), shown
    assert "report-2.csv" in shown
    unmended = [row["_line"] for row in rows if row["_rule"] in {"SameCodeTwice", "TooFewCells", "TooManyCells"}]
    (desk.folder / "again.csv").write_bytes((desk.folder / "report-2.csv").read_bytes())
    code, shown = await desk.imports("--yes", file="again.csv")
    assert code == 1, shown
    assert shown.count("NotMended") == 1
    assert len(unmended) == len({*unmended}) > 1
    assert len(await desk.kept()) == len(before) + len(phones), "what nobody mended goes in nowhere"


async def test_a_rehearsal_and_a_question_nobody_answers_write_nothing_anywhere(desk: Desk) -> None:
    code, shown = await desk.imports()
    assert (code, "--yes" in shown) == (2, True), shown
    code, shown = await desk.imports("--dry-run")
    assert (code, len(desk.reported())) == (1, len(answers(desk)["bad"]) + len(answers(desk)["bad_phones"])), shown
    for database in (desk.catalog, desk.notify):
        assert set(await database.db.list_collection_names()) == {"incarnation"}


HEADER = "code,name,district,block,account,ifsc,phone\r\n"
ROWS = (
    "U-{},सावित्री गट,490,4512,601122334455{}6,ZZHB0042770,90000123{}5\r\n",
    "U-{},सावित्री गट,490,4512,601122334455{}6,,90000123{}5\r\n",
    "U-{},जिजाऊ महिला गट,490,4512,601122334455{}6,,90000124{}5\r\n",
    "U-{},जिजाऊ महिला गट,490,9999,601122334455{}6,,900{}\r\n",
)
"""As it was; without the branch, which is not kept; another name and phone; in no block."""
PILES = (("00", "01", "02", "13", "24", "05"), ("10", "21", "12", "03", "24", "35", "06"), ("20", "01", "22", "07"))
"""Lists: of each row which of those it is, and whose."""


def figures(shown: str) -> list[tuple[str, ...]]:
    return re.findall(r"│ (new|changed|unchanged|repeated|kept|skipped|bad) +│ +([\d,]+) +│ +([\d,]+) +│", shown)


async def test_a_rehearsal_of_several_lists_tells_the_figures_of_their_import(desk: Desk) -> None:
    names = [desk.folder / f"{at}.csv" for at, _ in enumerate(PILES)]
    for path, pile in zip(names, PILES, strict=True):
        path.write_text(HEADER + "".join(ROWS[int(row[0])].format(*[row[1]] * 3) for row in pile), "utf-8", newline="")
    first, second, third = map(str, names)
    for order in ((first, second, third), (third, first), (second, third, first)):
        told = ("import", *order, "--programme", "umed", "--report", str(desk.folder / "report.csv"))
        _, rehearsed = await desk.run(*told, "--dry-run")
        _, done = await desk.run(*told, "--yes")
        assert figures(done)
        assert figures(rehearsed) == figures(done), rehearsed + done


async def test_phones_and_accounts_are_in_no_other_place(desk: Desk) -> None:
    code, shown = await desk.imports("--yes")
    assert code == 1
    assert not PHONE.search(shown)
    held = []
    for name in await desk.catalog.db.list_collection_names():
        held += [str(doc) async for doc in desk.catalog.collection(name).find({})]
    assert len(held) > answers(desk)["good"]
    assert not any(PHONE.search(doc) for doc in held)
    accounts = {row["बँक खाते क्रमांक"] for row in desk.reported() if re.fullmatch(r"\d{9,}", row["बँक खाते क्रमांक"])}
    assert accounts
    assert not [(account, doc) for doc in held for account in accounts if account in doc]
    for name in await desk.notify.db.list_collection_names():
        async for doc in desk.notify.collection(name).find({}):
            assert name in {"contacts", "import_bad_rows"} or not PHONE.search(str(doc)), name


async def test_a_wrong_mapping_is_seen_before_anything_is_written(desk: Desk) -> None:
    code, shown = await desk.imports("--yes", "--columns", "name=President", "--language", "en")
    assert (code, "President" in shown) == (2, True), shown
    code, shown = await desk.imports("--dry-run", "--columns", "village=समूहाचे नाव,name_mr=गाव")
    assert "name_mr" in shown
    assert await desk.kept() == {}


async def test_what_was_imported_can_be_asked_for_later(desk: Desk) -> None:
    await desk.imports("--yes", "--language", "mr")
    first = desk.reported()
    again = desk.folder / "again.csv"
    asked = ("report", str(desk.folder / "umed.csv"), "--programme", "umed", "--report", str(again), "--language", "mr")
    code, shown = await desk.run(*asked)
    assert code == 1, shown
    assert again.read_bytes() == (desk.folder / "report.csv").read_bytes()
    assert first
    code, shown = await desk.run("status")
    assert (code, shown.count("umed.csv")) == (0, 2), shown
    assert len(re.findall(r"\b20\d\d-\d\d-\d\d \d\d:\d\d\b", shown)) == 2, shown
    code, shown = await desk.run("rekey")
    assert (code, "k1" in shown) == (0, True), shown


async def stopped(process: Spawned) -> None:
    """Until it has frozen itself."""

    async def frozen() -> bool:
        return " T " in await asyncio.to_thread(Path(f"/proc/{process.pid}/stat").read_text, "utf-8")

    await until(frozen, what="the import is frozen")


async def test_a_list_that_changes_while_it_is_read_leaves_an_import_that_failed_and_says_so(desk: Desk) -> None:
    path = desk.folder / "umed.csv"
    process = desk.begin(
        "import", str(path), "--programme", "umed", "--yes", "--language", "en", fault="import.after_mark=stop@1"
    )
    await stopped(process)
    path.write_bytes(path.read_bytes() + b" ")
    process.send(signal.SIGCONT)
    code = await process.ended()
    assert (code, "was changed or replaced" in process.text()) == (2, True), process.text()
    code, shown = await desk.run("status")
    assert (code, shown.count("failed: umed.csv was changed")) == (0, 2), shown
    assert "running" not in shown
    code, shown = await desk.imports("--yes")
    assert (code, len(await desk.kept())) == (1, answers(desk)["good"] + answers(desk)["contacts"]["good"]), shown


async def test_a_list_that_is_gone_at_its_turn_takes_no_report_of_those_before_it_with_it(desk: Desk) -> None:
    first, second = desk.folder / "umed.csv", desk.folder / "two.csv"
    second.write_bytes(first.read_bytes())
    report = ("--programme", "umed", "--yes", "--report", str(desk.folder / "report.csv"), "--language", "en")
    process = desk.begin("import", str(first), str(second), *report, fault="import.after_mark=stop@1")
    await stopped(process)
    second.unlink()
    process.send(signal.SIGCONT)
    code = await process.ended()
    assert (code, "two.csv was changed or replaced" in process.text()) == (2, True), process.text()
    registry = {row["_line"]: row["_rule"] for row in desk.reported() if row["_rule"] != "NotAMobileNumber"}
    assert registry == answers(desk)["bad"]


async def test_a_list_whose_numbers_stand_under_another_programme_is_doubted_before_anything_is_written(
    desk: Desk,
) -> None:
    _, shown = await desk.imports("--yes")
    assert "right programme" not in shown
    kept = await desk.kept()
    again = ("import", str(desk.folder / "umed.csv"), "--programme")
    for programme, way, doubted in (
        ("mavim", ("--dry-run",), True),
        ("mavim", (), True),
        ("mavim", ("--yes",), True),
        ("umed", (), False),
    ):
        code, shown = await desk.run(*again, programme, *way)
        assert ("numbers already stand under umed" in shown) is doubted, shown
        assert ("repeat it with --sure" in shown) is (doubted and way != ("--dry-run",)), shown
        assert "--dry-run" in way or code == 2
    assert await desk.kept() == kept
    code, shown = await desk.run(*again, "mavim", "--yes", "--sure")
    assert (code, len(await desk.kept())) == (1, 2 * len(kept)), shown
    for programmes in (["mavim", "umed"], ["umed", "mavim"]):
        _, shown = await desk.run("status")
        assert re.findall(r"umed.csv\W+(umed|mavim)", shown) == programmes * 2, shown
        await desk.imports("--yes")


async def test_a_command_without_a_server_ends_as_one_that_could_not_be_done(desk: Desk) -> None:
    lists = (str(desk.folder / "umed.csv"), "--programme", "umed")
    away = {"MONGODB_URI": "mongodb://127.0.0.1:1", "PROFILE": "local", "ACCOUNT_KEYS": KEYS}
    for command in (("import", *lists, "--dry-run"), ("report", *lists), ("status",), ("rekey",)):
        process = spawn("tools.groups", *command, environment=away)
        assert await process.ended() == 2, process.text()
