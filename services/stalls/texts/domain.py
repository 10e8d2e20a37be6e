"""A text is kept in parts of at most 1 MiB, cut at the ends of its rows; a part's id is its SHA-256.

So the same text is kept once, a part can be checked and read by itself, and nobody needs to hold the whole.
"""

import hashlib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shared.errors import Refused

LARGEST_PART_BYTES = 1024 * 1024
ROW_END = b"\n"
INSIDE_A_LETTER = 0b1000_0000  # of UTF-8: the bytes after its first begin with the bits 10

Manifest = Mapping[str, tuple[str, ...]]
"""File name → ids of its parts, in their order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPart:
    id: str
    tenant: str
    text: str


class TextChanged(Refused):
    """A kept text is not what it was when it was kept: {found} instead of {kept}; nothing is made of it."""

    mr = "साठवलेला मजकूर साठवताना होता तसा नाही: {kept} ऐवजी {found}; त्यावरून काहीही केले जाणार नाही."
    hi = "रखा हुआ पाठ वैसा नहीं है जैसा रखा गया था: {kept} के बदले {found}; उससे कुछ नहीं किया जाएगा।"


class Cutter:
    """Cuts one text, fed piece by piece, into parts; counts its bytes and makes its SHA-256 and CRC-32 meanwhile."""

    def __init__(self, tenant: str, most_bytes: int = LARGEST_PART_BYTES) -> None:
        self.tenant, self.most_bytes = tenant, most_bytes
        self.bytes, self.crc32, self.parts = 0, 0, 0
        self._digest, self._left = hashlib.sha256(), bytearray()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def feed(self, piece: bytes) -> Iterator[TextPart]:
        """The parts that are full by now."""
        self.bytes += len(piece)
        self.crc32 = zlib.crc32(piece, self.crc32)
        self._digest.update(piece)
        self._left += piece
        while len(self._left) > self.most_bytes:
            yield self._cut(_end(self._left, self.most_bytes))

    def end(self) -> Iterator[TextPart]:
        """What is left: at least one part, also of an empty text."""
        if self._left or not self.parts:
            yield self._cut(len(self._left))

    def _cut(self, at: int) -> TextPart:
        part = _part(bytes(self._left[:at]), self.tenant)
        del self._left[:at]
        self.parts += 1
        return part


def _end(text: bytearray, most: int) -> int:
    """Where the last whole row ends, or the last whole letter of a row that is longer than a part."""
    if at := text.rfind(ROW_END, 0, most) + 1:
        return at
    return next(at for at in range(most, 0, -1) if text[at] & 0b1100_0000 != INSIDE_A_LETTER)


def parts_of(text: str, tenant: str) -> list[TextPart]:
    """At least one, also of an empty text."""
    cutter = Cutter(tenant)
    return [*cutter.feed(text.encode("utf-8")), *cutter.end()]


def require_sound(part: TextPart) -> None:
    """Raises TextChanged."""
    if (found := _id(part.text.encode("utf-8"))) != part.id:
        raise TextChanged(found=found, kept=part.id)


def rows_in(text: str) -> list[str]:
    """The rows of a part that begin with a number: not the names of the columns."""
    return [row for row in text.split("\n") if row[:1].isdecimal()]


def first_number(text: str) -> int:
    """The number with which the first such row of a part begins; 0 where there is none."""
    head = next((row for row in text.split("\n", 2)[:2] if row[:1].isdecimal()), "0")
    return int(head.partition(",")[0]) if head.partition(",")[0].isdecimal() else 0


def _part(text: bytes, tenant: str) -> TextPart:
    return TextPart(id=_id(text), tenant=tenant, text=text.decode("utf-8"))


def _id(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
