"""The words of the lists, and which of them belong together in one place."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from shared.localized import Localized
from tools.seed.names import Triple
from tools.seed.names import table as known
from tools.seed.state.chance import mix

FILE = Path(__file__).parent / "words.toml"
MARATHI = "27"
FEWEST, SPREAD = 60, 60
"""Villages of a block: about so many, and up to so many more."""


@cache
def table() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


@cache
def names() -> tuple[Triple, ...]:
    """What groups are called, without the words for a group."""
    return (*known()["words"], *table()["names"])


def localized(triple: Triple, state: str) -> Localized:
    """As it is written in that state: Devanagari in its language, and Latin letters."""
    mr, hi, en = triple
    return Localized(mr=mr, en=en) if state == MARATHI else Localized(hi=hi, en=en)


def local_of(text: Localized) -> str:
    return text.mr or text.hi or ""


@cache
def villages(state: str, block: str, seed: int) -> tuple[tuple[str, str], ...]:
    """The villages of a block, in Devanagari and in Latin letters; no two alike."""
    words = table()["villages"]["mr" if state == MARATHI else "hi"]
    stems, endings, which = words["stems"], words["endings"], words["which"]
    every = len(stems) * len(endings)
    start, wanted = mix(seed, block, "villages"), FEWEST + mix(seed, block, "how many") % SPREAD
    step = next(step for step in range(start % 97 + 53, every) if _coprime(step, every))
    found = []
    for at in range(wanted):
        stem, ending = divmod((start + at * step) % every, len(endings))
        parts = (stems[stem], endings[ending], which[mix(seed, block, at) % 4 % len(which)])
        found.append(("".join(part[0] for part in parts), "".join(part[1] for part in parts)))
    return tuple(found)


def _coprime(one: int, other: int) -> bool:
    while other:
        one, other = other, one % other
    return one == 1
