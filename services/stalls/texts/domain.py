"""A text is kept in parts of at most 1 MiB; a part's id is its SHA-256, so the same text is kept once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from shared.errors import Refused

LARGEST_PART_BYTES = 1024 * 1024
LONGEST_LETTER_BYTES = 4  # of UTF-8

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


def parts_of(text: str, tenant: str) -> list[TextPart]:
    """At least one, also of an empty text."""
    most = LARGEST_PART_BYTES if text.isascii() else LARGEST_PART_BYTES // LONGEST_LETTER_BYTES
    return [_part(text[at : at + most], tenant) for at in range(0, max(len(text), 1), most)]


def require_sound(text: str, ids: tuple[str, ...]) -> None:
    """Raises TextChanged."""
    found = tuple(part.id for part in parts_of(text, ""))
    if found != ids:
        raise TextChanged(found=", ".join(found)[:200], kept=", ".join(ids)[:200])


def _part(text: str, tenant: str) -> TextPart:
    return TextPart(id=hashlib.sha256(text.encode()).hexdigest(), tenant=tenant, text=text)
