"""What the person who imports reads: what was understood, how far it is and how fast, what came of it."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from shared.imports.domain import Import
from shared.imports.pace import rate
from shared.imports.taking import Counts
from tools.groups.halves import Pass
from tools.groups.lists import ListChanged, Source
from tools.printing import printable

LINE_EVERY_SECONDS = 2.0
HIDDEN = frozenset({"phone", "account"})
SHOWN_DIGITS = 3
NUMBER_ONLY = frozenset({"NotAMobileNumber"})


def understood(source: Source) -> RenderableType:
    """Which column says what, with an example; and the columns that nobody reads."""
    table = Table("says", "column", "for example", title=printable(f"{source.path.name} ({source.programme})"))
    for field in source.columns.at:
        example = source.examples.get(field, "")
        shown = "…" + example[-SHOWN_DIGITS:] if example and field in HIDDEN else example
        table.add_row(field, Text(printable(source.columns.header(field))), Text(printable(shown)))
    unread = ", ".join(printable(header) for header in source.columns.unread)
    return Group(table, Text(f"Not read, and kept nowhere: {unread}", style="dim")) if unread else table


class Bars:
    """A bar on a terminal; elsewhere a line now and then. Time left goes by the bytes of the list."""

    def __init__(self, console: Console) -> None:
        self.console = console
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[said]}"),
            TimeRemainingColumn(),
        )
        self.bars = Progress(*columns, console=console, disable=not console.is_terminal)

    def __enter__(self) -> Self:
        self.bars.start()
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        self.bars.stop()

    def reading(self, source: Source) -> Callable[[int, int], None]:
        """To be told of every batch: rows more, bytes by now."""
        name, size = printable(source.path.name), max(source.size, 1)
        bar, began, rows, said_at = self.bars.add_task(name, total=size, said=""), time.monotonic(), 0, time.monotonic()

        def told(more: int, position: int) -> None:
            nonlocal rows, said_at
            rows, now = rows + more, time.monotonic()
            speed = rows / max(now - began, 0.001)
            said = f"{rows:,} rows, {speed:,.0f}/s"
            self.bars.update(bar, completed=position, said=said)
            if not self.console.is_terminal and now - said_at > LINE_EVERY_SECONDS:
                said_at = now
                left = (now - began) * (size - position) / max(position, 1)
                self.console.print(f"{name}: {said}, {100 * position // size} %, about {left:,.0f} s left")

        return told

    def comparing(self) -> Callable[[int, int], None]:
        """To be told how many places have been looked through for doubles."""
        bar: TaskID | None = None

        def told(done: int, total: int) -> None:
            nonlocal bar
            if bar is None:
                bar = self.bars.add_task("looking for doubles", total=total, said="")
            self.bars.update(bar, completed=done, total=total, said=f"{done:,} of {total:,} places")

        return told


def outcome(passes: Sequence[Pass], seconds: float, *, dry_run: bool) -> RenderableType:
    """Rows by what became of them, in both halves."""
    counts: dict[str, Counts] = {}
    for one in passes:
        counts[one.half.name] = counts.get(one.half.name, Counts()) + one.counts
    title = f"{'Nothing was written; it would be' if dry_run else 'Imported'} ({seconds:,.1f} s)"
    table = Table("rows", *counts, title=title)
    for what in Counts().shown():
        numbers = [of.shown()[what] for of in counts.values()]
        if any(numbers):
            table.add_row(what, *(f"{number:,}" for number in numbers))
    return table


def by_rule(rules: Mapping[str, int]) -> RenderableType:
    table = Table("what is wrong", "rows", title="Rows to mend")
    for rule, count in sorted(rules.items(), key=lambda one: -one[1]):
        table.add_row(f"{rule} (the number only)" if rule in NUMBER_ONLY else rule, f"{count:,}")
    return table


def to_mend(out: Path, columns: Collection[str]) -> str:
    """What to do with a report that has these columns."""
    private = " and ".join(f"{field}s" for field in ("phone", "account") if field in columns)
    return f"Mend these rows in {out} and import that file; then delete it{private and f', there are {private} in it'}."


def jobs(name: str, found: Sequence[Import]) -> RenderableType:
    table = Table("list", "programme", "when", "status", "rows", "a second", *Counts().shown(), title=name)
    for job in found:
        speed = rate(job, job.moved_at) if job.moved_at else None
        counts = (f"{count:,}" for count in job.counts.shown().values())
        when = f"{at.astimezone():%Y-%m-%d %H:%M}" if (at := job.happened_at) else ""
        said = Text(printable(job.name)), job.programme, when, f"dry run, {job.status}" if job.dry_run else job.status
        table.add_row(*said, f"{job.done:,}", f"{speed:,.0f}" if speed else "", *counts)
    failed = (ListChanged(file=job.name).sentence("en") for job in found if job.refused == ListChanged.__name__)
    return Group(table, *(Text(f"failed: {printable(sentence)}", style="red") for sentence in failed))


def keys(counts: Mapping[str, int]) -> RenderableType:
    table = Table("key", "accounts", title="Sealed accounts")
    for key, count in counts.items():
        table.add_row(key, f"{count:,}")
    return table
