"""A search shows the likeliest first, and its pages are that list cut, on a real MongoDB."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from services.catalog.filters.domain import GroupFilters
from services.catalog.groups.store import BY_PAIR, GroupDocument, where
from services.catalog.searches.domain import ranked, together, vocabulary
from services.catalog.wiring import SERVICE
from shared import outbox
from shared.decisions import Decision
from shared.localized import Localized
from shared.reads import cursor_of
from shared.scope import Role
from tests.integration.serving import House, served
from tests.unit.catalog.samples import GROUP

MANAGER: dict[str, Any] = {"role": Role.MISSION_MANAGER}
SLIP, BEGUN, MORE, WHOLE = "Savitripai गट", "सावित्रीबाईमाता महिला बचत गट", "Savitribai Phule SHG", "सावित्री बाई बचत गट"
NAMES = (SLIP, SLIP, BEGUN, MORE, BEGUN, WHOLE, MORE, SLIP, WHOLE, "रमाबाई गट")
"""By id, the least likely first."""
RANKED = [5, 8, 3, 6, 2, 4, 0, 1, 7]


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with served(SERVICE) as house:
        groups = [replace(GROUP, id=f"group-{at}", names=Localized(mr=name)) for at, name in enumerate(NAMES)]
        await outbox.insert_all(house.database, GroupDocument, [Decision(one) for one in groups])
        yield house


async def pages(house: House, query: str) -> list[list[int]]:
    found, cursor = [], ""
    while True:
        answer = (await house.ask("GET", f"/groups?{query}{cursor}", **MANAGER)).json()
        found.append([int(item["id"][-1]) for item in answer["items"]])
        if not answer["next_cursor"]:
            return found
        cursor = f"&cursor={answer['next_cursor']}"


async def test_the_whole_name_stands_before_more_of_it_a_beginning_and_a_slip(house: House) -> None:
    for query in ("Savitribai", "सावित्रीबाई", "SAWITRIBAI"):
        assert await pages(house, f"q={query}") == [RANKED], query


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 8, 9])
async def test_every_page_is_full_and_no_group_is_shown_twice_or_left_out(house: House, limit: int) -> None:
    found = await pages(house, f"q=savitribai&limit={limit}")
    assert [len(page) for page in found[:-1]] == [limit] * (len(found) - 1)
    assert found[-1]
    ranks = [{5, 8, 3, 6}, {2, 4}, {0, 1, 7}]
    assert [at for page in found for at in page if at in ranks[1]] == [2, 4]
    flat = [at for page in found for at in page]
    assert [set(flat[:4]), set(flat[4:6]), set(flat[6:])] == ranks
    assert len(flat) == len(RANKED)


async def test_counts_and_the_file_hold_all_that_the_pages_show(house: House) -> None:
    for query in ("q=savitribai", "q=savitribai phule", "q=sav", "q=savtribai"):
        shown = sum(map(len, await pages(house, f"{query}&limit=2")))
        counts = (await house.ask("GET", f"/groups/counts?by=block&{query}", **MANAGER)).json()
        exported = await house.ask("GET", f"/groups/export?{query}", **MANAGER)
        assert counts["total"] == shown == len(exported.text.splitlines()) - 1, query


async def test_a_search_for_two_words_in_a_block_reads_no_group_of_another_one(house: House) -> None:
    other = [replace(GROUP, id=f"other-{at}", names=Localized(mr=MORE), block="4515") for at in range(20)]
    await outbox.insert_all(house.database, GroupDocument, [Decision(one) for one in other])
    way = next(one for one in together(ranked("savitribai phule", vocabulary([]))[0]) if one.pairs)
    asked = {"$and": [{"tenant": "27"}, {"block": "4512"}, *where(GroupFilters(), [way])]}
    rows = house.database.collection("groups").find(asked).sort("_id", 1).hint([("tenant", 1), *BY_PAIR])
    assert (await rows.explain())["executionStats"]["totalDocsExamined"] == NAMES.count(MORE)


@pytest.mark.parametrize(
    "cursor", [cursor_of("group-1", "group-1"), cursor_of(3, ""), cursor_of(-1, ""), cursor_of(True, "")]
)
async def test_a_cursor_of_another_list_is_refused(house: House, cursor: str) -> None:
    answer = await house.ask("GET", f"/groups?q=savitribai&cursor={cursor}", **MANAGER)
    assert (answer.status_code, answer.json()["code"]) == (422, "BadCursor")
