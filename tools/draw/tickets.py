"""What one group reads of a draw: her place and how to check it, what she got, and why not something better."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.stalls.draw.accept import Row
from services.stalls.draw.order import lot
from services.stalls.draw.plan import Applicant, Instance
from shared.errors import Invalid, Language
from shared.money import grouped

DIGITS = str.maketrans("०१२३४५६७८९", "0123456789")
PLACE = {
    "mr": "तिकीट {ticket}: रांगेत {count} पैकी {place} वा क्रमांक. गेल्या 12 महिन्यांतील स्टॉल: {tier}.",
    "hi": "टिकट {ticket}: कतार में {count} में से {place} वाँ क्रमांक। पिछले 12 महीनों के स्टॉल: {tier}।",
    "en": "Ticket {ticket}: place {place} of {count} in line. Stalls of the last 12 months: {tier}.",
}
CHECK = {
    "mr": "कमी स्टॉल मिळालेले आधी; नंतर या ओळीने दिसणाऱ्या संख्येचा क्रम:",
    "hi": "कम स्टॉल पाने वाले पहले; फिर इस पंक्ति से दिखने वाली संख्या का क्रम:",
    "en": "Fewer stalls come first; then the smaller number that this line shows:",
}
STALL = {
    "mr": "मिळाले: बाजार {event}{note}, स्टॉल {stall} (पसंती {choice}).",
    "hi": "मिला: बाज़ार {event}{note}, स्टॉल {stall} (पसंद {choice})।",
    "en": "Allotted: event {event}{note}, stall {stall} (choice {choice}).",
}
NOTHING = {
    "mr": "सोडतीत स्टॉल मिळाला नाही.",
    "hi": "ड्रॉ में स्टॉल नहीं मिला।",
    "en": "No stall in the draw.",
}
REFUSED = {
    "mr": "पसंती {rank}, बाजार {event}{note}: {why}",
    "hi": "पसंद {rank}, बाज़ार {event}{note}: {why}",
    "en": "Choice {rank}, event {event}{note}: {why}",
}
WAITING = {
    "mr": "प्रतीक्षा यादीत: बाजार {event}{note}, {position} वा क्रमांक.",
    "hi": "प्रतीक्षा सूची में: बाज़ार {event}{note}, {position} वाँ क्रमांक।",
    "en": "Waiting: event {event}{note}, position {position}.",
}


class NoSuchTicket(Invalid):
    """There is no ticket {ticket} in this draw; it is the number of 16 digits on the receipt."""

    mr = "या सोडतीत {ticket} हे तिकीट नाही; पावतीवरील 16 अंकी क्रमांक लिहा."
    hi = "इस ड्रॉ में {ticket} टिकट नहीं है; रसीद पर लिखी 16 अंकों की संख्या लिखें।"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """Her row of the outcome with what it is explained from."""

    seed: str
    applicant: Applicant
    row: Row
    count: int
    notes: dict[int, str]

    def lines(self, language: Language) -> Iterator[str]:
        place, count = grouped(self.row.place), grouped(self.count)
        yield PLACE[language].format(ticket=self.row.ticket, place=place, count=count, tier=self.applicant.tier)
        yield CHECK[language]
        yield f"printf '%s:%s' {self.seed} {self.row.ticket} | sha256sum"
        yield f"{lot(self.seed, self.row.ticket)}  -"
        yield self._got(language)
        for refusal in self.row.refusals:
            why = refusal.sentence(language)
            yield REFUSED[language].format(
                rank=refusal.rank, event=refusal.event, note=self._of(refusal.event), why=why
            )
        for event, position in self.row.waiting:
            yield WAITING[language].format(event=event, note=self._of(event), position=grouped(position))

    def _got(self, language: Language) -> str:
        if self.row.event is None:
            return NOTHING[language]
        note = self._of(self.row.event)
        return STALL[language].format(event=self.row.event, note=note, stall=self.row.stall, choice=self.row.choice)

    def _of(self, event: int) -> str:
        return f" ({self.notes[event]})" if self.notes[event] else ""


def mine(ticket: str, seed: str, instance: Instance, rows: tuple[Row, ...]) -> Mine:
    """`ticket` also in Devanagari digits, with or without spaces. Raises NoSuchTicket."""
    wanted = "".join(ticket.split()).translate(DIGITS)
    row = next((row for row in rows if row.ticket == wanted), None)
    if row is None:
        raise NoSuchTicket(ticket=ticket[:40])
    applicant = next(applicant for applicant in instance.applicants if applicant.ticket == wanted)
    notes = {event.number: event.note for event in instance.events}
    return Mine(seed=seed, applicant=applicant, row=row, count=len(rows), notes=notes)
