"""Words in the languages people read, and how they are searched: casefolded, without punctuation and joiners."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from shared.errors import LANGUAGES, Invalid, Language

JOINERS = dict.fromkeys(map(ord, "\u200b\u200c\u200d"))
MOST_WORDS = 8
ASCII_DIGITS = str.maketrans("०१२३४५६७८९", "0123456789")


class LocalTextMissing(Invalid):
    """{field}: write it in Marathi or Hindi; add {field}.mr or {field}.hi."""

    mr = "{field}: मराठी किंवा हिंदीत लिहा; {field}.mr किंवा {field}.hi भरा."
    hi = "{field}: मराठी या हिंदी में लिखें; {field}.mr या {field}.hi भरें।"


@dataclass(frozen=True, slots=True, kw_only=True)
class Localized:
    """One text in up to three languages, NFC."""

    mr: str | None = None
    hi: str | None = None
    en: str | None = None

    def require_local(self, field: str) -> None:
        """Raises LocalTextMissing where there is neither Marathi nor Hindi."""
        if not (self.mr or self.hi):
            raise LocalTextMissing(field=field)

    def kept(self) -> dict[str, str]:
        """As a document keeps it: the languages there are."""
        texts = {"mr": self.mr, "hi": self.hi, "en": self.en}
        return {language: text for language, text in texts.items() if text}

    def said(self, language: Language) -> str:
        """In this language, or in the first there is: a name is better read in another script than left out."""
        texts = self.kept()
        return next((texts[one] for one in (language, *LANGUAGES) if one in texts), "")

    def words(self) -> list[str]:
        return words(self.kept().values())


def ascii_digits(text: str) -> str:
    """A number as Marathi and Hindi write it, with the digits programs compare: ११५२१ → 11521."""
    return text.translate(ASCII_DIGITS)


def words(texts: Iterable[str]) -> list[str]:
    r"""Every word once, sorted. Vowel signs are marks: they belong to the word, which `\w` of `re` would cut there."""
    folded = (unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()) for text in texts)
    return sorted({word for text in folded for word in _spaced(text.translate(JOINERS)).split()})


def _spaced(text: str) -> str:
    return "".join(char if unicodedata.category(char)[0] in "LMN" else " " for char in text)


def having(field: str, query: str | None) -> list[dict[str, Any]]:
    """The filters that each word of `query` begins a word of the list `field`; an index on the list serves them."""
    return [{field: {"$regex": f"^{word}"}} for word in words([query or ""])[:MOST_WORDS]]
