"""A draw run: from the files of its inputs to those of its outcome, by the engine or by the specification.

Both give the same bytes. The engine is taken where its packages are there and the draw is large; it leaves whatever is
not canonical to the strict reader, which names file, row and reason.
"""

import hashlib
import logging
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from services.stalls.draw import archive, files, reading
from services.stalls.draw.accept import accept
from services.stalls.draw.damage import DigestDiffers
from services.stalls.draw.plan import Instance
from services.stalls.draw.sources import Source

if TYPE_CHECKING:
    from services.stalls.draw.engine.tables import Tables

LARGE = 2_000
"""Applications from which on the engine saves more time than it takes to load."""
SHORTEST_ROW_BYTES = 26
MOST_THREADS = 4
NAMES = (*files.INPUTS, *files.PLAN)
Progress = Callable[[str, int, int], None]
"""Told the stage (read, line_up, allocate, reasons, write), how much is done and of how much."""
Pieces = Callable[[], Iterable[bytes]]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What is drawn, as arrays or in the specification's words, and the SHA-256 of each file that says so."""

    sha256: Mapping[str, str]
    drawn_from: "Tables | Instance"

    @property
    def applications(self) -> int:
        found = self.drawn_from
        return len(found.applicants if isinstance(found, Instance) else found.tickets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file of the outcome; going through it gives its bytes piece by piece, made anew each time. `crc`: CRC-32."""

    size: int
    crc: int
    sha256: str
    pieces: Pieces

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.pieces())


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """`files`: outcome.csv and refusals.csv; `waitlisted`: who got no stall."""

    allotted: int
    waitlisted: int
    outcome_digest: str
    files: Mapping[str, Written]


def run(source: Source, seed: str, progress: Progress | None = None, engine: bool | None = None) -> Ran:  # noqa: FBT001
    """Raises what `read` does."""
    return drawn(read(source, progress, engine), seed, progress)


def read(
    source: Source,
    progress: Progress | None = None,
    engine: bool | None = None,  # noqa: FBT001
    promised: Mapping[str, str] | None = None,
) -> Inputs:
    """`engine`: whether to use it, by default where it is there and the draw is large; `promised`: SHA-256 by file.

    Raises DigestDiffers, and for damage what `reading.instance` and `archive.texts` do.
    """
    found = None if engine is False else _fast(source, progress or _silent, engine is True)
    if found is not None:
        _require_promised(found.sha256, promised)
        return found
    sha256 = {name: _sha256(source, name) for name in NAMES}
    _require_promised(sha256, promised)
    return Inputs(sha256=sha256, drawn_from=reading.instance(archive.texts(source, NAMES)))


def _fast(source: Source, progress: Progress, wanted: bool) -> Inputs | None:  # noqa: FBT001
    """By the engine's reader; None where that is not there, gives up, or is not worth it."""
    if not wanted and source.size(files.INPUTS[0]) < LARGE * SHORTEST_ROW_BYTES:
        return None
    try:
        from services.stalls.draw.engine.coding import NotCanonical  # noqa: PLC0415  as the next
        from services.stalls.draw.engine.reading import tables  # noqa: PLC0415  costs a third of a second
    except ImportError:
        log.info("draw.no_engine")
        return None
    total, done = sum(map(source.size, NAMES)), 0

    def tell(more: int) -> None:
        nonlocal done
        done += more
        progress("read", done, total)

    try:
        made, sha256 = tables(source, tell)
    except NotCanonical:
        log.info("draw.read_strictly")
        return None
    found = Inputs(sha256=sha256, drawn_from=made)
    return found if wanted or found.applications >= LARGE else None


def _require_promised(found: Mapping[str, str], promised: Mapping[str, str] | None) -> None:
    for name, sha256 in found.items():
        if promised is not None and sha256 != promised[name]:
            raise DigestDiffers(file=name, found=sha256, said=promised[name])


def _sha256(source: Source, name: str) -> str:
    found = hashlib.sha256()
    for chunk in source.chunks(name):
        found.update(chunk)
    return found.hexdigest()


def drawn(inputs: Inputs, seed: str, progress: Progress | None = None) -> Ran:
    """The same bytes by the engine and by the specification. `seed`: 64 characters of ASCII."""
    tell, found = progress or _silent, inputs.drawn_from
    by = "specification" if isinstance(found, Instance) else "engine"
    log.info("draw.run by=%s applications=%d", by, inputs.applications)
    if isinstance(found, Instance):
        seated, pieces, rows = _by_specification(found, seed)
    else:
        seated, pieces, rows = _by_engine(found, seed, tell)
    made = _weighed(pieces, rows, tell)
    return Ran(
        allotted=seated,
        waitlisted=inputs.applications - seated,
        outcome_digest=files.sha256("".join(f"{name},{made[name].sha256}\n" for name in files.OUTCOME)),
        files=made,
    )


def _by_specification(instance: Instance, seed: str) -> tuple[int, dict[str, Pieces], int]:
    outcome = accept(instance, seed)
    texts = {name: text.encode("utf-8") for name, text in files.result(outcome).items()}
    rows = sum(1 + len(row.refusals) for row in outcome.rows)
    return (
        sum(row.event is not None for row in outcome.rows),
        {name: _whole(text) for name, text in texts.items()},
        rows,
    )


def _whole(text: bytes) -> Pieces:
    return lambda: (text,)


def _by_engine(tables: "Tables", seed: str, progress: Progress) -> tuple[int, dict[str, Pieces], int]:
    from services.stalls.draw.engine.allocate import allocate  # noqa: PLC0415
    from services.stalls.draw.engine.resident import forget_compiler  # noqa: PLC0415
    from services.stalls.draw.engine.writing import outcome, refusals  # noqa: PLC0415

    def tell(stage: str, done: int, total: int) -> None:
        if done in {0, total}:
            forget_compiler()
        progress(stage, done, total)

    threads = min(MOST_THREADS, len(os.sched_getaffinity(0)))
    found = allocate(tables, seed, threads, tell)
    pieces: dict[str, Pieces] = {
        "outcome.csv": lambda: outcome(tables, found),
        "refusals.csv": lambda: refusals(tables, found),
    }
    return int((found.event >= 0).sum()), pieces, len(found.order) + len(found.refusal_event)


def _weighed(pieces: Mapping[str, Pieces], rows: int, progress: Progress) -> dict[str, Written]:
    """Each written once to know size and digests; nothing of it is kept. A thread for each file."""
    done, lock = 0, Lock()

    def tell(more: int) -> None:
        nonlocal done
        with lock:
            done = min(done + more, rows)
            progress("write", done, rows)

    with ThreadPoolExecutor(len(pieces)) as pool:
        return dict(zip(pieces, pool.map(lambda make: _weigh(make, tell), pieces.values()), strict=True))


def _weigh(make: Pieces, progress: Callable[[int], None]) -> Written:
    sha256, size, crc = hashlib.sha256(), 0, 0
    for piece in make():
        sha256.update(piece)
        size, crc = size + len(piece), zlib.crc32(piece, crc)
        progress(piece.count(b"\n"))
    return Written(size=size, crc=crc, sha256=sha256.hexdigest(), pieces=make)


def _silent(_stage: str, _done: int, _total: int) -> None:
    pass
