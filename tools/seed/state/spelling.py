"""How one name comes to be written in two ways by two clerks: sounds alike, or a letter is lost."""

import unicodedata

from tools.seed.state.chance import mix

ALIKE = (
    ("ee", "i"), ("aa", "a"), ("oo", "u"), ("v", "w"), ("sh", "s"), ("kshm", "xm"), ("ksh", "x"), ("y", "i"),
    ("i", "ee"), ("u", "oo"), ("th", "t"), ("dh", "d"), ("bh", "b"), ("a", "aa"),
    ("ी", "ि"), ("ि", "ी"), ("ू", "ु"), ("ु", "ू"), ("ण", "न"), ("ळ", "ल"), ("श", "स"), ("ष", "श"), ("ं", ""), ("ा", ""),
)  # fmt: skip
"""Each pair is heard as the same, or nearly."""
SLIP_EVERY = 3
"""One misspelling of so many is a slip of the finger instead."""
SHORTEST_SLIP = 6


def misspelt(word: str, salt: str) -> str:
    """Another spelling of it, never the same; one change."""
    chance = mix(word, salt, "spelling")
    if chance % SLIP_EVERY == 0 and len(word) >= SHORTEST_SLIP:
        return _slipped(word, chance >> 8)
    start = (chance >> 8) % len(ALIKE)
    for at in range(len(ALIKE)):
        heard, written = ALIKE[(start + at) % len(ALIKE)]
        place = word.find(heard, 1)
        if place > 0:
            return word[:place] + written + word[place + len(heard) :]
    return _slipped(word, chance >> 8)


def _slipped(word: str, chance: int) -> str:
    """A letter inside is lost: never the first, never a mark without its letter."""
    letters = [at for at in range(2, len(word) - 1) if unicodedata.category(word[at])[0] == "L" and word[at - 1] != "्"]
    letters = [at for at in letters if unicodedata.category(word[at + 1])[0] != "M"] or [len(word) - 1]
    at = letters[chance % len(letters)]
    return word[:at] + word[at + 1 :]
