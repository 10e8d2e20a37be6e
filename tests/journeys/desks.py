"""An officer's desk with a call in every state, and who comes to it."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import httpx

from shared import clock
from tests.journeys.fairs import LONG_SECONDS, MALEGAON, Fair, event, ground, makers, opened, sunday, wish
from tests.journeys.people import Body, Market, Person, Shop


@dataclass(frozen=True)
class Desk:
    """Calls of one officer. Asha has applied to the open one; Usha has not, and the weaver may not."""

    officer: Person
    open: Fair
    announced: Fair
    closed: Fair
    drawn: Fair
    asha: Shop
    usha: Shop
    weaver: Shop
    applied: Body

    async def opens(self, body: Body, language: str) -> httpx.Response:
        return await self.officer.post("/calls", body, accept_language=language)

    async def applies(
        self, language: str, *choices: object, to: Fair | None = None, **changed: object
    ) -> httpx.Response:
        """Usha."""
        body = wish(self.usha, *(choices or (1,)), **changed)
        return await (to or self.open).asked(self.usha, body, accept_language=language)

    async def asks(self, fair: Fair, step: str, body: Body | None, language: str) -> httpx.Response:
        return await self.officer.post(f"{fair.path}/{step}", body, accept_language=language)


async def announced(market: Market, officer: Person) -> Fair:
    hour = timedelta(hours=1)
    opens_at = clock.now().replace(microsecond=0) + hour
    times = {"opens_at": opens_at, "closes_at": opens_at + hour, "public_at": opens_at + 2 * hour}
    told: Body = {name: at.isoformat() for name, at in times.items()}
    return await opened(officer, event(await ground(market), sunday()), **told)


async def closed(market: Market, officer: Person) -> Fair:
    fair = await opened(officer, event(await ground(market), sunday()))
    await fair.closed()
    return fair


async def drawn(market: Market, officer: Person, *who: Shop) -> Fair:
    """One of the two who apply has the only stall."""
    fair = await opened(officer, event(await ground(market), sunday()))
    for one in who:
        await fair.applied(one, 1)
    await fair.drawn()
    return fair


async def set_up(market: Market, board: Fair) -> Desk:
    """All its calls, made at once."""
    [asha, usha], [weaver] = await asyncio.gather(
        makers(market, board, 2), makers(market, board, 1, category="textiles", fssai=None)
    )
    officer = MALEGAON.officer(market)
    only_here = {"programmes": ["umed"], "categories": ["food"]}
    taking = await opened(officer, event(await ground(market), sunday()), seconds=LONG_SECONDS, eligibility=only_here)
    applied = await taking.applied(asha, 1)
    later, shut, over = await asyncio.gather(
        announced(market, officer), closed(market, officer), drawn(market, officer, asha, usha)
    )
    return Desk(officer, taking, later, shut, over, asha, usha, weaver, applied)
