"""Searches that are easily got wrong: signs alone, accents, a script of its own, this year and last year at once."""

from codecs import BOM_UTF8
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import quote

import pytest

from services.catalog.exports.commands import ROWS_AT_ONCE
from services.catalog.groups.store import GroupDocument
from services.catalog.wiring import SERVICE
from shared import clock, outbox
from shared.decisions import Decision
from shared.localized import Localized
from tests.integration.serving import House, served
from tests.integration.test_groups_found import MANAGER, exported, listed
from tests.unit.catalog.samples import GROUP

YEAR = clock.today().year
GROUPS = (
    replace(GROUP, id="group-1", code="1", names=Localized(en="Waghjai Mahila SHG"), stall_years=(YEAR - 1,)),
    replace(GROUP, id="group-2", code="2", names=Localized(en="Shākti Mahila SHG"), stall_years=(YEAR - 1, YEAR)),
    replace(GROUP, id="group-3", code="3", names=Localized(mr="نُور خواتین گروپ"), activities=("اچار",)),
    replace(GROUP, id="group-4", code="4", names=Localized(mr="روشنی خواتین گروپ"), activities=("سلائی",)),
)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with served(SERVICE) as house:
        await outbox.insert_all(house.database, GroupDocument, [Decision(one) for one in GROUPS])
        yield house


@pytest.mark.parametrize("sign", ["\u0301", "्", "़", "ः", "ऽ", "్", "ُ", "😀"])
async def test_a_sign_alone_is_no_search_for_everything(house: House, sign: str) -> None:
    answer = await house.ask("GET", f"/groups?q={quote(sign)}", **MANAGER)
    assert (answer.status_code, answer.json()["code"]) == (422, "NothingToFind")


@pytest.mark.parametrize(("asked", "found"), [("Wāghjāī", "1"), ("Shakti", "2"), ("Śhaktī", "2")])
async def test_latin_letters_with_and_without_accents_are_one_name(house: House, asked: str, found: str) -> None:
    assert await listed(house, f"q={quote(asked)}") == [found]


async def test_urdu_names_and_activities_are_found_in_urdu_and_told_apart(house: House) -> None:
    assert await listed(house, "q=نور") == ["3"]
    assert await listed(house, "activity=سلائی") == ["4"]
    counts = (await house.ask("GET", "/groups/counts?by=activity", **MANAGER)).json()["items"]
    assert {one["of"]: one["groups"] for one in counts} == {"اچار": 1, "سلائی": 1}


async def test_a_stall_this_year_and_one_last_year_are_both_asked_for(house: House) -> None:
    assert await listed(house, f"has_stall=true&stall_year={YEAR - 1}") == ["2"]
    assert await listed(house, f"has_stall=false&stall_year={YEAR - 1}") == ["1"]
    assert await listed(house, "has_stall=true") == ["2"]


async def test_a_file_of_more_than_one_piece_has_each_group_once(house: House) -> None:
    many = [
        replace(GROUP, id=f"many-{number:04}", code=f"M-{number}", block="4515") for number in range(ROWS_AT_ONCE + 1)
    ]
    await outbox.insert_all(house.database, GroupDocument, [Decision(one) for one in many])
    rows = await exported(house, "block=4515")
    assert sorted(row["id"] for row in rows) == [one.id for one in many]


async def test_a_spreadsheet_reads_the_file_as_utf_8_by_its_first_bytes(house: House) -> None:
    answer = await house.ask("GET", "/groups/export", **MANAGER)
    assert answer.content.startswith(BOM_UTF8)
    assert answer.content.count(BOM_UTF8) == 1
