"""Names of groups, composed of words that groups really choose."""

import tomllib
import zlib
from functools import cache
from pathlib import Path

from shared.localized import Localized

FILE = Path(__file__).parent / "names.toml"
Triple = list[str]
"""Marathi, Hindi, Latin letters."""


@cache
def table() -> dict[str, list[Triple]]:
    return tomllib.loads(FILE.read_text("utf-8"))


def group_name(place: str, ordinal: int, seed: int) -> Localized:
    """Of the group number `ordinal` of one place: no two of a place are named alike until all words are used."""
    words, forms = table()["words"], table()["forms"]
    number = zlib.crc32(f"{seed}:{place}".encode()) + ordinal
    word, form = words[number % len(words)], forms[(number // 2 + number // len(words)) % len(forms)]
    mr, hi, en = (shape.format(text) for shape, text in zip(form, word, strict=True))
    return Localized(mr=mr, hi=hi, en=en)
