"""Records that may be one group, from a find to a decision and back, on a real MongoDB."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.catalog.doubles.commands import carry_on, compare, look_up
from services.catalog.doubles.domain import CaseStatus, Double, DoubleFilters, double_id
from services.catalog.doubles.store import where
from services.catalog.groups.domain import Group
from services.catalog.wiring import SERVICE
from shared.scope import Role
from shared.service import Timer
from shared.timers import fire
from tests.integration.houses import House, house

OFFICER: dict[str, Any] = {"role": Role.BLOCK_OFFICER, "district": "490", "block": "4512"}
UMED = {
    "programme": "umed",
    "code": "U-0007",
    "names": {"mr": "सावित्रीबाई फुले महिला बचत गट"},
    "district": "490",
    "block": "4512",
    "village": "माळेगाव बुद्रुक",
}
MAVIM = {
    **UMED,
    "programme": "mavim",
    "code": "M-0011",
    "names": {"hi": "सावित्री बाई फुले महिला समूह"},
    "village": "मालेगाव बु.",
}
VILLAGES = ("सांगवी", "पणदरे", "सुपे", "मोरगाव", "शिर्सुफळ")
NULM = {**UMED, "programme": "nulm", "code": "N-0003"}


@pytest.fixture
async def registry() -> AsyncIterator[House]:
    async with house(SERVICE) as found:
        yield found


async def registered(registry: House, *entries: dict[str, Any]) -> list[str]:
    """Their ids, once the timer has looked for doubles of each."""
    ids = []
    for entry in entries:
        answer = await registry.write("POST", "/v1/groups", body=entry, **OFFICER)
        assert answer.status_code == 201, answer.text
        ids.append(str(answer.json()["id"]))
    await fire(registry.running, Timer(Group, look_up))
    return ids


async def asked(registry: House, query: str = "", **who: Any) -> list[Any]:
    answer = await registry.get(f"/v1/doubles?{query}", **(who or OFFICER))
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def decides(registry: House, case: str, word: str, body: Any = None, key: str | None = None) -> Any:
    answer = await registry.write("POST", f"/v1/doubles/{case}/{word}", body=body, key=key, **OFFICER)
    return {"http": answer.status_code, **answer.json()}


async def stands(registry: House, *ids: str) -> list[Group]:
    return [await registry.running[Group].get(id_) for id_ in ids]


async def whole(registry: House, case: str, survivor: str, absorbed: str) -> None:
    """Merged, once: both groups, the case, and what was told."""
    kept, alias = await stands(registry, survivor, absorbed)
    assert (kept.merged_into, alias.merged_into) == (None, survivor)
    assert [other.id for other in kept.absorbs] == [absorbed]
    done = await registry.running[Double].get(case)
    assert (done.status, done.due_at) == (CaseStatus.MERGED, None)
    assert await registry.facts("groups", absorbed) == ["1 group-registered", "2 group-merged"]
    assert await registry.facts("groups", survivor) == ["1 group-registered", "2 group-changed"]


async def apart(registry: House, *ids: str) -> None:
    assert [(one.merged_into, one.absorbs) for one in await stands(registry, *ids)] == [(None, ())] * len(ids)


async def test_an_officer_sees_both_records_with_the_score_and_its_reasons(registry: House) -> None:
    ids = await registered(registry, UMED, MAVIM)
    (shown,) = await asked(registry)
    assert sorted(record["id"] for record in shown["records"]) == sorted(ids)
    assert shown["score"] >= 70
    assert set(shown["reasons"]) == {"same_sound", "same_village"}
    assert set(shown["differs"]) == {"programme", "code", "names", "village"}
    assert (await registry.get(f"/v1/doubles/{shown['id']}", **OFFICER)).json() == shown
    assert "account" in shown["records"][0]
    assert {record["account"] for record in shown["records"]} == {False}


async def test_only_officers_of_the_area_see_and_decide(registry: House) -> None:
    await registered(registry, UMED, MAVIM)
    (shown,) = await asked(registry)
    haveli: dict[str, Any] = {"role": Role.BLOCK_OFFICER, "district": "490", "block": "4515"}
    assert await asked(registry, **haveli) == []
    assert (await registry.get(f"/v1/doubles/{shown['id']}", **haveli)).status_code == 404
    refused = await registry.write(
        "POST", f"/v1/doubles/{shown['id']}/merge", body={"keep": shown["records"][0]["id"]}, **haveli
    )
    assert refused.status_code == 404
    for role in (Role.GROUP_LEADER, Role.BUYER, Role.DEPARTMENT):
        assert (await registry.get("/v1/doubles", role)).status_code == 403
    assert len(await asked(registry, role=Role.DISTRICT_OFFICER, district="490")) == 1
    assert await asked(registry, role=Role.DISTRICT_OFFICER, district="467") == []
    abroad: dict[str, Any] = {"role": Role.MISSION_MANAGER, "state": "5"}
    assert await asked(registry, **abroad) == []
    assert (await registry.get(f"/v1/doubles/{shown['id']}", **abroad)).status_code == 404
    for word, body in (
        ("merge", {"keep": shown["records"][0]["id"]}),
        ("apart", None),
        ("undo", {"reason": "चूक झाली"}),
    ):
        answer = await registry.write("POST", f"/v1/doubles/{shown['id']}/{word}", body=body, **abroad)
        assert answer.status_code == 404, word


async def test_a_merge_makes_an_alias_that_answers_with_the_group_and_its_undo_makes_two_again(registry: House) -> None:
    umed, mavim = await registered(registry, UMED, MAVIM)
    (shown,) = await asked(registry)
    merged = await decides(registry, shown["id"], "merge", {"keep": umed})
    assert (merged["http"], merged["status"], merged["keep"]) == (200, "merged", umed)
    await whole(registry, shown["id"], umed, mavim)
    answered = (await registry.get(f"/v1/groups/{mavim}", **OFFICER)).json()
    assert (answered["id"], answered["programmes"]) == (umed, ["umed", "mavim"])
    assert [item["id"] for item in (await registry.get("/v1/groups", **OFFICER)).json()["items"]] == [umed]
    assert await asked(registry) == []
    assert [one["id"] for one in await asked(registry, "status=merged")] == [shown["id"]]

    undone = await decides(registry, shown["id"], "undo", {"reason": "दोन वेगळे गट आहेत"})
    assert (undone["status"], undone["keep"], undone["words"]) == ("undone", None, "दोन वेगळे गट आहेत")
    await apart(registry, umed, mavim)
    assert (await registry.facts("groups", mavim))[2:] == ["3 group-split"]
    assert (await registry.facts("groups", umed))[2:] == ["3 group-changed"]
    assert (await registry.get(f"/v1/groups/{mavim}", **OFFICER)).json()["id"] == mavim


async def test_what_is_kept_apart_is_asked_no_more_however_often_the_place_is_compared(registry: House) -> None:
    await registered(registry, UMED, MAVIM)
    (shown,) = await asked(registry)
    kept = await decides(registry, shown["id"], "apart", {"note": "शेजारच्या दोन गल्ल्या"})
    assert (kept["status"], kept["words"]) == ("apart", "शेजारच्या दोन गल्ल्या")
    assert await compare(registry.running.database, "27", "4512") == 0
    assert await asked(registry) == []
    reopened = await decides(registry, shown["id"], "undo", {"reason": "पुन्हा पाहू"})
    assert reopened["status"] == "open"
    assert len(await asked(registry)) == 1


async def test_the_same_request_again_is_answered_as_before_and_done_once_also_after_an_undo(registry: House) -> None:
    umed, mavim = await registered(registry, UMED, MAVIM)
    (shown,) = await asked(registry)
    first = await decides(registry, shown["id"], "merge", {"keep": umed}, key="merge-1")
    assert await decides(registry, shown["id"], "merge", {"keep": umed}, key="merge-1") == first
    await whole(registry, shown["id"], umed, mavim)
    await decides(registry, shown["id"], "undo", {"reason": "चूक झाली"})
    late = await decides(registry, shown["id"], "merge", {"keep": umed}, key="merge-1")
    assert late["status"] == "merged", "the first answer"
    await apart(registry, umed, mavim)


async def test_what_is_found_again_is_one_case_with_the_score_of_today(registry: House) -> None:
    umed, _ = await registered(registry, UMED, MAVIM)
    (before,) = await asked(registry)
    mended = await registry.write("PATCH", f"/v1/groups/{umed}", body={"names": MAVIM["names"]}, **OFFICER)
    assert mended.status_code == 200, mended.text
    await fire(registry.running, Timer(Group, look_up))
    (after,) = await asked(registry)
    assert after["id"] == before["id"]
    assert after["score"] > before["score"]
    assert after["reasons"][0] == "same_name"
    assert (await registry.running[Group].get(umed)).compare_at is None


async def test_the_likeliest_stand_first_page_after_page_and_can_be_narrowed(registry: House) -> None:
    entries = [{**UMED, "code": f"U-{n}", "village": village} for n, village in enumerate(VILLAGES)]
    twins = [{**one, "programme": "mavim", "code": f"M-{n}"} for n, one in enumerate(entries)]
    for n in (1, 3):
        twins[n] = {**twins[n], "names": MAVIM["names"]}
    await registered(registry, *entries, *twins)
    seen: list[Any] = []
    cursor = ""
    while True:
        page = (await registry.get(f"/v1/doubles?limit=2{cursor}", **OFFICER)).json()
        seen += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    scores = [one["score"] for one in seen]
    assert (len({one["id"] for one in seen}), scores) == (5, sorted(scores, reverse=True))
    assert len(await asked(registry, f"min_score={scores[0]}")) == 3
    assert len(await asked(registry, "block=4512&district=490")) == 5
    assert await asked(registry, "block=4515") == await asked(registry, "status=apart") == []
    assert (await registry.get("/v1/doubles?status=maybe", **OFFICER)).status_code == 422


async def test_three_records_of_one_group_become_one_and_nobody_is_asked_about_what_that_settled(
    registry: House,
) -> None:
    umed, mavim, nulm = await registered(registry, UMED, MAVIM, NULM)
    assert len(await asked(registry)) == 3
    first, second, third = (double_id("27", pair) for pair in ((umed, mavim), (mavim, nulm), (umed, nulm)))
    await decides(registry, first, "merge", {"keep": umed})
    assert {one["id"] for one in await asked(registry)} == {second, third}
    merged = await decides(registry, second, "merge", {"keep": mavim})
    assert merged["keep"] == umed, "what the id stands for"
    assert await asked(registry) == []
    assert {one.merged_into for one in await stands(registry, mavim, nulm)} == {umed}
    assert (await decides(registry, third, "merge", {"keep": umed}))["code"] == "OneByNow"
    await decides(registry, second, "undo", {"reason": "तिसरा गट वेगळा आहे"})
    assert {one["id"] for one in await asked(registry)} == {third}
    assert [one.merged_into for one in await stands(registry, mavim, nulm)] == [umed, None]


async def test_two_officers_who_keep_different_ones_at_once_end_with_one_merge(registry: House) -> None:
    umed, mavim = await registered(registry, UMED, MAVIM)
    (shown,) = await asked(registry)
    answers = await asyncio.gather(*(decides(registry, shown["id"], "merge", {"keep": one}) for one in (umed, mavim)))
    assert sorted(answer["http"] for answer in answers) == [200, 409]
    keep = next(answer["keep"] for answer in answers if answer["http"] == 200)
    await whole(registry, shown["id"], keep, mavim if keep == umed else umed)


async def test_crossing_merges_of_three_groups_at_once_never_make_a_ring(registry: House) -> None:
    umed, mavim, nulm = await registered(registry, UMED, MAVIM, NULM)
    ring = ((umed, mavim), (mavim, nulm), (nulm, umed))
    await asyncio.gather(*(decides(registry, double_id("27", pair), "merge", {"keep": pair[0]}) for pair in ring))
    await fire(registry.running, Timer(Double, carry_on))
    groups = {one.id: one for one in await stands(registry, umed, mavim, nulm)}
    for one in groups.values():
        if one.merged_into:
            assert groups[one.merged_into].merged_into is None
            assert one.id in groups[one.merged_into].ids
        assert all(groups[other.id].merged_into == one.id for other in one.absorbs)
    cases = [await registry.running[Double].get(double_id("27", pair)) for pair in ring]
    assert all(groups[str(one.absorbed)].merged_into for one in cases if one.status is CaseStatus.MERGED)
    assert not any(one.due_at for one in cases)
    for pair in ring:
        await decides(registry, double_id("27", pair), "merge", {"keep": pair[0]})
    survivors = {one.merged_into or one.id for one in await stands(registry, umed, mavim, nulm)}
    assert len(survivors) == 1, "who was refused because of the others may ask again"


async def test_the_queue_is_read_by_its_indexes(registry: House) -> None:
    await registered(registry, UMED, MAVIM)
    cases = registry.running.database.collection("doubles")
    places: dict[str, Any] = {"district": "490", "block": "4512", "local_body": "251312"}
    for place, code in [("status", "open"), *places.items()]:
        asked_for = where(DoubleFilters(**({place: code} if place in places else {}), min_score=70))
        found = cases.find({"$and": [{"tenant": "27"}, {}, asked_for]}).sort([("score", -1), ("_id", -1)])
        plan = str((await found.explain())["queryPlanner"]["winningPlan"])
        assert "IXSCAN" in plan, place
        assert "COLLSCAN" not in plan, place
        assert "'SORT'" not in plan, place
