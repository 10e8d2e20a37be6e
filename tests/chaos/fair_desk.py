"""After the last second of a call: two officers close and draw it at once, then groups answer their offers."""

import asyncio
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.clock import now
from shared.documents import Doc
from tests.chaos.fair_ground import NONCE, PUBLIC_VALUE, Fair
from tests.chaos.market import Person
from tests.processes import until

STEP_PATIENCE_SECONDS = 240.0
AT_ONCE = 16
NEXT_IN_LINE = 2


@dataclass
class Desk:
    """`answers`: what officers were told: step, status, body. `confirmed`, `declined`: allotments, as acknowledged."""

    fair: Fair
    rng: random.Random
    answers: list[tuple[str, int, Any]] = field(default_factory=list)
    confirmed: set[str] = field(default_factory=set)
    declined: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    drawn_at: datetime | None = None

    async def step(self, name: str, body: Any = None) -> None:
        """Both officers at once, each until she is answered."""
        path = f"/calls/{self.fair.call}/{name}"
        asked = (self.fair.market.ask("stalls", "POST", path, officer, body) for officer in self.fair.officers)
        answers = await asyncio.gather(*asked)
        self.answers += [(name, answer.status_code, answer.json()) for answer in answers]

    async def close(self) -> None:
        """From the second after the last, by the clock of the services."""
        await asyncio.sleep(self.fair.seconds_left + 1)
        await self.step("close")

    async def open_nonce(self) -> None:
        await self.step("open-nonce", {"nonce": NONCE})

    async def draw(self) -> None:
        """One names the value, the other confirms it; asked again they are told the same."""
        await asyncio.sleep((self.fair.public_at - now()).total_seconds())
        self.drawn_at = self.drawn_at or max(self.fair.public_at, now().replace(microsecond=0))
        await self.step("draw", {"public_value": PUBLIC_VALUE, "published_at": self.drawn_at.isoformat()})

    async def reached(self, status: str) -> None:
        """Return when the call is so far."""
        calls = self.fair.market.system.database("stalls")["calls"]

        async def there() -> bool:
            return await calls.count_documents({"_id": self.fair.call, "status": status}) == 1

        await until(there, what=f"the call is {status}", patience_seconds=STEP_PATIENCE_SECONDS)

    async def allotments(self, **which: Any) -> list[Doc]:
        """As they are kept, the best place first."""
        rows = self.fair.market.system.database("stalls")["allotments"]
        return await rows.find({"call": self.fair.call, **which}).sort("place").to_list()

    async def leave_the_line(self, count: int) -> None:
        """Some who wait want nothing any more, among them some who would be next."""
        waiting = await self.allotments(status="waitlisted")
        next_ = waiting[: min(NEXT_IN_LINE, count)]
        others = self._some(waiting[len(next_) :], count - len(next_))
        await self._answer("decline", [*next_, *others], self.declined)

    async def answer(self, confirm: int, decline: int, **which: Any) -> None:
        """Of those who were allotted a stall, so many confirm and so many give it back, all at once."""
        held = self._some(await self.allotments(status="allotted", **which), confirm + decline)
        await asyncio.gather(
            self._answer("confirm", held[:confirm], self.confirmed),
            self._answer("decline", held[confirm:], self.declined),
        )

    async def passed_on(self) -> None:
        """Return when every stall that was given back has found its next."""
        given_back = {"status": "declined", "due_at": {"$ne": None}}

        async def none() -> bool:
            return not await self.allotments(**given_back)

        await until(none, what="stalls are passed on", patience_seconds=STEP_PATIENCE_SECONDS)

    async def an_hour_later(self) -> None:
        """What was written too late by requests that nobody waited for is due: the timer settles it."""
        rows = self.fair.market.system.database("stalls")["applications"]
        left_behind = {"call": self.fair.call, "status": "submitted", "frozen_revision": None}
        await rows.update_many(left_behind, {"$set": {"due_at": now()}})

    def _some(self, docs: Sequence[Doc], count: int) -> list[Doc]:
        return self.rng.sample(list(docs), min(count, len(docs)))

    async def _answer(self, what: str, docs: Iterable[Doc], noted: set[str]) -> None:
        leaders = {maker.id: maker.leader for maker in self.fair.makers}
        room = asyncio.Semaphore(AT_ONCE)

        async def one(doc: Doc) -> None:
            async with room:
                await self._one(what, str(doc["_id"]), leaders[doc["group"]], noted)

        await asyncio.gather(*(one(doc) for doc in docs))

    async def _one(self, what: str, id_: str, leader: Person, noted: set[str]) -> None:
        path, key = f"/allotments/{id_}/{what}", f"{what}-{id_}"
        answer = await self.fair.market.ask("stalls", "POST", path, leader, None, key)
        if answer.is_success:
            noted.add(id_)
        else:
            self.refused.append(f"{what} {id_}: {answer.status_code} {answer.text}")
