"""A fair as its officer and its groups live it: grounds, a call that closes soon, applications, the draw."""

import asyncio
import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import httpx

from shared import clock
from tests.journeys.people import BARAMATI, PUNE, Body, Market, Person, Shop
from tests.processes import until

SECOND = timedelta(seconds=1)
NONCES_OPEN = timedelta(seconds=8)  # from the close until the dice are thrown
OPEN_SECONDS, LONG_SECONDS = 5, 3600
ROOMY = 40  # stalls on a ground
LICENCE = "11521034000123"
DICE, DICE_KEPT = "३ १ ६ ६ २ ५ ४ १ २ ३", "3 1 6 6 2 5 4 1 2 3"
PAPERS: dict[str, str] = {
    "school_committee_consent": "शाळा व्यवस्थापन समितीची संमती",
    "zilla_parishad_order": "जिल्हा परिषदेचा आदेश",
    "municipal_order": "नगरपालिकेचा आदेश",
    "no_objection": "ना हरकत प्रमाणपत्र",
}


@dataclass(frozen=True)
class Home:
    """Where an officer acts and groups live; LGD codes."""

    state: str
    district: str
    block: str

    def officer(self, market: Market) -> Person:
        return market.person("district_officer", district=self.district, state=self.state)

    def leader(self, market: Market, *groups: str) -> Person:
        return market.person("group_leader", groups=groups, state=self.state)


MALEGAON = Home("27", PUNE, BARAMATI)
BHIVAPUR = Home("27", "484", "4444")
BAKHTIARPUR = Home("10", "212", "1947")


def sunday(weeks: int = 4) -> date:
    """So many Sundays from now."""
    today = clock.today()
    return today + timedelta(days=6 - today.weekday(), weeks=weeks)


async def ground(market: Market, home: Home = MALEGAON, kind: str = "weekly_market", papers: Sequence[str] = ()) -> str:
    """A new ground with these papers for this year and the next; its id."""
    year = clock.today().year
    valid = {"valid_from": f"{year}-01-01", "valid_until": f"{year + 1}-12-31"}
    body = {
        "kind": kind,
        "owner": "ग्रामपंचायत माळेगाव बुद्रुक",
        "names": {"mr": "माळेगाव बाजारतळ", "hi": "मालेगाँव बाज़ार मैदान", "en": "Malegaon market ground"},
        "district": home.district,
        "block": home.block,
        "stalls": ROOMY,
        "permissions": [
            {"kind": paper, "document": PAPERS[paper], "issuer": "जिल्हा परिषद", **valid} for paper in papers
        ],
    }
    return str((await home.officer(market).does("POST", "/venues", body))["id"])


async def maker(market: Market, home: Home = MALEGAON, **changed: Any) -> Shop:
    """A group there with papad on sale, or with what else is said of it."""
    officer = home.officer(market)
    group = await market.group(officer, district=home.district, block=home.block)
    return await market.on_sale(home.leader(market, group), group, officer, **changed)


def wish(who: Shop, *choices: Any, **changed: Any) -> Body:
    """What a group sends to apply."""
    body = {"group": who.group_id, "choices": list(choices), "products": [who.product_id], "fssai": LICENCE}
    return {**body, **changed}


def event(venue: str, *days: date, lines: Sequence[Body] = ({"count": 1},), **more: Any) -> Body:
    return {"venue": venue, "days": [day.isoformat() for day in days], "lines": list(lines), **more}


def a_call(nonce: str, events: Sequence[Body], seconds: int = OPEN_SECONDS, **changed: Any) -> Body:
    """What an officer sends to open a call that closes after so many seconds."""
    opens_at = clock.now().replace(microsecond=0)
    closes_at = opens_at + timedelta(seconds=seconds)
    body = {
        "names": {"mr": "दिवाळी महोत्सव", "hi": "दिवाली महोत्सव", "en": "Diwali fair"},
        "opens_at": opens_at.isoformat(),
        "closes_at": closes_at.isoformat(),
        "events": list(events),
        "commitment": hashlib.sha256(nonce.encode()).hexdigest(),
        "public_source": "गटविकास अधिकारी कार्यालयातील फासे, साक्षीदारांसमोर",
        "public_at": (closes_at + NONCES_OPEN).isoformat(),
    }
    return {**body, **changed}


class Fair:
    """A call, the officer who opened it, her colleague, and her secret."""

    def __init__(self, officer: Person, call: Body, nonce: str) -> None:
        self.officer, self.call, self.nonce = officer, call, nonce
        self.colleague = officer.colleague()
        self._thrown: datetime | None = None
        self.id = str(call["id"])
        self.path = f"/calls/{self.id}"
        self.closes_at = datetime.fromisoformat(call["closes_at"])
        self.public_at = datetime.fromisoformat(call["public_at"])

    @property
    def value(self) -> Body:
        """The dice, thrown when somebody asks for the first time."""
        self._thrown = self._thrown or max(self.public_at, clock.now().replace(microsecond=0))
        return {"public_value": DICE, "published_at": self._thrown.isoformat()}

    async def asked(self, who: Shop, body: Body, **more: Any) -> httpx.Response:
        return await who.leader.post(f"{self.path}/applications", body, **more)

    async def applied(self, who: Shop, *choices: Any, **changed: Any) -> Body:
        """Her application, which is accepted."""
        answer = await self.asked(who, wish(who, *choices, **changed))
        assert answer.status_code == 201, answer.text
        application: Body = answer.json()
        return application

    async def now(self) -> Body:
        call: Body = await self.officer.reads(self.path)
        return call

    async def over(self) -> None:
        """Until the last second to apply has passed."""

        async def past() -> bool:
            return clock.now() >= self.closes_at + SECOND

        await until(past, what=f"call {self.id} is over")

    async def closed(self) -> Body:
        await self.over()
        call: Body = await self.officer.does("POST", f"{self.path}/close")
        assert call["status"] == "closed"
        return call

    async def opened(self) -> Body:
        """Closed, and the secret is out."""
        await self.closed()
        call: Body = await self.officer.does("POST", f"{self.path}/open-nonce", {"nonce": self.nonce})
        return call

    async def thrown(self) -> None:
        """Until the public value is out."""

        async def out() -> bool:
            return clock.now() >= self.public_at

        await until(out, what=f"the dice of call {self.id} are thrown")

    async def agreed(self) -> Body:
        """The officer names the public value, her colleague confirms it."""
        await self.thrown()
        named = await self.officer.does("POST", f"{self.path}/draw", self.value)
        assert (named["status"], named["next"]["step"]) == ("closed", "confirm_value")
        call: Body = await self.colleague.does("POST", f"{self.path}/draw", self.value)
        return call

    async def drawn(self) -> Body:
        """From the close to the last allotment."""
        await self.opened()
        await self.agreed()
        return await self.published()

    async def published(self) -> Body:
        call: Body = {}

        async def there() -> bool:
            call.update(await self.now())
            return bool(call["status"] == "published")

        await until(there, what=f"call {self.id} is published")
        return call

    async def outcome(self, language: str = "en", **asked: Any) -> Body:
        """What anybody may read, without a token."""
        async with httpx.AsyncClient(base_url=str(self.officer.client.base_url)) as anybody:
            answer = await anybody.get(f"{self.path}/outcome", params=asked, headers={"Accept-Language": language})
        assert answer.status_code == 200, answer.text
        outcome: Body = answer.json()
        return outcome

    async def rows(self) -> dict[str, Body]:
        """What every ticket got."""
        return {row["ticket"]: row for row in (await self.outcome(limit=200))["items"]}

    async def allotments(self) -> dict[str, Body]:
        """By group, as the officer sees them."""
        page = await self.officer.reads("/allotments", call=self.id, limit=200)
        return {row["group"]: row for row in page["items"]}


async def opened(officer: Person, *events: Body, seconds: int = OPEN_SECONDS, **changed: Any) -> Fair:
    """A call of hers; its secret is new."""
    nonce = str(uuid.uuid4())
    call = await officer.does("POST", "/calls", a_call(nonce, events, seconds, **changed))
    return Fair(officer, call, nonce)


async def standing(market: Market, home: Home = MALEGAON) -> Fair:
    """A call that stays open while all tests run."""
    return await opened(home.officer(market), event(await ground(market, home), sunday(50)), seconds=LONG_SECONDS)


async def known(board: Fair, who: Shop) -> None:
    """The stall desk has heard of this group and its goods: it can apply to the standing call of its state."""

    async def heard() -> bool:
        answer = await board.asked(who, wish(who, 1))
        assert answer.status_code in (201, 503), answer.text
        return answer.status_code == 201

    await until(heard, what="stalls has heard of the group and its goods")


async def makers(market: Market, board: Fair, count: int, home: Home = MALEGAON, **changed: Any) -> list[Shop]:
    """So many groups with goods on sale, known to the stall desk."""
    found = await asyncio.gather(*(maker(market, home, **changed) for _ in range(count)))
    await asyncio.gather(*(known(board, who) for who in found))
    return found
