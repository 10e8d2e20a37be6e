"""What cells say: one form, nothing invisible, and a reason for each that says nothing."""

import pytest

from shared.errors import Invalid
from shared.lists.cleaning import cleaned, said
from shared.lists.problems import (
    CellTooLong,
    DateCell,
    ErrorCell,
    FormulaCell,
    LostLetters,
    NumberInName,
    ShortenedNumber,
)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  सावित्रीबाई   महिला\u00a0बचत गट ", "सावित्रीबाई महिला बचत गट"),
        ("\ufeffजय\u200b भवानी\u00ad", "जय भवानी"),
        ("\u202eगट\u202c", "गट"),
        ("श्री\u200dराम", "श्रीराम"),
        ("र्\u200dया", "र्\u200dया"),
        ("क्\u200cष", "क्\u200cष"),
        ("e\u0301kta", "\u00e9kta"),
        ("महिला\nबचत\tगट", "महिला बचत गट"),
        ("निरंक", ""),
        ("N/A", ""),
        ("-", ""),
        ("'=1+1", "=1+1"),
        ("'+919000000001", "+919000000001"),
        ("'नाव", "'नाव"),
    ],
)
def test_a_cell_is_kept_in_one_readable_form(written: str, kept: str) -> None:
    assert cleaned(written) == kept
    assert cleaned(kept) == kept


@pytest.mark.parametrize(
    ("field", "written", "kept"),
    [
        ("district", "490.0", "490"),
        ("phone", "9000000001.0", "9000000001"),
        ("phone", "९०००००००००१", "९०००००००००१"),
        ("account", '="00123456789"', "00123456789"),
        ("code", "27-490-00012", "27-490-00012"),
        ("ward", "12", "12"),
        ("village", "कोंढवा", "कोंढवा"),
        ("name", "7 तारे महिला बचत गट", "7 तारे महिला बचत गट"),
        ("name", "Kya? Mahila Gat", "Kya? Mahila Gat"),
    ],
)
def test_a_cell_says_what_was_meant(field: str, written: str, kept: str) -> None:
    assert said(field, written) == kept


@pytest.mark.parametrize(
    ("field", "written", "problem"),
    [
        ("name", "?????? ????", LostLetters),
        ("name", "? ?", LostLetters),
        ("village", "à¤ªà¥\u0081à¤£à¥\u0087", LostLetters),
        ("name", "सखी \ufffd गट", LostLetters),
        ("name", "4512", NumberInName),
        ("name_mr", "४५१२", NumberInName),
        ("name", '=HYPERLINK("http://example.invalid","सखी")', FormulaCell),
        ("phone", "=A2", FormulaCell),
        ("name", "=#REF!", ErrorCell),
        ("account", "#VALUE!", ErrorCell),
        ("account", "########", ErrorCell),
        ("ward", "12-05-2023", DateCell),
        ("ward", "2-Jan", DateCell),
        ("ward", "May-23", DateCell),
        ("code", "2023-05-12 00:00:00", DateCell),
        ("account", "6.01123E+13", ShortenedNumber),
        ("activities", "पापड, " * 100, CellTooLong),
    ],
)
def test_a_cell_that_cannot_be_used_says_why(field: str, written: str, problem: type[Invalid]) -> None:
    with pytest.raises(problem) as told:
        said(field, written)
    assert told.value.sentence("mr") != told.value.sentence("en")
    assert str(told.value.params["field"]) == field
