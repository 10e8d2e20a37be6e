"""A small fair in Baramati: two grounds over a weekend, one call, groups of women who apply for a stall."""

import hashlib
from datetime import UTC, date, datetime, timedelta

from services.stalls.allotments.domain import Terms, allotment_id
from services.stalls.applications.domain import Application, Desk, submit
from services.stalls.calls.domain import Call, open_
from services.stalls.draw.plan import Line
from services.stalls.makers.domain import KnownGroup, KnownProduct
from services.stalls.offers.domain import Offer, Opening, Promise
from services.stalls.outcomes.domain import Registered
from services.stalls.venues.domain import Venue
from services.stalls.wishes.domain import Wish
from shared.ids import derived_id
from shared.localized import Localized
from shared.scope import Role, Scope

NOON = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
OFFICER = Scope(tenant="27", role=Role.BLOCK_OFFICER, party="officer-1", district="490", block="4512")
NONCE = "बारामती".encode().hex()
PARTY = Localized(mr="तहसील कार्यालय, बारामती")
COMMITMENT = hashlib.sha256(NONCE.encode()).hexdigest()
PUBLIC_VALUE = "Gold 24 K: ₹ 78,425"
TERMS = Terms(confirm_days_before=7, offer_hours=24, late_offer_hours=6)
FIRST_DAY = date(2026, 12, 13)


def venue(number: int = 1, stalls: int = 60) -> Venue:
    return Venue(
        id=f"venue-{number}",
        tenant="27",
        kind="exhibition_hall",
        owner="बारामती नगरपरिषद",
        names=Localized(mr=f"शारदा प्रांगण {number}", en=f"Sharada hall {number}"),
        district="490",
        block="4512",
        stalls=stalls,
    )


def opened(
    *lines: tuple[Line, ...],
    call_id: str = "call-1",
    closes_at: datetime = NOON,
    first_day: date = FIRST_DAY,
    venues: tuple[Venue, ...] = (),
    public_hours: float = 1,
) -> Call:
    """A call with one event for each tuple of lines, opened two days before it closes; drawn so many hours after."""
    there = venues or tuple(venue(number) for number, _ in enumerate(lines or ((),), 1))
    days = (first_day, first_day + timedelta(days=1))
    plans = lines or ((Line(count=2),),)
    opening = Opening(
        names=Localized(mr="दिवाळी बाजार, बारामती"),
        opens_at=closes_at - timedelta(days=1),
        closes_at=closes_at,
        offers=tuple(
            Offer(venue=one.id, days=days, lines=plan, caps={}) for one, plan in zip(there, plans, strict=True)
        ),
        promises=(Promise(names=PARTY, commitment=COMMITMENT),),
        public_source="मुंबई सराफा बाजार, सायंकाळचा भाव",
        public_at=closes_at + timedelta(hours=public_hours),
    )
    by = {one.id: one for one in there}
    open_for = timedelta(hours=public_hours)
    return open_(call_id, opening, by, OFFICER, closes_at - timedelta(days=2), open_for).state


def group(number: int) -> KnownGroup:
    """Every third is of a town, every second of MAVIM."""
    town = number % 3 == 0
    return KnownGroup(
        id=f"group-{number}",
        tenant="27",
        programme="mavim" if number % 2 == 0 else "umed",
        district="490",
        block=None if town else "4512",
        local_body="802727" if town else None,
    )


def product(number: int, category: str = "handicraft") -> KnownProduct:
    return KnownProduct(id=f"product-{number}", tenant="27", seller=f"group-{number}", category=category, on_sale=True)


def ticket_of(number: int) -> str:
    return f"{number:04d}" * 4


def applied(call: Call, number: int, choices: tuple[int, ...] = (1,), category: str = "handicraft") -> Application:
    """Submitted an hour before the close, with a ticket of its own."""
    who, what = group(number), product(number, category)
    wish = Wish(choices=choices, products=(what.id,))
    desk = Desk(call=call, group=who, products={what.id: what})
    by = Scope(tenant="27", role=Role.GROUP_LEADER, party=f"leader-{number}", groups=frozenset({who.id}))
    id_ = derived_id("27", "applications", call.id, who.id)
    return submit(
        id_, who.id, wish, desk, ticket=ticket_of(number), by=by, now=call.closes_at - timedelta(hours=1)
    ).state


def registered(number: int, call: Call) -> Registered:
    id_ = derived_id("27", "applications", call.id, f"group-{number}")
    return Registered(ticket=ticket_of(number), application=id_, group=f"group-{number}", district="490", block="4512")


def allotment_of(number: int, call_id: str) -> str:
    return allotment_id("27", derived_id("27", "applications", call_id, f"group-{number}"))
