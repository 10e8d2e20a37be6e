"""The groups of a fair: they apply, tap twice, think again, withdraw, come back, and some are late by a second."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import httpx

from tests.chaos.fair_ground import PLANS, Fair, Maker
from tests.chaos.market import PUNE

EVENTS = range(1, len(PLANS) + 1)
BOUNDARY_SECONDS = (0.88, 1.02)
"""When late groups apply, counted from the beginning of the call's last second; the close is asked at 1."""
TAP_TWICE, REVISE, WITHDRAW, COME_BACK = 0.2, 0.25, 0.12, 0.5
LICENCE = "91521034000123"
LATE: dict[str, Any] = {"late": True, "twice": False}  # of two taps around the last second one may be in time
FROM_CLOSED_ON = frozenset({"CallClosed"})


@dataclass(frozen=True)
class Wish:
    """What a group sends; `choices` as they must be spelled out."""

    body: dict[str, Any]
    choices: tuple[int, ...]
    categories: frozenset[str]

    @property
    def words(self) -> tuple[frozenset[str], frozenset[str]]:
        """Declared tags and stages."""
        return frozenset(self.body["tags"]), frozenset(self.body["stages"])


@dataclass(frozen=True)
class Plan:
    """What one group will do, and when: seconds from the opening, or from the call's last second."""

    maker: Maker
    wishes: tuple[Wish, ...]
    after: float
    late: bool = False
    twice: bool = False
    withdraws: bool = False
    comes_back: bool = False


@dataclass(frozen=True)
class Standing:
    """What a group was told that stands."""

    ticket: str
    application: str
    wish: Wish


@dataclass
class Promised:
    """Definitive answers. `standing`: by group, what the draw has to know; `tickets`: also of those who withdrew."""

    standing: dict[str, Standing] = field(default_factory=dict)
    tickets: dict[str, str] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    contradictions: list[str] = field(default_factory=list)


def planned(makers: Sequence[Maker], seconds: float, late: int, rng: random.Random) -> list[Plan]:
    """Evenly over that time but for the last few, who come at the boundary; the seed decides all of it."""
    plans = [_plan(maker, rng.uniform(0, seconds), rng) for maker in makers]
    return [
        *plans[: len(plans) - late],
        *(replace(plan, after=rng.uniform(*BOUNDARY_SECONDS), **LATE) for plan in plans[len(plans) - late :]),
    ]


def _plan(maker: Maker, after: float, rng: random.Random) -> Plan:
    revises, withdraws = rng.random() < REVISE, rng.random() < WITHDRAW
    return Plan(
        maker,
        tuple(_wish(maker, rng) for _ in range(2 if revises else 1)),
        after,
        twice=rng.random() < TAP_TWICE,
        withdraws=withdraws,
        comes_back=withdraws and rng.random() < COME_BACK,
    )


def _wish(maker: Maker, rng: random.Random) -> Wish:
    named = tuple(rng.sample(EVENTS, rng.randint(1, len(EVENTS))))
    wild = rng.random() < 0.2
    products = rng.sample(sorted(maker.products), rng.randint(1, 2))
    body = {
        "choices": [*named[:1], {"any": {"district": PUNE}}] if wild else list(named),
        "products": products,
        "tags": [maker.entry.programme, *(["disabled_led"] if rng.random() < 0.1 else [])],
        "stages": ["st"] if rng.random() < 0.15 else [],
        "attending": rng.randint(1, 2),
        "fssai": LICENCE,
    }
    spelled_out = tuple(dict.fromkeys([named[0], *EVENTS])) if wild else named
    return Wish(body, spelled_out, frozenset(maker.products[one] for one in products))


class Crowd:
    def __init__(self, fair: Fair, plans: Sequence[Plan]) -> None:
        self.fair, self.plans, self.promised = fair, plans, Promised()

    async def run(self) -> None:
        """Until every group has its definitive answers."""
        async with asyncio.TaskGroup() as together:
            for plan in self.plans:
                together.create_task(self._applies(plan))

    async def _applies(self, plan: Plan) -> None:
        await asyncio.sleep(plan.after + (self.fair.seconds_left if plan.late else 0))
        submitted = await self._submits(plan)
        if submitted is None:
            return
        for wish in plan.wishes[1:]:
            await self._revises(plan.maker, submitted, wish, "revise")
        if plan.withdraws and await self._withdraws(plan.maker, submitted) and plan.comes_back:
            await self._revises(plan.maker, submitted, plan.wishes[0], "back")

    async def _submits(self, plan: Plan) -> str | None:
        """The application's id, when it was accepted."""
        maker, wish = plan.maker, plan.wishes[0]
        path, body = f"/calls/{self.fair.call}/applications", {"group": maker.id, **wish.body}
        asked = [self._ask("POST", path, maker, body, f"apply-{maker.id}") for _ in range(2 if plan.twice else 1)]
        first, *again = sorted(await asyncio.gather(*asked), key=lambda answer: not answer.is_success)
        self._same(first, *again)
        if not self._noted("applied", first):
            return None
        return self._stands(maker, first, wish)

    async def _revises(self, maker: Maker, id_: str, wish: Wish, what: str) -> None:
        answer = await self._ask("PUT", f"/applications/{id_}", maker, wish.body, f"{what}-{maker.id}")
        if self._noted(what, answer):
            self._stands(maker, answer, wish)

    async def _withdraws(self, maker: Maker, id_: str) -> bool:
        answer = await self._ask("POST", f"/applications/{id_}/withdraw", maker, None, f"withdraw-{maker.id}")
        if self._noted("withdrawn", answer):
            self.promised.standing.pop(maker.id)
            return True
        return False

    async def _ask(self, method: str, path: str, maker: Maker, body: Any, key: str) -> httpx.Response:
        return await self.fair.market.ask("stalls", method, path, maker.leader, body, key)

    def _stands(self, maker: Maker, answer: httpx.Response, wish: Wish) -> str:
        receipt = answer.json()
        ticket, id_ = str(receipt["ticket"]), str(receipt["id"])
        chosen = tuple(choice["event"] for choice in receipt["choices"])
        if (maker.id, chosen, frozenset(receipt["categories"])) != (receipt["group"], wish.choices, wish.categories):
            self.promised.contradictions.append(f"asked {wish.body}, was told {answer.text}")
        if self.promised.tickets.setdefault(maker.id, ticket) != ticket:
            self.promised.contradictions.append(f"{maker.id} had {self.promised.tickets[maker.id]}, now {ticket}")
        self.promised.standing[maker.id] = Standing(ticket, id_, wish)
        return id_

    def _noted(self, what: str, answer: httpx.Response) -> bool:
        """Whether it was granted; the only refusal a fair has is that it was too late."""
        if answer.is_success:
            self.promised.done[what] += 1
            return True
        code = str(answer.json()["code"])
        self.promised.refused[code] += 1
        if code not in FROM_CLOSED_ON:
            self.promised.contradictions.append(f"{what}: {answer.status_code} {answer.text}")
        return False

    def _same(self, first: httpx.Response, *again: httpx.Response) -> None:
        """One key, one answer; but a refusal leaves nothing behind: of two under way at the close one may be late."""
        for other in again:
            if first.is_success and other.is_client_error and other.json()["code"] in FROM_CLOSED_ON:
                continue
            told, then = (_lasting(answer) for answer in (first, other))
            if told != then:
                self.promised.contradictions.append(f"{first.text} then {other.text}")


def _lasting(answer: httpx.Response) -> tuple[int, Any]:
    body = answer.json()
    return answer.status_code, body.get("code") or (body["id"], body["ticket"], body["choices"], body["products"])
