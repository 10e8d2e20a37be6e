"""The engine on an eighth of a state, a quarter, a half, one and two: near-linear."""

from math import log2

from bench.draw_timing import allocated, timed
from bench.lines import Line
from bench.settings import BenchSettings
from tools.draw import instances

SEED = "5eed" * 16
EIGHTHS = (1, 2, 4, 8, 16)
MOST_EXPONENT = 1.15


def measured(sizes: BenchSettings) -> list[Line]:
    """The limit: as many times the time of the smallest as it is larger."""
    lines, first = [], 0.0
    for eighths in EIGHTHS:
        tables = instances.tables(sizes.draw_groups * eighths // 8)
        allocated(tables, SEED)
        seconds, _ = timed(lambda: allocated(tables, SEED), sizes.draw_rounds)  # noqa: B023  called at once
        first = first or seconds
        lines.append(_line(len(tables.tickets), len(tables.choices), seconds, first * eighths, eighths))
    return lines


def _line(groups: int, choices: int, seconds: float, linear: float, eighths: int) -> Line:
    exponent = 1 + log2(seconds / linear) / log2(eighths) if eighths > 1 else 1.0
    last = eighths == EIGHTHS[-1]
    return Line(
        name="draw",
        measure=f"{eighths / 8:g} of a state: {groups:,} groups, {choices:,} choices",
        value=seconds * 1000,
        unit="ms",
        limit="in proportion to the first",
        limit_value=linear * 1000,
        ratio=linear / seconds,
        goal=f"≤ n^{MOST_EXPONENT}" if last else "–",
        met=exponent <= MOST_EXPONENT if last else None,
        note=f"{seconds / choices * 1e9:.0f} ns a choice" + (f", n^{exponent:.2f}" if eighths > 1 else ""),
    )
