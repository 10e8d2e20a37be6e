"""What can be asked of a run: name its value, and finish it from wherever the call stands.

The outcome follows from what the close fixed and nothing else, so a run that died is simply done again: the parts it
had kept are there already. The first who gets to the end keeps the one document that says where they are.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from functools import partial

from services.stalls.beacons.domain import Pulse
from services.stalls.calls.domain import Call, Status, is_over, whole_milliseconds
from services.stalls.draw import files
from services.stalls.draw import running as draws
from services.stalls.draw.rules import KNOWN, RULES_DIGEST
from services.stalls.draw.running import Ran
from services.stalls.freezes import commands as freezes
from services.stalls.freezes.commands import Progress, quietly
from services.stalls.freezes.domain import digest_of
from services.stalls.outcomes import domain as outcomes
from services.stalls.outcomes.domain import KeptInputs, KeptOutcome, Shelf, Weight
from services.stalls.runs import domain
from services.stalls.runs.domain import Places
from services.stalls.steps import domain as steps
from services.stalls.steps.domain import Drawn
from services.stalls.texts import commands as texts
from services.stalls.texts.commands import Keeper, Kept
from services.stalls.texts.domain import Manifest, TextPart, rows_in
from shared import clock, faults
from shared.aggregates import Aggregates, Finds, Work, first_kept
from shared.scope import Caller
from shared.service import Running

LINE, TICKETS = "line", "tickets"


async def begin(running: Running, call_id: str, pulse: Pulse, caller: Caller) -> Call:
    """One officer names the public value, another confirms it. Raises NotFound, and what `steps.begin_draw` raises."""
    named = partial(steps.begin_draw, by=caller.scope, pulse=pulse, now=clock.now())
    return await running[Call].change(call_id, named, caller)


async def resume(running: Running, call_id: str, progress: Progress = quietly) -> Call:
    """Finish what was begun, from wherever it stands, and begin the close when its time has come."""
    call = await running[Call].get(call_id)
    if call.status is Status.OPEN and is_over(call, clock.now()):
        call = await running[Call].change(call_id, partial(steps.begin_closing, by=None, now=clock.now()))
    if call.status is Status.CLOSING:
        return await freezes.finish(running, call, progress)
    if call.status is Status.DRAWING:
        return await _finish(running, call, progress)
    return call


async def _finish(running: Running, call: Call, progress: Progress) -> Call:
    """Raises OutcomeNotYet, DrawFilesDamaged, and what a file that is none raises."""
    kept = await running[KeptOutcome].find(call.id)
    if kept is None:
        kept = await first_kept(running[KeptOutcome], call.id, await computed(running, call, progress))
    faults.point("draw.outcome_written")
    result = Drawn(
        at=kept.drawn_at,
        seed=kept.seed,
        outcome_digest=kept.outcome_digest,
        allotted=kept.allotted,
        waitlisted=kept.waitlisted,
    )
    return await running[Call].change(call.id, partial(steps.drawn, result=result))


async def computed(work: Work, call: Call, progress: Progress = quietly) -> KeptOutcome:
    """The outcome, its parts kept, and where they are: the same whoever runs it, but for the instant.

    Raises OutcomeNotYet, DrawFilesDamaged, TextChanged, RegisterDiffers.
    """
    inputs = await work[KeptInputs].find(call.id)
    if inputs is None:
        raise outcomes.not_yet(call)
    seed, parts = domain.seed_of(call, inputs), work[TextPart]
    source = await frozen_source(work, call, inputs, progress)
    ran = await asyncio.to_thread(draws.run, source, seed, progress)
    faults.point("draw.computed")
    places = Places(call.id)
    made = {name: kept async for name, kept in _kept(parts, call, ran, places, progress)}
    written = {**source.weighed, **made}
    found = Drawn(
        at=whole_milliseconds(clock.now()),
        seed=seed,
        outcome_digest=ran.outcome_digest,
        allotted=ran.allotted,
        waitlisted=ran.waitlisted,
    )
    _require_same(call, found, written)
    for name, text in domain.said(call, inputs, found).items():
        written[name] = await _text_kept(parts, call, text)
    whole = domain.manifest({name: kept.sha256 for name, kept in written.items()})
    written[files.MANIFEST] = await _text_kept(parts, call, whole)
    private = await _lined_up(parts, call, inputs, places, progress)
    return _outcome(call, inputs, found, written, private)


async def frozen_source(work: Work, call: Call, inputs: KeptInputs, progress: Progress = quietly) -> "KeptSource":
    """What was frozen, for a run in a thread. Raises DrawFilesDamaged, TextChanged."""
    weighed = await _checked(work[TextPart], call, inputs, progress)
    return KeptSource(work[TextPart], inputs.files, weighed, asyncio.get_running_loop())


async def _checked(parts: Finds[TextPart], call: Call, inputs: KeptInputs, progress: Progress) -> dict[str, Kept]:
    """What was frozen is what was published at the close, by rules that are known. Raises DrawFilesDamaged."""
    found: dict[str, Kept] = {}
    for number, (name, ids) in enumerate(inputs.files.items()):
        progress("check", number, len(inputs.files))
        found[name] = await texts.weigh(parts, ids)
    hashes = {name: kept.sha256 for name, kept in found.items()}
    outcomes.require_digest(call, "inputs", digest_of(hashes, files.INPUTS), call.inputs_digest)
    outcomes.require_digest(call, "plan", digest_of(hashes, files.PLAN), call.plan_digest)
    if inputs.rules_digest not in KNOWN:
        outcomes.require_digest(call, "rules", RULES_DIGEST, inputs.rules_digest)
    return found


class KeptSource:
    """The frozen files for the thread that runs the draw: part after part, none of them held."""

    def __init__(
        self, parts: Finds[TextPart], manifest: Manifest, weighed: dict[str, Kept], loop: asyncio.AbstractEventLoop
    ) -> None:
        self._parts, self._manifest, self._loop = parts, manifest, loop
        self.weighed = weighed

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._manifest))

    def size(self, name: str) -> int:
        return self.weighed[name].bytes

    def chunks(self, name: str) -> Iterator[bytes]:
        for id_ in self._manifest[name]:
            text = asyncio.run_coroutine_threadsafe(texts.read_part(self._parts, id_), self._loop).result()
            yield text.encode("utf-8")


async def _kept(
    parts: Aggregates[TextPart], call: Call, ran: Ran, places: Places, progress: Progress
) -> AsyncIterator[tuple[str, Kept]]:
    """The files of the outcome, kept as they are written; their rows are made in a thread."""
    seen = {"outcome.csv": places.drawn}
    for number, name in enumerate(files.OUTCOME):
        progress("keep", number, len(files.OUTCOME))
        keeper = Keeper(parts, call.tenant, seen.get(name))
        async for piece in _in_a_thread(ran.files[name]):
            await keeper.take(piece)
        yield name, await keeper.end()


async def _in_a_thread(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    rest = iter(pieces)
    while (piece := await asyncio.to_thread(next, rest, None)) is not None:
        yield piece


async def _text_kept(parts: Aggregates[TextPart], call: Call, text: str) -> Kept:
    keeper = Keeper(parts, call.tenant)
    await keeper.take(text.encode("utf-8"))
    return await keeper.end()


def _require_same(call: Call, result: Drawn, written: dict[str, Kept]) -> None:
    """What is kept is what the run said it found. Raises DrawFilesDamaged."""
    found = digest_of({name: written[name].sha256 for name in files.OUTCOME}, files.OUTCOME)
    outcomes.require_digest(call, "outcome", found, result.outcome_digest)


async def _lined_up(
    parts: Aggregates[TextPart], call: Call, inputs: KeptInputs, places: Places, progress: Progress
) -> dict[str, Kept]:
    """Who stands at which place, and the place of each ticket. Raises TextChanged, RegisterDiffers."""
    columns = (await texts.read_sound_part(parts, inputs.register[0])).partition("\n")[0]
    async for _, rows in _register(parts, inputs):
        places.registered(rows)
    await asyncio.to_thread(places.settle)
    line, tickets = Keeper(parts, call.tenant), Keeper(parts, call.tenant)
    for first, last in places.windows():
        progress("line", first - 1, len(places.line))
        found: dict[int, str] = {}
        async for at, rows in _register(parts, inputs):
            found.update(places.within(at, rows, first, last))
        await line.take(domain.line(found, columns, titled=first == 1).encode("utf-8"))
    for rows_ in places.by_ticket():
        await tickets.take(rows_.encode("ascii"))
    return {LINE: await line.end(), TICKETS: await tickets.end()}


async def _register(parts: Finds[TextPart], inputs: KeptInputs) -> AsyncIterator[tuple[int, list[str]]]:
    """Its rows part by part, with how many came before. Raises TextChanged."""
    at = 0
    for id_ in inputs.register:
        rows = rows_in(await texts.read_sound_part(parts, id_))
        yield at, rows
        at += len(rows)


def _outcome(
    call: Call, inputs: KeptInputs, result: Drawn, written: dict[str, Kept], private: dict[str, Kept]
) -> KeptOutcome:
    shelved = {**{name: written[name] for name in files.OUTCOME}, **private}
    return KeptOutcome(
        id=call.id,
        tenant=call.tenant,
        files={name: kept.parts for name, kept in written.items()},
        register=inputs.register,
        inputs_digest=inputs.inputs_digest,
        plan_digest=inputs.plan_digest,
        rules_digest=inputs.rules_digest,
        outcome_digest=result.outcome_digest,
        seed=result.seed,
        allotted=result.allotted,
        waitlisted=result.waitlisted,
        drawn_at=result.at,
        shelves={name: Shelf(parts=kept.parts, firsts=kept.firsts) for name, kept in shelved.items()},
        weights={name: Weight(bytes=kept.bytes, crc32=kept.crc32) for name, kept in written.items()},
    )
