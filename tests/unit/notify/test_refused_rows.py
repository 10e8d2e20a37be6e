"""What stays of a row that was refused: her number is not for everybody who may see the import."""

from collections.abc import Mapping
from typing import cast

import pytest

from services.notify.imports.commands import Numbers
from shared.errors import LANGUAGES, Invalid
from shared.imports.refused import refused
from shared.imports.taking import Taker
from shared.lists.problems import DateCell, TooFewCells, TooManyCells
from shared.lists.rows import BadRow, Reported
from shared.places.area import OutsideArea
from shared.service import Running

NUMBERS: Taker = Numbers(cast("Running", None))


def left(cells: Mapping[str, str], problem: OutsideArea | DateCell | None = None) -> BadRow:
    return refused(NUMBERS, BadRow(7, problem or OutsideArea(place="4187", area="4200"), cells, "यादी.csv"))


@pytest.mark.parametrize("phone", ["9823456789", "+919823456789", "०९८२३४ ५६७८९", "98234-56789 / 9823456789"])
def test_of_a_number_the_last_three_digits_stay(phone: str) -> None:
    kept = left({"code": "U-1", "phone": phone, "name": "सावित्री"})
    assert kept.cells == {"code": "U-1", "phone": "*" * (len(phone) - 3) + phone[-3:]}
    assert (kept.line, kept.file, kept.problem.code) == (7, "यादी.csv", "OutsideArea")


def test_a_row_without_a_number_stays_without() -> None:
    assert left({"code": "U-1", "language": "mr"}).cells == {"code": "U-1", "language": "mr"}


def test_done_twice_it_says_the_same() -> None:
    once = left({"code": "U-1", "phone": "9823456789"}, DateCell(field="phone", text="9823456789"))
    again = refused(NUMBERS, once)
    assert again == once


@pytest.mark.parametrize("field", ["phone", "name"])
def test_the_sentence_repeats_no_number_either(field: str) -> None:
    kept = left({"code": "U-1", field: "9823456789"}, DateCell(field=field, text="9823456789"))
    assert isinstance(kept.problem, Reported)
    for language in LANGUAGES:
        said = kept.problem.sentence(language)
        assert "9823456789" not in said
        assert field in said


@pytest.mark.parametrize("problem", [TooManyCells(count=8, most=7), TooFewCells(count=6, field="phone")])
def test_where_cells_were_shifted_no_cell_keeps_a_number_of_somebody(problem: Invalid) -> None:
    cells = {"code": "9823456789", "district": "4511", "block": "98 7654 3210 98", "language": "९८७६५४३२१०"}
    kept = refused(NUMBERS, BadRow(7, problem, cells, "यादी.csv"))
    assert kept.cells == {"code": "…", "district": "4511", "block": "…", "language": "…"}
