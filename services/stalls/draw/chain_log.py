"""The log of what follows a draw: who left, who stands where for it; each entry answers for all before it.

With the draw's file, the days of its events and this log anybody can say who holds what: `replay`.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum

from services.stalls.draw.chain import Live, Phase, PhaseOf, Seat

INDIA = timezone(timedelta(hours=5, minutes=30))
FirstDays = Mapping[int, date]
"""Of each event."""


class Kind(StrEnum):
    LEFT = "left"  # the ticket gave its stall back, or let it lapse
    MOVED = "moved"  # it left this stall for a better one, by the entry `after`
    PASSED = "passed"  # it should have had this stall by the entry `after`, but wants nothing more
    LATE = "late"  # it could not be asked in time; it is where it was before the entry `after`
    STANDS_BY = "stands_by"  # it stands at this event's ground today
    EMPTY = "empty"  # nobody has this stall; somebody came, by the entry `after`
    OLD = "old"  # written before moves were known: left, or passed


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the log. `number` counts from 1; `after`: the entry it continues, 0 for a beginning.

    `at`: ISO 8601, UTC; `stall` 0 where none is meant. `upgrades_from`: a ground whose first day is this or later may
    be left for a better one. `taker` has the stall from now on, and left (`from_event`, `from_stall`): 0 for nothing.
    """

    number: int
    at: str
    kind: Kind
    after: int = 0
    ticket: str = ""
    event: int
    stall: int = 0
    phase: Phase = Phase.OFFERS
    upgrades_from: str = ""
    taker: str = ""
    from_event: int = 0
    from_stall: int = 0
    digest: str = ""

    @property
    def seat(self) -> Seat:
        return self.event, self.stall

    @property
    def source(self) -> Seat | None:
        return (self.from_event, self.from_stall) if self.from_event else None

    @property
    def day(self) -> date:
        """In India."""
        return datetime.fromisoformat(self.at).astimezone(INDIA).date()


DIGESTED = tuple(field.name for field in fields(Entry) if field.name != "digest")


def chained(before: str, entry: Entry) -> str:
    """SHA-256 of the lines: digest before, then the entry's fields in their order."""
    lines = [before, *(str(getattr(entry, name)) for name in DIGESTED)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def phase_on(today: date, first: date, last: date, days_before: int) -> Phase:
    if today > last:
        return Phase.OVER
    if today >= first:
        return Phase.STANDBY
    return Phase.UPGRADES if today <= first - timedelta(days=days_before) else Phase.OFFERS


def phases(entry: Entry, first_days: FirstDays) -> PhaseOf:
    """What held when this entry was written, as far as it mattered."""
    since = date.fromisoformat(entry.upgrades_from)

    def of(number: int) -> Phase:
        if number == entry.event:
            return entry.phase
        return Phase.UPGRADES if first_days[number] >= since else Phase.OFFERS

    return of


def vacated(live: Live, entry: Entry) -> None:
    """What its beginning says, before anybody is looked for."""
    live.stand_on(entry.event, entry.day if entry.phase is Phase.STANDBY else None)
    if entry.kind in {Kind.LEFT, Kind.PASSED, Kind.OLD}:
        live.leaves(entry.ticket, entry.seat)
    elif entry.kind is Kind.MOVED:
        live.pending.discard(entry.seat)
    elif entry.kind is Kind.LATE:
        live.returns(entry.ticket)
    elif entry.kind is Kind.STANDS_BY:
        live.standing_by[entry.event].add(entry.ticket)


def taken(live: Live, entry: Entry) -> None:
    if entry.taker:
        live.takes(entry.taker, entry.seat)


def replay(live: Live, entries: Iterable[Entry], first_days: FirstDays, before: str = "") -> list[str]:
    """Follow the log from the outcome on; what is wrong with its first wrong entry, in words.

    Where there is none, `live` is as the log says in the end; nothing can follow from what was not so.
    Entries of the old kind are followed and not checked: they do not say who had left the line. `before`: the digest of
    the entry before the first.
    """
    for entry in entries:
        wrong = _faults(live, entry)
        if entry.kind is not Kind.OLD and entry.digest != chained(before, entry):
            wrong = ["its digest does not follow from the entry before it", *wrong]
        if not wrong:
            vacated(live, entry)
            wrong = _wrong_taker(live, entry, first_days)
        if wrong:
            return [f"entry {entry.number}: {what}" for what in wrong]
        taken(live, entry)
        before = entry.digest
    return []


def _faults(live: Live, entry: Entry) -> list[str]:
    """Whether the ticket can have done what it says."""
    held, moving = live.held.get(entry.ticket), live.source.get(entry.ticket) == entry.seat
    if entry.kind is Kind.LEFT and held != entry.seat and not moving and entry.ticket not in live.out:
        return [f"{entry.ticket} did not have stall {entry.stall} of event {entry.event}"]
    if entry.kind in {Kind.PASSED, Kind.LATE} and held != entry.seat and entry.seat not in live.pending:
        return [f"stall {entry.stall} of event {entry.event} was not to be {entry.ticket}'s"]
    if entry.kind is Kind.MOVED and entry.seat not in live.pending:
        return [f"{entry.ticket} did not move away from stall {entry.stall} of event {entry.event}"]
    if entry.kind is Kind.EMPTY and live.empty(entry.event) != entry.seat:
        return [f"stall {entry.stall} of event {entry.event} is not the first that stands empty"]
    return []


def _wrong_taker(live: Live, entry: Entry, first_days: FirstDays) -> list[str]:
    if entry.kind is Kind.OLD or (entry.kind is Kind.STANDS_BY and not entry.taker):
        return []
    by_the_rule = live.taker(entry.event, phases(entry, first_days)) or ""
    if by_the_rule != entry.taker:
        return [f"stall {entry.stall} of event {entry.event} goes to {by_the_rule or 'nobody'}, not to {entry.taker}"]
    source = live.held.get(entry.taker)
    if source != entry.source:
        return [f"{entry.taker} left {source}, not {entry.source}"]
    return []
