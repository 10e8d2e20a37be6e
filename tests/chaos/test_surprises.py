"""What a long run adds beside its acts: plans at named points, sleepers that wake, storms of members, the report."""

import asyncio
import time
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from deploy.local.process import Process
from tests.chaos.ground.links import ports_of
from tests.chaos.long.acts import Mark, dealt
from tests.chaos.long.report import Report
from tests.chaos.long.rounds import Finding
from tests.chaos.long.samples import Sample, figures
from tests.chaos.long.storm import storm
from tests.chaos.long.surprises import ACTIONS, POINTS, Surprises, stopped, wake
from tests.chaos.long.timeline import LANES, lane_of
from tests.chaos.run import EVERYTHING
from tests.chaos.servers import Servers
from tests.chaos.system import Program, System
from tests.processes import ROOT, playing, until

STORM_SECONDS = 6.0


def test_every_named_point_of_the_kernel_is_planned_for_somebody_and_the_seed_decides() -> None:
    planned = [Surprises(seed).plan(program) for program in EVERYTHING for seed in range(400)]
    again = [Surprises(seed).plan(program) for program in EVERYTHING for seed in range(400)]
    assert planned == again
    points = {plan.partition("=")[0] for plan in planned if plan}
    assert points >= {point for some in POINTS.values() for point in some} | {"notify.claimed", "notify.sent"}
    assert {plan.partition("=")[2].partition("@")[0] for plan in planned if plan} == set(ACTIONS)
    kernel = "".join(
        path.read_text(encoding="utf-8") for path in (*ROOT.glob("shared/**/*.py"), *ROOT.glob("services/**/*.py"))
    )
    assert all(f'faults.point("{point}")' in kernel for point in points)


async def test_who_froze_by_itself_is_woken() -> None:
    sleeper = Process("sleeper", ["sleep", "600"])
    sleeper.start()
    sleeper.pause()
    system = cast("System", SimpleNamespace(processes={"sleeper": sleeper}))

    async def awake() -> bool:
        return not stopped(sleeper)

    async def asleep() -> bool:
        return stopped(sleeper)

    try:
        await until(asleep, what="it sleeps")
        async with playing(wake(system)):
            await until(awake, what="it is woken")
    finally:
        sleeper.kill()


@pytest.mark.timeout(900)
async def test_members_join_and_leave_a_group_all_the_time_and_then_one_alone_has_everything(started: Servers) -> None:
    system = System(started, started.folder, (Program("catalog-consume", "catalog", ("consume",)),))
    try:
        await system.start()
        rows = system.database("catalog")["consumer_offsets"]

        async def owners() -> set[str]:
            return {row["owner"] async for row in rows.find({})}

        async def one_has_all() -> bool:
            return len(await owners()) == 1

        await until(one_has_all, what="the only member has every partition", patience_seconds=180)
        ours = await owners()
        said = await storm(system, "catalog", STORM_SECONDS)
        assert int(said.split()[0]) >= 3, said
        epochs = [row["epoch"] async for row in rows.find({})]
        assert max(epochs) >= 3, "partitions went from hand to hand"

        async def alone_again() -> bool:
            return await one_has_all() and (bool(system.died) or await owners() == ours)

        await until(alone_again, what="the one that stays has every partition again", patience_seconds=180)
    finally:
        await system.stop()


def test_every_card_is_dealt_before_one_comes_again() -> None:
    async def act() -> None:
        await asyncio.sleep(0)

    cards = [(f"{n}", act) for n in range(7)]
    order = [3, 1, 0, 6, 2, 5, 4]
    named = [name for first in (0, 3, 6) for name, _ in dealt(cards, order, first, 3)]
    assert named[:7] == ["3", "1", "0", "6", "2", "5", "4"]


def test_a_process_is_known_by_the_ports_of_its_connections() -> None:
    assert ports_of(2**30) == frozenset()


def test_figures_are_summed_over_the_series_of_a_page() -> None:
    depth, lag = "bachat_outbox_depth", "bachat_consumer_lag"
    page = f'# HELP {depth} x\n{depth}{{kind="orders"}} 3.0\n{depth}{{kind="b"}} 4.0\n{lag}{{topic="a"}} 2.0'
    assert figures(page) == {"outbox": 7, "lag": 2}


def test_every_kind_of_fault_has_its_lane() -> None:
    names = [LANES[lane_of(kind)][0] for kind in ("kill -9 mongodb", "kill -9 orders-api", "network cut: kafka")]
    assert names == ["servers", "processes killed", "network"]


def test_the_report_stands_alone_and_says_how_to_repeat_what_failed(tmp_path: Path) -> None:
    now = time.monotonic()
    broken = Finding(3, "market", 77, tmp_path / "folder", began=now, seconds=90.0)
    broken.placed_at, broken.used = [now + n / 10 for n in range(100)], (now, now + 30)
    broken.marks = [Mark("network cut: kafka", now + 5, now + 9, "4 x reset <b>")]
    broken.died, broken.samples = [(now + 6, "orders-relay", "relay.acked=kill@3")], [Sample(now + 1, 3, 9)]
    broken.differences = {"facts_are_changes": ["1 differences", "उडीद"]}
    report = Report(77, [Finding(1, "market", 77, tmp_path, began=now - 90, seconds=90.0), broken])
    page = report.write(tmp_path).read_text(encoding="utf-8")
    assert "CHAOS_SEED=77 CHAOS_ROUND=3 make chaos MINUTES=1" in page
    assert "CHAOS_SEED=77 CHAOS_ROUND=3 make chaos MINUTES=1" in (tmp_path / "report.txt").read_text(encoding="utf-8")
    assert page.count("<svg") == 3, "each round, and the whole"
    assert not any(outside in page for outside in ("src=", "href=", "<script", "<b>"))
    assert broken.longest_outage > 20
    assert "network cut: kafka" in report.text()
