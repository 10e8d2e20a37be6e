"""What one group reads of a draw: her place and how to check it, what she got, and why not something better."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from services.stalls.draw.accept import Row
from services.stalls.draw.order import lot
from services.stalls.draw.plan import Applicant, Event, Instance
from shared.errors import Invalid, Language
from shared.money import grouped

DIGITS = str.maketrans("०१२३४५६७८९", "0123456789")
PLACE = {
    "mr": "तिकीट {ticket}: रांगेतील स्थान {place} (एकूण {count}). गेल्या 12 महिन्यांतील स्टॉल: {tier}.",
    "hi": "टिकट {ticket}: पंक्ति में स्थान {place} (कुल {count})। पिछले 12 महीनों के स्टॉल: {tier}।",
    "en": "Ticket {ticket}: place {place} of {count} in line. Stalls of the last 12 months: {tier}.",
}
CHECK = {
    "mr": "ज्यांना कमी स्टॉल मिळाले ते आधी; समान असतील तर ज्यांची संख्या लहान ते आधी. ही संख्या या कमांडने दिसते:",
    "hi": "जिन्हें कम स्टॉल मिले वे पहले; बराबर हों तो जिनकी संख्या छोटी हो वे पहले। यह संख्या इस कमांड से दिखती है:",
    "en": "Fewer stalls come first; then the smaller number that this line shows:",
}
STALL = {
    "mr": "मिळाले: मैदान {event}{note}, स्टॉल {stall} (पसंती {choice}).",
    "hi": "मिला: मैदान {event}{note}, स्टॉल {stall} (पसंद {choice})।",
    "en": "Allotted: event {event}{note}, stall {stall} (choice {choice}).",
}
NOTHING = {
    "mr": "सोडतीत स्टॉल मिळाला नाही.",
    "hi": "लॉटरी में स्टॉल नहीं मिला।",
    "en": "No stall in the draw.",
}
REFUSED = {
    "mr": "पसंती {rank}, मैदान {event}{note}: {why}",
    "hi": "पसंद {rank}, मैदान {event}{note}: {why}",
    "en": "Choice {rank}, event {event}{note}: {why}",
}
WAITING = {
    "mr": "प्रतीक्षा यादीतील क्रमांक {position}: मैदान {event}{note}.",
    "hi": "प्रतीक्षा सूची में क्रमांक {position}: मैदान {event}{note}।",
    "en": "Number {position} on the waitlist: event {event}{note}.",
}
STRUCK = {"mr": "वगळले", "hi": "हटाया गया", "en": "struck out"}
STRUCK_NOTE = "struck"
"""How the part of a note begins that says in codes why the ground was struck out."""


class NoSuchTicket(Invalid):
    """There is no ticket {ticket} in this draw; it is the number of 16 digits on the receipt."""

    mr = "या सोडतीत {ticket} हे तिकीट नाही; पावतीवरील 16 अंकी क्रमांक लिहा."
    hi = "इस लॉटरी में {ticket} टिकट नहीं है; रसीद पर छपे 16 अंक लिखें।"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """Her row of the outcome with what it is explained from."""

    seed: str
    applicant: Applicant
    row: Row
    count: int
    events: Mapping[int, Event]

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
                rank=refusal.rank, event=refusal.event, note=self._of(refusal.event, language), why=why
            )
        for event, position in self.row.waiting:
            yield WAITING[language].format(event=event, note=self._of(event, language), position=grouped(position))

    def _got(self, language: Language) -> str:
        if self.row.event is None:
            return NOTHING[language]
        note = self._of(self.row.event, language)
        return STALL[language].format(event=self.row.event, note=note, stall=self.row.stall, choice=self.row.choice)

    def _of(self, number: int, language: Language) -> str:
        """Ground and days as the file has them, and whether the close struck it out."""
        event = self.events[number]
        said = [part for part in event.note.split(" | ") if part and not part.startswith(STRUCK_NOTE)]
        said += [] if event.lines else [STRUCK[language]]
        return f" ({', '.join(said)})" if said else ""


def mine(ticket: str, seed: str, instance: Instance, rows: tuple[Row, ...]) -> Mine:
    """`ticket` also in Devanagari digits, with or without spaces. Raises NoSuchTicket."""
    wanted = "".join(ticket.split()).translate(DIGITS)
    row = next((row for row in rows if row.ticket == wanted), None)
    if row is None:
        raise NoSuchTicket(ticket=ticket[:40])
    applicant = next(applicant for applicant in instance.applicants if applicant.ticket == wanted)
    events = {event.number: event for event in instance.events}
    return Mine(seed=seed, applicant=applicant, row=row, count=len(rows), events=events)
