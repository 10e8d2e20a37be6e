"""A fair's ground: 200 groups with phones and goods, planted at once, and a call for stalls on two grounds."""

import asyncio
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.local.issuer.client import token
from deploy.local.issuer.tokens import Ask
from services.catalog.groups.domain import Entry
from services.catalog.wiring import SERVICE as CATALOG
from services.notify.contacts.domain import contact_id
from services.notify.wiring import SERVICE as NOTIFY
from shared.clock import now, today
from shared.ids import derived_id
from shared.mongo import connect
from shared.service import Service
from tests.chaos.market import BARAMATI, PUNE, Market, Person
from tests.chaos.system import System
from tests.processes import until
from tools.seed import market as wishes
from tools.seed import people
from tools.seed.goods import offering
from tools.seed.groups import Market as Seeded
from tools.seed.groups import entry, id_of
from tools.seed.planting import Seedling, Tally, plant

TENANT = "27"
GROUPS_A_HELPER = 10
UNREACHABLE_EVERY = 10
"""One group of so many never said how she is reached."""
NONCE = "कर्जतची सुई".encode().hex()
SOURCE = "महाराष्ट्र राज्य लॉटरी, सायंकाळची सोडत"
PUBLIC_VALUE = "८४२ ३१७ ०५५"
FIRST_DAY_AFTER = timedelta(days=30)
PUBLIC_AFTER = timedelta(seconds=30)  # until then a close that was killed is done, and the nonce opened

RESERVED = [
    {"count": 4, "tags": ["nulm", "mavim"]},
    {"count": 3, "tags": ["disabled_led"], "fallback": []},
    {"count": 3, "stage": "st"},
]
HALLS = ("गदिमा सभागृह", "शारदा प्रांगण")
PLANS: tuple[dict[str, Any], ...] = (
    {"lines": [*RESERVED, {"count": 6, "categories": ["food"]}, {"count": 8, "tags": ["rural"]}]},
    {
        "lines": [
            {"count": 5, "categories": ["food"], "fallback": ["food"]},
            {"count": 9, "categories": ["handicraft", "textiles", "paper"], "fallback": ["textiles", "handicraft"]},
            {"count": 4, "categories": ["textiles", "gifts", "forest"], "fallback": [], "tags": ["first_stall"]},
        ],
        "caps": {"food": 5},
    },
    {"lines": [{"count": 6, "district": PUNE}, {"count": 2, "stage": "st", "tags": ["umed"]}, {"count": 8}]},
)
"""60 stalls of three events, by tags, masks, stages, a district and a cap."""


@dataclass(frozen=True)
class Maker:
    """A group that may apply; `leader` acts for her and some others. Products: id → category."""

    number: int
    entry: Entry
    leader: Person
    products: dict[str, str]

    @property
    def id(self) -> str:
        return self.leader.id

    @property
    def reachable(self) -> bool:
        return self.number % UNREACHABLE_EVERY != 0


@dataclass(frozen=True)
class Fair:
    """An open call, the groups that may apply, and the officers who will close and draw it."""

    market: Market
    makers: list[Maker]
    officers: tuple[Person, Person]
    call: str
    closes_at: datetime
    public_at: datetime

    @property
    def seconds_left(self) -> float:
        return (self.closes_at - now()).total_seconds()


async def planted(system: System, groups: int) -> list[Maker]:
    """Groups, their contacts and products as documents with facts; the relays tell them once they run."""
    seeded, day = Seeded(state=TENANT, groups=groups, products=groups * wishes.PRODUCTS_A_SELLER, seed=7), today()
    makers = [Maker(n, entry(seeded, n), Person(id_of(seeded, n), ""), {}) for n in range(groups)]
    goods = list(wishes.product_seedlings(seeded, day))
    for number, seedling in enumerate(goods):
        seller = wishes.seller(seeded, number)
        makers[seller].products[seedling.id] = offering(seeded, number, seller, day).label.category
    silent = {contact_id(TENANT, maker.id) for maker in makers if not maker.reachable}
    contacts = (seedling for seedling in wishes.contact_seedlings(seeded) if seedling.id not in silent)
    await _plant(system, NOTIFY, contacts)
    await _plant(system, CATALOG, wishes.group_seedlings(seeded))
    await _plant(system, CATALOG, goods)
    return makers


async def _plant(system: System, service: Service, seedlings: Iterable[Seedling]) -> None:
    settings = system.settings
    database = await connect(settings.mongodb_uri, settings.database_name(service.name))
    try:
        tally: Tally = await plant(database, service, seedlings, lambda _: None)
    finally:
        await database.client.close()
    assert not tally.refused, tally.refused[:3]


async def with_leaders(system: System, makers: list[Maker]) -> list[Maker]:
    """The same, each with the token of a helper who acts for some of them."""
    asks = [
        Ask.model_validate({"role": "relay", "sub": derived_id("fair", f"{n}"), "groups": [one.id for one in some]})
        for n, some in enumerate(_shares(makers))
    ]
    tokens = await asyncio.gather(*(asyncio.to_thread(token, system.url("issuer"), ask) for ask in asks))
    leaders = {group: signed for ask, signed in zip(asks, tokens, strict=True) for group in map(str, ask.groups)}
    return [Maker(maker.number, maker.entry, Person(maker.id, leaders[maker.id]), maker.products) for maker in makers]


def _shares(makers: list[Maker]) -> Iterator[list[Maker]]:
    for start in range(0, len(makers), GROUPS_A_HELPER):
        yield makers[start : start + GROUPS_A_HELPER]


async def all_known(system: System, makers: list[Maker]) -> None:
    """Return when the stall desk has heard of every group and product."""
    stalls = system.database("stalls")
    wanted = {"known_groups": len(makers), "known_products": sum(len(maker.products) for maker in makers)}

    async def heard() -> bool:
        return all([await stalls[name].count_documents({}) == count for name, count in wanted.items()])

    await until(heard, what="stalls knows every group and product", patience_seconds=240)


async def opened(market: Market, makers: list[Maker], seconds: float) -> Fair:
    """Two halls are registered and a call is opened that closes after so many seconds, on a whole one."""
    officers = await asyncio.gather(*(_officer(market.system, name) for name in ("tahsildar", "bdo")))
    halls = await asyncio.gather(*(_hall(market, officers[0], name) for name in HALLS))
    closes_at = (now() + timedelta(seconds=seconds + 1)).replace(microsecond=0)
    public_at = closes_at + PUBLIC_AFTER
    body = _call([halls[0], halls[1], halls[0]], closes_at, public_at)
    call = (await market.done("stalls", "POST", "/calls", officers[0], body))["id"]
    return Fair(market, makers, (officers[0], officers[1]), call, closes_at, public_at)


async def _officer(system: System, name: str) -> Person:
    ask = Ask.model_validate({"role": "district_officer", "sub": derived_id("fair", name), "district": PUNE})
    return Person(ask.party(), await asyncio.to_thread(token, system.url("issuer"), ask))


async def _hall(market: Market, officer: Person, name: str) -> str:
    ground = {"kind": "exhibition_hall", "owner": "बारामती पंचायत समिती", "names": {"mr": name}, "stalls": 60}
    return str(
        (await market.done("stalls", "POST", "/venues", officer, {**ground, "district": PUNE, "block": BARAMATI}))["id"]
    )


def _call(halls: list[str], closes_at: datetime, public_at: datetime) -> dict[str, Any]:
    first = today() + FIRST_DAY_AFTER
    days = [(first, first + timedelta(days=1)), (first,), (first + timedelta(days=7),)]
    return {
        "names": {"mr": "दिवाळी फराळ महोत्सव"},
        "opens_at": _instant(closes_at - timedelta(hours=1)),
        "closes_at": _instant(closes_at),
        "events": [
            {"venue": hall, "days": [day.isoformat() for day in some], **plan}
            for hall, some, plan in zip(halls, days, PLANS, strict=True)
        ],
        "commitment": hashlib.sha256(NONCE.encode()).hexdigest(),
        "public_source": SOURCE,
        "public_at": _instant(public_at),
    }


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def phones(groups: int) -> list[str]:
    """The numbers that were planted, as ten digits: none may stand in any log."""
    own = [people.of_group(number).phone for number in range(groups)]
    return [phone.replace(" ", "").removeprefix("+91") for phone in own if phone]
