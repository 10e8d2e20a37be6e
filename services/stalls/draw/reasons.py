"""Why an event refused a group: each of its stalls is counted once, under the first thing that stood in her way."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.stalls.draw.choose import Chosen, fits
from services.stalls.draw.plan import Applicant, Event, Line
from shared.errors import Language
from shared.money import grouped

Forms = Mapping[Language, tuple[str, str]]
"""For one stall, and for several."""
OF: Forms = {
    "mr": ("{} स्टॉलपैकी", "{} स्टॉलपैकी"),
    "hi": ("{} स्टॉल में से", "{} स्टॉल में से"),
    "en": ("Of {} stall,", "Of {} stalls,"),
}
PRODUCTS: Forms = {
    "mr": ("{} वर तुमचे उत्पादन चालत नाही", "{} वर तुमचे उत्पादन चालत नाही"),
    "hi": ("{} पर आपका उत्पाद नहीं चलता", "{} पर आपका उत्पाद नहीं चलता"),
    "en": ("{} does not take your product", "{} do not take your product"),
}
RESERVATION: Forms = {
    "mr": ("{} तुमच्या गटाला नसलेल्या आरक्षणात गेला", "{} तुमच्या गटाला नसलेल्या आरक्षणात गेले"),
    "hi": ("{} ऐसे आरक्षण में गया जो आपके पास नहीं है", "{} ऐसे आरक्षण में गए जो आपके पास नहीं है"),
    "en": ("{} went under a reservation you do not hold", "{} went under a reservation you do not hold"),
}
PLACES: Forms = {
    "mr": (
        "{} रांगेत तुमच्या पुढे असलेल्या गटाला मिळाला; अशा शेवटच्या गटाचे स्थान {}",
        "{} रांगेत तुमच्या पुढे असलेल्या गटांना मिळाले; त्यांतील शेवटच्या गटाचे स्थान {}",
    ),
    "hi": (
        "{} पंक्ति में आपसे आगे के समूह को मिला; ऐसे अंतिम समूह का स्थान {}",
        "{} पंक्ति में आपसे आगे के समूहों को मिले; उनमें अंतिम समूह का स्थान {}",
    ),
    "en": (
        "{} went to a group with a better place in line; the last such group had place {}",
        "{} went to groups with a better place in line; the last of them had place {}",
    ),
}
"""The line-up knows who might have sat where, not who sat on which stall: therefore "such", also of one."""
STRUCK = {
    "mr": "या मैदानावर एकही स्टॉल नाही: अर्ज बंद होताना ते वगळले गेले.",
    "hi": "इस मैदान पर कोई स्टॉल नहीं है: आवेदन बंद होते समय इसे हटा दिया गया।",
    "en": "There is no stall on this ground: it was struck out at the close.",
}
STOPS = {"mr": ".", "hi": "।", "en": "."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Her choice number `rank`: of its `stalls`, how many went by her for which reason; the three add up.

    `last_place`: the last place before hers that was seated where she might have been.
    """

    rank: int
    event: int
    stalls: int
    other_products: int
    other_reservation: int
    better_place: int
    last_place: int | None = None

    def sentence(self, language: Language) -> str:
        """With Indian grouping and ASCII digits in every language."""
        if not self.stalls:
            return STRUCK[language]
        counts = ((PRODUCTS, self.other_products), (RESERVATION, self.other_reservation), (PLACES, self.better_place))
        last = grouped(self.last_place or 0)
        said = ", ".join(_said(forms[language], count, last) for forms, count in counts if count)
        return f"{_said(OF[language], self.stalls)} {said}{STOPS[language]}"


def _said(forms: tuple[str, str], count: int, *more: str) -> str:
    return forms[count != 1].format(grouped(count), *more)


@dataclass(frozen=True, slots=True)
class Barred:
    """What stands before everybody alike; `rivals`: the places, sorted, seated where they might have been."""

    products: int
    reservation: int
    places: int
    rivals: Sequence[int]


class Reasons:
    """The reasons of one event, from whom it holds. Alike applicants are counted once."""

    def __init__(self, event: Event, chosen: Chosen, places: Mapping[str, int]) -> None:
        self.event, self.chosen, self.places = event, chosen, places
        self._known: dict[tuple[object, ...], Barred] = {}

    def refusal(self, rank: int, applicant: Applicant) -> Refusal:
        """Only for somebody the event refused."""
        like = (applicant.stages, applicant.tags, applicant.categories, applicant.district)
        if like not in self._known:
            self._known[like] = self._barred(applicant)
        barred = self._known[like]
        before = bisect_left(barred.rivals, self.places[applicant.ticket])
        return Refusal(
            rank=rank,
            event=self.event.number,
            stalls=self.event.stalls,
            other_products=barred.products,
            other_reservation=barred.reservation,
            better_place=barred.places,
            last_place=barred.rivals[before - 1] if barred.places else None,
        )

    def _barred(self, me: Applicant) -> Barred:
        """Stalls that stayed empty count as the plan says: she does not fit them, or another pass would have."""
        left = [line.count for line in self.event.lines]
        open_to_me, rivals = 0, set[int]()
        for taken in self.chosen.passes:
            mine = [taken.step.may(me, line) and given > 0 for line, given in self._given(taken.stalls)]
            for number, (_, given) in enumerate(self._given(taken.stalls)):
                open_to_me += given if mine[number] else 0
                left[number] -= given if mine[number] else 0
            wanted = [line for line, hers in zip(self.event.lines, mine, strict=True) if hers]
            rivals |= {self.places[a.ticket] for a in taken.holders if any(taken.step.may(a, line) for line in wanted)}
        reserved = sum(count for line, count in self._given(left) if fits(line.categories, me))
        return Barred(sum(left) - reserved, reserved, open_to_me, sorted(rivals))

    def _given(self, counts: Sequence[int]) -> list[tuple[Line, int]]:
        return list(zip(self.event.lines, counts, strict=True))
