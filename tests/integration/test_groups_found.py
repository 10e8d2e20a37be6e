"""Finding groups over HTTP on a real MongoDB: slips of the pen in three scripts, filters, numbers, the file."""

import csv
import io
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import pytest

from services.catalog.filters.domain import GroupFilters
from services.catalog.groups import commands
from services.catalog.groups.domain import Group
from services.catalog.groups.store import GroupDocument, where
from services.catalog.searches.domain import ranked, vocabulary
from services.catalog.wiring import SERVICE
from shared import clock, outbox
from shared.decisions import Decision
from shared.localized import Localized
from shared.reads import Paging
from shared.scope import Role
from tests.integration.serving import House, served
from tests.unit.catalog.samples import GROUP, scope

MANAGER: dict[str, Any] = {"role": Role.MISSION_MANAGER}
PUNE: dict[str, Any] = {"role": Role.DISTRICT_OFFICER, "district": "490"}
BARAMATI: dict[str, Any] = {"role": Role.BLOCK_OFFICER, "district": "490", "block": "4512"}
YEAR = clock.today().year


def group(number: int, names: Localized, **named: Any) -> Group:
    return replace(GROUP, id=f"group-{number:03}", code=f"MH-{number:03}", names=names, **named)


GROUPS = (
    group(1, Localized(mr="सावित्रीबाई महिला बचत गट"), activities=("पापड",), federation="प्रगती ग्रामसंघ"),
    group(2, Localized(en="Savitri Bai Phule Mahila SHG"), block="4515", activities=("Papad", "मसाला")),
    group(3, Localized(mr="ज्ञानेश्वरी स्वयंसहाय्यता समूह"), programme="mavim", stall_years=(YEAR,)),
    group(4, Localized(mr="लक्ष्मी महिला बचत गट"), district="484", block="4141", stall_years=(YEAR - 1,)),
    group(5, Localized(en="Mahalaxmi Bachat Gat"), programme="nulm", block=None, local_body="251530", ward="12"),
    group(6, Localized(mr="चंद्रभागा महिला बचत गट"), active=False, why="closed", federation="Pragati Gramsangh"),
    group(7, Localized(mr="सावित्री माई बचत गट"), merged_into="group-001"),
    group(8, Localized(mr="सावित्रीबाई महिला बचत गट"), tenant="5", district="45", block="331"),
    group(9, Localized(mr='=HYPERLINK("http://x") रमाई गट', hi="रमाई समूह"), village="+९१ माळेगाव"),
)
HERS = [one for one in GROUPS if one.tenant == "27" and one.merged_into is None]


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with served(SERVICE) as house:
        await outbox.insert_all(house.database, GroupDocument, [Decision(one) for one in GROUPS])
        yield house


async def listed(house: House, query: str, **claims: Any) -> list[str]:
    answer = await house.ask("GET", f"/groups?{query}", **(claims or MANAGER))
    assert answer.status_code == 200, answer.text
    return [item["id"][-1] for item in answer.json()["items"]]


async def test_a_name_is_found_in_three_scripts_with_slips_and_by_how_it_begins(house: House) -> None:
    for query, found in {
        "Savitribai": "12",
        "सावित्री बाई": "12",
        "sawitri": "12",
        "Savitrybaai": "12",
        "सावीत्रिबाइ": "12",
        "Savtribai": "12",
        "savitribai phule": "2",
        "phule savitribai": "2",
        "सावित्री फुले": "2",
        "સાવિત્રીબાઈ": "12",
        "సావిత్రీబాయి": "12",
        "Gyaneshwari": "3",
        "Dnyneshvari mahila": "3",
        "ज्ञानेशवरी": "3",
        "laxmi": "4",
        "Mahalakshami": "5",
        "महालक्ष्मी": "5",
        "chandra": "6",
        "Chandrabaga": "6",
        "बचत गट": "1234569",
        "सरस्वती": "",
    }.items():
        assert sorted(await listed(house, f"q={query}")) == list(found), query


async def test_every_filter_narrows_and_an_alias_is_never_listed(house: House) -> None:
    for query, found in {
        "": "1234569",
        "programme=mavim": "3",
        "district=490": "123569",
        "district=484": "4",
        "block=4515": "2",
        "local_body=251530": "5",
        "block=4512&village=91 मळेगाव": "9",
        "block=4512&village=९१ मा": "9",
        "block=4512&village=मा": "",
        "activity=papad": "12",
        "activity=मसाला": "2",
        "federation=Pragati gramsangh": "16",
        f"stall_year={YEAR - 1}": "4",
        "has_stall=true": "3",
        "has_stall=false": "124569",
        "active=false": "6",
        "active=true&q=savitri": "12",
        "activity=papad&block=4512&q=savitri": "1",
    }.items():
        assert sorted(await listed(house, query)) == list(found), query


async def test_pages_of_a_search_are_the_list_cut_where_the_cursor_says(house: House) -> None:
    pages, cursor = [], ""
    while True:
        answer = (await house.ask("GET", f"/groups?q=s&limit=1{cursor}", **MANAGER)).json()
        pages += [item["id"][-1] for item in answer["items"]]
        if not answer["next_cursor"]:
            break
        cursor = f"&cursor={answer['next_cursor']}"
    assert pages == ["1", "2"]


REFUSED = {
    "district=999": ("UnknownPlace", "499 Washim"),
    "district=पुणे": ("UnknownPlace", "490 Pune"),
    "block=Baramti": ("UnknownPlace", "4512 Baramati"),
    "block=352": ("PlaceOfAnotherState", ""),
    "district=45": ("PlaceOfAnotherState", ""),
    "local_body=Shirur&district=490": ("UnknownPlace", "251518 Shirur"),
    "block=4512&district=484": ("BlockElsewhere", "490 Pune"),
    "block=4512&local_body=251536": ("BlockOrLocalBody", ""),
    "village=Malegaon": ("PlaceNeeded", "village: "),
    "village=Malegaon&district=490": ("PlaceNeeded", ""),
    "village=-&block=4512": ("NothingToFind", "village: "),
    "activity=...": ("NothingToFind", "activity: "),
}


@pytest.mark.parametrize("query", REFUSED)
async def test_places_that_find_nothing_are_refused_with_what_may_be_meant(house: House, query: str) -> None:
    for path in ("/groups?", "/groups/counts?by=block&", "/groups/export?"):
        answer = await house.ask("GET", path + query, **MANAGER)
        code, near = REFUSED[query]
        assert (answer.status_code, answer.json()["code"]) == (422, code), path
        assert near in answer.json()["detail"], path


async def test_codes_may_be_typed_in_devanagari_digits_and_a_programme_is_one_of_three(house: House) -> None:
    assert await listed(house, "district=४८४") == ["4"]
    assert await listed(house, "programme=MAVIM") == ["3"]
    assert (await house.ask("GET", "/groups?programme=state", **MANAGER)).status_code == 422


async def test_who_reads_a_list_a_number_or_the_file_reads_her_area(house: House) -> None:
    for claims, hers in ((MANAGER, "1234569"), (PUNE, "123569"), (BARAMATI, "1369"), (MANAGER | {"state": "5"}, "8")):
        assert await listed(house, "", **claims) == list(hers)
        counts = (await house.ask("GET", "/groups/counts?by=district", **claims)).json()
        rows = await exported(house, "", **claims)
        assert (counts["total"], sorted(row["id"][-1] for row in rows)) == (len(hers), list(hers))
    assert await listed(house, "q=savitribai", **BARAMATI) == ["1"]
    for path in ("counts?by=block", "export"):
        refused = await house.ask("GET", f"/groups/{path}", Role.GROUP_LEADER, groups=["group-001"])
        assert refused.status_code == 403
        assert (await house.ask("GET", f"/groups/{path}", Role.BLOCK_OFFICER)).status_code == 200


def numbers(groups: Sequence[Group], by: str) -> dict[str, int]:
    """By hand, over the groups."""
    if by == "programme":
        return Counter(programme for one in groups for programme in one.programmes)
    return Counter(getattr(one, by) for one in groups if getattr(one, by))


async def test_counts_equal_a_count_over_the_data(house: House) -> None:
    for query, kept in {
        "": HERS,
        "active=true": [one for one in HERS if one.active],
        "district=490": [one for one in HERS if one.district == "490"],
        "q=savitri": HERS[:2],
    }.items():
        for by in ("district", "block", "local_body", "programme"):
            counts = (await house.ask("GET", f"/groups/counts?by={by}&{query}", **MANAGER)).json()
            assert {item["of"]: item["groups"] for item in counts["items"]} == numbers(kept, by), (by, query)
            assert counts["total"] == len(kept)
    by_work = (await house.ask("GET", "/groups/counts?by=activity", **MANAGER)).json()["items"]
    assert {item["of"]: item["groups"] for item in by_work} == {"पापड": 2, "मसाला": 1}
    named = (await house.ask("GET", "/groups/counts?by=district", **MANAGER)).json()["items"]
    assert [(item["of"], item["name"]) for item in named] == [("490", "Pune"), ("484", "Nagpur")]


async def test_a_block_is_counted_by_village_federation_and_why_a_group_is_not_active(house: House) -> None:
    for by, found in {
        "federation": {"प्रगती ग्रामसंघ": 2},
        "village": {"+९१ माळेगाव": 1},
        "reason": {"closed": 1},
    }.items():
        for query, claims in (("&block=4512", MANAGER), ("", BARAMATI)):
            counts = (await house.ask("GET", f"/groups/counts?by={by}{query}", **claims)).json()
            assert counts["total"] == 4
            assert {item["of"]: item["groups"] for item in counts["items"]} == found, by
    assert (await house.ask("GET", "/groups/counts?by=reason", **PUNE)).json()["total"] == 6
    for by in ("federation", "village"):
        refused = await house.ask("GET", f"/groups/counts?by={by}", **PUNE)
        assert (refused.status_code, refused.json()["code"]) == (422, "PlaceNeeded")


async def exported(house: House, query: str, **claims: Any) -> list[dict[str, str]]:
    answer = await house.ask("GET", f"/groups/export?{query}", **(claims or MANAGER))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def test_the_file_has_each_group_once_and_no_cell_of_it_comes_alive(house: House) -> None:
    rows = {row["id"][-1]: row for row in await exported(house, "district=490")}
    assert rows["1"]["name_mr"] == "सावित्रीबाई महिला बचत गट"
    assert (rows["1"]["district_name"], rows["1"]["block"], rows["2"]["activities"]) == ("Pune", "4512", "Papad; मसाला")
    assert rows["9"]["name_mr"].startswith("'=HYPERLINK")
    assert rows["9"]["village"] == "'+९१ माळेगाव"
    assert (rows["6"]["active"], rows["6"]["reason"], rows["3"]["stall_years"]) == ("no", "closed", str(YEAR))
    assert not {"account", "relay"} & set(rows["1"])


async def test_a_department_has_names_and_places_alone_in_its_file(house: House) -> None:
    told = {column for row in await exported(house, "", role=Role.DEPARTMENT) for column, cell in row.items() if cell}
    assert told <= {
        *("id", "active", "name_mr", "name_hi", "name_en", "district", "district_name"),
        *("block", "block_name", "local_body", "local_body_name"),
    }


async def test_a_group_entered_just_now_is_found_by_how_its_name_begins(house: House) -> None:
    assert await listed(house, "q=Hirkani") == []
    body = {"programme": "umed", "code": "MH-7", "names": {"mr": "हिरकणी गट"}, "district": "490", "block": "4512"}
    assert (await house.ask("POST", "/groups", body=body, **BARAMATI)).status_code == 201
    answer = await house.ask("GET", "/groups?q=hirk", **MANAGER)
    assert [item["names"]["mr"] for item in answer.json()["items"]] == ["हिरकणी गट"]


def stages(plan: Any) -> set[str]:
    if isinstance(plan, list):
        return set().union(*map(stages, plan))
    if not isinstance(plan, dict):
        return set()
    return {plan["stage"], *stages(list(plan.values()))} if "stage" in plan else stages(list(plan.values()))


def planners(told: Any) -> list[Any]:
    if not isinstance(told, dict):
        return [found for one in told for found in planners(one)] if isinstance(told, list) else []
    here = [told["queryPlanner"]] if "queryPlanner" in told else []
    return [*here, *(found for key, one in told.items() if key != "queryPlanner" for found in planners(one))]


ASKED: tuple[GroupFilters, ...] = (
    GroupFilters(district="490"),
    GroupFilters(block="4512"),
    GroupFilters(local_body="251530"),
    GroupFilters(programme="mavim"),
    GroupFilters(activity="papad"),
    GroupFilters(federation="Pragati"),
    GroupFilters(stall_year=YEAR),
    GroupFilters(stall_in=YEAR),
    GroupFilters(active=False),
    GroupFilters(q="savitribai"),
    GroupFilters(q="Savtribai phule"),
    GroupFilters(q="savitri", block="4512"),
)


@pytest.mark.parametrize("filters", ASKED, ids=str)
async def test_every_filter_and_search_is_read_from_an_index(house: House, filters: GroupFilters) -> None:
    rows = house.database.collection("groups")
    known = vocabulary(await rows.distinct("keys"))
    asked = {"$and": [{"tenant": "27"}, *where(filters, chain.from_iterable(ranked(filters.q, known)))]}
    plan = (await rows.find(asked).sort("_id", 1).limit(51).explain())["queryPlanner"]["winningPlan"]
    assert "IXSCAN" in stages(plan)
    assert "COLLSCAN" not in stages(plan)
    assert "SORT" not in stages(plan) or " " in (filters.q or ""), (
        plan
    )  # two words find too few to tell the plans apart


async def test_numbers_by_place_are_read_from_an_index_alone(house: House) -> None:
    rows = house.database.db
    by = [{"$match": {"$and": [{"tenant": "27"}, *where(GroupFilters())]}}, {"$group": {"_id": "$district"}}]
    told = await rows.command({"explain": {"aggregate": "groups", "pipeline": by, "cursor": {}}})
    plan = stages([part["winningPlan"] for part in planners(told)])
    assert "IXSCAN" in plan
    assert not {"COLLSCAN", "FETCH"} & plan, told


async def test_one_who_acts_for_a_merged_group_finds_the_one_it_became(house: House) -> None:
    own = scope(Role.GROUP_LEADER, groups=frozenset({"group-007"}))
    found = await commands.listed(house.database, GroupFilters(q="savitribai"), own, Paging())
    assert [one.id for one in found.items] == ["group-001"]
