"""The table of tags: who knows of a group that it is one, and its name. Another tag is another line of tags.csv."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from shared.localized import Localized

TABLE = Path(__file__).with_name("tags.csv")


class KnownBy(StrEnum):
    REGISTRY = "registry"  # the catalogue's entry of the group
    HERSELF = "herself"  # on her word
    DESK = "desk"  # who has had stalls


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """`word` is what plans, applications and the public file call it."""

    word: str
    known_by: KnownBy
    names: Localized


def read(lines: Iterable[str]) -> dict[str, Tag]:
    """By word, from the lines of a table."""
    return {
        row["tag"]: Tag(
            word=row["tag"],
            known_by=KnownBy(row["known_by"]),
            names=Localized(mr=row["mr"], hi=row["hi"], en=row["en"]),
        )
        for row in csv.DictReader(lines)
    }


def _table() -> dict[str, Tag]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        return read(lines)


TAGS: Mapping[str, Tag] = _table()


def declarable(tags: Mapping[str, Tag] = TAGS) -> dict[str, Tag]:
    """Those that an application may name; who never had a stall is looked up."""
    return {word: tag for word, tag in tags.items() if tag.known_by is not KnownBy.DESK}
