"""A picture of a time: orders a second as hills, outboxes and lag as lines, faults as bars, deaths as ticks."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

from tests.chaos.long.acts import Mark
from tests.chaos.long.samples import Sample

WIDTH, HILLS, LINES, LANE = 1_160, 90, 60, 13
LEFT, TOP, GAP = 150, 16, 14
LANES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("processes killed", ("kill -9 ", "restart with")),
    ("processes frozen", ("SIGSTOP ",)),
    ("clocks", ("clock of",)),
    ("network", ("network ",)),
    ("disks", ("full disk", "slow disk")),
    ("servers", ("kill -9 mongodb", "kill -9 kafka", "SIGSTOP mongodb", "SIGSTOP kafka", "restart kafka", "primary ")),
    ("rebalance storms", ("rebalance storm",)),
    ("repeated records", ("repeat records",)),
)
COLOURS = ("#b3261e", "#7b4fa0", "#0b6e99", "#c77700", "#5d4037", "#111111", "#2e7d32", "#607d8b")


@dataclass(frozen=True)
class Time:
    """From `began` so many `seconds`, all in the same clock; `orders` when each was placed."""

    began: float
    seconds: float
    orders: Sequence[float]
    samples: Sequence[Sample]
    marks: Sequence[Mark]
    deaths: Sequence[tuple[float, str]]

    def x(self, at: float) -> float:
        share = (at - self.began) / max(self.seconds, 1)
        return round(LEFT + min(max(share, 0), 1) * (WIDTH - LEFT - 10), 1)


def drawn(time: Time) -> str:
    """An SVG element that needs nothing else."""
    lanes_at = TOP + HILLS + GAP + LINES + GAP
    height = lanes_at + LANE * (len(LANES) + 1) + 26
    parts = [*_hills(time), *_lines(time), *_faults(time, lanes_at), *_deaths(time, lanes_at + LANE * len(LANES))]
    parts += _seconds(time, height)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    return f'{head} font-family="sans-serif" font-size="11">{"".join(parts)}</svg>'


def lane_of(kind: str) -> int:
    """The most exact name wins: a killed server is no killed process."""
    fits = [(len(start), n) for n, (_, starts) in enumerate(LANES) for start in starts if kind.startswith(start)]
    return max(fits)[1] if fits else 0


def _words(x: float, y: float, words: str, more: str = "") -> str:
    return f'<text x="{x}" y="{y}" {more}>{escape(words)}</text>'


def _hills(time: Time) -> Iterator[str]:
    each = max(1.0, time.seconds / 500)
    counted = Counter(int((at - time.began) / each) for at in time.orders)
    most = max(counted.values(), default=1) / each
    floor = TOP + HILLS
    points = [f"{LEFT},{floor}"]
    for n in range(int(time.seconds / each) + 1):
        y = floor - HILLS * (counted[n] / each) / most
        points += [f"{time.x(time.began + n * each)},{y:.1f}", f"{time.x(time.began + (n + 1) * each)},{y:.1f}"]
    points.append(f"{time.x(time.began + time.seconds)},{floor}")
    yield f'<polygon points="{" ".join(points)}" fill="#9ccc9c" stroke="none"/>'
    yield _words(4, TOP + 10, f"orders/s (most {most:.0f})")


def _lines(time: Time) -> Iterator[str]:
    floor = TOP + HILLS + GAP + LINES
    most = max((max(one.outbox, one.lag) for one in time.samples), default=0) or 1
    for figures, colour in (
        ([(one.at, one.outbox) for one in time.samples], "#0b6e99"),
        ([(one.at, one.lag) for one in time.samples], "#c77700"),
    ):
        points = " ".join(f"{time.x(at)},{floor - LINES * value / most:.1f}" for at, value in figures)
        yield f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.3"/>'
    yield _words(4, floor - LINES + 10, f"outboxes (most {most:.0f})", 'fill="#0b6e99"')
    yield _words(4, floor - LINES + 24, "lag of consumers", 'fill="#c77700"')


def _faults(time: Time, top: float) -> Iterator[str]:
    for n, (name, _) in enumerate(LANES):
        y = top + LANE * n
        yield _words(4, y + 10, name, f'fill="{COLOURS[n]}"')
        yield f'<line x1="{LEFT}" y1="{y + 6}" x2="{WIDTH - 10}" y2="{y + 6}" stroke="#e4e4e4"/>'
    for mark in time.marks:
        n = lane_of(mark.kind)
        x, wide = time.x(mark.began), max(time.x(mark.ended) - time.x(mark.began), 2.5)
        title = escape(f"{mark.began - time.began:.0f} s {mark.kind}: {mark.said}")
        box = f'<rect x="{x}" y="{top + LANE * n + 2}" width="{wide:.1f}" height="{LANE - 4}" fill="{COLOURS[n]}"'
        yield f'{box} opacity="0.75"><title>{title}</title></rect>'


def _deaths(time: Time, y: float) -> Iterator[str]:
    yield _words(4, y + 10, "deaths")
    for at, name in time.deaths:
        x, title = time.x(at), escape(f"{at - time.began:.0f} s {name}")
        yield f'<path d="M{x} {y + 2}v{LANE - 4}" stroke="#b3261e" stroke-width="1.5"><title>{title}</title></path>'


def _seconds(time: Time, height: float) -> Iterator[str]:
    for at in _steps(time.seconds):
        x = time.x(time.began + at)
        said = f"{at / 60:.0f} min" if time.seconds > 600 else f"{at:.0f} s"
        yield f'<path d="M{x} {TOP}V{height - 18}" stroke="#cccccc" stroke-dasharray="2 4"/>'
        yield _words(x, height - 5, said, 'text-anchor="middle" fill="#666"')


def _steps(seconds: float) -> Iterable[float]:
    step = next(step for step in (10, 30, 60, 300, 600, 3600) if seconds / step <= 20 or step == 3600)
    return [n * step for n in range(int(seconds / step) + 1)]
