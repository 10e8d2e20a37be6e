"""How names sound: one key for the spellings of a word in Devanagari, Latin letters and the neighbours' scripts.

The tables stand in `sounds.toml`, the words that tell no two groups apart in `words.toml`.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any, Final

from shared.localized import Localized

TABLES: Final[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("sounds.toml").read_text("utf-8"))
KEPT_WORDS = 1 << 16
MOST_KEYS = 24
"""Of one group: more than any honest name has."""
MOST_WORDS = 6

MARKS = (*range(0x300, 0x370), *range(0x64B, 0x660), 0x670)
"""Accents of Latin letters and the vowel signs that Urdu may leave out, after NFKD."""
UNSEEN = dict.fromkeys((*map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"), *MARKS))
NOT_A_WORD = re.compile(r"[^0-9a-z\u0620-\u064a\u066e-\u06d3\u06fa-\u06fc\u0900-\u0963\u0966-\u0d7f]+")
"""Urdu words sound as they are written: they are found in their own script alone."""


def _letters() -> dict[int, str]:
    """Every Indian letter in Latin ones; a sign begins with a backspace over the consonant's own a."""
    of = TABLES["devanagari"]
    letters = {consonant: f"{latin}a" for consonant, latin in of["consonants"].items()}
    letters |= {sign: f"\b{latin}" for sign, latin in of["signs"].items()}
    letters |= of["vowels"] | of["marks"] | {chr(0x966 + digit): str(digit) for digit in range(10)}
    there = {ord(letter): latin for letter, latin in letters.items()}
    neighbours = {first + code - 0x900: latin for first in TABLES["parallel"].values() for code, latin in there.items()}
    return neighbours | there


LETTERS = _letters()
OWN_A = re.compile("a?\b")
LATIN: dict[str, str] = TABLES["latin"]
SPELLINGS = re.compile("|".join(LATIN))
RULES = [(re.compile(rule["find"]), rule["put"]) for rule in TABLES["rules"]]


@lru_cache(KEPT_WORDS)
def _sounded(word: str) -> str:
    if word.isascii():
        said = SPELLINGS.sub(lambda found: LATIN[found[0]], word)
    else:
        said = OWN_A.sub("", word.translate(LETTERS))
    for find, put in RULES:
        said = find.sub(put, said)
    return said


def spelt(text: str) -> list[str]:
    """The words of a text in their order: casefolded, without accents of Latin letters, joiners and punctuation."""
    folded = unicodedata.normalize("NFKD", text).casefold().translate(UNSEEN)
    return NOT_A_WORD.sub(" ", folded).split()


def sound(text: str) -> str:
    """One key for the whole text, however it is spelt and spaced: Savitribai, Sawitri Bai, सावित्रीबाई. May be empty."""
    return _sounded("".join(spelt(text)))


COMMON: Final = frozenset(
    map(sound, tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))["common"])
)


def telling(text: str) -> list[str]:
    """The words, as spelt, that tell this group from others; all of them where all are common."""
    there = spelt(text)
    return [word for word in there if len(word) > 1 and _sounded(word) not in COMMON] or there


def keys(names: Localized) -> list[str]:
    """Sounds of the telling words in every language; sorted, each once."""
    found = {_sounded(word) for text in names.kept().values() for word in telling(text)}
    return sorted(found - {""})[:MOST_KEYS]


def pairs(names: Localized) -> list[str]:
    """What finds names of several words: two neighbours written as one, and `both` of every two; sorted, each once.

    So Savitri Bai Phule is found as Savitribai, and with Savitribai Phule by one key.
    """
    found = {key for text in names.kept().values() for key in _pairs(telling(text)[:MOST_WORDS])}
    return sorted(found - {""})[:MOST_KEYS]


def _pairs(told: list[str]) -> Iterator[str]:
    joined = [_sounded(first + second) for first, second in pairwise(told)]
    yield from joined
    words = [_sounded(word) for word in told]
    yield from (both(first, second) for first, second in combinations(words, 2))
    for at, one in enumerate(joined):
        yield from (both(one, word) for word in (*words[:at], *words[at + 2 :]))


def both(first: str, second: str) -> str:
    """The key of two sounds, in whichever order they stand."""
    return f"{min(first, second)}+{max(first, second)}"


def whole(names: Localized) -> str:
    """The telling words as one key, of the first language there is."""
    text = next(iter(names.kept().values()), "")
    return _sounded("".join(telling(text)))


def joined(first: str, second: str) -> str:
    """The sound of two words, as `spelt`, written as one."""
    return _sounded(first + second)
