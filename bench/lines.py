"""What a benchmark finds: a measure, its limit, their ratio, and whether the goal is met."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Literal

Unit = Literal["/s", "ms", "s", "MiB", "of 10"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`ratio`: for rates measure ÷ limit, for times and sizes limit ÷ measure, so that more is always better."""

    name: str
    measure: str
    value: float
    unit: Unit
    limit: str
    limit_value: float
    ratio: float
    goal: str = ""
    met: bool | None = None
    note: str = ""

    def missed(self, why: str) -> "Line":
        """The same, its goal not met for another reason than its figure."""
        return replace(self, met=False, note=f"{why}; {self.note}")

    def noted(self, note: str) -> "Line":
        return replace(self, note=f"{self.note}; {note}" if self.note else note)


def rate(name: str, measure: str, value: float, limit: str, limit_value: float, /, **more: str | float | None) -> Line:
    """`least`: the smallest ratio that meets the goal; `least_value`: besides, the smallest rate; `note`."""
    least, least_value = more.get("least"), more.get("least_value")
    ratio = value / limit_value
    met = None if least is None else ratio >= float(least) and value >= float(least_value or 0)
    goal = "" if least is None else f"≥ {least}" + (f" and ≥ {float(least_value):,.0f}/s" if least_value else "")
    return Line(
        name=name,
        measure=measure,
        value=value,
        unit="/s",
        limit=limit,
        limit_value=limit_value,
        ratio=ratio,
        goal=goal,
        met=met,
        note=str(more.get("note") or ""),
    )


def times(
    name: str, measure: str, found: Sequence[float], limit: str, limit_found: Sequence[float], most: tuple[float, float]
) -> list[Line]:
    """The lines of p50 and p99, in milliseconds; `found` in seconds, `most` the goals of both in milliseconds."""
    lines = []
    for percent, most_ms in zip((50, 99), most, strict=True):
        value, floor = percentile(found, percent) * 1000, percentile(limit_found, percent) * 1000
        lines.append(
            Line(
                name=name,
                measure=f"{measure}, p{percent}",
                value=value,
                unit="ms",
                limit=f"{limit}, p{percent}",
                limit_value=floor,
                ratio=floor / value,
                goal=f"≤ {most_ms:g} ms",
                met=value <= most_ms,
                note=f"{len(found)} samples",
            )
        )
    return lines


def took(
    name: str,
    measure: str,
    seconds: float,
    limit: str,
    limit_seconds: float,
    /,
    most: float | None = None,
    note: str = "",
) -> Line:
    """One time, in seconds; `most` is its goal."""
    return Line(
        name=name,
        measure=measure,
        value=seconds,
        unit="s",
        limit=limit,
        limit_value=limit_seconds,
        ratio=limit_seconds / seconds,
        goal="" if most is None else f"≤ {most:g} s",
        met=None if most is None else seconds <= most,
        note=note,
    )


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many percent do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def middle(values: Sequence[float]) -> float:
    return median(values)
