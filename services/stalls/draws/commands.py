"""What can be asked of a call's steps: close it, draw it. A small one is finished at once, a large one by a worker."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from services.stalls.applications import commands as applications
from services.stalls.beacons import commands as beacons
from services.stalls.calls.domain import Call, Status, is_over
from services.stalls.draws import domain, store
from services.stalls.draws.domain import Work
from services.stalls.freezes import commands as freezes
from services.stalls.freezes.commands import Stages
from services.stalls.runs import commands as runs
from services.stalls.settings import StallsSettings
from services.stalls.steps import domain as steps
from services.stalls.tellings import commands as tellings
from shared import clock, faults
from shared.aggregates import first_kept
from shared.mongo import Database
from shared.scope import Caller, Scope
from shared.service import Running


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A call with the work of a worker on it; None where a request does it."""

    call: Call
    work: Work | None

    @property
    def is_left(self) -> bool:
        """Whether a worker is at it, or will be."""
        return self.work is not None and self.work.due_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """The public value as an officer names it: a round of the beacon, or what she copied, or both."""

    round: int | None = None
    value: str | None = None
    published_at: datetime | None = None


class Listeners:
    """How many listen to draws in this process."""

    def __init__(self) -> None:
        self.listening = 0

    def require_place(self, most: int) -> None:
        """Raises TooManyListeners."""
        if self.listening >= most:
            raise domain.TooManyListeners(most=most)

    @contextmanager
    def one_more(self) -> Iterator[None]:
        self.listening += 1
        try:
            yield
        finally:
            self.listening -= 1


LISTENERS = Listeners()


async def close(running: Running, call_id: str, caller: Caller) -> Seen:
    """Raises NotFound, OutsideArea, CallStillOpen."""
    return await _advanced(running, await freezes.begin(running, call_id, caller))


async def draw(running: Running, call_id: str, value: Value, caller: Caller) -> Seen:
    """Raises NotFound, OutsideArea, and what `beacons.pulse` and `steps.begin_draw` raise."""
    call = await running[Call].get(call_id, caller.scope)
    file = settings_of(running).beacon_file
    put_off = call.value_from if call.value_from > call.public_at else None
    pulse = await beacons.pulse(file, value.round, value.value, value.published_at, call.public_source, put_off)
    return await _advanced(running, await runs.begin(running, call_id, pulse, caller))


async def carry_on(running: Running, call_id: str) -> Call:
    """What the timer asks of a call that has begun something, or is over: of a large one it only calls a worker."""
    call = await running[Call].get(call_id)
    if call.status is Status.OPEN and is_over(call, clock.now()):
        call = await running[Call].change(call_id, partial(steps.begin_closing, by=None, now=clock.now()))
    if call.status not in domain.RESTS and await _is_large(running, call):
        return (await _left(running, call)).call
    with Stages() as stages:
        return await tellings.carry_on(running, call_id, stages)


async def seen(running: Running, call_id: str, scope: Scope) -> Seen:
    """Raises NotFound."""
    call = await running[Call].get(call_id, scope)
    return Seen(call=call, work=await running[Work].find(call_id))


async def due(database: Database) -> list[str]:
    """Calls whose work a worker may take."""
    return await store.due(database, clock.now())


async def still(database: Database) -> list[str]:
    """Calls whose work stands still."""
    return await store.still(database, clock.now())


async def _advanced(running: Running, call: Call) -> Seen:
    if call.status in domain.RESTS:
        return Seen(call=call, work=None)
    if await _is_large(running, call):
        return await _left(running, call)
    with Stages() as stages:
        return Seen(call=await runs.resume(running, call.id, stages), work=None)


async def _left(running: Running, call: Call) -> Seen:
    """The work is asked for before the timer forgets the call: whoever dies between, one of them remembers."""
    await first_kept(running[Work], call.id, Work(id=call.id, tenant=call.tenant))
    work = await running[Work].change(call.id, partial(domain.asked, now=clock.now()))
    faults.point("draw.asked")
    return Seen(call=await running[Call].change(call.id, domain.left), work=work)


async def _is_large(running: Running, call: Call) -> bool:
    most = settings_of(running).draw_at_once
    if call.applications is not None:
        return call.applications > most
    return await applications.count(running.database, call.id, call.tenant, most + 1) > most


def settings_of(running: Running) -> StallsSettings:
    if not isinstance(running.settings, StallsSettings):
        raise TypeError(running.settings)
    return running.settings
