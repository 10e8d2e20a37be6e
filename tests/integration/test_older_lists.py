"""Of two lists the newer one stays, whenever the process of the older one comes to write: on a real MongoDB."""

from collections.abc import Sequence
from typing import Any

from services.catalog.groups.domain import Group
from services.catalog.imports.commands import groups
from services.catalog.wiring import SERVICE as CATALOG
from services.notify.contacts.domain import Contact, contact_id
from services.notify.imports.commands import numbers
from services.notify.wiring import SERVICE as NOTIFY
from shared.contracts.catalog import group_id
from shared.imports.commands import HeldImport, of_file
from shared.imports.taking import Counts, Takers
from shared.lists.rows import Row
from shared.scope import Role, Scope
from tests.integration.houses import House, house
from tests.integration.sms_parties import SECRET
from tests.integration.test_notify import NOWHERE

MANAGER = Scope(tenant="27", role=Role.MISSION_MANAGER, party="manager")
FIRST = group_id("27", "umed", "U-1")


def a_list(village: str, phone: str) -> list[Row]:
    cells = {"name": "सावित्री महिला बचत गट", "district": "490", "block": "4512", "village": village, "phone": phone}
    return [Row(number + 1, {"code": f"U-{number}", **cells}, "umed.csv") for number in (1, 2)]


OCTOBER, NOVEMBER = a_list("माळेगाव", "9000100001"), a_list("सांगवी", "9000100002")


async def begun(here: House, taker_of: Takers, sha256: str) -> HeldImport:
    held = HeldImport(
        here.running, await of_file(here.running, "umed", "umed.csv", sha256, MANAGER), taker_of(here.running)
    )
    await held.claim()
    return held


async def imported(here: House, taker_of: Takers, rows: Sequence[Row], sha256: str) -> Any:
    held = await begun(here, taker_of, sha256)
    await held.take(rows)
    return await held.end()


async def test_a_batch_that_slept_writes_no_row_of_an_older_list_over_a_newer_one() -> None:
    async with house(CATALOG) as registry:
        older = await begun(registry, groups, "october")
        await older.take(OCTOBER[:1])
        await imported(registry, groups, NOVEMBER, "november")
        taken = await groups(registry.running).take(OCTOBER, older.run)
        assert taken.counts == Counts(kept=2)
        assert (await registry.running[Group].get(FIRST)).village == "सांगवी"
        newest = (await imported(registry, groups, OCTOBER, "october once more")).counts
        assert newest == Counts(changed=2)
        assert (await imported(registry, groups, OCTOBER, "october once more")).counts == Counts(unchanged=2)


async def test_nor_a_number_of_an_older_list() -> None:
    async with house(NOTIFY, sms_provider_url=NOWHERE, sms_callback_secret=SECRET) as notify:
        older = await begun(notify, numbers, "october")
        await imported(notify, numbers, NOVEMBER, "november")
        assert (await numbers(notify.running).take(OCTOBER, older.run)).counts == Counts(kept=2)
        contact = await notify.running[Contact].get(contact_id("27", FIRST))
        assert contact.phone == "+919000100002"
        assert (await imported(notify, numbers, OCTOBER, "october once more")).counts == Counts(changed=2)


async def test_an_import_that_is_gone_on_with_is_no_newer_for_it() -> None:
    async with house(CATALOG) as registry:
        older = await begun(registry, groups, "october")
        await imported(registry, groups, NOVEMBER, "november")
        await registry.running.database.collection("imports").update_one(  # its holder is gone
            {"_id": older.job.id}, {"$set": {"owner": None}}
        )
        assert (await imported(registry, groups, OCTOBER, "october")).counts == Counts(kept=2)
