"""What a season of fairs leaves and begins: holidays, a year of credits, a call that groups can apply to."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from services.stalls.calendars.domain import CalendarDay
from services.stalls.calls.domain import OFFICE_NAMES
from services.stalls.credits.domain import Entry
from services.stalls.draw.plan import Line
from services.stalls.offers.domain import Offer, Opening, Promise
from shared.clock import INDIA
from shared.localized import Localized
from tools.seed.places import Seat, venue_seats

HOLIDAYS: tuple[tuple[int, int, frozenset[str], Localized], ...] = (
    (1, 26, frozenset(), Localized(mr="प्रजासत्ताक दिन", hi="गणतंत्र दिवस", en="Republic Day")),
    (5, 1, frozenset({"27"}), Localized(mr="महाराष्ट्र दिन", hi="महाराष्ट्र दिवस", en="Maharashtra Day")),
    (8, 15, frozenset(), Localized(mr="स्वातंत्र्य दिन", hi="स्वतंत्रता दिवस", en="Independence Day")),
    (10, 2, frozenset(), Localized(mr="गांधी जयंती", hi="गांधी जयंती", en="Gandhi Jayanti")),
    (12, 25, frozenset(), Localized(mr="नाताळ", hi="क्रिसमस", en="Christmas Day")),
)
"""Month, day, the states it is declared in (none named: all)."""
MOST_STALLS_A_YEAR = 4
BETWEEN_STALLS_DAYS = 61
FAIR_DISTRICTS = ("490", "494", "496")  # Pune, Satara, Solapur
FAIR_IN_DAYS, CLOSES_IN_DAYS = 21, 14
EVENING = time(18, 0)
NAMES = Localized(mr="संक्रांत बचत गट मेळा", hi="संक्रांति बचत समूह मेला", en="Sankranti fair of self-help groups")
SOURCE = "the winning number of the state lottery's weekly draw, as its gazette prints it"


def holidays(state: str, year: int) -> tuple[CalendarDay, ...]:
    """Those of fixed date; the others change every year and are an officer's to declare."""
    return tuple(
        CalendarDay(date=date(year, month, day), kind="holiday", names=names)
        for month, day, states, names in HOLIDAYS
        if not states or state in states
    )


def credits_of(number: int, today: date) -> Iterator[Entry]:
    """The stalls that the group `number` had in the last twelve months: none to four."""
    for nth in range(number // 3 % (MOST_STALLS_A_YEAR + 1)):
        on = today - timedelta(days=number % 30 + 1 + BETWEEN_STALLS_DAYS * nth)
        yield Entry(id=f"seed:{number}:{nth}", on=on, credits=1)


def fair_seats(state: str) -> list[Seat]:
    """Where the open call offers stalls, villages too; nowhere in a state without those districts."""
    return [seat for seat in venue_seats(state) if seat.district in FAIR_DISTRICTS]


def nonce(seed: int) -> str:
    """The secret of a call that is practice: anybody may read it here."""
    return f"bachat-haat-practice-{seed}"


def opening(venues: dict[str, int], seed: int, now: datetime) -> Opening:
    """A call on these grounds (venue id → stalls there) on a Sunday three weeks ahead."""
    today = now.astimezone(INDIA).date()
    earliest = today + timedelta(days=FAIR_IN_DAYS)
    sunday = earliest + timedelta(days=6 - earliest.weekday())
    closes_at = datetime.combine(today + timedelta(days=CLOSES_IN_DAYS), EVENING, INDIA)
    return Opening(
        names=NAMES,
        opens_at=now,
        closes_at=closes_at,
        offers=tuple(Offer(venue=id_, days=(sunday,), lines=lines(stalls), caps={}) for id_, stalls in venues.items()),
        promises=(Promise(names=OFFICE_NAMES, commitment=sha256(nonce(seed).encode()).hexdigest()),),
        public_source=SOURCE,
        public_at=closes_at + timedelta(days=1),
    )


def lines(stalls: int) -> tuple[Line, ...]:
    """A quarter for groups that never had one, a quarter for villages, a sixth for food alone, the rest for all."""
    first, rural, food = stalls // 4, stalls // 4, stalls // 6
    return (
        Line(tags=frozenset({"first_stall"}), count=first),
        Line(tags=frozenset({"rural"}), count=rural),
        Line(categories=frozenset({"food"}), count=food),
        Line(count=stalls - first - rural - food),
    )
