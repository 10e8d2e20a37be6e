"""Numbers of a list in notify's real database: again it writes nothing, and her own number stays."""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from services.notify.contacts.domain import Contact, contact_id
from services.notify.groups.domain import KnownGroup
from services.notify.imports.commands import numbers
from services.notify.wiring import SERVICE
from shared import clock
from shared.aggregates import first_kept
from shared.contracts.catalog import group_id
from shared.decisions import Decision
from shared.imports import commands
from shared.imports.commands import HeldImport, of_file
from shared.imports.domain import PATIENCE, File, Import
from shared.imports.report import report
from shared.imports.taking import Counts, Run, Taken
from shared.imports.worker import work_once
from shared.lists.problems import DateCell
from shared.lists.rows import BadRow, Row
from shared.scope import Caller, Role, Scope
from tests.integration.houses import House, house
from tests.integration.sms_parties import SECRET
from tests.integration.test_notify import NOWHERE

STATE = Scope(tenant="27", role=Role.ADMIN, party="operator")
RUN = Run(import_id="list", number=1, programme="umed", scope=STATE)
BLOCK = Scope(tenant="27", role=Role.BLOCK_OFFICER, party="officer", district="490", block="4187")


@pytest.fixture
async def notify() -> AsyncIterator[House]:
    async with house(SERVICE, sms_provider_url=NOWHERE, sms_callback_secret=SECRET) as found:
        yield found


def row(number: int, phone: str = "", line: int = 0, **cells: str) -> Row:
    told = {"code": f"U27-{number}", "district": "490", "block": "4187", "phone": phone or f"90001{number:05d}"}
    return Row(line or number + 1, {**told, **cells}, "umed.csv")


def of(number: int) -> str:
    return group_id("27", "umed", f"U27-{number}")


async def take(house_: House, rows: Sequence[Row], run: Run = RUN) -> Taken:
    return await numbers(house_.running).take(rows, run)


async def versions(house_: House) -> dict[str, Any]:
    found = house_.running.database.collection("contacts").find({}, {"version": 1, "phone": 1})
    return {doc["_id"]: (doc["version"], doc["phone"]) async for doc in found}


ROWS = [row(number) for number in range(1, 301)]


async def test_the_same_list_again_writes_nothing(notify: House) -> None:
    assert (await take(notify, ROWS)).counts == Counts(new=300)
    first = await versions(notify)
    assert (await take(notify, ROWS, replace(RUN, number=2))).counts == Counts(unchanged=300)
    assert await versions(notify) == first


async def test_a_batch_that_is_taken_again_after_a_death_says_the_same(notify: House) -> None:
    await take(notify, ROWS[:200], replace(RUN, import_id="older"))
    newer = [row(number, "9000999999") for number in range(1, 101)] + ROWS[100:]
    expected = Counts(changed=100, unchanged=100, new=100)
    assert (await take(notify, newer)).counts == expected
    first = await versions(notify)
    assert (await take(notify, newer)).counts == expected
    assert await versions(notify) == first


async def test_her_own_number_stays_and_is_counted(notify: House) -> None:
    claims: dict[str, Any] = {"sub": "savita", "groups": [of(1)]}
    own = {"language": "mr", "phone": "9823456789"}
    await notify.write("PUT", f"/v1/contacts/{of(1)}", Role.GROUP_LEADER, own, **claims)
    assert (await take(notify, ROWS[:3])).counts == Counts(new=2, kept=1)
    await notify.write("PUT", f"/v1/contacts/{of(2)}", Role.GROUP_LEADER, own, sub="usha", groups=[of(2)])
    again = await take(notify, [row(n, "9000999999") for n in (1, 2, 3)], replace(RUN, number=2))
    assert again.counts == Counts(kept=2, changed=1)
    phones = {id_: phone for id_, (_, phone) in (await versions(notify)).items()}
    assert phones[contact_id("27", of(1))] == phones[contact_id("27", of(2))] == "+919823456789"
    assert phones[contact_id("27", of(3))] == "+919000999999"


async def test_a_group_twice_in_a_list_has_the_first_number_also_the_next_time(notify: House) -> None:
    twice = [row(1), row(1, "9000999999", line=9), row(2, "-"), row(2, line=11)]
    for run, expected in ((RUN, Counts(new=2, repeated=1)), (replace(RUN, number=2), Counts(unchanged=2, repeated=1))):
        taken = await take(notify, twice, run)
        assert taken.counts == expected
        assert [(bad.line, bad.problem.code) for bad in taken.bad] == [(3, "NotAMobileNumber")]
    assert (await versions(notify))[contact_id("27", of(1))][1] == "+919000100001"


async def test_rows_an_earlier_try_took_are_known_to_the_next(notify: House) -> None:
    taker = numbers(notify.running)
    taker.remember([row(1), row(2, "नाही")], RUN)
    taken = await taker.take([row(1, "9000999999", line=9), row(2, line=10)], RUN)
    assert taken.counts == Counts(repeated=1, new=1)


async def test_a_rehearsal_says_the_same_and_writes_nothing(notify: House) -> None:
    await take(notify, ROWS[:10])
    before = await versions(notify)
    rows = [row(1), row(2, "9000999999"), row(11), row(12, "12345")]
    taken = await take(notify, rows, replace(RUN, number=2, dry_run=True))
    assert (taken.counts, len(taken.bad)) == (Counts(unchanged=1, changed=1, new=1), 1)
    assert await versions(notify) == before


async def test_a_block_officer_sets_no_number_of_a_group_elsewhere_whatever_her_list_says(notify: House) -> None:
    elsewhere = KnownGroup(id=of(1), tenant="27", district="491", block="4200")
    await first_kept(notify.stores[KnownGroup], of(1), elsewhere)
    await entered(notify, 2)
    rows = [row(1), row(2), row(3, block="4200")]
    taken = await take(notify, rows, replace(RUN, scope=BLOCK))
    assert taken.counts == Counts(new=1)
    assert sorted((bad.line, bad.problem.code) for bad in taken.bad) == [(2, "OutsideArea"), (4, "OutsideArea")]
    assert list(await versions(notify)) == [contact_id("27", of(2))]


async def entered(house_: House, number: int) -> None:
    near = KnownGroup(id=of(number), tenant="27", district="490", block="4187")
    await first_kept(house_.stores[KnownGroup], of(number), near)


async def test_of_a_group_nobody_told_of_an_officer_sets_no_number_and_an_office_does(notify: House) -> None:
    taken = await take(notify, [row(1)], replace(RUN, scope=BLOCK))
    assert [(bad.line, bad.problem.code) for bad in taken.bad] == [(2, "GroupNotKnown")]
    assert await versions(notify) == {}
    assert (await take(notify, [row(1)], replace(RUN, scope=BLOCK, dry_run=True))).counts == Counts(new=1)
    assert (await take(notify, [row(1)])).counts == Counts(new=1)


async def test_a_row_of_another_state_is_that_of_a_group_here(notify: House) -> None:
    there = group_id("10", "umed", "U27-1")
    await first_kept(notify.stores[KnownGroup], there, KnownGroup(id=there, tenant="10", district="490", block="4187"))
    taken = await take(notify, [row(1)], replace(RUN, scope=BLOCK))
    assert [bad.problem.code for bad in taken.bad] == ["GroupNotKnown"]


async def test_numbers_that_come_before_their_groups_wait_for_them_a_little(notify: House) -> None:
    running, taker = notify.running, numbers(notify.running)
    by = Caller(scope=BLOCK, key="numbers", body="numbers")
    job = await commands.opened(running, "umed", "यादी", {}, by, dry_run=False)
    await commands.keep_file(
        running, taker, job, File(name="umed.csv", sha256="a"), [row(1), row(2)], replace(by, key="file")
    )
    await commands.start(running, job.id, replace(by, key="start"))
    await entered(notify, 1)
    assert await work_once(running, numbers)
    waits = await running[Import].get(job.id)
    assert (waits.done, waits.owner, waits.refused) == (0, None, None)
    long_ago = clock.now() - PATIENCE
    await running[Import].change(job.id, lambda one: Decision(replace(one, due_at=long_ago, started_at=long_ago)))
    assert await work_once(running, numbers)
    ended = await running[Import].get(job.id)
    assert (ended.status, ended.counts, ended.rules) == ("ended", Counts(new=1, bad=1), {"GroupNotKnown": 1})


async def test_contacts_kept_before_there_were_lists_are_persons_own(notify: House) -> None:
    contacts = notify.running.database.collection("contacts")
    id_ = contact_id("27", of(1))
    await first_kept(
        notify.stores[Contact], id_, Contact(id=id_, tenant="27", party=of(1), phone="+919823456789", language="mr")
    )
    await contacts.update_one({"_id": id_}, {"$set": {"schema": 1}, "$unset": {"listed": ""}})
    assert (await take(notify, [row(1)])).counts == Counts(kept=1)


async def test_the_report_of_refused_rows_shows_no_whole_number(notify: House) -> None:
    running = notify.running
    await entered(notify, 1)
    job = await of_file(running, "umed", "यादी.csv", "0" * 64, BLOCK)
    held = HeldImport(running, job, numbers(running))
    await held.claim()
    unread = BadRow(4, DateCell(field="phone", text="9823456123"), {"phone": "9823456123"}, "यादी.csv")
    await held.take([row(1), row(2, "9823456789", block="4200"), row(3, "98234567"), unread])
    ended = await held.end()
    assert ended.counts.bad == 3
    told = "".join([line async for line in report(running.database, ended, "mr")])
    assert [text for text in ("*******789", "*****567", "*******123") if text not in told] == []
    kept = str([doc async for doc in running.database.collection("import_bad_rows").find({}, {"_id": 0})])
    assert not re.search(r"[0-9]{8}", told + kept), kept
