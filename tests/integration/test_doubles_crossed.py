"""What somebody else does between the writes of a decision, and what comes of it, on a real MongoDB."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from services.catalog.doubles import domain
from services.catalog.doubles.commands import carry_on, merge
from services.catalog.doubles.domain import CaseStatus, ChangedMeanwhile, Double, double_id
from services.catalog.groups.domain import Group, deactivate
from services.catalog.merges import commands as merges
from services.catalog.merges.domain import absorb
from shared import clock
from shared.aggregates import Aggregates
from shared.decisions import Decision
from shared.errors import TooManyUnsent
from shared.service import Running, Stores, Timer
from shared.timers import fire
from tests.integration.houses import House
from tests.integration.test_doubles import MAVIM, NULM, UMED, apart, asked, decides, registered, registry, stands, whole
from tests.unit.catalog.samples import BARAMATI, caller

__all__ = ["registry"]
Happens = Callable[[], Awaitable[Any]]


class Late:
    """The registry for one to whom something else happens before her first write."""

    def __init__(self, groups: Aggregates[Group], happens: Happens) -> None:
        self.groups, self.happens = groups, [happens]

    async def get(self, id_: str) -> Group:
        return await self.groups.get(id_)

    async def find(self, id_: str) -> Group | None:
        return await self.groups.find(id_)

    async def change(self, id_: str, decide: Callable[[Group], Decision[Group]]) -> Group:
        if self.happens:
            await self.happens.pop()()
        return await self.groups.change(id_, decide)


class Overtaken(Stores):
    def __init__(self, running: Running, happens: Happens) -> None:
        super().__init__(running.database, running.service.kinds)
        self.late: Any = Late(running[Group], happens)

    def __getitem__(self, holds: type[Any]) -> Aggregates[Any]:
        return self.late if holds is Group else super().__getitem__(holds)


def overtaken(registry: House, happens: Happens) -> Running:
    return replace(registry.running, stores=Overtaken(registry.running, happens))


async def decided(registry: House, case: str, keep: str) -> None:
    """The decision stands; whoever made it died before any group was written."""
    one, other = await stands(registry, *(await registry.running[Double].get(case)).groups)
    told = partial(domain.merge, keep=keep, sides=(one, other), apart=(), scope=BARAMATI, now=clock.now())
    await registry.running[Double].change(case, told)


async def test_a_merge_that_is_impossible_by_the_time_it_is_done_says_so_and_decided_nothing(registry: House) -> None:
    umed, mavim = await registered(registry, UMED, MAVIM)
    case = double_id("27", (umed, mavim))
    closing = partial(deactivate, reason="closed", scope=BARAMATI)
    with pytest.raises(ChangedMeanwhile) as refused:
        await merge(
            overtaken(registry, lambda: registry.running[Group].change(umed, closing)), case, umed, caller(BARAMATI)
        )
    assert "पुन्हा पाहून ठरवा" in refused.value.sentence("mr")
    await apart(registry, umed, mavim)
    stood = await registry.running[Double].get(case)
    assert (stood.status, stood.due_at, stood.decided_by) == (CaseStatus.OPEN, None, None)


async def test_a_merge_that_cannot_be_told_for_the_moment_is_finished_later_and_not_given_up(registry: House) -> None:
    umed, mavim = await registered(registry, UMED, MAVIM)
    case = double_id("27", (umed, mavim))

    async def full() -> None:
        raise TooManyUnsent(what="groups")

    with pytest.raises(TooManyUnsent):
        await merge(overtaken(registry, full), case, umed, caller(BARAMATI))
    assert (await registry.running[Double].get(case)).status is CaseStatus.MERGED
    await fire(registry.running, Timer(Double, carry_on))
    await whole(registry, case, umed, mavim)


async def test_who_would_take_back_a_merge_that_another_finished_at_that_moment_lets_it_stand(registry: House) -> None:
    umed, mavim, nulm = await registered(registry, UMED, MAVIM, NULM)
    case = double_id("27", (umed, mavim))
    await decided(registry, double_id("27", (umed, nulm)), umed)
    await fire(registry.running, Timer(Double, carry_on))
    await decided(registry, case, umed)
    await decides(registry, double_id("27", (mavim, nulm)), "apart")
    finished = partial(merges.merge, registry.running[Group], mavim, umed)
    await carry_on(overtaken(registry, finished), case)
    assert (await registry.running[Double].get(case)).status is CaseStatus.MERGED
    assert [one.merged_into for one in await stands(registry, mavim, nulm)] == [umed, umed]


async def test_what_was_begun_is_finished_though_the_one_was_kept_apart_from_a_third(registry: House) -> None:
    umed, mavim, nulm = await registered(registry, UMED, MAVIM, NULM)
    case = double_id("27", (umed, mavim))
    await decides(registry, double_id("27", (mavim, nulm)), "apart")
    await decided(registry, case, umed)
    (goes,) = await stands(registry, mavim)
    await registry.running[Group].change(umed, partial(absorb, absorbed=goes))
    await fire(registry.running, Timer(Double, carry_on))
    await whole(registry, case, umed, mavim)


async def test_an_undo_that_is_repeated_leaves_what_was_merged_elsewhere_since(registry: House) -> None:
    umed, mavim, nulm = await registered(registry, UMED, MAVIM, NULM)
    case, since = double_id("27", (umed, mavim)), double_id("27", (mavim, nulm))
    await decides(registry, case, "merge", {"keep": umed})
    undone = await registry.running[Double].get(case)
    await decides(registry, case, "undo", {"reason": "चूक झाली"})
    await decides(registry, since, "merge", {"keep": nulm})
    await registry.running[Double].change(case, lambda one: Decision(replace(one, due_at=undone.decided_at)))
    await fire(registry.running, Timer(Double, carry_on))
    assert [one.merged_into for one in await stands(registry, umed, mavim)] == [None, nulm]
    assert (await registry.running[Double].get(case)).due_at is None


async def test_an_undo_asks_nobody_about_two_that_are_one_all_the_same(registry: House) -> None:
    umed, mavim, nulm = await registered(registry, UMED, MAVIM, NULM)
    first, last = (double_id("27", (umed, other)) for other in (mavim, nulm))
    between = double_id("27", (mavim, nulm))
    await decides(registry, first, "merge", {"keep": umed})
    await decides(registry, between, "merge", {"keep": mavim})
    await decides(registry, first, "undo", {"reason": "चूक झाली"})
    assert [one.merged_into for one in await stands(registry, mavim, nulm)] == [None, umed]
    assert (await registry.running[Double].get(last)).covered_by == between
    assert await asked(registry) == []
