"""What a draw is made of and what it gives; and what is told while it is missing.

The register says whose ticket is whose; it is kept with the inputs and never published.
"""

import csv
import io
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields, replace
from datetime import datetime

from services.stalls.calls.domain import Call
from services.stalls.draw import files, reading
from services.stalls.draw.accept import Outcome, Row
from services.stalls.draw.plan import Instance
from services.stalls.draw.reasons import Refusal
from services.stalls.offers.domain import in_india
from services.stalls.texts.domain import Manifest
from services.stalls.venues.domain import Reason
from shared.errors import Invalid, NotFound, Refused

TICKET_DIGITS = 16
REGISTER = ("ticket", "application", "group", "district", "block", "tier")
LINE = ("place", *REGISTER)
"""Columns of the line: the register in order of place."""
Struck = Mapping[int, tuple[Reason, ...]]
"""Events whose ground may not be used at the close, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptInputs:
    """What a call was closed with; `id` is the call's. `struck`: events whose ground may not be used, and why."""

    id: str
    tenant: str
    files: Manifest
    register: tuple[str, ...]
    applications: int
    inputs_digest: str
    plan_digest: str
    rules_digest: str
    struck: Struck
    frozen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A table kept in parts, in order of a number: place or ticket. `firsts`: that of the first row of each part."""

    parts: tuple[str, ...]
    firsts: tuple[int, ...]

    def covering(self, first: int, last: int) -> tuple[str, ...]:
        """The parts in which rows of these numbers may stand, both included; several rows may have one number."""
        begin, end = bisect_left(self.firsts, first), bisect_right(self.firsts, last)
        return self.parts[max(begin - 1, 0) : end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What a zip says of a file before its first byte."""

    bytes: int
    crc32: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOutcome:
    """What a call's draw gave, with all that stands in the public file; `id` is the call's. Never changed.

    `shelves` say where the rows of `outcome.csv` and `refusals.csv` (by place), of `line` (who stands at a place) and
    of `tickets` (the place of a ticket) are; the last two are never published. An outcome kept before there were such
    has neither these nor `weights`, and is read whole.
    """

    id: str
    tenant: str
    files: Manifest
    register: tuple[str, ...]
    inputs_digest: str
    plan_digest: str
    rules_digest: str
    outcome_digest: str
    seed: str
    allotted: int
    waitlisted: int
    drawn_at: datetime
    shelves: Mapping[str, Shelf] = field(default_factory=dict)
    weights: Mapping[str, Weight] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return self.allotted + self.waitlisted


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """Whose ticket it is. District and block are LGD codes of the group; `tier` is 0 in what was closed before it."""

    ticket: str
    application: str
    group: str
    district: str
    block: str | None
    tier: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InLine:
    """One row of an outcome, and who stands at that place."""

    row: Row
    whose: Registered


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """A kept outcome, read. `outcome.rows` stand in order of place; `rows`, `tiers`, `register` are by ticket."""

    kept: KeptOutcome
    instance: Instance
    outcome: Outcome
    rows: Mapping[str, Row]
    tiers: Mapping[str, int]
    register: Mapping[str, Registered]

    def row_of(self, ticket: str) -> Row:
        """Raises TicketNotDrawn."""
        if ticket not in self.rows:
            raise TicketNotDrawn(ticket=ticket)
        return self.rows[ticket]

    def whose(self, ticket: str) -> Registered:
        """With the tier of the frozen inputs, which an old register lacks."""
        return replace(self.register[ticket], tier=self.tiers[ticket])


class OutcomeNotYet(NotFound):
    """This call is {status}: it closes at {closes_at} and is drawn after {public_at}; the outcome stands here then."""

    mr = "निकाल अजून नाही (स्थिती: {status}): अर्ज {closes_at} रोजी बंद, सोडत {public_at} नंतर; निकाल तेव्हा येथे असेल."
    hi = "परिणाम अभी नहीं है (स्थिति: {status}): आवेदन {closes_at} को बंद, लॉटरी {public_at} के बाद; तब वह यहाँ दिखेगा।"


class TicketNotDrawn(NotFound):
    """The ticket {ticket} was not in this draw; compare it with the receipt of this call."""

    mr = "{ticket} हा तिकीट क्रमांक या सोडतीत नव्हता; या सोडतीच्या पावतीवरील क्रमांक पाहा."
    hi = "{ticket} टिकट संख्या इस लॉटरी में नहीं थी; इस लॉटरी की रसीद से मिलाएँ।"


class BadTicket(Invalid):
    """ticket: a ticket is 16 digits, as on the receipt."""

    mr = "ticket: तिकीट क्रमांक पावतीवर आहे तसा 16 अंकी असतो."
    hi = "ticket: टिकट संख्या रसीद पर छपे 16 अंकों की होती है।"


class DrawFilesDamaged(Refused):
    """The kept {what} of call {call} has the digest {found}, but {published} was published; nothing is made of it."""

    mr = "सोडत {call}: साठवलेल्या {what} चा digest {found} आहे, जाहीर {published} होता; त्यावरून काहीही केले जाणार नाही."
    hi = "लॉटरी {call}: रखे हुए {what} का digest {found} है, प्रकाशित {published} था; उससे कुछ नहीं किया जाएगा।"


class TicketOfAnother(Refused):
    """In the line of call {call} the ticket {ticket} stands for another than who applied with it; nobody is told."""

    mr = "सोडत {call}: रांगेत {ticket} हा तिकीट क्रमांक अर्ज करणाऱ्याच्या नावावर नाही; त्यावरून कोणालाही काही कळवले जाणार नाही."
    hi = "लॉटरी {call}: कतार में {ticket} टिकट आवेदन करने वाले के नाम पर नहीं है; उससे किसी को कुछ नहीं बताया जाएगा।"


def read(kept: KeptOutcome, texts: Mapping[str, str], register: str) -> Draw:
    """Raises DrawFilesDamaged, and what `reading` raises of files that are none."""
    found = files.digest({name: texts[name] for name in files.OUTCOME})
    if found != kept.outcome_digest:
        raise DrawFilesDamaged(what="outcome", call=kept.id, found=found, published=kept.outcome_digest)
    instance = reading.instance(texts)
    outcome = reading.outcome(texts, instance)
    return Draw(
        kept=kept,
        instance=instance,
        outcome=outcome,
        rows={row.ticket: row for row in outcome.rows},
        tiers={one.ticket: one.tier for one in instance.applicants},
        register=registered(register),
    )


def not_yet(call: Call) -> OutcomeNotYet:
    return OutcomeNotYet(status=call.status, closes_at=in_india(call.closes_at), public_at=in_india(call.public_at))


def require_digest(call: Call, what: str, found: str, published: str | None) -> None:
    """Raises DrawFilesDamaged."""
    if found != published:
        raise DrawFilesDamaged(call=call.id, what=what, found=found, published=published)


def require_same_parts(kept: KeptOutcome) -> None:
    """What is paged through, and acted on, are the published files themselves. Raises DrawFilesDamaged."""
    for name in files.OUTCOME:
        if kept.shelves and kept.shelves[name].parts != kept.files[name]:
            found, published = (" ".join(parts)[:64] for parts in (kept.shelves[name].parts, kept.files[name]))
            raise DrawFilesDamaged(call=kept.id, what=name, found=found, published=published)


def require_theirs(call: Call, some: Sequence[InLine], applied: Mapping[str, tuple[str, str]]) -> None:
    """`applied`: ticket and group of each application. Raises TicketOfAnother."""
    for one in some:
        ticket, whose = one.row.ticket, one.whose
        if ticket != whose.ticket or applied.get(whose.application) != (ticket, whose.group):
            raise TicketOfAnother(call=call.id, ticket=ticket)


def registered_of(row: Mapping[str, str]) -> Registered:
    """Of a row of the register or of the line."""
    return Registered(
        ticket=row["ticket"],
        application=row["application"],
        group=row["group"],
        district=row["district"],
        block=row["block"] or None,
        tier=int(row.get("tier") or 0),
    )


def registered(text: str) -> dict[str, Registered]:
    """The register by ticket."""
    return {row["ticket"]: registered_of(row) for row in csv.DictReader(io.StringIO(text))}


def written(register: Iterable[Registered], *, titled: bool = True) -> str:
    """Rows of the register; `titled`: with the names of its columns."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    if titled:
        rows.writerow(REGISTER)
    rows.writerows(astuple(one) for one in register)
    return text.getvalue()


def in_line(outcome: str, line: str, refusals: str, first: int, last: int) -> list[InLine]:
    """Who stands at these places, both included, and what she got. Texts without titles that may hold more rows."""
    refused: dict[int, list[Refusal]] = {}
    for place, row in _placed(refusals, files.COLUMNS["refusals.csv"], first, last):
        refused.setdefault(place, []).append(_refusal(row))
    whose = {place: registered_of(row) for place, row in _placed(line, LINE, first, last)}
    rows = _placed(outcome, files.COLUMNS["outcome.csv"], first, last)
    return [InLine(row=_row(row, refused.get(place, ())), whose=whose[place]) for place, row in rows]


def _placed(text: str, columns: Sequence[str], first: int, last: int) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of these places. Most of a part is cut off unread where both ends are found."""
    begin, end = text.find(f"\n{first},"), text.find(f"\n{last + 1},")
    for cells in csv.reader(io.StringIO(text[max(begin + 1, 0) : end + 1 or None])):
        if cells[0].isdecimal() and first <= (place := int(cells[0])) <= last:
            yield place, dict(zip(columns, cells, strict=True))


def _row(cells: Mapping[str, str], refusals: Sequence[Refusal]) -> Row:
    waiting = (position.split(":") for position in cells["waiting"].split())
    return Row(
        ticket=cells["ticket"],
        place=int(cells["place"]),
        event=_number(cells["event"]),
        stall=_number(cells["stall"]),
        choice=_number(cells["choice"]),
        waiting=tuple((int(event), int(position)) for event, position in waiting),
        refusals=tuple(refusals),
    )


def _refusal(cells: Mapping[str, str]) -> Refusal:
    counts = {one.name: int(cells[one.name]) for one in fields(Refusal) if one.name != "last_place"}
    return Refusal(**counts, last_place=_number(cells["last_place"]))


def _number(cell: str) -> int | None:
    return int(cell) if cell else None


def place_in(tickets: str, ticket: str) -> int | None:
    """The place of a ticket, from rows `ticket,place`."""
    at = f"\n{tickets}".find(f"\n{ticket},")
    return None if at < 0 else int(tickets[at + len(ticket) + 1 :].partition("\n")[0])


def ticket_of(text: str) -> str:
    """A ticket in ASCII, also from Devanagari digits, with or without spaces. Raises BadTicket."""
    digits = "".join(str(int(letter)) if letter.isdecimal() else letter for letter in text if not letter.isspace())
    if len(digits) != TICKET_DIGITS or not digits.isdecimal():
        raise BadTicket
    return digits
