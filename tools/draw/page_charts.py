"""Bars of a picture in whole pixels; what they show stands beside them in words and numbers too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.money import grouped

LABEL, WIDTH, NUMBERS, ROW = 250, 320, 190, 28
MOST_LABEL = 34


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """`light` behind `dark`, in pixels; `numbers` says the same."""

    label: str
    numbers: str
    y: int
    light: int
    dark: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """`id` is unique on the page; `words` tells all of it to somebody who cannot see it."""

    id: str
    title: str
    words: str
    bars: tuple[Bar, ...]
    left: int = LABEL
    row: int = ROW
    width: int = LABEL + WIDTH + NUMBERS

    @property
    def height(self) -> int:
        return self.row * len(self.bars)


def shares(name: str, title: str, rows: Iterable[tuple[str, int, int]]) -> Chart:
    """Of each label: how many there are, and how many of them got a stall."""
    return _chart(
        name, title, [(label, f"{grouped(part)} / {grouped(all_)}", all_, part) for label, all_, part in rows]
    )


def counts(name: str, title: str, rows: Iterable[tuple[str, int]]) -> Chart:
    return _chart(name, title, [(label, grouped(count), 0, count) for label, count in rows])


def _chart(name: str, title: str, rows: Sequence[tuple[str, str, int, int]]) -> Chart:
    most = max((max(light, dark) for _, _, light, dark in rows), default=0) or 1
    bars = (
        Bar(label=short(label), numbers=said, y=at * ROW, light=light * WIDTH // most, dark=dark * WIDTH // most)
        for at, (label, said, light, dark) in enumerate(rows)
    )
    words = "; ".join(f"{label}: {said}" for label, said, _, _ in rows)
    return Chart(id=name, title=title, words=words, bars=tuple(bars))


def short(label: str) -> str:
    return label if len(label) <= MOST_LABEL else f"{label[: MOST_LABEL - 1]}…"
