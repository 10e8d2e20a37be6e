"""The cells of a draw's files become bits and indexes once all their words are known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from services.stalls.draw.engine.tables import ANY as ANY_MASK
from services.stalls.draw.engine.tables import I32, I64, U64, Tables, Words
from services.stalls.draw.files import ANY
from services.stalls.draw.plan import LGD_CODE, OPEN, WORD


class NotCanonical(Exception):
    """Something in this file is not as it is written, or more than the engine has room for; `reading` says what."""


def require(holds: object) -> None:
    if not holds:
        raise NotCanonical


@dataclass(frozen=True, slots=True)
class Scanned:
    """Columns as long as there are rows; for each pool of cells their texts."""

    columns: tuple[npt.NDArray[Any], ...]
    texts: tuple[list[str], ...]


def coded(plan: Scanned, people: Scanned, start: I64, choices: I32, events: I32) -> Tables:
    """Cells become bits once all words are known."""
    line_start, stage, categories, fallback, tags_of, district_of, count = plan.columns
    tickets, tier, district, stages, tags, sold, upgrade = people.columns
    words = _words(plan, people)
    category, tag = _bits(words.categories), _bits(words.tags)
    used = [plan.texts[1][cell] for cell in np.unique(categories)]
    require("" not in used and "" not in people.texts[3] and ANY not in people.texts[3])
    return Tables(
        words=words,
        tickets=tickets,
        tier=tier,
        district=_index(people.texts[0], words.districts)[district],
        stages=_sets(people.texts[1], _bits(words.stages))[stages] | np.uint64(1),
        tags=_sets(people.texts[2], tag)[tags],
        categories=_sets(people.texts[3], category)[sold],
        upgrade=upgrade,
        start=start,
        choices=choices,
        events=events,
        line_start=line_start,
        stage=_index(plan.texts[0], words.stages)[stage],
        takes=_sets(plan.texts[1], category)[categories],
        fallback=_sets(plan.texts[1], category)[fallback],
        tags_of=_sets(plan.texts[2], tag)[tags_of],
        district_of=_index(plan.texts[3], words.districts)[district_of],
        count=count,
    )


def _words(plan: Scanned, people: Scanned) -> Words:
    stage, masks, tags_of, district_of = plan.texts
    district, stages, tags, sold = people.texts
    require(all(map(WORD.fullmatch, stage)) and all(map(LGD_CODE.fullmatch, {*district, *district_of} - {""})))
    require("" not in district)
    used = _split([*stage, *stages]) | {OPEN}
    return Words(
        categories=tuple(sorted(_split({*masks, *sold} - {ANY}))),
        tags=tuple(sorted(_split([*tags_of, *tags]))),
        stages=(OPEN, *sorted(used - {OPEN})),
        districts=tuple(sorted({*district, *district_of} - {""})),
    )


def _split(cells_: Iterable[str]) -> set[str]:
    """All words of these cells, each of which has them once and sorted."""
    found: set[str] = set()
    for cell in cells_:
        words = cell.split(" ") if cell else []
        require(words == sorted(set(words)))
        found.update(words)
    require(all(map(WORD.fullmatch, found)))
    return found


def _bits(words: Sequence[str]) -> dict[str, int]:
    return {word: 1 << bit for bit, word in enumerate(words)}


def _sets(texts: Sequence[str], bits: dict[str, int]) -> U64:
    """By cell: its words as bits."""
    masks = (ANY_MASK if text == ANY else sum(bits[word] for word in text.split()) for text in texts)
    return np.array(list(masks), np.uint64)


def _index(texts: Sequence[str], words: Sequence[str]) -> I32:
    """By cell: which word it is; -1 for none."""
    numbers = {word: number for number, word in enumerate(words)}
    return np.array([numbers.get(text, -1) for text in texts], np.int32)
