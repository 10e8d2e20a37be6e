"""What one group reads of a draw: her place and how to check it, what she got, and why not something better."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from services.stalls.draw import claims
from services.stalls.draw.cells import TICKET, Cells, rows
from services.stalls.draw.files import Said
from services.stalls.draw.log import Party
from services.stalls.draw.order import lot
from services.stalls.draw.plan import MOST_STALLS, OPEN
from services.stalls.draw.reasons import Refusal
from services.stalls.draw.sources import Source
from shared.errors import Invalid, Language
from shared.localized import ASCII_DIGITS
from shared.money import grouped
from tools.draw import ticket_words as words
from tools.draw.streams import Progress, Streams, silent

DIGITS = 16
STRUCK_NOTE = "struck"
"""How the part of a note begins that says in codes why the ground was struck out."""


class NoSuchTicket(Invalid):
    """There is no ticket {ticket} in this draw; it is the number of 16 digits on the receipt."""

    mr = "या सोडतीत {ticket} हे तिकीट नाही; पावतीवरील 16 अंकी क्रमांक लिहा."
    hi = "इस लॉटरी में {ticket} टिकट नहीं है; रसीद पर छपे 16 अंक लिखें।"


class TicketWithoutZeros(NoSuchTicket):
    """{ticket} has not 16 digits; a spreadsheet may have dropped the zeros before it: {whole} is in this draw."""

    mr = "{ticket} हे 16 अंकी नाही; स्प्रेडशीटने आधीची शून्ये काढली असतील: {whole} हे तिकीट या सोडतीत आहे."
    hi = "{ticket} में 16 अंक नहीं हैं; स्प्रेडशीट ने पहले के शून्य हटा दिए होंगे: {whole} टिकट इस लॉटरी में है।"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """An event as the file has it; one without stalls was struck out at the close."""

    note: str
    stalls: int

    def said(self, language: Language) -> str:
        parts = [part for part in self.note.split(" | ") if part and not part.startswith(STRUCK_NOTE)]
        parts += [] if self.stalls else [words.STRUCK[language]]
        return f" ({', '.join(parts)})" if parts else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """Her rows of the file. `seat`: event, stall, choice; `waiting`: event and position.

    `hopeful`: the events whose plan has a stall that could be hers.
    """

    said: Said
    parties: tuple[Party, ...]
    ticket: str
    tier: int
    upgrade: bool
    place: int
    count: int
    seat: tuple[int, int, int] | None
    waiting: tuple[tuple[int, int], ...]
    hopeful: frozenset[int]
    refusals: tuple[Refusal, ...]
    grounds: Mapping[int, Ground]

    def lines(self, language: Language) -> Iterator[str]:
        if self.said.run == "dry":
            yield words.REHEARSAL[language]
        yield from self._place(language)
        yield self._got(language)
        for one in self.refusals:
            why, note = one.sentence(language), self.grounds[one.event].said(language)
            yield words.REFUSED[language].format(rank=one.rank, event=one.event, note=note, why=why)
        for event, position in self.waiting:
            note = self.grounds[event].said(language)
            said = words.WAITING if event in self.hopeful else words.IN_VAIN
            yield said[language].format(event=event, note=note, position=grouped(position))
        if self.upgrade:
            yield words.UPGRADE[language]
        yield from self._parties(language)

    def _place(self, language: Language) -> Iterator[str]:
        place, count = grouped(self.place), grouped(self.count)
        tier = words.most_tier(self.tier, language)
        yield words.PLACE[language].format(ticket=self.ticket, place=place, count=count, tier=tier)
        yield words.LOT[language]
        yield f"printf '%s:%s' {self.said.seed} {self.ticket} | sha256sum"
        yield f"{lot(self.said.seed, self.ticket)}  -"

    def _got(self, language: Language) -> str:
        if self.seat is None:
            return words.NOTHING[language]
        event, stall, choice = self.seat
        note = self.grounds[event].said(language)
        return words.STALL[language].format(event=event, note=note, stall=stall, choice=choice)

    def _parties(self, language: Language) -> Iterator[str]:
        """Who had a hand in the seed."""
        if self.parties:
            yield words.PARTIES[language]
        for party in self.parties:
            nonce = words.SILENT[language]
            if party.nonce is not None:
                nonce = words.NONCE[language].format(nonce=party.nonce)
            yield words.PARTY[language].format(
                number=party.number, name=party.name, commitment=party.commitment, nonce=nonce
            )


def mine(source: Source, ticket: str, progress: Progress = silent) -> Mine:
    """`ticket` also in Devanagari digits, with or without spaces and hyphens. Reads all, keeps hers.

    Raises NoSuchTicket, TicketWithoutZeros, and what `Streams` does.
    """
    wanted = "".join(ticket.replace("-", " ").split()).translate(ASCII_DIGITS)
    files = Streams(source, progress)
    if not TICKET.fullmatch(wanted):
        raise _no_ticket(files, ticket[:40], wanted)
    people, count = files.of("applications.csv", wanted)
    if len(people) != 1:
        raise NoSuchTicket(ticket=ticket[:40])
    seats, _ = files.of("outcome.csv", wanted)
    refused, _ = files.of("refusals.csv", wanted)
    hopeful = frozenset(_hopeful(files, people[0]))
    files.pass_by("choices.csv")
    if len(seats) != 1:
        raise NoSuchTicket(ticket=ticket[:40])
    (person,), (seat,) = people, seats
    return Mine(
        said=claims.said(files.small),
        parties=claims.parties(files.small),
        ticket=wanted,
        tier=person.number("tier", 0),
        upgrade=person.yes("upgrade"),
        place=seat.number("place"),
        count=count,
        seat=(seat.number("event"), seat.number("stall"), seat.number("choice")) if seat.values["event"] else None,
        waiting=_waiting(seat),
        hopeful=hopeful,
        refusals=tuple(map(_refusal, refused)),
        grounds=_Grounds(files),
    )


def _hopeful(files: Streams, person: Cells) -> Iterator[int]:
    """Each event with a line that takes all she sells, for a stage of hers or when it is free for others."""
    stages, sold = {OPEN, *person.words("stages")}, person.words("categories")
    for event, _, stage, categories, fallback, *_ in files.plain("plan.csv"):
        first = stage.decode() in stages and _takes(categories, sold)
        if first or _takes(fallback, sold):
            yield int(event)


def _takes(mask: bytes, sold: Collection[str]) -> bool:
    return mask == b"*" or set(sold) <= set(mask.decode().split())


def _no_ticket(files: Streams, ticket: str, digits: str) -> NoSuchTicket:
    whole = digits.zfill(DIGITS)
    if digits and TICKET.fullmatch(whole) and files.of("applications.csv", whole)[0]:
        return TicketWithoutZeros(ticket=ticket, whole=whole)
    return NoSuchTicket(ticket=ticket)


class _Grounds(dict[int, Ground]):
    """All of the file; one that is missing there has no name and no stalls."""

    def __init__(self, files: Streams) -> None:
        super().__init__(
            (row.number("event"), Ground(note=row.text("note"), stalls=row.number("stalls", 0, MOST_STALLS)))
            for row in rows(files.small, "events.csv")
        )

    def __missing__(self, event: int) -> Ground:
        return Ground(note="", stalls=0)


def _waiting(row: Cells) -> tuple[tuple[int, int], ...]:
    pairs = [pair.partition(":") for pair in row.values["waiting"].split()]
    if not all(event.isdecimal() and position.isdecimal() for event, _, position in pairs):
        raise row.unusable("waiting", "1:1")
    return tuple((int(event), int(position)) for event, _, position in pairs)


def _refusal(row: Cells) -> Refusal:
    return Refusal(
        rank=row.number("rank"),
        event=row.number("event"),
        stalls=row.number("stalls", 0, MOST_STALLS),
        other_products=row.number("other_products", 0, MOST_STALLS),
        other_reservation=row.number("other_reservation", 0, MOST_STALLS),
        better_place=row.number("better_place", 0, MOST_STALLS),
        last_place=row.number_or_none("last_place"),
    )
