"""What stands in the way of a decision: whose groups it touches, and what was decided before."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from services.catalog.doubles.commands import carry_on, compare
from services.catalog.doubles.domain import CaseStatus, Double, double_id, merge
from services.catalog.groups.domain import Group
from services.catalog.merges.domain import absorb
from shared import clock
from shared.scope import Role
from shared.service import Timer
from shared.timers import fire
from tests.integration.houses import House
from tests.integration.test_doubles import MAVIM, NULM, UMED, apart, asked, decides, registered, registry, stands
from tests.integration.test_doubles_followed import MANAGER, ONE, PUNE, TWO, compared, entered, mended
from tests.unit.catalog.samples import BARAMATI

__all__ = ["registry"]
TOWN = {**UMED, "block": None, "local_body": "251312", "village": None, "ward": "3"}
RAIGAD: dict[str, Any] = {"role": Role.DISTRICT_OFFICER, "district": "484"}


async def says(registry: House, case: str, word: str, body: Any, **who: Any) -> Any:
    answer = await registry.write("POST", f"/v1/doubles/{case}/{word}", body=body, **who)
    return {"http": answer.status_code, **answer.json()}


async def in_two_districts(registry: House) -> tuple[str, str, str]:
    """A case of one town, and its two groups, of Pune's and of Raigad's list."""
    ids = []
    for district, programme in (("490", "nulm"), ("484", "mavim")):
        body = {**TOWN, "district": district, "programme": programme}
        answer = await registry.write("POST", "/v1/groups", body=body, **MANAGER)
        assert answer.status_code == 201, answer.text
        ids.append(str(answer.json()["id"]))
    await compared(registry)
    (case,) = await asked(registry, **MANAGER)
    return case["id"], ids[0], ids[1]


async def test_who_may_not_merge_may_not_undo_either(registry: House) -> None:
    case, pune, raigad = await in_two_districts(registry)
    for officer in (PUNE, RAIGAD):
        assert (await says(registry, case, "merge", {"keep": pune}, **officer))["code"] == "OutsideArea"
    assert (await says(registry, case, "merge", {"keep": pune}, **MANAGER))["http"] == 200
    for officer in (PUNE, RAIGAD):
        refused = await says(registry, case, "undo", {"reason": "मला वाटते"}, **officer)
        assert (refused["http"], refused["code"]) == (403, "OutsideArea")
    assert [one.merged_into for one in await stands(registry, pune, raigad)] == [None, pune]
    assert (await says(registry, case, "undo", {"reason": "चूक झाली"}, **MANAGER))["status"] == "undone"


async def test_who_may_not_keep_them_apart_may_not_take_that_back_either(registry: House) -> None:
    case, _, _ = await in_two_districts(registry)
    assert (await says(registry, case, "apart", None, **PUNE))["code"] == "OutsideArea"
    assert (await says(registry, case, "apart", None, **MANAGER))["status"] == "apart"
    assert (await says(registry, case, "undo", {"reason": "मला वाटते"}, **RAIGAD))["code"] == "OutsideArea"


async def test_each_district_of_a_town_sees_the_case_and_of_the_other_record_what_is_public(registry: House) -> None:
    case, pune, raigad = await in_two_districts(registry)
    for officer, own, foreign in ((PUNE, pune, raigad), (RAIGAD, raigad, pune)):
        (shown,) = await asked(registry, **officer)
        records = {one["id"]: one for one in shown["records"]}
        assert shown["id"] == case
        assert records[own]["ward"] == "3"
        assert "ward" not in records[foreign]


async def test_an_undo_needs_the_place_of_the_group_it_sets_free_wherever_the_other_was_moved(registry: House) -> None:
    umed, mavim = await registered(registry, UMED, MAVIM)
    (case,) = await asked(registry)
    await decides(registry, case["id"], "merge", {"keep": umed})
    await mended(registry, umed, block="4515")
    await compared(registry)
    refused = await decides(registry, case["id"], "undo", {"reason": "चूक झाली"})
    assert refused["code"] == "OutsideArea", "the one that stays is another block's by now"
    assert (await says(registry, case["id"], "undo", {"reason": "चूक झाली"}, **PUNE))["status"] == "undone"
    await apart(registry, umed, mavim)


async def test_a_merge_that_would_join_two_that_were_kept_apart_is_refused_by_name(registry: House) -> None:
    umed, mavim, nulm = await registered(registry, UMED, MAVIM, NULM)
    first, second, third = (double_id("27", pair) for pair in ((umed, mavim), (mavim, nulm), (umed, nulm)))
    await decides(registry, third, "apart", {"note": "दोन वेगळे"})
    await decides(registry, first, "merge", {"keep": umed})
    refused = await decides(registry, second, "merge", {"keep": mavim})
    assert (refused["http"], refused["code"]) == (409, "StandApart")
    assert all(one in refused["detail"] for one in (umed, nulm, third))
    assert [one.merged_into for one in await stands(registry, mavim, nulm)] == [umed, None]
    await decides(registry, third, "undo", {"reason": "पुन्हा पाहू"})
    assert (await decides(registry, second, "merge", {"keep": mavim}))["status"] == "merged"


async def test_who_was_kept_apart_from_a_merged_record_is_not_merged_with_its_group_either(registry: House) -> None:
    stays, goes, other = sorted(await registered(registry, UMED, MAVIM, NULM))
    await decides(registry, double_id("27", (goes, other)), "apart", {"note": "दोन वेगळे"})
    await decides(registry, double_id("27", (stays, goes)), "merge", {"keep": stays})
    refused = await decides(registry, double_id("27", (stays, other)), "merge", {"keep": stays})
    assert (refused["http"], refused["code"]) == (409, "StandApart")
    assert [one.merged_into for one in await stands(registry, goes, other)] == [stays, None]


async def test_the_pair_that_was_kept_apart_can_be_merged_by_who_looks_at_it_again(registry: House) -> None:
    umed, _ = await registered(registry, UMED, MAVIM)
    (case,) = await asked(registry)
    await decides(registry, case["id"], "apart")
    assert (await decides(registry, case["id"], "merge", {"keep": umed}))["status"] == "merged"


@pytest.mark.parametrize("begun", [False, True])
async def test_what_was_kept_apart_while_a_merge_waited_to_be_finished_stays_apart(
    registry: House, begun: bool
) -> None:
    umed, mavim, nulm = await registered(registry, UMED, MAVIM, NULM)
    first, second, third = (double_id("27", pair) for pair in ((umed, mavim), (mavim, nulm), (umed, nulm)))
    await decides(registry, first, "merge", {"keep": umed})
    stays, goes = await stands(registry, umed, nulm)
    cases, groups = registry.running[Double], registry.running[Group]
    sides = (stays, goes) if mavim < nulm else (goes, stays)
    merging = partial(merge, keep=mavim, sides=sides, apart=(), scope=BARAMATI, now=clock.now())
    await cases.change(second, merging)
    if begun:
        await groups.change(umed, partial(absorb, absorbed=goes))
    assert (await decides(registry, third, "apart"))["status"] == "apart"
    await fire(registry.running, Timer(Double, carry_on))
    assert [(await cases.get(one)).status for one in (second, third)] == [CaseStatus.OPEN, CaseStatus.APART]
    stays, goes = await stands(registry, umed, nulm)
    assert ([one.id for one in stays.absorbs], goes.merged_into) == ([mavim], None)


async def test_two_that_are_one_by_now_are_not_kept_apart(registry: House) -> None:
    umed, mavim, nulm = await registered(registry, UMED, MAVIM, NULM)
    first, second, third = (double_id("27", pair) for pair in ((umed, mavim), (mavim, nulm), (umed, nulm)))
    await decides(registry, first, "merge", {"keep": umed})
    await decides(registry, second, "merge", {"keep": mavim})
    assert (await decides(registry, third, "apart", {"note": "दोन वेगळे"}))["code"] == "OneByNow"
    assert (await registry.running[Double].get(third)).status is CaseStatus.OPEN


@pytest.mark.parametrize("taken_back", ["first", "last"])
async def test_of_two_that_are_two_again_somebody_is_asked_whichever_merge_was_undone(
    registry: House, taken_back: str
) -> None:
    umed, mavim, nulm = await registered(registry, UMED, MAVIM, NULM)
    first, last, third = (double_id("27", pair) for pair in ((umed, mavim), (umed, nulm), (mavim, nulm)))
    await decides(registry, first, "merge", {"keep": umed})
    await decides(registry, last, "merge", {"keep": umed})
    assert await asked(registry) == []
    await decides(registry, {"first": first, "last": last}[taken_back], "undo", {"reason": "चूक झाली"})
    assert [one["id"] for one in await asked(registry)] == [third]


async def test_an_alias_is_not_reactivated(registry: House) -> None:
    await entered(registry, ONE, replace(TWO, account=ONE.account, active=False, why="closed"))
    case = double_id("27", (ONE.id, TWO.id))
    await compare(registry.running.database, "27", "4512")
    await decides(registry, case, "merge", {"keep": ONE.id})
    refused = await registry.write("POST", f"/v1/groups/{TWO.id}/reactivate", **PUNE)
    assert (refused.status_code, refused.json()["code"]) == (409, "MergedAlready")
