"""Decisions on pairs of records whose process died, or slept, between its writes: each is finished once."""

import signal

import pytest

from services.catalog.doubles.commands import carry_on, compare, merge
from services.catalog.doubles.domain import CaseStatus, Double, double_id
from shared.scope import Caller
from shared.service import Timer
from shared.timers import fire
from tests.integration.doubling import dies, sleeps
from tests.integration.houses import House
from tests.integration.test_doubles import MAVIM, NULM, UMED, apart, decides, registered, registry, whole
from tests.unit.catalog.samples import BARAMATI

__all__ = ["registry"]

MERGE_POINTS = ("write.after_update@1", "double.decided", "merge.absorbed", "write.after_update@3", "double.done")
UNDO_POINTS = ("double.decided", "merge.split", "write.after_update@3", "double.done")


@pytest.mark.parametrize("point", MERGE_POINTS)
@pytest.mark.parametrize("mended_by", ["timer", "request"])
async def test_a_merge_killed_between_its_writes_is_finished_once(registry: House, point: str, mended_by: str) -> None:
    umed, mavim = await registered(registry, UMED, MAVIM)
    case = double_id("27", (umed, mavim))
    survivor, absorbed = sorted((umed, mavim))
    await dies(registry.running.database.db.name, "merge", case, fault(point))
    if mended_by == "timer":
        await fire(registry.running, Timer(Double, carry_on))
    else:
        again = Caller(scope=BARAMATI, key="merge-1", body="merge")
        await merge(registry.running, case, survivor, again)
    await whole(registry, case, survivor, absorbed)


@pytest.mark.parametrize("point", UNDO_POINTS)
async def test_an_undo_killed_between_its_writes_is_finished_once(registry: House, point: str) -> None:
    umed, mavim = await registered(registry, UMED, MAVIM)
    case = double_id("27", (umed, mavim))
    survivor, absorbed = sorted((umed, mavim))
    await decides(registry, case, "merge", {"keep": survivor})
    await dies(registry.running.database.db.name, "undo", case, fault(point))
    await fire(registry.running, Timer(Double, carry_on))
    await apart(registry, umed, mavim)
    done = await registry.running[Double].get(case)
    assert (done.status, done.due_at) == (CaseStatus.UNDONE, None)
    assert (await registry.facts("groups", absorbed))[2:] == ["3 group-split"]
    assert (await registry.facts("groups", survivor))[2:] == ["3 group-changed"]


async def test_who_keeps_two_apart_before_a_killed_undo_was_finished_leaves_no_work_undone(registry: House) -> None:
    umed, mavim = await registered(registry, UMED, MAVIM)
    case = double_id("27", (umed, mavim))
    await decides(registry, case, "merge", {"keep": umed})
    await dies(registry.running.database.db.name, "undo", case, fault("merge.split"))
    assert (await decides(registry, case, "apart", {"note": "शेजारच्या दोन गल्ल्या"}))["status"] == "apart"
    await fire(registry.running, Timer(Double, carry_on))
    await apart(registry, umed, mavim)
    done = await registry.running[Double].get(case)
    assert (done.status, done.due_at) == (CaseStatus.APART, None)


@pytest.mark.parametrize("point", ["double.decided", "merge.absorbed", "double.done"])
async def test_who_was_frozen_in_a_merge_that_was_undone_meanwhile_leaves_two_groups(
    registry: House, point: str
) -> None:
    umed, mavim = await registered(registry, UMED, MAVIM)
    case = double_id("27", (umed, mavim))
    frozen = await sleeps(registry.running.database.db.name, "merge", case, point)
    await fire(registry.running, Timer(Double, carry_on))
    undone = await decides(registry, case, "undo", {"reason": "चूक झाली"})
    assert undone["status"] == "undone"
    frozen.send_signal(signal.SIGCONT)
    assert await frozen.wait() == 0
    await apart(registry, umed, mavim)
    done = await registry.running[Double].get(case)
    assert (done.status, done.due_at) == (CaseStatus.UNDONE, None)


def fault(point: str) -> str:
    name, _, nth = point.partition("@")
    return f"{name}=kill@{nth or 1}"


async def test_a_comparison_that_is_repeated_after_a_crash_adds_what_is_missing(registry: House) -> None:
    umed, mavim, nulm = await registered(registry, UMED, MAVIM, NULM)
    cases = registry.running.database.collection("doubles")
    await cases.delete_one({"_id": double_id("27", (umed, nulm))})
    assert await compare(registry.running.database, "27", "4512") == 1
    assert await compare(registry.running.database, "27", "4512") == 0
    assert await cases.count_documents({}) == 3
    assert mavim
