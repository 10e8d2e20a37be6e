"""Two programmes' lists, one group in both: imported, found, merged by an officer, heard of, and taken back."""

import csv
import io
import uuid
from collections import Counter
from typing import Any

import pytest

from tests.journeys.people import BARAMATI, PUNE, Body, Market, Person
from tests.journeys.topics import told_of
from tests.processes import until

HEADERS = ("SHG Code", "SHG Name", "District LGD Code", "Block LGD Code", "Village", "Account Number", "IFSC Code")
VILLAGES = ("माळेगाव बुद्रुक", "Malegaon Bk")
ENDED = {"ended", "failed", "cancelled"}


class Registry:
    """An officer's two lists. Each run has groups, villages and accounts of its own."""

    def __init__(self, market: Market) -> None:
        self.market, self.run = market, f"{uuid.uuid4().int % 10**8:08}"
        self.officer = market.person("block_officer", district=PUNE, block=BARAMATI)
        self.account = f"6{uuid.uuid4().int % 10**13:013d}"

    def row(self, programme: str, name: str, village: str, account: str = "") -> tuple[str, ...]:
        code, ifsc = f"{programme[0].upper()}-{self.run}-{len(name)}", "ZZHB0045120" if account else ""
        return code, name, PUNE, BARAMATI, f"{village} {self.run}", account, ifsc

    async def sends(self, programme: str, *rows: tuple[str, ...]) -> Body:
        """The finished import."""
        said = io.StringIO()
        csv.writer(said).writerows([HEADERS, *rows])
        job = await self.officer.does("POST", "/imports", {"programme": programme, "name": f"{programme} {self.run}"})
        path = f"/imports/{job['id']}"
        put = await self.officer.client.put(
            f"{path}/files/{programme}.csv",
            content=said.getvalue().encode(),
            headers={"Content-Type": "text/csv", "Idempotency-Key": str(uuid.uuid4())},
        )
        assert put.is_success, put.text
        await self.officer.does("POST", f"{path}/start")
        seen: Body = {}

        async def ended() -> bool:
            seen.update(await self.officer.reads(path))
            return seen["status"] in ENDED

        await until(ended, what=f"the import of {programme} has ended")
        return seen

    async def case(self, *ids: str) -> Body:
        """The one that waits for her about these groups."""
        found: list[Body] = []

        async def there() -> bool:
            waiting = (await self.officer.reads("/doubles", block=BARAMATI, limit=200))["items"]
            found[:] = [one for one in waiting if {record["id"] for record in one["records"]} == set(ids)]
            return bool(found)

        await until(there, what="the pair waits for review")
        return found[0]

    async def hears(self, group: str, **facts: int) -> Counter[str]:
        """What subscribers were told of that group, once so much was."""
        heard: Counter[str] = Counter()

        async def there() -> bool:
            heard.clear()
            heard.update(await told_of(self.market, "catalog.groups", group))
            return all(heard[name.replace("_", "-")] >= count for name, count in facts.items())

        await until(there, what=f"subscribers have heard {facts} of {group}")
        return heard

    async def id_of(self, programme: str, code: str) -> str:
        page = await self.officer.reads("/groups", programme=programme, block=BARAMATI, limit=200)
        return next(str(group["id"]) for group in page["items"] if group["code"] == code)


@pytest.fixture
async def registry(market: Market) -> Registry:
    return Registry(market)


async def reads(who: Person, group: str) -> tuple[Any, ...]:
    answer = await who.reads(f"/groups/{group}")
    return answer["id"], answer["programmes"]


async def test_a_group_in_two_lists_is_reviewed_merged_heard_of_and_split_again(registry: Registry) -> None:
    officer = registry.officer
    hers = registry.row("umed", "सावित्रीबाई फुले महिला बचत गट", VILLAGES[0], registry.account)
    alone = registry.row("umed", "जिजाऊ महिला बचत गट", VILLAGES[0])
    again = registry.row("mavim", "Savitribai Phule Mahila Bachat Gat", VILLAGES[1], registry.account)
    for programme, rows in (("umed", (hers, alone)), ("mavim", (again,))):
        done = await registry.sends(programme, *rows)
        assert (done["status"], done["counts"]["new"], done["counts"]["bad"]) == ("ended", len(rows), 0), done
    umed, mavim = await registry.id_of("umed", hers[0]), await registry.id_of("mavim", again[0])

    case = await registry.case(umed, mavim)
    assert {"same_account", "same_village"} <= set(case["reasons"])
    assert case["score"] == 100
    assert registry.account not in str(case)
    assert {"programme", "code", "names"} <= set(case["differs"])

    merged = await officer.does("POST", f"/doubles/{case['id']}/merge", {"keep": umed})
    assert (merged["status"], merged["keep"]) == ("merged", umed)
    assert await reads(officer, mavim) == await reads(officer, umed) == (umed, ["umed", "mavim"])
    heard = await registry.hears(mavim, group_registered=1, group_merged=1)
    assert heard["group-split"] == 0
    assert (await registry.hears(umed, group_changed=1))["group-merged"] == 0

    undone = await officer.does("POST", f"/doubles/{case['id']}/undo", {"reason": "दोन वेगळे गट आहेत"})
    assert undone["status"] == "undone"
    assert await reads(officer, mavim) == (mavim, ["mavim"])
    assert await reads(officer, umed) == (umed, ["umed"])
    assert await registry.hears(mavim, group_split=1) == {"group-registered": 1, "group-merged": 1, "group-split": 1}
    await registry.hears(umed, group_changed=2)


async def test_a_group_an_officer_enters_is_found_to_be_in_a_list_already_and_may_be_kept_apart(
    registry: Registry,
) -> None:
    market, officer = registry.market, registry.officer
    listed = registry.row("umed", "अहिल्यादेवी महिला बचत गट", VILLAGES[0])
    assert (await registry.sends("umed", listed))["counts"]["new"] == 1
    umed = await registry.id_of("umed", listed[0])
    names = {"mr": "अहिल्यादेवी बचत गट"}
    entered = await market.group(officer, programme="mavim", names=names, village=f"{VILLAGES[0]} {registry.run}")
    case = await registry.case(umed, entered)
    assert {"same_name", "same_village"} <= set(case["reasons"])
    kept = await officer.does("POST", f"/doubles/{case['id']}/apart", {"note": "शेजारच्या दोन गल्ल्या"})
    assert kept["status"] == "apart"
    haveli = market.person("block_officer", district=PUNE, block="4515")
    assert (await haveli.get(f"/doubles/{case['id']}")).status_code == 404
    refused = await haveli.post(f"/doubles/{case['id']}/merge", {"keep": umed})
    assert (refused.status_code, refused.json()["code"]) == (404, "NotFound")
    again = await officer.post(f"/doubles/{case['id']}/apart", {}, accept_language="mr")
    assert (again.status_code, again.json()["code"]) == (409, "KeptApartBefore")
    assert "वेगळे ठेवले" in again.json()["detail"]
