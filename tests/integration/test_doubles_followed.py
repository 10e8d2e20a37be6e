"""A case goes where its groups go: who sees it, what speaks for it, and whom a record is compared with."""

from dataclasses import replace
from typing import Any

from services.catalog.doubles.commands import compare, look_up
from services.catalog.doubles.domain import Double, double_id
from services.catalog.groups.domain import Group
from services.catalog.groups.store import GroupDocument
from services.catalog.merges import commands as merges
from shared import outbox
from shared.decisions import Decision
from shared.localized import Localized
from shared.scope import Role
from shared.service import Timer
from shared.timers import fire
from tests.integration.houses import House
from tests.integration.test_doubles import MAVIM, NULM, OFFICER, UMED, asked, decides, registered, registry
from tests.unit.catalog.samples import GROUP

__all__ = ["registry"]
HAVELI: dict[str, Any] = {"role": Role.BLOCK_OFFICER, "district": "490", "block": "4515"}
PUNE: dict[str, Any] = {"role": Role.DISTRICT_OFFICER, "district": "490"}
MANAGER: dict[str, Any] = {"role": Role.MISSION_MANAGER}
JIJAU = {"mr": "जिजाऊ महिला गट"}
ONE = replace(GROUP, id="g-1", code="1", account="k1:aa", village="सांगवी")
TWO = replace(GROUP, id="g-2", code="2", account="k1:bb", village="सांगवी", programme="mavim")
LIKE_TWO = replace(
    GROUP, id="g-3", code="3", account="k1:bb", village="पणदरे", programme="nulm", names=Localized(mr=JIJAU["mr"])
)


async def entered(registry: House, *groups: Group) -> None:
    await outbox.insert_all(registry.running.database, GroupDocument, [Decision(one) for one in groups])


async def compared(registry: House) -> None:
    await fire(registry.running, Timer(Group, look_up))


async def mended(registry: House, group: str, **changes: Any) -> None:
    answer = await registry.write("PATCH", f"/v1/groups/{group}", body=changes, **PUNE)
    assert answer.status_code == 200, answer.text


async def pairs(registry: House, query: str = "", **who: Any) -> list[list[str]]:
    return [sorted(one["id"] for one in case["records"]) for case in await asked(registry, query, **who)]


async def test_who_was_moved_to_another_block_is_shown_to_her_old_officer_as_to_everybody(registry: House) -> None:
    umed, mavim = await registered(registry, UMED, MAVIM)
    await mended(registry, umed, block="4515", ward="गुप्त")
    (case,) = await asked(registry)
    shown = {one["id"]: one for one in case["records"]}
    assert set(shown[umed]) == {"id", "names", "district", "block", "local_body", "active", "merged_into"}
    assert shown[mavim]["village"] == MAVIM["village"]
    assert set(case["differs"]) <= {"names", "district"}
    assert "गुप्त" not in (await registry.get(f"/v1/doubles/{case['id']}", **OFFICER)).text
    assert (await decides(registry, case["id"], "apart"))["code"] == "OutsideArea"


async def test_a_case_both_of_whose_groups_were_moved_is_gone_from_where_they_were_at_once(registry: House) -> None:
    both = await registered(registry, UMED, MAVIM)
    (case,) = await asked(registry)
    for group in both:
        await mended(registry, group, block="4515")
    assert await asked(registry) == []
    assert (await registry.get(f"/v1/doubles/{case['id']}", **OFFICER)).status_code == 404
    await compared(registry)
    assert await pairs(registry, **HAVELI) == [sorted(both)]
    assert await asked(registry, "block=4512", **PUNE) == []
    assert len(await asked(registry, "block=4515", **PUNE)) == 1


async def test_what_was_decided_is_found_where_both_groups_lie_now(registry: House) -> None:
    umed, _ = await registered(registry, UMED, MAVIM)
    (case,) = await asked(registry)
    await decides(registry, case["id"], "apart", {"note": "दोन वेगळे गट"})
    await mended(registry, umed, block="4515", ward="गुप्त")
    await compared(registry)
    for officer in (OFFICER, HAVELI):
        (shown,) = await asked(registry, "status=apart", **officer)
        assert shown["words"] == "दोन वेगळे गट"
        assert ["ward" in one for one in shown["records"]].count(False) == 1
    assert await asked(registry, "status=apart", **{**OFFICER, "block": "4511"}) == []


async def test_a_waiting_case_for_which_nothing_speaks_any_more_closes_and_opens_again(registry: House) -> None:
    umed, _ = await registered(registry, UMED, MAVIM)
    (before,) = await asked(registry)
    await mended(registry, umed, names=JIJAU, village="पणदरे")
    await compared(registry)
    assert await asked(registry) == []
    (closed,) = await asked(registry, "status=closed")
    assert (closed["id"], closed["score"], closed["reasons"]) == (before["id"], 0, [])
    assert (await decides(registry, before["id"], "undo", {"reason": "चूक झाली"}))["code"] == "NothingDecided"
    await mended(registry, umed, names=UMED["names"], village=UMED["village"])
    await compared(registry)
    assert await asked(registry) == [before | {"records": (await asked(registry))[0]["records"]}]


async def test_what_was_decided_stands_whatever_the_records_say_later(registry: House) -> None:
    umed, mavim, nulm = await registered(registry, UMED, MAVIM, NULM)
    first, second = (double_id("27", pair) for pair in ((umed, mavim), (umed, nulm)))
    await decides(registry, first, "apart")
    await decides(registry, second, "merge", {"keep": umed})
    await mended(registry, umed, names=JIJAU, village="पणदरे")
    await compared(registry)
    states = [await registry.running[Double].get(one) for one in (first, second)]
    assert [one.status for one in states] == ["apart", "merged"]
    assert all(one.score for one in states)


async def test_a_double_of_a_merged_record_is_one_of_the_group_it_stands_for(registry: House) -> None:
    await entered(registry, ONE, TWO)
    await merges.merge(registry.running[Group], "g-2", "g-1")
    await entered(registry, LIKE_TWO)
    assert await compare(registry.running.database, "27", "4512") == 1
    (case,) = await asked(registry)
    assert [one["id"] for one in case["records"]] == ["g-1", "g-3"]
    assert "same_account" in case["reasons"]
    assert await compare(registry.running.database, "27", "4512") == 0


async def test_a_double_of_a_record_merged_into_a_group_of_another_block_is_found_too(registry: House) -> None:
    await entered(registry, replace(ONE, block="4515"), TWO, LIKE_TWO)
    await merges.merge(registry.running[Group], "g-2", "g-1")
    assert await compare(registry.running.database, "27", "4512") == 1
    assert await pairs(registry, **OFFICER) == await pairs(registry, **HAVELI) == [["g-1", "g-3"]]
    await mended(registry, "g-1", federation="क्रांती ग्रामसंघ")
    await compared(registry)
    assert await pairs(registry) == [["g-1", "g-3"]], "what speaks for it lies in the other block"


async def test_what_was_decided_of_a_record_is_not_asked_again_of_the_group_it_was_merged_into(registry: House) -> None:
    await entered(registry, ONE, TWO, LIKE_TWO)
    await compare(registry.running.database, "27", "4512")
    await decides(registry, double_id("27", ("g-2", "g-3")), "apart")
    await decides(registry, double_id("27", ("g-1", "g-2")), "merge", {"keep": "g-1"})
    assert await compare(registry.running.database, "27", "4512") == 0
    assert await asked(registry) == []


async def test_who_is_set_free_is_compared_with_who_came_while_she_was_merged(registry: House) -> None:
    await entered(registry, ONE, TWO)
    await compare(registry.running.database, "27", "4512")
    case = double_id("27", ("g-1", "g-2"))
    await decides(registry, case, "merge", {"keep": "g-1"})
    await entered(registry, LIKE_TWO)
    await compare(registry.running.database, "27", "4512")
    assert await pairs(registry) == [["g-1", "g-3"]]
    await decides(registry, case, "undo", {"reason": "चूक झाली"})
    await compared(registry)
    assert await pairs(registry) == [["g-2", "g-3"]], "and the one that stayed is asked about no more"


async def test_who_is_active_again_is_compared_again(registry: House) -> None:
    closed = [replace(one, active=False, why="closed", account="k1:aa") for one in (ONE, TWO)]
    await entered(registry, *closed)
    assert await compare(registry.running.database, "27", "4512") == 0
    answer = await registry.write("POST", "/v1/groups/g-1/reactivate", **OFFICER)
    assert answer.status_code == 200, answer.text
    await compared(registry)
    assert await pairs(registry) == [["g-1", "g-2"]]


async def test_the_cases_of_a_group_are_found_by_its_id(registry: House) -> None:
    umed, mavim, nulm = await registered(registry, UMED, MAVIM, NULM)
    found = await pairs(registry, f"group={mavim}")
    assert sorted(found) == sorted([sorted((mavim, other)) for other in (umed, nulm)])
    assert await asked(registry, f"group={mavim}&status=merged") == []


async def test_a_merged_record_is_no_double_of_its_own_group_nor_of_another_row_of_its_lists(registry: House) -> None:
    of_the_list = replace(ONE, id="g-4", code="4", account=None)
    await entered(registry, replace(ONE, account="k1:bb", village="पणदरे"), TWO)
    await merges.merge(registry.running[Group], "g-2", "g-1")
    await entered(registry, of_the_list)
    assert await compare(registry.running.database, "27", "4512") == 0


async def test_what_waited_before_a_merge_waits_after_it_too_when_a_record_is_mended(registry: House) -> None:
    umed, mavim, other = await registered(registry, UMED, MAVIM, {**MAVIM, "code": "M-0012"})
    await decides(registry, double_id("27", (umed, mavim)), "merge", {"keep": umed})
    assert await pairs(registry) == [sorted((umed, other))]
    await mended(registry, umed, federation="क्रांती ग्रामसंघ")
    await compared(registry)
    assert await pairs(registry) == [sorted((umed, other))]


async def test_what_a_merge_settled_is_asked_again_after_its_undo_whoever_was_mended_meanwhile(registry: House) -> None:
    umed, mavim, nulm = await registered(registry, UMED, MAVIM, NULM)
    last = double_id("27", (umed, nulm))
    await decides(registry, double_id("27", (umed, mavim)), "merge", {"keep": umed})
    await decides(registry, last, "merge", {"keep": umed})
    await mended(registry, umed, federation="क्रांती ग्रामसंघ")
    await compared(registry)
    assert await pairs(registry, "status=closed") == []
    await decides(registry, last, "undo", {"reason": "चूक झाली"})
    assert await pairs(registry) == [sorted((mavim, nulm))]


async def test_a_case_of_a_merged_record_keeps_the_score_of_its_own_records(registry: House) -> None:
    umed, mavim, nulm = await registered(registry, UMED, MAVIM, NULM)
    cases = [await registry.running[Double].get(double_id("27", (one, nulm))) for one in (mavim, umed)]
    own, likest = (one.score for one in cases)
    assert own < likest
    await decides(registry, double_id("27", (umed, mavim)), "merge", {"keep": umed})
    await mended(registry, umed, activities=["पापड"])
    await compared(registry)
    assert (await registry.running[Double].get(double_id("27", (mavim, nulm)))).score == own


async def test_a_record_that_was_mended_and_then_merged_is_still_compared(registry: House) -> None:
    await entered(registry, ONE, TWO, replace(LIKE_TWO, account=None))
    await mended(registry, "g-2", names=JIJAU, village="पणदरे")
    await merges.merge(registry.running[Group], "g-2", "g-1")
    await compared(registry)
    assert await pairs(registry) == [["g-1", "g-3"]]
    assert (await registry.running[Group].get("g-2")).compare_at is None


async def test_a_mended_group_is_compared_by_the_records_that_are_merged_into_it_too(registry: House) -> None:
    await entered(registry, ONE, TWO)
    await merges.merge(registry.running[Group], "g-2", "g-1")
    await entered(registry, LIKE_TWO)
    await look_up(registry.running, "g-1")
    assert await asked(registry) == [], "nobody has asked for it to be compared"
    await mended(registry, "g-1", federation="क्रांती ग्रामसंघ")
    await compared(registry)
    assert await pairs(registry) == [["g-1", "g-3"]]


async def test_a_group_that_moved_away_before_it_was_looked_up_is_compared_with_nobody_there(registry: House) -> None:
    await entered(registry, ONE, TWO, replace(LIKE_TWO, block="4515"))
    assert await compare(registry.running.database, "27", "4515", only="g-2") == 0
    assert await asked(registry, **MANAGER) == []
