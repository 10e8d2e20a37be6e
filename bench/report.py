"""The findings of a run as a table for people and as JSON for programs."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.lines import Line

MARKS = {True: "[green]yes", False: "[red]no", None: ""}


def table(lines: Sequence[Line]) -> Table:
    machine = f"{os.cpu_count()} CPUs, load average {os.getloadavg()[1]:.0f}"
    shown = Table(title=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine}: only the ratios compare")
    for name, side in (("measure", "left"), ("", "right"), ("its limit here", "left"), ("", "right")):
        shown.add_column(name, justify="right" if side == "right" else "left")
    for name in ("ratio", "goal", "met"):
        shown.add_column(name, justify="right")
    for line in lines:
        figures = (figure(line.value, line.unit), line.limit, figure(line.limit_value, line.unit))
        shown.add_row(line.measure, *figures, f"{line.ratio:.2f}", line.goal, MARKS[line.met])
    return shown


def figure(value: float, unit: str) -> str:
    digits = 0 if value >= 1000 else 1 if value >= 10 else 2  # noqa: PLR2004
    return f"{value:,.{digits}f}{'' if unit == '/s' else ' '}{unit}"


def show(lines: Sequence[Line]) -> None:
    console = Console(width=None if os.isatty(1) else 160)
    console.print(table(lines))
    for line in lines:
        if line.note:
            console.print(f"[dim]{line.measure}: {line.note}")


def save(lines: Sequence[Line], path: Path, sizes: dict[str, Any]) -> None:
    machine = {
        "cpus": os.cpu_count(),
        "load_average": os.getloadavg(),
        "processor": platform.machine(),
        "python": platform.python_version(),
    }
    found = {"at": datetime.now(UTC).isoformat(), **machine, "settings": sizes, "lines": [asdict(row) for row in lines]}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
