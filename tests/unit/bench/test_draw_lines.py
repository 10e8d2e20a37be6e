"""Sentences about the benchmark of draws: on a few groups it says all of its lines, and finds the same outcomes."""

import asyncio
import re
import sys

import pytest

from bench import draw
from bench.settings import SMOKE, BenchSettings
from tools.draw import instances

FEW = {"draw_groups": 400, "draw_specified": 60, "draw_matched": 60, "draw_cancellations": 20, "draw_applications": 40}
SIZES = BenchSettings(**{**SMOKE, **FEW})


@pytest.mark.timeout(300)
def test_every_line_of_the_table_is_said_and_no_outcome_differs() -> None:
    deep = sys.getrecursionlimit()
    lines = asyncio.run(draw.measured(SIZES))
    assert sys.getrecursionlimit() == deep, "else the next deep JSON in this process ends it"
    assert [line.name for line in lines] == ["draw"] * len(lines)
    said = " | ".join(line.measure for line in lines)
    for measure in (
        "a block's fair drawn",
        "one thread",
        "4 threads",
        "its certificate checked",
        "one cancellation, p50",
        "one cancellation, p99",
        "fresh process",
        "memory of that process",
        "the stand-alone checker",
        "engine, 60 groups, reasons too",
        "engine, 60 groups, no reserves",
        "2 of a state: 800 groups",
    ):
        assert measure in said
    notes = " | ".join(line.note for line in lines)
    assert f"{len(instances.tables(400).choices):,} choices" in notes
    assert len(re.findall(r"(?:inputs|plan|outcome) [0-9a-f]{64}", notes)) >= 5, "so that two machines can be compared"
    assert "another outcome" not in notes
    assert "envy" not in notes
    assert all(line.value > 0 and line.limit_value > 0 for line in lines)
