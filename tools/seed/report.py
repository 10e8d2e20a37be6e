"""What the person who seeds reads: how far it is and how fast, then what came of it."""

import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars
from rich.table import Table
from rich.text import Text

from tools.seed.planting import Tally

SHOWN = 10
LINE_EVERY_SECONDS = 2.0
RATE = TextColumn("{task.fields[rate]:>7,.0f}/s")


class Progress:
    """Bars on a terminal; elsewhere a line now and then, and one when a step is done."""

    def __init__(self, console: Console) -> None:
        self.console = console
        columns = (TextColumn("{task.description:9}"), BarColumn(), MofNCompleteColumn(), RATE, TimeRemainingColumn())
        self.bars = Bars(*columns, console=console, disable=not console.is_terminal)

    def __enter__(self) -> Self:
        self.bars.start()
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.bars.stop()

    def step(self, what: str, total: int) -> Callable[[Tally], None]:
        """To be told of every batch of this step."""
        bar, began = self.bars.add_task(what, total=total, rate=0.0), time.monotonic()
        done, said = 0, began

        def told(batch: Tally) -> None:
            nonlocal done, said
            done, now = done + batch.done, time.monotonic()
            rate = done / max(now - began, 0.001)
            self.bars.update(bar, advance=batch.done, rate=rate)
            if not self.console.is_terminal and (done == total or now - said > LINE_EVERY_SECONDS):
                said = now
                self.console.print(f"{what}: {done:,} of {total:,}, {rate:,.0f}/s")

        return told


def summary(tallies: Mapping[str, Tally], seconds: float) -> RenderableType:
    """A table, and the first refusals: each is a mistake in the seed."""
    table = Table("", "new", "there already", "refused", title=f"The market after {seconds:.1f} s")
    for what, tally in tallies.items():
        table.add_row(what, *(f"{count:,}" for count in (tally.new, tally.there, len(tally.refused))))
    refusals = [line for tally in tallies.values() for line in tally.refused]
    more = [f"… and {len(refusals) - SHOWN} more"] if len(refusals) > SHOWN else []
    return Group(table, *(Text(line, style="red") for line in [*refusals[:SHOWN], *more]))
