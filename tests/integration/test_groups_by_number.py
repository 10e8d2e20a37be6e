"""A paper with a programme's number in the officer's hand: which group is it? On a real MongoDB."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from services.catalog.filters.domain import GroupFilters
from services.catalog.groups.domain import Group
from services.catalog.groups.store import GroupDocument, mine, where
from services.catalog.wiring import SERVICE
from shared import outbox
from shared.contracts.catalog import Programme, group_id
from shared.decisions import Decision
from shared.scope import Role
from tests.integration.serving import House, served
from tests.integration.test_groups_found import BARAMATI, MANAGER, exported, stages
from tests.unit.catalog.samples import GROUP, scope

HAVELI: dict[str, Any] = {"role": Role.BLOCK_OFFICER, "district": "490", "block": "4515"}


def group(programme: Programme, code: str, **named: Any) -> Group:
    return replace(GROUP, id=group_id("27", programme, code), programme=programme, code=code, **named)


KEPT = group("umed", "MH-490-0001")
TWIN = group("mavim", "PN/17b", merged_into=KEPT.id)
SAME_NUMBER = group("nulm", "MH-490-0001")
ELSEWHERE = group("umed", "MH-490-0002", block="4515")
GROUPS = (KEPT, TWIN, SAME_NUMBER, ELSEWHERE)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with served(SERVICE) as house:
        await outbox.insert_all(house.database, GroupDocument, [Decision(one) for one in GROUPS])
        yield house


async def found(house: House, query: dict[str, str], **claims: Any) -> set[str]:
    answer = await house.ask("GET", f"/groups?{urlencode(query)}", **(claims or MANAGER))
    assert answer.status_code == 200, answer.text
    return {item["id"] for item in answer.json()["items"]}


async def test_the_number_on_the_paper_finds_its_group_however_it_is_typed(house: House) -> None:
    for typed in ("MH-490-0001", "mh-490-0001", " MH-490-0001\u200b ", "MH - ४९० - ०००१"):
        assert await found(house, {"code": typed, "programme": "umed"}) == {KEPT.id}, typed
        assert await found(house, {"code": typed}) == {KEPT.id, SAME_NUMBER.id}, typed
    assert await found(house, {"code": "MH-490"}) == set()
    assert await found(house, {"code": "MH-490-0001", "programme": "mavim"}) == set()


async def test_the_number_of_a_merged_group_finds_the_one_it_was_merged_into(house: House) -> None:
    for query in ({"code": "PN/17b"}, {"code": "PN/17b", "programme": "mavim", "q": "savitribai"}):
        assert await found(house, query) <= {KEPT.id}, query
    assert await found(house, {"code": "PN/17b"}) == {KEPT.id}


async def test_a_number_narrows_lists_counts_and_the_file_to_her_area(house: House) -> None:
    for code, claims, hers in (
        ("MH-490-0001", BARAMATI, {KEPT.id, SAME_NUMBER.id}),
        ("PN/17b", BARAMATI, {KEPT.id}),
        ("MH-490-0002", BARAMATI, set()),
        ("MH-490-0002", HAVELI, {ELSEWHERE.id}),
        ("PN/17b", {"role": Role.GROUP_LEADER, "groups": [TWIN.id]}, {KEPT.id}),
        ("PN/17b", {"role": Role.GROUP_LEADER, "groups": [ELSEWHERE.id]}, set()),
    ):
        assert await found(house, {"code": code}, **claims) == hers, (code, claims)
        if claims["role"] is Role.GROUP_LEADER:
            continue
        assert {row["id"] for row in await exported(house, f"code={code}", **claims)} == hers
        counts = (await house.ask("GET", f"/groups/counts?by=block&code={code}", **claims)).json()
        assert counts["total"] == len(hers)


async def test_what_can_be_no_number_is_refused_in_the_readers_language(house: House) -> None:
    said = {"en": "no programme's number", "mr": "गट क्रमांक नाही", "hi": "समूह संख्या नहीं है"}
    for language, sentence in said.items():
        for path in ("/groups?", "/groups/counts?by=block&", "/groups/export?"):
            headers = {"Accept-Language": language}
            answer = await house.ask("GET", f"{path}code={quote('क्र. 17')}", headers=headers, **MANAGER)
            assert (answer.status_code, answer.json()["code"]) == (422, "NotAGroupNumber"), path
            assert sentence in answer.json()["detail"]


async def test_a_number_is_looked_up_by_the_index_of_ids(house: House) -> None:
    filters = GroupFilters(code="MH-490-0001")
    hers = await mine(house.database, filters, scope(Role.BLOCK_OFFICER, district="490", block="4512"))
    asked = {"$and": [{"tenant": "27"}, *hers, *where(filters)]}
    rows = house.database.collection("groups").find(asked).sort("_id", 1).limit(51).hint([("_id", 1)])
    told = await rows.explain()
    assert "IXSCAN" in stages(told["queryPlanner"]["winningPlan"])
    assert told["executionStats"]["totalDocsExamined"] == 2
