"""The numbers of groups a list has had so far, in 24 bytes each and their room: a state's are 25 MB.

A dict of them would take 150 MB. Sixty-four bits of a digest stand for a number: of 782,000 two are alike in one list
of thirty million.
"""

from array import array
from dataclasses import dataclass
from hashlib import blake2b

FIRST_SLOTS = 1 << 10
FULLEST = 0.8
LINE_BITS = 40


@dataclass(frozen=True, slots=True)
class Met:
    """Where the number stood first, and whether that row said the same."""

    file: str
    line: int
    same: bool


class Seen:
    """A hash table with open addressing in arrays; a slot that is 0 is free."""

    def __init__(self) -> None:
        self.count, self.files = 0, dict[str, int]()
        self._clear(FIRST_SLOTS)

    def _clear(self, slots: int) -> None:
        self.mask = slots - 1
        self.keys, self.contents, self.places = (array("Q", bytes(8 * slots)) for _ in range(3))

    def find(self, code: str, content: str) -> Met | None:
        """`content`: hexadecimal digits of a digest of the row, at least sixteen."""
        at = self._slot(key_of(code))
        if not self.keys[at]:
            return None
        file, line = divmod(self.places[at], 1 << LINE_BITS)
        return Met(list(self.files)[file], line, self.contents[at] == int(content[:16], 16))

    def add(self, code: str, content: str, file: str, line: int) -> None:
        """Nothing where the number stands already."""
        key = key_of(code)
        at = self._slot(key)
        if self.keys[at]:
            return
        place = (self.files.setdefault(file, len(self.files)) << LINE_BITS) + line
        self.keys[at], self.contents[at], self.places[at] = key, int(content[:16], 16), place
        self.count += 1
        if self.count > FULLEST * (self.mask + 1):
            self._grow()

    def _slot(self, key: int) -> int:
        at = key & self.mask
        while self.keys[at] not in {0, key}:
            at = (at + 1) & self.mask
        return at

    def _grow(self) -> None:
        before = zip(self.keys, self.contents, self.places, strict=True)
        self._clear(2 * (self.mask + 1))
        for key, content, place in before:
            if key:
                at = self._slot(key)
                self.keys[at], self.contents[at], self.places[at] = key, content, place


def key_of(code: str) -> int:
    return int.from_bytes(blake2b(code.encode(), digest_size=8).digest(), "big") or 1
