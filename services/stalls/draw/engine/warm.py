"""`python -m services.stalls.draw.engine.warm` compiles every kernel into the cache, for images that are only read.

Tried without an engine of containers: fill a directory, mount it read-only, and run again, which compiles nothing:

    export NUMBA_CACHE_DIR="$(mktemp -d)" NUMBA_CPU_NAME=generic
    python -m services.stalls.draw.engine.warm
    unshare -rm sh -c 'mount --bind "$NUMBA_CACHE_DIR" "$NUMBA_CACHE_DIR" &&
      mount -o remount,ro,bind "$NUMBA_CACHE_DIR" && python -B -m services.stalls.draw.engine.warm'
"""

import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import numpy as np
from numba.core.dispatcher import Dispatcher

from services.stalls.draw import files
from services.stalls.draw.engine import chain, reading, writing
from services.stalls.draw.engine.allocate import allocate
from services.stalls.draw.engine.certificate import certify
from services.stalls.draw.plan import Applicant, Event, Instance, Line
from services.stalls.draw.sources import TextSource

SEED = "5eed" * 16
ENGINE = chain.__name__.rpartition(".")[0]


def main() -> int:
    """1 if a kernel was not run: then this draw here has to grow."""
    begun = time.perf_counter()
    draw()
    found = dict(kernels())
    compiled = sum(sum(kernel.stats.cache_misses.values()) for kernel in found.values())
    idle = sorted(name for name, kernel in found.items() if not kernel.signatures)
    sys.stdout.write(f"{len(found)} kernels, {compiled} compiled, {time.perf_counter() - begun:.1f} s\n")
    for name in idle:
        sys.stderr.write(f"never run: {name}\n")
    return 1 if idle else 0


def draw() -> None:
    """From files to files, checked, and a cancellation after it."""
    made = instance()
    tables, _ = reading.tables(TextSource({**files.inputs(made), **files.plan(made.events)}))
    result = allocate(tables, SEED)
    if certify(tables, SEED, result):
        raise AssertionError
    for _ in writing.chunks(tables, result):
        pass
    phases = np.full(len(tables.events), chain.UPGRADES, np.int8)
    chain.Chain(tables, result).cancel(0, phases)


def instance() -> Instance:
    """Three groups, two grounds."""
    people = tuple(
        Applicant(
            ticket=f"{number:016}",
            tier=0,
            district="490",
            stages=frozenset({"sc"}),
            tags=frozenset({"umed"}),
            categories=frozenset({"food"}),
            choices=(1, 2),
            upgrade=True,
        )
        for number in (1, 2, 3)
    )
    lines = (Line(tags=frozenset({"umed"}), categories=frozenset({"food"}), count=1),)
    return Instance(applicants=people, events=(Event(number=1, lines=lines), Event(number=2, lines=lines)))


def kernels() -> Iterator[tuple[str, Dispatcher]]:
    """What Python calls and the cache keeps, by module and name; the others are compiled into these."""
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.stem in {"__init__", "warm"}:
            continue
        module = import_module(f"{ENGINE}.{path.stem}")
        for name, found in vars(module).items():
            mine = isinstance(found, Dispatcher) and found.py_func.__module__ == module.__name__
            if mine and found.stats.cache_path and not name.startswith("_"):
                yield f"{path.stem}.{name}", found


if __name__ == "__main__":
    sys.exit(main())
