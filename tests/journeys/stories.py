"""The fair that several journeys look at: six groups in three languages, one draw, all of it published."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.journeys.fairs import LICENCE, MALEGAON, Fair, event, ground, makers, opened, sunday
from tests.journeys.people import PUNE, Body, Market, Shop

LANGUAGES = ("mr", "hi", "en", "mr", "hi", "en")
APPLICANTS, STALLS = 5, 3
SCHOOL, MARKET_DAYS = sunday(), (sunday() - timedelta(days=1), sunday())


@dataclass(frozen=True)
class Group:
    """One of the story: what she sells, how she is told, and her application as it stood at the close."""

    maker: Shop
    language: str
    phone: str
    application: Body

    @property
    def ticket(self) -> str:
        return str(self.application["ticket"])

    @property
    def received(self) -> int:
        """How many messages were sent to her before the draw: the receipt, and of her change if she made one."""
        return int(self.application["revision"])

    def said(self, sentences: Mapping[str, str], **values: Any) -> str:
        return sentences[self.language].format(**values)


@dataclass(frozen=True)
class Story:
    """The last of the groups withdrew, the first changed its mind; `first` is what it had asked for."""

    fair: Fair
    groups: list[Group]
    first: Body
    call: Body

    @property
    def applicants(self) -> list[Group]:
        return self.groups[:APPLICANTS]

    async def allotments(self) -> list[tuple[Group, Body]]:
        """In order of place."""
        found = await self.fair.allotments()
        pairs = [(group, found[group.maker.group_id]) for group in self.applicants]
        return sorted(pairs, key=lambda pair: int(pair[1]["place"]))


async def two_grounds(market: Market) -> list[Body]:
    """A school ground with a stall first for rural groups and one for scheduled tribes; a market for two days."""
    school = await ground(market, kind="school_ground", papers=("school_committee_consent", "zilla_parishad_order"))
    await MALEGAON.officer(market).does("PUT", f"/calendars/{MALEGAON.district}/{SCHOOL.year}", {"days": []})
    reserved = [{"tags": ["rural"], "count": 1}, {"stage": "st", "count": 1}]
    only_food = [{"categories": ["food"], "fallback": [], "count": 1}]
    caps = {"textiles": 0}
    return [
        event(school, SCHOOL, lines=reserved),
        event(await ground(market), *MARKET_DAYS, lines=only_food, caps=caps),
    ]


async def told(market: Market, board: Fair) -> Story:
    """Everything up to the draw that is published."""
    who = await makers(market, board, len(LANGUAGES))
    phones = [market.number() for _ in who]
    for one, language, phone in zip(who, LANGUAGES, phones, strict=True):
        await one.leader.leaves_number(one.group_id, language, phone)
    fair = await opened(MALEGAON.officer(market), *await two_grounds(market))
    that_day, that_place = {"any": {"day": SCHOOL.isoformat()}}, {"any": {"district": PUNE}}
    wishes: list[list[Any]] = [[1], [2, 1], [1, 2], [that_day], [2, that_place], [1]]
    sent = await asyncio.gather(*(fair.applied(one, *choices) for one, choices in zip(who, wishes, strict=True)))
    first, *_, last = sent
    revised = {"choices": [2, 1], "products": [who[0].product_id], "stages": ["st"], "fssai": LICENCE}
    sent[0] = await who[0].leader.does("PUT", f"/applications/{first['id']}", revised)
    sent[-1] = await who[-1].leader.does("POST", f"/applications/{last['id']}/withdraw")
    call = await fair.drawn()
    groups = list(map(Group, who, LANGUAGES, phones, sent))
    return Story(fair, groups, first, call)
