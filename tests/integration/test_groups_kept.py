"""The registry on a real database: merges that cross, ids that stay, and groups an earlier release entered."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.catalog.groups.domain import Group
from services.catalog.groups.store import GroupDocument, renew
from services.catalog.merges import commands as merges
from services.catalog.wiring import SERVICE
from shared.documents import Doc
from shared.errors import Conflict
from shared.scope import Role
from tests.integration.serving import House, served
from tests.integration.test_catalog import GROUP, OFFICER, drafted, registered

GROWN = {
    *("federation", "account", "merged_into", "tries", "active", "why", "compare_at", "listed", "absorbs"),
    *("own_years", "stall_years", "mended", "programmes", "place"),
}


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with served(SERVICE) as house:
        yield house


async def many(house: House, count: int) -> list[str]:
    return [await registered(house, f"MH-490-04512-{number:04}") for number in range(1, count + 1)]


async def shown(house: House, id_: str, **claims: Any) -> dict[str, Any]:
    answer = await house.ask("GET", f"/groups/{id_}", **(claims or OFFICER))
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def listed(house: House, **claims: Any) -> list[str]:
    answer = await house.ask("GET", "/groups", **(claims or OFFICER))
    return [item["id"] for item in answer.json()["items"]]


async def facts(house: House, id_: str) -> list[str]:
    doc = await house.database.collection("groups").find_one({"_id": id_})
    return [fact["name"] for fact in doc["outbox"]] if doc else []


async def test_of_merges_that_cross_on_a_real_database_no_alias_stands_for_an_alias(house: House) -> None:
    ids, groups = await many(house, 4), house.running[Group]
    for _ in range(6):
        pairs = [(one, other) for one in ids for other in ids if one != other]
        ended = await asyncio.gather(*(merges.merge(groups, *pair) for pair in pairs), return_exceptions=True)
        assert all(isinstance(one, Group | Conflict) for one in ended)
        there = {id_: await groups.get(id_) for id_ in ids}
        aliases = {id_: group.merged_into for id_, group in there.items() if group.merged_into}
        assert not set(aliases) & set(aliases.values())
        assert {other.id: id_ for id_, group in there.items() for other in group.absorbs} == aliases
        await asyncio.gather(*(merges.split(groups, *pair) for pair in aliases.items()))


async def test_an_alias_is_answered_with_the_group_it_stands_for_and_left_out_of_lists(house: House) -> None:
    stays, goes = await many(house, 2)
    await merges.merge(house.running[Group], goes, stays)
    alias = await shown(house, goes)
    assert (alias["id"], [one["id"] for one in alias["memberships"]]) == (stays, [goes])
    assert alias == await shown(house, stays)
    leader: dict[str, Any] = {"role": Role.GROUP_LEADER, "groups": [goes]}
    assert (await shown(house, goes, **leader))["village"] == "माळेगाव बुद्रुक"
    assert await listed(house, **leader) == await listed(house) == [stays]


async def test_what_is_asked_of_an_alias_names_the_group_to_ask(house: House) -> None:
    stays, goes = await many(house, 2)
    await merges.merge(house.running[Group], goes, stays)
    for method, path, body in (("PATCH", "", {"village": "पणदरे"}), ("POST", "/deactivate", {"reason": "other"})):
        refused = await house.ask(method, f"/groups/{goes}{path}", body=body, **OFFICER)
        assert (refused.status_code, refused.json()["code"]) == (409, "MergedAlready")
        assert stays in refused.json()["detail"]


async def test_an_undone_merge_leaves_both_in_the_lists_and_each_told_what_became_of_it(house: House) -> None:
    stays, goes = await many(house, 2)
    await merges.merge(house.running[Group], goes, stays)
    await merges.split(house.running[Group], goes, stays)
    assert sorted(await listed(house)) == sorted((stays, goes))
    assert (await shown(house, goes))["id"] == goes
    assert await facts(house, goes) == ["group-registered", "group-merged", "group-split"]


async def test_an_officer_mends_names_and_place_and_subscribers_hear_of_the_place_only(house: House) -> None:
    (id_,) = await many(house, 1)
    district: dict[str, Any] = {"role": Role.DISTRICT_OFFICER, "district": "490"}
    named = await house.ask("PATCH", f"/groups/{id_}", body={"names": {"mr": "जिजाऊ गट"}, "ward": None}, **OFFICER)
    assert (named.status_code, named.json()["names"]["mr"]) == (200, "जिजाऊ गट")
    assert named.json()["mended"] == ["names", "ward"]
    assert await facts(house, id_) == ["group-registered"]
    moved = await house.ask("PATCH", f"/groups/{id_}", body={"block": "4515"}, **district)
    assert moved.json()["block"] == "4515"
    assert await facts(house, id_) == ["group-registered", "group-changed"]
    english = await house.ask("PATCH", f"/groups/{id_}", body={"names": {"en": "Jijau"}}, **district)
    assert english.json()["code"] == "LocalTextMissing"
    elsewhere = await house.ask("PATCH", f"/groups/{id_}", body={"village": "x"}, **OFFICER)
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "OutsideArea")


async def test_a_deactivated_group_drafts_no_product_until_it_is_brought_back(house: House) -> None:
    (id_,) = await many(house, 1)
    gone = await house.ask("POST", f"/groups/{id_}/deactivate", body={"reason": "inactive"}, **OFFICER)
    assert (gone.json()["active"], gone.json()["why"]) == (False, "inactive")
    again = await house.ask("POST", f"/groups/{id_}/deactivate", body={"reason": "closed"}, **OFFICER)
    assert (again.status_code, again.json()["code"]) == (409, "NotActive")
    with pytest.raises(AssertionError, match="NotActive"):
        await drafted(house, id_)
    back = await house.ask("POST", f"/groups/{id_}/reactivate", **OFFICER)
    assert (back.json()["active"], back.json()["why"]) == (True, None)
    assert await drafted(house, id_)
    assert await facts(house, id_) == ["group-registered", "group-deactivated", "group-reactivated"]


async def entered_by_an_earlier_release(house: House, id_: str) -> Doc:
    """As the release before this one kept a group: one programme, no life after the entry, words instead of sounds."""
    groups = house.database.collection("groups")
    doc: Any = await groups.find_one({"_id": id_})
    plain = {**GROUP, "code": doc["code"], "ward": None, "local_body": None, "relay": None, "activities": ["पापड"]}
    envelope = {name: doc[name] for name in ("_id", "tenant", "version", "sequence", "seen", "requests", "outbox")}
    old = {**envelope, **plain, "schema": 1, "words": ["सावित्रीबाई"]}
    await groups.replace_one({"_id": id_}, old)
    return old


async def test_a_group_of_an_earlier_release_is_read_mended_and_merged_as_any_other(house: House) -> None:
    first, second = await many(house, 2)
    for id_ in (first, second):
        await entered_by_an_earlier_release(house, id_)
    assert (await shown(house, first))["programmes"] == ["umed"]
    await house.ask("PATCH", f"/groups/{first}", body={"village": "पणदरे"}, **OFFICER)
    await merges.merge(house.running[Group], second, first)
    assert (await shown(house, second))["village"] == "पणदरे"
    kept: Any = await house.database.collection("groups").find_one({"_id": second})
    assert (kept["schema"], kept["merged_into"]) == (2, first)
    assert kept.keys() >= GROWN


async def test_groups_of_an_earlier_release_are_found_by_todays_filters_once_and_nothing_is_told(house: House) -> None:
    old, _ = await many(house, 2)
    await entered_by_an_earlier_release(house, old)
    asked = "/groups?q=savitribai&programme=umed&active=true"
    assert old not in [item["id"] for item in (await house.ask("GET", asked, **OFFICER)).json()["items"]]
    before: Any = await house.database.collection("groups").find_one({"_id": old})
    assert [await renew(house.database), await renew(house.database)] == [1, 0]
    after: Any = await house.database.collection("groups").find_one({"_id": old})
    assert (after["version"], after["outbox"], after["requests"]) == (
        before["version"],
        before["outbox"],
        before["requests"],
    )
    assert GroupDocument.load(after) == GroupDocument.load(before)
    assert old in [item["id"] for item in (await house.ask("GET", asked, **OFFICER)).json()["items"]]
