"""What lies in the database until a row is taken: nothing that is not this service's, read or unread."""

import json
from collections.abc import Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from services.catalog.accounts.domain import References, keys_of
from services.catalog.imports.commands import Groups
from services.notify.imports.commands import Numbers
from shared.imports.commands import kept
from shared.imports.taking import Taker
from shared.lists.problems import DateCell, TooManyCells
from shared.lists.rows import BadRow, Row
from shared.service import Running

NOBODY = cast("Running", SimpleNamespace(database=None))
GROUPS: Taker = Groups(NOBODY, References(keys_of(f"k1:{'ab' * 16}"), timedelta(days=90)))
NUMBERS: Taker = Numbers(NOBODY)
PHONE, ACCOUNT = "9823456789", "60112233445566"
CELLS = {"code": "U-1", "name": "सावित्री गट", "district": "490", "phone": PHONE, "account": ACCOUNT}


def said(line: Row | BadRow) -> str:
    problem = line.problem.sentence("en") if isinstance(line, BadRow) else ""
    return json.dumps(dict(line.cells), ensure_ascii=False) + problem


@pytest.mark.parametrize("taker", [GROUPS, NUMBERS], ids=["groups", "numbers"])
def test_an_unread_row_waits_without_the_number_and_the_account(taker: Taker) -> None:
    for problem in (DateCell(field="phone", text=PHONE), DateCell(field="account", text=ACCOUNT)):
        left = said(kept(taker, BadRow(7, problem, CELLS, "यादी.csv")))
        assert PHONE not in left
        assert ACCOUNT not in left


@pytest.mark.parametrize("taker", [GROUPS, NUMBERS], ids=["groups", "numbers"])
@pytest.mark.parametrize("field", ["code", "name", "district", "block", "language"])
def test_of_shifted_cells_none_keeps_a_number(taker: Taker, field: str) -> None:
    for number in (PHONE, ACCOUNT):
        left = kept(taker, BadRow(7, TooManyCells(count=8, most=7), {field: number}, "यादी.csv"))
        assert number not in said(left)


@pytest.mark.parametrize(
    ("taker", "hidden"), [(GROUPS, {PHONE, ACCOUNT}), (NUMBERS, {ACCOUNT})], ids=["groups", "numbers"]
)
def test_a_good_row_waits_with_what_this_service_needs_alone(taker: Taker, hidden: set[str]) -> None:
    left = kept(taker, Row(7, CELLS, "यादी.csv"))
    assert not {number for number in hidden if number in said(left)}
    assert (left.line, left.file, left.cells["code"]) == (7, "यादी.csv", "U-1")


def test_an_unread_row_in_the_reports_words_is_what_stays_when_it_is_kept_once_more() -> None:
    once = kept(NUMBERS, BadRow(7, DateCell(field="phone", text=PHONE), CELLS, "यादी.csv"))
    assert kept(NUMBERS, once) == once
    first = kept(GROUPS, BadRow(7, DateCell(field="name", text="1-1-2026"), CELLS, "यादी.csv"))
    assert kept(GROUPS, first) == first


@pytest.mark.parametrize("account", ["987654", "12345", "98765432101234567890"])
def test_what_is_no_account_waits_as_its_length(account: str) -> None:
    cells: Mapping[str, str] = {"code": "U-1", "account": account}
    for line in (Row(7, cells), BadRow(7, DateCell(field="name", text="-"), cells)):
        assert kept(GROUPS, line).cells["account"] == "x" * len(account)


def test_what_is_shown_of_an_account_is_no_seal_and_leads_back_to_it() -> None:
    waits = kept(GROUPS, Row(7, CELLS)).cells
    shown = GROUPS.shown(waits)
    assert waits["sealed"].partition(":")[2] not in json.dumps(shown)
    assert GROUPS.kept(shown) == waits
    assert GROUPS.shown(shown) == shown
