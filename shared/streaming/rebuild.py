"""Figures made anew from the first record of the log: the next generation, swapped in once it has caught up."""

import asyncio
from collections.abc import Callable

from shared.mongo import Database
from shared.streaming import topics
from shared.streaming.claims import Claim, RebuildRunning
from shared.streaming.generations import current, swap
from shared.streaming.measures import Generation
from shared.streaming.sink import Sink
from shared.streaming.worker import Session

MOVE_SECONDS = 60.0
LOOK_SECONDS = 0.5

Say = Callable[[str], None]
Seen = Callable[[int, int], None]
"""How many records were looked at, and how many there were when it began."""


def _unseen(_done: int, _of: int) -> None:
    """Nobody watches."""


async def rebuild(first: Generation, database: Database, say: Say, seen: Seen = _unseen) -> Generation:
    """Readers see the old figures until the new ones are complete, then only the new ones.

    `first` names the measure; its number does not matter. `seen` is told about once a second. Raises RebuildRunning.
    """
    claim = Claim(database, first.numbered(await current(database, first.measure.name) + 1))
    await claim.acquire()
    return await claim.held(_rebuilt(first, database, say, seen))


async def _rebuilt(first: Generation, database: Database, say: Say, seen: Seen) -> Generation:
    old = first.numbered(await current(database, first.measure.name))
    new = old.numbered(old.number + 1)
    await _cleared(new, database)
    say(f"Counting {new.source} from its beginning as generation {new.number}.")
    await _counted(new, database, await topics.ends(new), seen)
    if not await swap(database, new):
        raise RebuildRunning(name=new.measure.name, number=new.number)
    await _tell_parked(new, database, say)
    say(f"Generation {new.number} counts now; the workers of {old.number} move to it.")
    if await _left(old):
        await forget(old, database)
        await Sink(database, new).forget_parked()
        say(f"What generation {old.number} had is deleted.")
    else:
        say(f"A worker of generation {old.number} still runs: what it has is kept. Stop it and rebuild again.")
    return new


async def _cleared(new: Generation, database: Database) -> None:
    """What a rebuild that did not finish left behind would count as already seen."""
    if await topics.members(new):
        raise RebuildRunning(name=new.measure.name, number=new.number)
    await forget(new, database)


async def forget(generation: Generation, database: Database) -> None:
    """Its figures, its changelog and its group."""
    await Sink(database, generation).drop()
    await topics.forget(generation)


async def _counted(new: Generation, database: Database, ends: dict[int, int], seen: Seen) -> None:
    """A worker of the new generation, until it has looked at all that stood in the log when it began."""
    session, total = Session(new, database), sum(ends.values())
    seen(0, total)

    async def complete() -> bool:
        done = sum(min(session.engine.done.get(partition, 0), end) for partition, end in ends.items())
        seen(done, total)
        return done == total

    await session.run(complete)


async def _tell_parked(new: Generation, database: Database, say: Say) -> None:
    if parked := await Sink(database, new).parked.count_documents({"generation": new.number}):
        say(f"Records that could not be counted, each kept with its reason (`parked` shows them): {parked:,}.")


async def _left(old: Generation) -> bool:
    """Whether the workers of the old generation have gone, a minute at most."""
    for _ in range(round(MOVE_SECONDS / LOOK_SECONDS)):
        if not await topics.members(old):
            return True
        await asyncio.sleep(LOOK_SECONDS)
    return False
