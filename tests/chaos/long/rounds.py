"""One round: fresh servers, a market (every fourth time a fair) under blows, and every invariant looked at."""

import asyncio
import random
import time
import traceback
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

from tests.chaos import fair_invariants, invariants
from tests.chaos.fair_run import FairSize, held
from tests.chaos.faults import Act, Faults
from tests.chaos.ground.harsh import harsh
from tests.chaos.long.acts import PROVIDER, HarshFaults, Mark, dealt
from tests.chaos.long.samples import Sample, Sampler
from tests.chaos.long.surprises import Surprises, wake
from tests.chaos.run import EVERYTHING, Size, chaos
from tests.chaos.servers import servers
from tests.chaos.world import World

SECONDS = 90.0
ORDERS = 1_300
ON_PROCESSES, ON_SERVERS = 24, 9
SETTLING_SECONDS = 120.0
FAIR_EVERY = 4
FEWEST_PLACED, FEWEST_FAULTS = 100, 12
SHOWN = 8
GRACE_SECONDS = 1_800.0
"""A round that takes longer than this hangs: that is a failure too."""


@dataclass
class Finding:
    """What came of a round; times are seconds since it began. `differences`: invariant → what does not hold."""

    number: int
    kind: str
    seed: int
    folder: Path
    began: float = field(default_factory=time.monotonic)
    seconds: float = 0.0
    placed_at: list[float] = field(default_factory=list)
    refused: int = 0
    marks: list[Mark] = field(default_factory=list)
    died: list[tuple[float, str, str]] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    used: tuple[float, float] = (0.0, 0.0)
    settled_in: float = 0.0
    facts: int = 0
    repeated: int = 0
    poison: int = 0
    parked: int = 0
    checked: int = 0
    phases: Sequence[str] = ()
    differences: dict[str, list[str]] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        return bool(self.differences)

    @property
    def faults(self) -> Counter[str]:
        return Counter(mark.kind.partition(":")[0] for mark in self.marks)

    @property
    def longest_outage(self) -> float:
        """The longest time in which nobody could place an order, while somebody tried."""
        times = [self.used[0], *sorted(self.placed_at), self.used[1]]
        return max((b - a for a, b in pairwise(times)), default=0.0)


async def one_round(number: int, seed: int, folder: Path) -> Finding:
    """Its plan hangs on the seed and the number alone. Never raises what goes wrong in it: that is a finding."""
    fair = number % FAIR_EVERY == 0
    finding = Finding(number, "fair" if fair else "market", seed, folder)
    try:
        async with asyncio.timeout(GRACE_SECONDS):
            await (_fair if fair else _market)(finding)
    except Exception:  # noqa: BLE001  the round that broke the harness is reported like one that broke an invariant
        finding.differences["the round itself"] = traceback.format_exc().splitlines()[-SHOWN * 4 :]
    finding.seconds = time.monotonic() - finding.began
    return finding


async def _market(finding: Finding) -> None:
    seed = finding.seed * 1_000 + finding.number
    size = Size(seed, ORDERS, SECONDS, settling_seconds=SETTLING_SECONDS, faults_within=0.85, in_time=True)
    sampler, stage = Sampler(), _Stage(finding)
    with harsh(finding.folder) as ground:
        provider = ground.links.link(PROVIDER, stage.provider_port)
        try:
            world = await chaos(
                ground,
                size,
                EVERYTHING,
                stage.acts,
                breaker=HarshFaults,
                beside=lambda faults: stage.beside(cast("HarshFaults", faults), sampler),
                ports={PROVIDER: stage.provider_port},
                SMS_PROVIDER_URL=f"http://127.0.0.1:{provider}",
            )
        finally:
            finding.samples = sampler.samples
            stage.note()
        finding.settled_in = _lap(world.phases, "settling")
        _figures(finding, world)
    _look(finding, world, invariants.ALL)
    _was_hard(finding)


class _Stage:
    """What a market's round needs to know of a run that `chaos` makes."""

    def __init__(self, finding: Finding) -> None:
        from deploy.local.ports import free_port

        self.finding, self.provider_port = finding, free_port()
        self.faults: HarshFaults | None = None
        self.sampling: asyncio.Task[None] | None = None

    def acts(self, faults: Faults) -> list[tuple[str, Act]]:
        """Dealt so that all kinds come within a few rounds."""
        harsh_faults = cast("HarshFaults", faults)
        before = self.finding.number - 1
        markets = before - before // FAIR_EVERY
        chosen: list[tuple[str, Act]] = []
        for cards, count in ((harsh_faults.on_processes(), ON_PROCESSES), (harsh_faults.on_servers(), ON_SERVERS)):
            order = random.Random(self.finding.seed).sample(range(len(cards)), len(cards))
            chosen += dealt(cards, order, markets * count, count)
        return chosen

    def beside(self, faults: HarshFaults, sampler: Sampler) -> Sequence[Coroutine[Any, Any, None]]:
        self.faults = faults
        self.finding.used = (time.monotonic(), time.monotonic())
        faults.system.surprise = Surprises(self.finding.seed * 1_000 + self.finding.number).plan
        self.sampling = asyncio.create_task(sampler.run(faults.system))  # also while the dust settles
        return faults.poison(), wake(faults.system), self._clock()

    async def _clock(self) -> None:
        """How long the market was used."""
        while True:
            self.finding.used = (self.finding.used[0], time.monotonic())
            await asyncio.sleep(0.5)

    def note(self) -> None:
        """Also when it failed in the middle."""
        if self.faults is None:
            return
        if self.sampling:
            self.sampling.cancel()
        finding, faults = self.finding, self.faults
        finding.marks, finding.poison = sorted(faults.marks, key=lambda mark: mark.began), faults.poisoned
        finding.placed_at = faults.load.told.placed_at
        finding.refused = faults.load.told.refused.total()
        _deaths(finding, faults.system.died_at, faults.system.died)


def _deaths(finding: Finding, at: Sequence[float], died: Sequence[tuple[str, int, str]]) -> None:
    finding.died = [(when, name, plan) for when, (name, _, plan) in zip(at, died, strict=True)]


async def _fair(finding: Finding) -> None:
    size = FairSize(finding.seed * 1_000 + finding.number)
    with servers(finding.folder) as ground:
        world = await held(ground, size)
        finding.settled_in = _lap(world.left.phases, "settling")
        _figures(finding, world.left)
        finding.placed_at, finding.refused = [], world.promised.refused.total()
        finding.marks = [Mark(_kind(fault), finding.began, finding.began) for fault in world.left.faults]
        _deaths(finding, [finding.began] * len(world.left.died), world.left.died)
    _look(finding, world, fair_invariants.ALL)
    _look(finding, world.left, FAIR_TOO)


FAIR_TOO = (
    invariants.everything_settles,
    invariants.facts_are_changes,
    invariants.first_occurrences_are_in_sequence,
    invariants.repeats_say_the_same,
    invariants.provider_accepted_once,
    invariants.each_message_ends_once,
)


def _kind(fault: str) -> str:
    """Without the second it came at."""
    return fault.partition(" s ")[2] or fault


def _lap(phases: Sequence[str], name: str) -> float:
    with suppress(StopIteration, ValueError):
        return float(next(phase for phase in phases if phase.startswith(name)).split()[-2])
    return 0.0


def _figures(finding: Finding, world: World) -> None:
    finding.phases = world.phases
    finding.facts = sum(len(world.firsts(topic)) for topic in world.log)
    finding.repeated = sum(len(world.told_facts(topic)) for topic in world.log) - finding.facts
    finding.parked = sum(map(len, world.parked.rows.values()))


def _look(finding: Finding, world: Any, checks: Sequence[Callable[[Any], list[str]]]) -> None:
    for check in checks:
        finding.checked += 1
        if differences := check(world):
            finding.differences[check.__name__] = [f"{len(differences)} differences", *differences[:SHOWN]]


def _was_hard(finding: Finding) -> None:
    """A round in which nothing happened proves nothing."""
    if len(finding.placed_at) < FEWEST_PLACED or len(finding.marks) < FEWEST_FAULTS:
        said = f"{len(finding.placed_at)} orders and {len(finding.marks)} faults are too few to prove anything"
        finding.differences["the round was a hard one"] = [said]
