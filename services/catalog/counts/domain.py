"""How many groups there are, and of what."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from services.catalog.names.domain import sound
from shared.places.directory import Place, blocks, districts, local_bodies

By = Literal["district", "block", "local_body", "village", "programme", "activity", "federation", "reason"]


@dataclass(frozen=True, slots=True)
class Count:
    """`of` is an LGD code, a programme, a reason or a text as most groups write it; `name` is a place's."""

    of: str
    name: str | None
    groups: int


@dataclass(frozen=True, slots=True)
class Counts:
    """`total` is each group once: one of two programmes, or of no block, stands in `items` twice, or not at all."""

    total: int
    items: list[Count]


TABLES: Mapping[str, Callable[[], Mapping[str, Place]]]
TABLES = {"district": districts, "block": blocks, "local_body": local_bodies}


def counts(by: By, total: int, found: Iterable[tuple[str, int]]) -> Counts:
    """The most first."""
    there = TABLES[by]() if by in TABLES else {}
    items = [Count(of, there[of].name if of in there else None, groups) for of, groups in found]
    return Counts(total, sorted(items, key=lambda count: (-count.groups, count.of)))


def spelt_most(texts: Iterable[tuple[str, int]]) -> dict[str, str]:
    """Of each sound the spelling that most groups have."""
    best: dict[str, tuple[int, str]] = {}
    for text, groups in texts:
        key = sound(text)
        best[key] = max(best.get(key, (0, "")), (groups, text))
    return {key: text for key, (_, text) in best.items()}
