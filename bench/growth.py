"""Orders over HTTP as the load grows to twice and four times as much, in one process and in two."""

from dataclasses import replace

from bench.lines import Line, rate
from bench.orders import accepted, ready
from bench.place import place
from bench.settings import BenchSettings

LOADS = (1, 2, 4)
PROCESSES = (1, 2)


async def measured(sizes: BenchSettings) -> list[Line]:
    """Each beside the smallest load of one process, in the same run."""
    smaller = sizes.model_copy(update={"load_seconds": sizes.growth_seconds})
    first = 0.0
    lines = []
    async with place() as here:
        await ready(here)
        for processes in PROCESSES:
            for load in LOADS:
                connections = sizes.growth_connections * load
                found, note = await accepted(here, smaller, processes, connections)
                first = first or found
                what = (
                    f"orders over HTTP, {connections} connections, {processes} process{'es' if processes > 1 else ''}"
                )
                line = rate("growth", what, found, "the first of these", first, note=note)
                lines.append(replace(line, note="" if load == 1 else line.note))
    return lines
