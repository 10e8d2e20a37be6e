"""Lists of groups on a real MongoDB: every row once, however often it is sent and whoever died on the way."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import pytest

from services.catalog.groups.domain import Group, Listed
from services.catalog.imports.commands import Batch, Candidate, Groups, groups
from services.catalog.wiring import SERVICE
from shared.contracts.catalog import group_id
from shared.imports.commands import HeldImport, of_file
from shared.imports.domain import Import
from shared.imports.store import bad_rows
from shared.imports.taking import Counts, Run, Taken
from shared.lists.rows import BadRow, Row
from shared.scope import Role, Scope
from tests.integration.houses import House, house
from tests.unit.catalog.samples import BARAMATI, scope

MANAGER = scope(Role.MISSION_MANAGER)
OFFICER: dict[str, Any] = {"role": Role.BLOCK_OFFICER, "district": "490", "block": "4512"}
KEYS = f"k1:{'ab' * 16}"
WORDS = ("सावित्रीबाई", "रमाबाई", "जिजाऊ", "अहिल्याबाई", "मुक्ताई", "Shabari", "कल्पना", "प्रगती")


@pytest.fixture
async def registry() -> AsyncIterator[House]:
    async with house(SERVICE, account_keys=KEYS) as found:
        yield found


def row(number: int, line: int | None = None, **changed: str | None) -> Row:
    cells: dict[str, str | None] = {
        "code": f"U-{number:04}",
        "name": f"{WORDS[number % len(WORDS)]} महिला बचत गट",
        "district": "490",
        "block": "4512",
        "village": "माळेगाव बुद्रुक",
        "account": f"6011223344{number:04}",
        "phone": f"900000{number:04}",
        **changed,
    }
    kept = {field: text for field, text in cells.items() if text is not None}
    return Row(number + 2 if line is None else line, kept, "umed.csv")


ROWS = [row(number) for number in range(700)]


def run(number: int = 1, *, dry_run: bool = False, by: Scope = MANAGER) -> Run:
    return Run(import_id="list", number=number, programme="umed", scope=by, dry_run=dry_run)


async def take(registry: House, rows: Sequence[Row], of: Run | None = None, by: Groups | None = None) -> Taken:
    return await (by or groups(registry.running)).take(rows, of or run())


async def kept(registry: House) -> dict[str, Any]:
    found = registry.running.database.collection("groups").find()
    return {doc["_id"]: doc async for doc in found}


async def group(registry: House, number: int) -> Group:
    return await registry.running[Group].get(group_id("27", "umed", f"U-{number:04}"))


async def facts(registry: House, number: int) -> list[str]:
    return await registry.facts("groups", group_id("27", "umed", f"U-{number:04}"))


async def test_a_list_sent_again_is_no_rows_and_no_facts(registry: House) -> None:
    assert (await take(registry, ROWS)).counts == Counts(new=700)
    before = await kept(registry)
    assert len(before) == 700
    assert all(len(doc["outbox"]) == 1 for doc in before.values())
    again = await take(registry, ROWS, run(number=2))
    assert again.counts == Counts(unchanged=700)
    assert not again.places
    assert await kept(registry) == before


async def test_a_batch_taken_again_by_another_process_counts_as_it_did(registry: House) -> None:
    await take(registry, ROWS[:300], run())
    changed = [row(number, federation="जिजाऊ ग्रामसंघ") for number in range(100)]
    batch = [*changed, *ROWS[600:700]]
    first = await take(registry, batch, run(number=2))
    before = await kept(registry)
    again = await take(registry, batch, run(number=2))
    assert first.counts == again.counts == Counts(new=100, changed=100)
    assert first.places == again.places == {"4512"}
    assert await kept(registry) == before


async def test_a_batch_half_written_is_finished_and_counted_whole(registry: House) -> None:
    await take(registry, ROWS[:150], run())
    assert (await take(registry, ROWS[:400], run())).counts == Counts(new=400)
    assert len(await kept(registry)) == 400


async def test_a_batch_taken_again_reports_the_same_row_of_two_with_one_number(registry: House) -> None:
    """Its first row is bad; the second was written before the process died."""
    rows = [row(1, 2, name=None), row(1, 3)]
    first = await take(registry, rows)
    again = await take(registry, rows)
    told = [[(bad.line, bad.problem.code) for bad in taken.bad] for taken in (first, again)]
    assert told == [[(2, "NameMissing")]] * 2
    assert (first.counts.new, again.counts.new) == (1, 1)


async def test_rows_of_before_a_resume_are_still_met(registry: House) -> None:
    await take(registry, ROWS[:10])
    resumed = groups(registry.running)
    resumed.remember([*ROWS[:10], row(50, name=None)], run())
    batch = [row(3, line=90), row(4, line=91, village="सांगवी"), row(50, line=92)]
    taken = await take(registry, batch, by=resumed)
    assert taken.counts == Counts(new=1, repeated=1)
    assert [(bad.line, bad.problem.code) for bad in taken.bad] == [(91, "SameCodeTwice")]
    assert "line 6 of umed.csv" in str(taken.bad[0].problem)


async def test_of_two_rows_with_one_number_the_first_good_one_is_kept(registry: House) -> None:
    batch = [row(1, name=None), row(1, line=40), row(1, line=41), row(1, line=42, name="रमाई महिला गट")]
    taken = await take(registry, batch)
    assert taken.counts == Counts(new=1, repeated=1)
    assert [(bad.line, bad.problem.code) for bad in taken.bad] == [(3, "NameMissing"), (42, "SameCodeTwice")]
    assert (await group(registry, 1)).names.mr == "रमाबाई महिला बचत गट"


async def test_what_an_officer_mended_no_list_changes(registry: House) -> None:
    await take(registry, ROWS[:3])
    id_ = group_id("27", "umed", "U-0001")
    body = {"village": "सांगवी", "names": {"mr": "रमाबाई आंबेडकर महिला बचत गट"}}
    answer = await registry.write("PATCH", f"/v1/groups/{id_}", body=body, **OFFICER)
    assert answer.status_code == 200, answer.text
    newer = [row(1, village="पणदरे", federation="जिजाऊ ग्रामसंघ"), row(2, village="पणदरे")]
    assert (await take(registry, newer, run(number=2))).counts == Counts(changed=2)
    mended, other = await group(registry, 1), await group(registry, 2)
    assert (mended.village, mended.names.mr) == ("सांगवी", "रमाबाई आंबेडकर महिला बचत गट")
    assert mended.federation == "जिजाऊ ग्रामसंघ"
    assert other.village == "पणदरे"


async def test_of_a_place_an_officer_mended_no_list_changes_the_half(registry: House) -> None:
    await take(registry, ROWS[:2])
    id_ = group_id("27", "umed", "U-0001")
    answer = await registry.write(
        "PATCH", f"/v1/groups/{id_}", role=Role.DISTRICT_OFFICER, body={"block": "4515"}, district="490"
    )
    assert answer.status_code == 200, answer.text
    town = row(1, block=None, local_body="248077", federation="जिजाऊ वस्तीस्तर संघ")
    assert (await take(registry, [town], run(number=2))).counts == Counts(changed=1)
    mended = await group(registry, 1)
    assert (mended.district, mended.block, mended.local_body) == ("490", "4515", None)
    assert mended.federation == "जिजाऊ वस्तीस्तर संघ"


async def test_subscribers_hear_of_a_new_place_and_of_nothing_they_do_not_keep(registry: House) -> None:
    await take(registry, ROWS[:2])
    newer = [row(0, village="सांगवी"), row(1, block="4515")]
    taken = await take(registry, newer, run(number=2))
    assert taken.places == {"4512", "4515"}
    assert await facts(registry, 0) == ["1 group-registered"]
    assert await facts(registry, 1) == ["1 group-registered", "2 group-changed"]


async def test_a_row_that_says_what_stands_already_writes_nothing(registry: House) -> None:
    entry = {"programme": "umed", "code": "U-0001", "names": {"mr": "रमाबाई महिला बचत गट"}, "district": "490"}
    answer = await registry.write("POST", "/v1/groups", body={**entry, "block": "4512"}, **OFFICER)
    assert answer.status_code == 201, answer.text
    before = await kept(registry)
    same = row(1, village=None, account=None)
    assert (await take(registry, [same])).counts == Counts(unchanged=1)
    assert await kept(registry) == before


async def test_a_dry_run_counts_as_the_run_would_and_writes_nothing(registry: House) -> None:
    await take(registry, ROWS[:50])
    before = await kept(registry)
    batch = [*ROWS[:40], row(45, village="सांगवी"), *ROWS[60:80], row(61, line=900), row(70, line=901, code=None)]
    dry = await take(registry, batch, run(number=2, dry_run=True))
    assert await kept(registry) == before
    wet = await take(registry, batch, run(number=3))
    assert dry.counts == wet.counts == Counts(new=20, changed=1, unchanged=40, repeated=1)
    assert [bad.problem.code for bad in dry.bad] == [bad.problem.code for bad in wet.bad] == ["CodeMissing"]


async def test_an_officers_list_takes_no_group_out_of_anothers_area(registry: House) -> None:
    await take(registry, [row(1, block="4515")])
    taken = await take(registry, [row(1), row(2), row(3, block="4515")], run(number=2, by=BARAMATI))
    assert taken.counts == Counts(new=1)
    assert sorted((bad.line, bad.problem.code) for bad in taken.bad) == [(3, "OutsideArea"), (5, "OutsideArea")]
    assert (await group(registry, 1)).block == "4515"


@pytest.mark.parametrize("dry_run", [True, False])
async def test_whether_a_row_of_another_area_is_as_it_was_is_told_to_nobody(registry: House, dry_run: bool) -> None:
    """Else an officer of elsewhere could try out accounts until a row is unchanged."""
    await take(registry, [row(1), row(2)])
    stranger = scope(Role.BLOCK_OFFICER, district="490", block="4511")
    taken = await take(registry, [row(1), row(2)], run(2, dry_run=dry_run, by=stranger))
    assert [bad.problem.code for bad in taken.bad] == ["OutsideArea"] * 2
    assert taken.counts.unchanged == 0


async def test_a_group_somebody_enters_meanwhile_gets_what_the_list_says(registry: House) -> None:
    """It was not there when it was looked up, and is there when it is written."""
    entry = {"programme": "umed", "code": "U-0001", "names": {"mr": "शबरी महिला बचत गट"}, "district": "490"}

    class Overtaken(Batch):
        async def sort(self, one: Candidate, before: Mapping[str, Listed | None]) -> None:
            await super().sort(one, before)
            if one.row == ROWS[1]:
                answer = await registry.write("POST", "/v1/groups", body={**entry, "block": "4512"}, **OFFICER)
                assert answer.status_code == 201, answer.text

    batch = Overtaken(groups(registry.running), run())
    for one in ROWS[:3]:
        batch.read(one)
    await batch.write()
    assert batch.counts == {"new": 2, "changed": 1}
    assert (await group(registry, 1)).names.mr == "रमाबाई महिला बचत गट"
    assert await facts(registry, 1) == ["1 group-registered"]


async def imported(registry: House, rows: Sequence[Row | BadRow], sha256: str = "ab") -> Import:
    job = await of_file(registry.running, "umed", "umed.csv", sha256, MANAGER)
    held = HeldImport(registry.running, job, groups(registry.running))
    await held.claim(len(rows))
    for at in range(0, len(rows), 100):
        await held.take(rows[at : at + 100])
    return await held.end()


async def test_a_whole_list_is_counted_reported_and_compared(registry: House) -> None:
    twin = row(900, account="60112233440001", village="माळेगाव")
    rows = [*ROWS[:250], row(300, district="Chanda"), row(301, account="1234"), twin, row(7, line=800)]
    ended = await imported(registry, rows)
    assert ended.counts == Counts(new=251, repeated=1, bad=2)
    assert ended.rules == {"UnknownPlace": 1, "NotAnAccount": 1}
    found = [bad async for _, bad in bad_rows(registry.running.database, ended)]
    assert "473 Chandrapur" in found[0].problem.sentence("mr")
    assert found[1].cells["account"] == "xxxx"
    pairs = [doc async for doc in registry.running.database.collection("doubles").find()]
    assert any("same_account" in pair["reasons"] for pair in pairs)
    again = await imported(registry, rows)
    assert (again.number, again.counts) == (2, Counts(unchanged=251, repeated=1, bad=2))
