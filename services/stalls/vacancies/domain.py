"""The log of a call's vacancies. It, not a new run of the draw, says who holds what after a stall was given back.

Each entry is a document of its own; its digest is over the digest before it and the entry, so none can be changed or
left out unseen. Logs of before moves were known stand in one document a call; new entries go on from them.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from services.stalls.calls.domain import Call, CallEvent
from services.stalls.draw import chain_log
from services.stalls.draw.chain import Live, Phase, Seat
from services.stalls.draw.chain_log import Entry, Kind
from shared.clock import INDIA
from shared.errors import NotFound, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Who left which stall, in a log of before."""

    allotment: str
    ticket: str
    event: int
    stall: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OldEntry:
    """`successor`: the ticket that is next in line; None when there was nobody."""

    left: Left
    successor: str | None
    at: datetime
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacancies:
    """A log of before; `id` is the call's."""

    id: str
    tenant: str
    log: tuple[OldEntry, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One entry of a call's log."""

    id: str
    tenant: str
    call: str
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What makes a stall free, or brings somebody to one. `after`: the entry it continues, 0 for a beginning."""

    kind: Kind
    ticket: str
    event: int
    stall: int = 0
    after: int = 0


class LogBroken(Refused):
    """The vacancies of call {call} were changed at entry {number}: nothing is passed on by this log."""

    mr = "सोडत {call} च्या परत आलेल्या स्टॉलची नोंद {number} बदललेली आहे: या नोंदवहीवरून काहीही पुढे दिले जाणार नाही."
    hi = "लॉटरी {call} के लौटे स्टॉल की प्रविष्टि {number} बदली हुई है: इस बही से कुछ आगे नहीं दिया जाएगा।"


class NothingDrawn(NotFound):
    """This call is not drawn yet, so nobody can have left a stall; look again after its draw."""

    mr = "ही सोडत अजून निघालेली नाही, त्यामुळे कोणताही स्टॉल परत आलेला नाही; सोडतीनंतर पाहा."
    hi = "यह लॉटरी अभी निकली नहीं है, इसलिए कोई स्टॉल नहीं लौटा; लॉटरी के बाद देखें।"


class Book:
    """A call's log as far as it was read: who holds what by it, and what follows from what."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.entries: list[Entry] = []
        self._origins: dict[tuple[Kind, str, int, int], Entry] = {}
        self._followers: dict[int, Entry] = {}
        self._takes: dict[str, list[Entry]] = {}

    @property
    def digest(self) -> str:
        return self.entries[-1].digest if self.entries else ""

    def entry_of(self, cause: Cause, today: date) -> Entry | None:
        """Who stands by does so for one day."""
        where = (cause.ticket, cause.event, cause.stall)
        found = self._followers.get(cause.after) if cause.after else self._origins.get((cause.kind, *where))
        if found is not None and found.kind is Kind.STANDS_BY and found.day != today:
            return None
        return found or self._origins.get((Kind.OLD, *where))

    def takes(self, ticket: str) -> list[Entry]:
        """By which entries she was given a stall, those undone left out."""
        return list(self._takes.get(ticket, ()))

    def read(self, entry: Entry) -> None:
        """An entry as it stands in the log."""
        chain_log.vacated(self.live, entry)
        self.add(entry)

    def add(self, entry: Entry) -> None:
        """An entry whose beginning `live` knows already."""
        chain_log.taken(self.live, entry)
        self.entries.append(entry)
        if entry.after:
            self._followers[entry.after] = entry
        else:
            self._origins[entry.kind, entry.ticket, entry.event, entry.stall] = entry
        if entry.kind in {Kind.PASSED, Kind.LATE}:
            self._takes[entry.ticket] = [one for one in self.takes(entry.ticket) if one.number != entry.after]
        if entry.taker:
            self._takes.setdefault(entry.taker, []).append(entry)


def first_days(call: Call) -> Mapping[int, date]:
    return {event.number: min(event.days) for event in call.events}


def phase(event: CallEvent, now: datetime, days_before: int) -> Phase:
    """Who may take what is left there now."""
    return chain_log.phase_on(now.astimezone(INDIA).date(), min(event.days), max(event.days), days_before)


def begun(book: Book, cause: Cause, call: Call, now: datetime, days_before: int) -> Entry:
    """The entry as far as it is known before somebody is looked for."""
    at = next(event for event in call.events if event.number == cause.event)
    movable = now.astimezone(INDIA).date() + timedelta(days=max(days_before, 1))  # no ground is left on its first day
    return Entry(
        number=len(book.entries) + 1,
        at=now.astimezone(UTC).isoformat(timespec="milliseconds"),
        kind=cause.kind,
        after=cause.after,
        ticket=cause.ticket,
        event=cause.event,
        stall=cause.stall,
        phase=phase(at, now, days_before),
        upgrades_from=movable.isoformat(),
    )


def decided(book: Book, entry: Entry, first: Mapping[int, date]) -> Entry | None:
    """Who takes the stall, by the rule. None when an empty stall stays empty: that is no entry. Changes `book.live`."""
    chain_log.vacated(book.live, entry)
    if entry.kind is Kind.EMPTY:
        seat = book.live.empty(entry.event)
        entry = replace(entry, stall=seat[1] if seat else 0)
    looks = entry.stall != 0
    taker = book.live.taker(entry.event, chain_log.phases(entry, first)) if looks else None
    if taker is None and entry.kind is Kind.EMPTY:
        return None
    event, stall = (book.live.held.get(taker) if taker else None) or (0, 0)
    whole = replace(entry, taker=taker or "", from_event=event, from_stall=stall)
    return replace(whole, digest=chain_log.chained(book.digest, whole))


def logged(call: Call, entry: Entry) -> Logged:
    return Logged(id=f"{call.id}:{entry.number}", tenant=call.tenant, call=call.id, entry=entry)


def require_follows(book: Book, call: str, entry: Entry) -> None:
    """Raises LogBroken."""
    require_chained(call, len(book.entries), book.digest, [entry])


def require_chained(call: str, last: int, before: str, entries: Sequence[Entry]) -> None:
    """They are what came after entry `last`, whose digest is `before`. Raises LogBroken."""
    for number, entry in enumerate(entries, last + 1):
        if entry.number != number or entry.digest != chain_log.chained(before, entry):
            raise LogBroken(call=call, number=number)
        before = entry.digest


def entries_of(old: Vacancies) -> list[Entry]:
    """Raises LogBroken."""
    require_intact(old)
    return [_entry_of(number, one) for number, one in enumerate(old.log, 1)]


def _entry_of(number: int, old: OldEntry) -> Entry:
    return Entry(
        number=number,
        at=old.at.astimezone(UTC).isoformat(timespec="milliseconds"),
        kind=Kind.OLD,
        ticket=old.left.ticket,
        event=old.left.event,
        stall=old.left.stall,
        taker=old.successor or "",
        digest=old.digest,
    )


def require_intact(vacancies: Vacancies) -> None:
    """Every entry follows from the one before it. Raises LogBroken."""
    before = ""
    for number, entry in enumerate(vacancies.log, 1):
        if entry.digest != chained(before, entry.left, entry.successor):
            raise LogBroken(call=vacancies.id, number=number)
        before = entry.digest


def chained(before: str, left: Left, successor: str | None) -> str:
    """Of a log of before: SHA-256 of the lines: digest before, allotment, ticket, event, stall, successor."""
    lines = (before, left.allotment, left.ticket, str(left.event), str(left.stall), successor or "")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


class Seats:
    """Where each ticket that the log names is by it, entry after entry; nobody is looked for."""

    def __init__(self) -> None:
        self.last = 0
        self.seats: dict[str, Seat | None] = {}
        self.since: dict[str, datetime] = {}
        self._sources: dict[str, Seat | None] = {}

    def read(self, entry: Entry) -> None:
        if entry.kind in {Kind.LEFT, Kind.PASSED, Kind.OLD}:
            self._at(entry.ticket, None, entry)
        elif entry.kind is Kind.LATE:
            self._at(entry.ticket, self._sources.get(entry.ticket), entry)
        if entry.taker:
            self._sources[entry.taker] = entry.source
            self._at(entry.taker, entry.seat, entry)
        self.last = entry.number

    def _at(self, ticket: str, seat: Seat | None, entry: Entry) -> None:
        self.seats[ticket], self.since[ticket] = seat, datetime.fromisoformat(entry.at)
