"""A Diwali fair on two grounds of Baramati and Haveli, and a group that applies to it."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.stalls.applications.domain import Application, Desk, submit
from services.stalls.beacons.domain import Pulse
from services.stalls.calls.domain import Call, open_
from services.stalls.draw.plan import Line
from services.stalls.draw.rules import RULES_DIGEST
from services.stalls.makers.domain import KnownGroup, KnownProduct
from services.stalls.nonces.domain import open_nonce
from services.stalls.offers.domain import Offer, Opening, Promise
from services.stalls.steps.domain import Drawn, Frozen, begin_closing, begin_draw, closed, drawn
from services.stalls.venues.domain import Venue
from services.stalls.wishes.domain import Wish
from shared.localized import Localized
from shared.scope import Role, Scope

NONCE, OTHER_NONCE = "haladi-kunku 2026 / 8f3a91", "दैनिक".encode().hex()
OPENS = datetime(2026, 11, 1, 4, 30, tzinfo=UTC)
NOW = OPENS + timedelta(days=2)
CLOSES = datetime(2026, 11, 10, 12, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
OVER = CLOSES + SECOND
PUBLIC = CLOSES + timedelta(hours=3)
SUNDAY, MONDAY = date(2026, 12, 6), date(2026, 12, 7)
OFFICER = Scope(tenant="27", role=Role.DISTRICT_OFFICER, party="officer-1", district="490")
COLLECTOR = Scope(tenant="27", role=Role.DISTRICT_OFFICER, party="officer-4", district="490")
BARAMATI = Scope(tenant="27", role=Role.BLOCK_OFFICER, party="officer-2", district="490", block="4512")
FOOD = Line(categories=frozenset({"food"}), fallback=None, tags=frozenset({"rural"}), count=3)
CRAFTS = Line(categories=frozenset({"handicraft", "textiles"}), fallback=frozenset(), count=2)
RESERVED = Line(stage="st", district="490", count=1)


def ground(id_: str, block: str) -> Venue:
    names = Localized(mr="आठवडे बाजार")
    place: dict[str, Any] = {"district": "490", "block": block}
    return Venue(id=id_, tenant="27", kind="weekly_market", owner="नगरपरिषद", names=names, stalls=40, **place)


VENUES = {"baramati": ground("baramati", "4512"), "haveli": ground("haveli", "4515")}


def offer(venue: str, *days: date, lines: tuple[Line, ...] = (FOOD, CRAFTS, RESERVED)) -> Offer:
    return Offer(venue=venue, days=days, lines=lines, caps={"paper": 4})


def promise(name: str, nonce: str) -> Promise:
    return Promise(names=Localized(mr=name), commitment=hashlib.sha256(nonce.encode()).hexdigest())


OPENING = Opening(
    names=Localized(mr="दिवाळी मेळा, पुणे"),
    opens_at=OPENS,
    closes_at=CLOSES,
    offers=(offer("baramati", MONDAY, SUNDAY), offer("haveli", SUNDAY), offer("haveli", MONDAY)),
    promises=(promise("जिल्हा कक्ष, पुणे", NONCE), promise("दैनिक, पुणे", OTHER_NONCE)),
    public_source="NSE: Nifty 50 चा बंद भाव",
    public_at=PUBLIC,
)


def call(**changed: Any) -> Call:
    return open_("call-1", replace(OPENING, **changed), VENUES, OFFICER, OPENS - timedelta(days=1)).state


FROZEN = Frozen(applications=2, inputs_digest="1" * 64, plan_digest="2" * 64, rules_digest=RULES_DIGEST, struck={})
RESULT = Drawn(at=PUBLIC, seed="4" * 64, outcome_digest="5" * 64, allotted=1, waitlisted=1)
CLOSING = begin_closing(call(), OFFICER, OVER).state
CLOSED = closed(CLOSING, FROZEN, OVER).state
NONCE_OPENED = open_nonce(CLOSED, NONCE, OFFICER, OVER + SECOND).state
PULSE = Pulse(round=None, published_at=PUBLIC, value="25,910.05")
NAMED = begin_draw(NONCE_OPENED, OFFICER, PULSE, PUBLIC).state
DRAWING = begin_draw(NAMED, COLLECTOR, PULSE, PUBLIC).state
DRAWN = drawn(DRAWING, RESULT).state

GROUP = KnownGroup(id="savitri", tenant="27", programme="umed", district="490", block="4512", local_body=None)
LEADER = Scope(tenant="27", role=Role.GROUP_LEADER, party="leader-1", groups=frozenset({"savitri"}))
STRANGER = Scope(tenant="27", role=Role.GROUP_LEADER, party="leader-2", groups=frozenset({"rani"}))
PRODUCTS = {
    "papad": KnownProduct(id="papad", tenant="27", seller="savitri", category="food", on_sale=True),
    "toran": KnownProduct(id="toran", tenant="27", seller="savitri", category="handicraft", on_sale=True),
    "warli": KnownProduct(id="warli", tenant="27", seller="savitri", category="handicraft", on_sale=False),
    "quilt": KnownProduct(id="quilt", tenant="27", seller="rani", category="textiles", on_sale=True),
}
WISH = Wish(choices=(2, 1), products=("papad",), fssai="11521034000123")
DESK = Desk(call=call(), group=GROUP, products=PRODUCTS)
TICKET = "0042701995318264"


def application(wish: Wish = WISH, desk: Desk = DESK) -> Application:
    return submit("application-1", "savitri", wish, desk, ticket=TICKET, by=LEADER, now=NOW).state
