"""Draws: a block's by the specification, a whole state's by the engine, and what others need for the same."""

from pathlib import Path
from tempfile import TemporaryDirectory

from bench import draw_block, draw_file, draw_growth, draw_rivals, draw_state
from bench.lines import Line
from bench.settings import BenchSettings
from tools.draw import instances

FEW = 300


async def measured(sizes: BenchSettings) -> list[Line]:
    """No server is asked. The state's draw is pinned: its digests are the same on every machine."""
    draw_state.measured(draw_growth.SEED, "compiled, unless it was", sizes.of_draws(FEW))
    with TemporaryDirectory(prefix="bachat-haat-bench-") as folder:
        lines = draw_block.measured(Path(folder), sizes)
        path = Path(folder) / "state.zip"
        said = instances.write(path, sizes.draw_groups)
        digests = f"inputs {said.inputs_digest}, plan {said.plan_digest}, outcome {said.outcome_digest}"
        lines += draw_state.measured(said.seed, digests, sizes)
        lines += draw_file.measured(path, said, sizes)
        lines += draw_rivals.measured(Path(folder), sizes)
    return lines + draw_growth.measured(sizes)
