"""After the draw: a stall is given back, who takes it, and the stall she leaves for it, until nobody moves.

Nobody kept is dropped, each moves only to a choice she likes better, and a chain brings at most one new group. Only the
events of the chain are looked at.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.stalls.draw.accept import Outcome
from services.stalls.draw.choose import choose
from services.stalls.draw.plan import Applicant, Event, Instance

Seat = tuple[int, int]
"""Event, stall."""


class Phase(StrEnum):
    """Who may take a stall of an event that is left now."""

    UPGRADES = (
        "upgrades"  # who has none, and holders who asked for a better choice and whose own event is in this phase
    )
    OFFERS = "offers"  # who has none
    STANDBY = "standby"  # who has none and stands at the ground
    OVER = "over"


PhaseOf = Callable[[int], Phase]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`leaver` left this stall (None: it stood empty); `taker` has it, who left `source` for it."""

    leaver: str | None
    event: int
    stall: int
    taker: str | None = None
    source: Seat | None = None


class Live:
    """Who holds what, from a draw's outcome on."""

    def __init__(self, instance: Instance, outcome: Outcome) -> None:
        self.held: dict[str, Seat] = {}
        self.out: set[str] = set()
        """Tickets that want nothing more: they had a stall and left it, or left the line."""
        self.standing_by: dict[int, set[str]] = defaultdict(set)
        self.standing_since: dict[int, date] = {}
        self.pending: set[Seat] = set()
        """Left by somebody who moved, and not looked at yet."""
        self.source: dict[str, Seat] = {}
        """Where each who moved came from last."""
        self.events: dict[int, Event] = {event.number: event for event in instance.events}
        self.applicants: dict[str, Applicant] = {applicant.ticket: applicant for applicant in instance.applicants}
        self.tickets: dict[int, dict[int, str]] = defaultdict(dict)
        """Event → stall → ticket."""
        self.wanted: dict[int, list[Applicant]] = defaultdict(list)
        """Event → who listed it, by place."""
        for row in outcome.rows:
            for number in self.applicants[row.ticket].choices:
                self.wanted[number].append(self.applicants[row.ticket])
            if row.event is not None and row.stall is not None:
                self._sit(row.ticket, (row.event, row.stall))

    def leaves(self, ticket: str, seat: Seat) -> None:
        """She wants nothing more of this draw."""
        self.out.add(ticket)
        self.pending.discard(seat)
        if self.held.get(ticket) == seat:
            self._rise(ticket)

    def takes(self, ticket: str, seat: Seat) -> Seat | None:
        """What she leaves for it."""
        source = self._rise(ticket) if ticket in self.held else None
        self._sit(ticket, seat)
        if source is not None:
            self.pending.add(source)
            self.source[ticket] = source
        return source

    def returns(self, ticket: str) -> None:
        """She could not be asked in time: she is where she was before."""
        self._rise(ticket)
        if (source := self.source.pop(ticket, None)) is not None:
            self.pending.discard(source)
            self._sit(ticket, source)

    def stand_on(self, number: int, day: date | None) -> None:
        """A new day of an event: who stood there the day before is gone."""
        if day is not None and self.standing_since.get(number) != day:
            self.standing_since[number] = day
            self.standing_by[number].clear()

    def empty(self, number: int) -> Seat | None:
        """The first stall there that nobody has and nobody is looked for."""
        for stall in range(1, self.events[number].stalls + 1):
            if stall not in self.tickets[number] and (number, stall) not in self.pending:
                return number, stall
        return None

    def taker(self, number: int, phase_of: PhaseOf) -> str | None:
        """Whom the event's rule takes into one free stall, with all its holders where they are; the best placed."""
        holders = set(self.tickets[number].values())
        pool = [a for a in self.wanted[number] if a.ticket in holders or self.may_take(a, number, phase_of)]
        if len(pool) == len(holders):
            return None
        event = self.events[number]
        chosen = choose(event, pool).holders
        new = [a for a in chosen if a.ticket not in holders]
        if len(chosen) - len(new) < len(holders):
            new = [a for a in new if _seats_all(event, pool, {*holders, a.ticket})]
        return new[0].ticket if new else None

    def may_take(self, applicant: Applicant, number: int, phase_of: PhaseOf) -> bool:
        """Whether she competes for a stall of an event of hers whose holder she is not."""
        phase, ticket = phase_of(number), applicant.ticket
        if phase is Phase.OVER or ticket in self.out:
            return False
        if ticket not in self.held:
            return phase is not Phase.STANDBY or ticket in self.standing_by[number]
        if phase is not Phase.UPGRADES or not applicant.upgrade:
            return False
        has = self.held[ticket][0]
        better = applicant.choices.index(number) < applicant.choices.index(has)
        return better and phase_of(has) is Phase.UPGRADES

    def _sit(self, ticket: str, seat: Seat) -> None:
        self.held[ticket] = seat
        self.tickets[seat[0]][seat[1]] = ticket

    def _rise(self, ticket: str) -> Seat:
        seat = self.held.pop(ticket)
        del self.tickets[seat[0]][seat[1]]
        return seat


def _seats_all(event: Event, pool: Sequence[Applicant], tickets: Collection[str]) -> bool:
    """Where a stall was not passed on before, a newcomer could take another's: she may not."""
    these = [applicant for applicant in pool if applicant.ticket in tickets]
    return len(choose(event, these).holders) == len(these)


def cancel(live: Live, ticket: str, phase_of: PhaseOf) -> list[Step]:
    """She gives her stall back: the whole chain. Without a stall she only leaves the line."""
    seat = live.held.get(ticket)
    if seat is None:
        live.out.add(ticket)
        return []
    live.leaves(ticket, seat)
    return _chain(live, ticket, seat, phase_of)


def stand_by(live: Live, ticket: str, number: int, phase_of: PhaseOf) -> list[Step]:
    """She stands at the ground: a stall there that stands empty may be hers, or of another who waits with her."""
    live.standing_by[number].add(ticket)
    seat = live.empty(number)
    steps = _chain(live, None, seat, phase_of) if seat else []
    return steps if steps and steps[0].taker else []


def _chain(live: Live, leaver: str | None, seat: Seat, phase_of: PhaseOf) -> list[Step]:
    steps, vacant = list[Step](), seat
    while True:
        live.pending.discard(vacant)
        taker = live.taker(vacant[0], phase_of)
        source = live.takes(taker, vacant) if taker is not None else None
        steps.append(Step(leaver=leaver, event=vacant[0], stall=vacant[1], taker=taker, source=source))
        if source is None:
            return steps
        leaver, vacant = taker, source
