"""The log of a call's vacancies. It, not a new run of the draw, says who holds what after a stall was given back.

Each entry's digest is over the digest before it and the entry, so none can be changed or left out unseen.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from services.stalls.draw.vacancy import Departure
from shared.decisions import Decision
from shared.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Who left which stall: by giving it back, or because she no longer waited when it was hers."""

    allotment: str
    ticket: str
    event: int
    stall: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`successor`: the ticket that is next in line; None when there was nobody."""

    left: Left
    successor: str | None
    at: datetime
    digest: str

    @property
    def departure(self) -> Departure:
        left = self.left
        return Departure(ticket=left.ticket, event=left.event, stall=left.stall, successor=self.successor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacancies:
    """`id` is the call's."""

    id: str
    tenant: str
    log: tuple[Entry, ...] = ()

    def entry_of(self, left: Left) -> Entry | None:
        return next((entry for entry in self.log if entry.left == left), None)

    def departures(self, left: Left) -> list[Departure]:
        """All so far and this one."""
        last = Departure(ticket=left.ticket, event=left.event, stall=left.stall)
        return [*(entry.departure for entry in self.log), last]


class LogBroken(Refused):
    """The vacancies of call {call} were changed at entry {number}: nothing is passed on by this log."""

    mr = "सोडत {call} च्या परत आलेल्या स्टॉलची नोंद {number} बदललेली आहे: या नोंदवहीवरून काहीही पुढे दिले जाणार नाही."
    hi = "लॉटरी {call} के लौटे स्टॉल की प्रविष्टि {number} बदली हुई है: इस बही से कुछ आगे नहीं दिया जाएगा।"


def require_intact(vacancies: Vacancies) -> None:
    """Every entry follows from the one before it. Raises LogBroken."""
    before = ""
    for number, entry in enumerate(vacancies.log, 1):
        if entry.digest != chained(before, entry.left, entry.successor):
            raise LogBroken(call=vacancies.id, number=number)
        before = entry.digest


def append(vacancies: Vacancies, left: Left, successor: str | None, length: int, now: datetime) -> Decision[Vacancies]:
    """One more entry, if the log still is as long as when the successor was looked for, and has none of this yet."""
    if len(vacancies.log) != length or vacancies.entry_of(left):
        return Decision(vacancies)
    before = vacancies.log[-1].digest if vacancies.log else ""
    entry = Entry(left=left, successor=successor, at=now, digest=chained(before, left, successor))
    return Decision(replace(vacancies, log=(*vacancies.log, entry)))


def chained(before: str, left: Left, successor: str | None) -> str:
    """SHA-256 of the lines: digest before, allotment, ticket, event, stall, successor."""
    lines = (before, left.allotment, left.ticket, str(left.event), str(left.stall), successor or "")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
