"""One of everything that an order or a stall can tell, and what each of them leads to."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from services.notify.news import domain as news
from services.notify.templates.domain import Message
from shared.contracts.orders import (
    OrderAccepted,
    OrderCancelled,
    OrderConfirmed,
    OrderLine,
    OrderRefused,
    ShortLine,
)
from shared.contracts.stalls import ApplicationChanged, ApplicationSubmitted, ApplicationWithdrawn, VenueName
from shared.contracts.stalls_allotments import (
    AllotmentConfirmed,
    AllotmentDeclined,
    AllotmentGivenBack,
    AllotmentLapsed,
    AllotmentUpgraded,
    ApplicationWaitlisted,
    Held,
    StallAllotted,
    StandbySeated,
    WaitlistPlace,
)
from tests.unit.notify.people import ORDER

BOTH: dict[str, Any] = {"buyer": "asha", "seller": "savitri-gat"}
LINE = OrderLine(
    product_id="papad", sku="udid", quantity=2, unit_price_paise=12_550, tax_basis_points=500, tax_paise=1_195
)
SHORT = ShortLine(product_id="papad", sku="udid", quantity=12, stock_left=7)

APPLICATION = "0199f3a2-7c44-7b1e-9d55-3e0f5bb7e9f6"
ALLOTMENT = "0199f3a2-7c44-7b1e-9d55-3e0f5bcd0812"
TICKET = "4071928356104729"
GROUND = VenueName(mr="कसबा पेठ शाळेचे मैदान", hi="कसबा पेठ स्कूल मैदान", en="Kasba Peth School Ground")
MARKET = VenueName(mr="माळेगाव बाजारतळ", hi="मालेगाँव बाज़ार मैदान", en="Malegaon market ground")
FAIR = VenueName(mr="पुणे दिवाळी बाजार", hi="पुणे दिवाली बाज़ार", en="Pune Diwali Bazaar")
SENT = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)
DAYS = (date(2026, 12, 12), date(2026, 12, 13))
BY = datetime(2026, 12, 5, 18, 29, 59, tzinfo=UTC)
THIS: dict[str, Any] = {"application": APPLICATION, "call": "call-7", "group": "savitri-gat"}


def held(days: Sequence[date] = DAYS, ticket: str | None = TICKET) -> Held:
    return Held(**THIS, event=2, venue="venue-3", days=tuple(days), stall=7, ticket=ticket)


APPLIED: dict[str, Any] = {"call": "call-7", "group": "savitri-gat", "categories": ("food",), "submitted_at": SENT}


def submitted(name: VenueName | None = FAIR) -> ApplicationSubmitted:
    return ApplicationSubmitted(**APPLIED, ticket=TICKET, choices=(2, 1), call_name=name)


def changed(ticket: str | None = TICKET) -> ApplicationChanged:
    return ApplicationChanged(**APPLIED, categories_before=("food",), choices=(1,), ticket=ticket)


def withdrawn(ticket: str | None = TICKET) -> ApplicationWithdrawn:
    return ApplicationWithdrawn(**APPLIED, ticket=ticket)


def allotted(through: str = "draw", **other: Any) -> StallAllotted:
    where = {"event": 2, "venue": "venue-3", "venue_name": GROUND, "days": DAYS, "stall": 7}
    usual = {**THIS, **where, "ticket": TICKET, "place": 12, "confirm_by": BY, "through": through}
    return StallAllotted.model_validate({**usual, **other})


def waitlisted(*positions: tuple[int, int]) -> ApplicationWaitlisted:
    """By default she waits at two grounds."""
    places = tuple(WaitlistPlace(event=event, position=n) for event, n in positions or ((2, 1_031), (1, 4)))
    return ApplicationWaitlisted(**THIS, ticket=TICKET, place=78_425, positions=places)


def without_ground() -> ApplicationWaitlisted:
    return ApplicationWaitlisted(**THIS, ticket=TICKET, place=1)


def confirmed(name: VenueName = GROUND) -> AllotmentConfirmed:
    return AllotmentConfirmed(held=held(), venue_name=name)


def declined(*, was_hers: bool = True) -> AllotmentDeclined:
    stall: dict[str, Any] = {"held": held(), "venue_name": GROUND} if was_hers else {}
    return AllotmentDeclined(**THIS, **stall, ticket=TICKET)


def lapsed() -> AllotmentLapsed:
    return AllotmentLapsed(held=held(), venue_name=GROUND)


def upgraded(confirm_by: datetime | None = BY) -> AllotmentUpgraded:
    before = held().model_copy(update={"event": 1, "venue": "venue-1", "stall": 3})
    return AllotmentUpgraded(
        held=held(), venue_name=GROUND, before=before, venue_name_before=MARKET, confirm_by=confirm_by
    )


def given_back(credit: str = "returned") -> AllotmentGivenBack:
    return AllotmentGivenBack.model_validate({"held": held(), "venue_name": GROUND, "credit": credit})


def seated() -> StandbySeated:
    return StandbySeated(held=held(), venue_name=GROUND, place=12)


def of_orders() -> list[Message]:
    told = [*news.on_order_confirmed(ORDER, OrderConfirmed(**BOTH, total_paise=25_100))]
    for count in (0, 1, 2):
        told += news.on_order_refused(ORDER, OrderRefused(**BOTH, code="NotEnoughStock", short=(SHORT,) * count))
    told += news.on_order_accepted(ORDER, OrderAccepted(**BOTH, lines=(LINE,)))
    for by in ("buyer", "seller", "timer"):
        cancelled = OrderCancelled.model_validate({**BOTH, "by": by, "reason": "asked", "lines": [LINE]})
        told += news.on_order_cancelled(ORDER, cancelled)
    return told


def of_stalls() -> list[Message]:
    return [
        *news.on_application_submitted(APPLICATION, submitted()),
        *news.on_application_changed(APPLICATION, changed()),
        *news.on_application_withdrawn(APPLICATION, withdrawn()),
        *news.on_stall_allotted(ALLOTMENT, allotted("draw")),
        *news.on_stall_allotted(ALLOTMENT, allotted("waitlist")),
        *news.on_application_waitlisted(ALLOTMENT, waitlisted()),
        *news.on_application_waitlisted(ALLOTMENT, without_ground()),
        *news.on_allotment_confirmed(ALLOTMENT, confirmed()),
        *news.on_allotment_declined(ALLOTMENT, declined()),
        *news.on_allotment_declined(ALLOTMENT, declined(was_hers=False)),
        *news.on_allotment_lapsed(ALLOTMENT, lapsed()),
        *news.on_allotment_upgraded(ALLOTMENT, upgraded()),
        *news.on_allotment_upgraded(ALLOTMENT, upgraded(None)),
        *news.on_allotment_given_back(ALLOTMENT, given_back()),
        *news.on_allotment_given_back(ALLOTMENT, given_back("kept")),
        *news.on_standby_seated(ALLOTMENT, seated()),
    ]


def of_stalls_before() -> list[Message]:
    """Of facts told before they carried the ticket and the names."""
    old = held(ticket=None)
    return [
        *news.on_application_submitted(APPLICATION, submitted(None)),
        *news.on_application_changed(APPLICATION, changed(None)),
        *news.on_application_withdrawn(APPLICATION, withdrawn(None)),
        *news.on_allotment_confirmed(ALLOTMENT, AllotmentConfirmed(held=old, venue_name=GROUND)),
        *news.on_allotment_declined(ALLOTMENT, AllotmentDeclined(**THIS, held=old)),
        *news.on_allotment_declined(ALLOTMENT, AllotmentDeclined(**THIS)),
        *news.on_allotment_lapsed(ALLOTMENT, AllotmentLapsed(held=old)),
    ]
