"""`python -m tools.seed --scale`: the lists into a folder, or through the importer of lists into the services."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop
from rich.console import Console
from rich.table import Table

from shared.contracts.catalog import Programme
from shared.errors import Problem
from tools.environment import must_answer, plain_errors, system
from tools.seed.planting import Tally
from tools.seed.report import Progress
from tools.seed.state.answers import Answers
from tools.seed.state.importing import imported
from tools.seed.state.making import ANSWERS, FILES, made, planned, total


def registry(state: str, scale: float, seed: int, out: Path | None) -> int:
    """What the program ends with: 1 where what was imported is not what the answers say."""
    console = Console(soft_wrap=True)
    if out is not None:
        written(state, scale, seed, out, console)
        console.print(f"The answers: {out / ANSWERS}")
        return 0
    settings = system()
    with plain_errors(), TemporaryDirectory(prefix="bachat-haat-lists-") as folder:
        must_answer(settings)
        answers = written(state, scale, seed, Path(folder), console)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            try:
                came = runner.run(imported(settings, answers, Path(folder), console))
            except Problem as problem:
                console.print(str(problem), style="red")
                return 1
    return 0 if all(one.is_right for one in came) else 1


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
    console.print(_table(answers))
    return answers


def _table(answers: Answers) -> Table:
    table = Table("", "rows", "groups", "repeated", "bad", title=f"The lists of {answers.groups:,} groups")
    for name, part in answers.files.items():
        table.add_row(name, *(f"{count:,}" for count in (part.rows, part.good, part.repeated, len(part.bad))))
    return table
