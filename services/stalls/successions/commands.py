"""What can be asked when a stall is left, and what the timer does: lapse, pass on, seat who stands by.

Who is next stands in the log first, so a crash changes nobody's turn; the allotment is written next, and only then the
stall its holder left for it is looked at.
"""

from datetime import timedelta
from functools import partial

from services.stalls.allotments import commands as allotments
from services.stalls.allotments import domain as allotments_
from services.stalls.allotments.commands import settings_of, terms_of
from services.stalls.allotments.domain import LEFT, Allotment, Status
from services.stalls.calls import commands as calls
from services.stalls.calls.domain import Call
from services.stalls.draw.chain import Phase
from services.stalls.draw.chain_log import Entry, Kind
from services.stalls.outcomes import commands as outcomes
from services.stalls.outcomes.domain import Draw
from services.stalls.successions import domain
from services.stalls.successions.domain import ChainUnderWay, Take
from services.stalls.vacancies import commands as vacancies
from services.stalls.vacancies.domain import Cause, LogBroken, Seats
from shared import clock, faults
from shared.mongo import Database
from shared.scope import Caller
from shared.service import Running


async def give_back(running: Running, allotment_id: str, caller: Caller) -> Allotment:
    """Raises NotFound (also for another's), NotGivenBack, GivenBackTooLate."""
    days = settings_of(running).confirm_days_before
    decide = partial(domain.give_back, days_before=days, now=clock.now())
    return await running[Allotment].change(allotment_id, decide, caller)


async def stand_by(running: Running, allotment_id: str, event: int, caller: Caller) -> Allotment:
    """Raises NotFound (also for another's), NotOnWaitlist, NotWaitingThere, NotTheDay."""
    allotment = await running[Allotment].get(allotment_id, caller.scope)
    call = await running[Call].get(allotment.call)
    decide = partial(domain.stand_by, event=event, found=call.event(event), now=clock.now())
    return await running[Allotment].change(allotment_id, decide, caller)


async def fall_due(running: Running, allotment_id: str) -> Allotment:
    """What the timer asks when an offer's time is over, a stall was left, or somebody stands by; its state decides."""
    allotment = await running[Allotment].change(allotment_id, partial(allotments_.lapse, now=clock.now()))
    if allotment.due_at is None or not (allotment.status in LEFT or allotment.status is Status.WAITLISTED):
        return allotment
    call = await running[Call].get(allotment.call)
    made = await outcomes.drawn(running, call)
    if allotment.status is Status.WAITLISTED:
        await _stands_by(running, made, call, allotment)
    elif allotment.seat is not None:
        seat = allotment.seat
        cause = Cause(kind=Kind.LEFT, ticket=allotment.ticket, event=seat.event, stall=seat.stall)
        await _chain(running, made, call, cause)
    return await running[Allotment].change(allotment.id, partial(domain.settled, due_at=allotment.due_at))


async def _stands_by(running: Running, made: Draw, call: Call, allotment: Allotment) -> None:
    standby = allotment.standby
    if standby is None or standby.day != clock.today():
        return
    here = Cause(kind=Kind.STANDS_BY, ticket=allotment.ticket, event=standby.event)
    days = settings_of(running).confirm_days_before
    entry = await vacancies.record(running, made, call, here, days)
    if entry is not None:
        await _chain(running, made, call, Cause(kind=Kind.EMPTY, ticket="", event=standby.event, after=entry.number))


async def _chain(running: Running, made: Draw, call: Call, cause: Cause) -> None:
    """From a stall that is free to the one nobody takes, or a group without one takes.

    Who came too late for a stall is never next for it again: LogBroken where the log says so, instead of going on for
    ever.
    """
    days = settings_of(running).confirm_days_before
    following: Cause | None = cause
    late = set[tuple[str, int, int]]()
    while following is not None:
        if following.kind is Kind.LATE and (who := (following.ticket, following.event, following.stall)) in late:
            raise LogBroken(call=call.id, number=following.after)
        if following.kind is Kind.LATE:
            late.add(who)
        entry = await vacancies.record(running, made, call, following, days)
        faults.point("vacancy.recorded")
        following = await _followed(running, made, call, entry) if entry is not None and entry.taker else None


async def _followed(running: Running, made: Draw, call: Call, entry: Entry) -> Cause | None:
    """The taker has it, and what she left for it is free; or she cannot have it, and it is still free."""
    log = await vacancies.takes(running, made, entry.taker)
    takes = [_take(call, one) for one in log]
    id_ = allotments_.allotment_id(call.tenant, made.register[entry.taker].application)
    follow = partial(domain.follow, takes=takes, terms=terms_of(running), now=clock.now())
    allotment = await running[Allotment].change(id_, follow)
    faults.point("vacancy.offered")
    cause = partial(Cause, ticket=entry.taker, after=entry.number)
    if domain.has_had(allotment, _take(call, entry).seat):
        return cause(kind=Kind.MOVED, event=entry.from_event, stall=entry.from_stall) if entry.source else None
    if allotment.status in LEFT:
        return cause(kind=Kind.PASSED, event=entry.event, stall=entry.stall)
    if log and log[-1].number != entry.number:
        raise ChainUnderWay.of(entry.taker, clock.now())
    return cause(kind=Kind.LATE, event=entry.event, stall=entry.stall)


def _take(call: Call, entry: Entry) -> Take:
    seat = allotments_.seat(call, entry.event, entry.stall)
    if entry.source is not None:
        return Take(seat=seat, through="upgrade")
    return Take(seat=seat, through="standby" if entry.phase is Phase.STANDBY else "waitlist")


async def differences(running: Running, call_id: str) -> list[str]:
    """Where the log, replayed on the outcome, and the allotments as they stand do not say the same. Reads all of both.

    What is still to be passed on is no difference. Raises OutcomeNotYet, LogBroken.
    """
    call = await running[Call].get(call_id)
    made = await outcomes.drawn(running, call)
    live, wrong = await vacancies.replayed(running, made, call)
    found = {one.ticket: one async for one in allotments.seats_of(running.database, call_id)}
    if any(one.due and one.status in LEFT for one in found.values()) and not wrong:
        return []
    return wrong + [
        f"{ticket}: the log says {live.held.get(ticket)}, the allotment {one.live}"
        for ticket, one in sorted(found.items())
        if live.held.get(ticket) != one.live
    ]


class UnlikeTheLog:
    """Looks for allotments of fairs to come that are not where their call's log says, some at a time and all in turn.

    An entry is a minute old before it is compared: until then its effect may be on its way.
    """

    def __init__(self, at_once: int = 200, after: timedelta = timedelta(minutes=1)) -> None:
        self.at_once, self.after = at_once, after
        self._seats: dict[str, Seats] = {}
        self._waiting: list[tuple[str, str]] = []
        self._found: dict[tuple[str, str], str] = {}

    async def look(self, database: Database) -> list[str]:
        if not self._waiting:
            await self._begin(database)
        some, self._waiting = self._waiting[: self.at_once], self._waiting[self.at_once :]
        for call in dict.fromkeys(call for call, _ in some):
            await self._compare(database, call, [ticket for of, ticket in some if of == call])
        return sorted(self._found.values())

    async def _begin(self, database: Database) -> None:
        coming = await calls.coming(database)
        self._seats = {call: self._seats.get(call, Seats()) for call in coming}
        for call, seats in self._seats.items():
            await vacancies.read_on(database, call, seats)
            self._waiting += [(call, ticket) for ticket in seats.seats]
        self._found = {key: said for key, said in self._found.items() if key[0] in self._seats}

    async def _compare(self, database: Database, call: str, tickets: list[str]) -> None:
        seats, found = self._seats[call], await allotments.seats_of_tickets(database, call, tickets)
        for ticket in tickets:
            self._found.pop((call, ticket), None)
            held, old = found.get(ticket), seats.since[ticket] < clock.now() - self.after
            if held is None or not old or (held.due and held.status in LEFT):
                continue
            if held.live != seats.seats[ticket]:
                said = f"{call} {ticket}: log {seats.seats[ticket]}, allotment {held.live}"
                self._found[call, ticket] = said
