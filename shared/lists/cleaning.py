"""What a cell says, without what nobody sees, and what is wrong with it."""

import re
import unicodedata
from functools import lru_cache

from shared.lists.problems import (
    CellTooLong,
    DateCell,
    ErrorCell,
    FormulaCell,
    LostLetters,
    NumberInName,
    NumberInText,
    ShortenedNumber,
)
from shared.lists.writing import GUARD, unguarded

MOST_LETTERS = 500
NAMES = frozenset({"name", "name_mr", "name_hi", "name_en"})
TEXTS = NAMES | {"code", "ward", "village", "federation", "activities"}
NUMBERS = frozenset({"code", "account", "phone", "district", "block", "local_body"})
OFTEN = frozenset({"district", "block", "local_body", "ward", "village", "activities", "federation", "language"})
NOTHING = frozenset({"-", "--", "n/a", "na", "null", "none", "nil", "निरंक", "#n/a"})
UNSEEN = re.compile(
    "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x00-\x08\x0e-\x1b\x7f]"
    "|(?<!\u094d)[\u200c\u200d]"
)
"""A joiner means something after a virama, where it chooses the shape of the letters; elsewhere it is an accident."""
SPACES = re.compile(r"\s+")
UNTIDY = re.compile(f"{UNSEEN.pattern}|[^\\S ]|  ")
TEXT_NUMBER = re.compile(r'^="(.*)"$')
WHOLE = re.compile(r"^(\d+)\.0+$")
SHORT = re.compile(r"^\d(\.\d+)?[eE]\+?\d+$")
ERRORS = re.compile(r"^#(REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|#+)$")
DATE = re.compile(
    r"^(\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{4}-\d{2}-\d{2}([ T]00:00(:00)?)?"
    r"|\d{1,2}-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(-\d{2,4})?"
    r"|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-\d{2,4})$",
    re.IGNORECASE,
)
LONG_NUMBER = re.compile(r"\d(?:[ -]?\d){9,}")
"""As long as a phone's."""
WORDS = (TEXTS - {"code"}) | {"activities"}
LETTER = re.compile(r"[^\W\d_]")
LOST = re.compile(r"\?{3,}|^[?\s]+$|\ufffd|à[¤¥]")
"""Question marks that an old encoding leaves, and Devanagari that was once read as Windows-1252."""
SUSPECT = re.compile("[?\ufffdà]")
LONGEST_SHOWN = 40
LONGEST_LOOKED_AT = 4_000
"""Letters of a cell: composing marks without end takes the square of their number."""


def cleaned(cell: str) -> str:
    """NFC, one space between words, nothing invisible; the joiners that Devanagari needs stay."""
    text = cell if cell.isascii() else unicodedata.normalize("NFC", cell[:LONGEST_LOOKED_AT])
    if UNTIDY.search(text):
        text = SPACES.sub(" ", UNSEEN.sub("", text))
    text = text.strip()
    if text[:1] == GUARD:
        text = unguarded(text).strip()
    return "" if text.casefold() in NOTHING else text


@lru_cache(maxsize=1 << 14)
def said_often(field: str, cell: str) -> str:
    """`said`, remembered: for places, trades and whatever else stands in many rows."""
    return said(field, cell)


def said(field: str, cell: str) -> str:
    """What this cell of this field says. Raises the Invalid that names the field."""
    text = cleaned(cell)
    if not text:
        return ""
    if text[0] == "=":
        text = _of_formula(field, text)
    if len(text) > MOST_LETTERS:
        raise CellTooLong(field=field, count=len(text), most=MOST_LETTERS)
    if text[:1] == "#" and ERRORS.match(text):
        raise ErrorCell(field=field, text=text)
    if field in NUMBERS and text.isascii():
        text = _number(field, text)
    if field in WORDS and LONG_NUMBER.search(text):
        raise NumberInText(field=field)
    if field in TEXTS:
        _check_text(field, text)
    return text


def without_numbers(field: str, text: str) -> str:
    """The cell as it may be kept: no phone that somebody wrote into a text."""
    return LONG_NUMBER.sub("…", text) if field in WORDS else text


def _of_formula(field: str, text: str) -> str:
    if as_text := TEXT_NUMBER.match(text):
        return as_text[1].strip()
    if "#REF!" in text:
        raise ErrorCell(field=field, text="#REF!")
    raise FormulaCell(field=field)


def _number(field: str, text: str) -> str:
    if SHORT.match(text):
        raise ShortenedNumber(field=field, text=text)
    whole = WHOLE.match(text)
    return whole[1] if whole else text


def _check_text(field: str, text: str) -> None:
    if (text[:1].isdigit() or text[-1:].isdigit()) and DATE.match(text):
        raise DateCell(field=field, text=text)
    if SUSPECT.search(text) and LOST.search(text):
        raise LostLetters(field=field, text=text[:LONGEST_SHOWN])
    if field in NAMES and not LETTER.search(text):
        raise NumberInName(field=field, text=text[:LONGEST_SHOWN])
