"""`python -m tools.seed --scale`: the lists into a folder, or through the importer of lists into the services."""

from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from shared.contracts.catalog import Programme
from tools.seed.planting import Tally
from tools.seed.report import Progress
from tools.seed.state.answers import Answers
from tools.seed.state.making import ANSWERS, FILES, made, planned, total


def registry(state: str, scale: float, seed: int, out: Path | None) -> int:
    """What the program ends with."""
    console = Console(soft_wrap=True)
    if out is not None:
        written(state, scale, seed, out, console)
        return 0
    console.print("Say where with --out.", style="red")
    return 2


def written(state: str, scale: float, seed: int, out: Path, console: Console) -> Answers:
    """The lists in the folder `out`, with progress for each and a table of what is in them."""
    plans = planned(state, scale, seed)
    with Progress(console) as progress:
        steps: dict[Programme, Callable[[Tally], None]] = {}

        def told(programme: Programme, rows: int) -> None:
            if programme not in steps:
                steps[programme] = progress.step(FILES[programme], total(programme, plans))
            steps[programme](Tally(new=rows))

        answers = made(state, scale, seed, out, told)
    console.print(_table(answers, out))
    return answers


def _table(answers: Answers, out: Path) -> Table:
    table = Table(
        "", "rows", "groups", "repeated", "bad", title=f"{answers.groups:,} groups; the answers: {out / ANSWERS}"
    )
    for name, part in answers.files.items():
        table.add_row(name, *(f"{count:,}" for count in (part.rows, part.good, part.repeated, len(part.bad))))
    return table
