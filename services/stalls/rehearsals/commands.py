"""What can be asked of rehearsals: make one. Nothing of it is kept."""

import asyncio
from collections.abc import Iterable, Iterator
from functools import partial

from services.stalls.calls.domain import Call
from services.stalls.draw import running as draws
from services.stalls.draw.running import Ran
from services.stalls.draw.sources import Source
from services.stalls.outcomes.domain import KeptInputs, not_yet
from services.stalls.rehearsals import domain
from services.stalls.rehearsals.domain import Given, Rehearsal
from services.stalls.runs.commands import frozen_source
from shared import clock
from shared.aggregates import Work
from shared.scope import Caller


async def rehearse(work: Work, call_id: str, caller: Caller) -> Rehearsal:
    """Raises NotFound, OutsideArea, NotClosedYet, DrawFilesDamaged, TextChanged."""
    call = await work[Call].get(call_id, caller.scope)
    domain.require_closed(call, caller.scope)
    inputs = await work[KeptInputs].find(call.id)
    if inputs is None:
        raise not_yet(call)
    seed = domain.seed_of(call, inputs)
    source = await frozen_source(work, call, inputs)
    ran, events = await asyncio.to_thread(_run, source, seed, call)
    return Rehearsal(
        call=call,
        label=domain.label_of(call),
        seed=seed,
        allotted=ran.allotted,
        waitlisted=ran.waitlisted,
        events=events,
        made_at=clock.now(),
    )


def _run(source: Source, seed: str, call: Call) -> tuple[Ran, tuple[Given, ...]]:
    ran = draws.run(source, seed)
    return ran, domain.counted(call, _lines(source.chunks("choices.csv")), _lines(ran.files["outcome.csv"]))


def _lines(pieces: Iterable[bytes]) -> Iterator[str]:
    """Whole lines, whatever the pieces: nothing but ASCII and line feeds stands in these files."""
    left = b""
    for piece in pieces:
        *whole, left = (left + piece).split(b"\n")
        yield from map(partial(str, encoding="ascii"), whole)
    if left:
        yield left.decode("ascii")
