"""One block's fair drawn by the plain-Python specification, and verified from its public file; no server is asked."""

import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.lines import Line, middle
from bench.settings import BenchSettings
from services.stalls.draw import archive, files, seed
from services.stalls.draw.accept import Outcome, accept
from services.stalls.draw.log import Party
from services.stalls.draw.order import key
from services.stalls.draw.plan import Applicant, Event, Instance
from services.stalls.draw.plan import Line as Stalls
from tools.draw.verifying import verified

PINNED = 2026
GROUNDS = 4
NONCE, PUBLIC_VALUE = "pinned", "pinned"
PARTIES = (Party(number=1, name="pinned", commitment=seed.commitment(NONCE), nonce=NONCE),)
MOST_MILLISECONDS = 1000.0
KINDS = ("food", "paper", "jewellery", "masks", "handicraft", "textiles", "forest", "gifts")
FOOD, CRAFT = frozenset({"food", "forest"}), frozenset(KINDS[1:])
PLAN = (
    Stalls(categories=FOOD, fallback=FOOD, count=3),
    Stalls(categories=CRAFT, tags=frozenset({"umed"}), count=3),
    Stalls(categories=CRAFT, tags=frozenset({"first_stall", "disabled_led"}), count=2),
    Stalls(stage="sc", count=2),
    Stalls(stage="st", count=1),
    Stalls(tags=frozenset({"rural"}), district="490", count=2),
    Stalls(count=2),
)


async def measured(sizes: BenchSettings) -> list[Line]:
    instance = fair(sizes.draw_applications)
    said = _said(instance)
    outcome = accept(instance, said.seed)
    packed = archive.pack(_complete(instance, outcome, said))
    keys = [key(said.seed, applicant) for applicant in instance.applicants]
    sort = _milliseconds(lambda: sorted(keys), sizes.rounds)
    drawn = _milliseconds(lambda: accept(instance, said.seed), sizes.rounds)
    again = _milliseconds(lambda: verified(archive.unpack(packed)), sizes.rounds)
    digests = f"inputs {said.inputs_digest}, outcome {files.digest(files.result(outcome))}"
    return [_line("a block's fair drawn", drawn, sort, digests), _line("a block's fair verified", again, sort, digests)]


def fair(applications: int) -> Instance:
    """Pinned: the same groups and wishes on every machine."""
    chance = random.Random(PINNED)  # noqa: S311  a pinned instance
    grounds = tuple(Event(number=number, lines=PLAN) for number in range(1, GROUNDS + 1))
    return Instance(applicants=tuple(_group(number, chance) for number in range(applications)), events=grounds)


def _group(number: int, chance: random.Random) -> Applicant:
    wishes = chance.sample(range(1, GROUNDS + 1), chance.randint(1, GROUNDS))
    return Applicant(
        ticket=f"{number * 6_148_914_691_237:016}",
        tier=min(7, int(chance.expovariate(0.9))),
        district=chance.choice(("490", "490", "490", "482")),
        stages=frozenset(chance.choice(((), (), (), (), ("sc",), ("st",)))),
        tags=frozenset(chance.sample(("umed", "rural", "first_stall", "disabled_led"), chance.randint(0, 2))),
        categories=frozenset(chance.choices(KINDS, k=chance.choice((1, 1, 1, 2)))),
        choices=tuple(wishes),
    )


def _said(instance: Instance) -> files.Said:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    inputs, plan = files.digest(files.inputs(instance)), files.digest(files.plan(instance.events))
    return files.Said(
        call="pinned",
        opens_at=now,
        closes_at=now,
        closed_at=now,
        public_source="pinned",
        public_at=now + timedelta(days=1),
        public_value=PUBLIC_VALUE,
        published_at=now + timedelta(days=1),
        inputs_digest=inputs,
        plan_digest=plan,
        seed=seed.seed(inputs, plan, seed.RULES_DIGEST, PUBLIC_VALUE, [NONCE]),
        outcome_digest="0" * 64,
    )


def _complete(instance: Instance, outcome: Outcome, said: files.Said) -> dict[str, str]:
    result = files.result(outcome)
    said = replace(said, outcome_digest=files.digest(result))
    return files.complete(
        {**files.inputs(instance), **files.plan(instance.events), **result, **files.said(said, PARTIES)}
    )


def _milliseconds(work: Callable[[], Any], rounds: int) -> float:
    found = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        found.append((time.perf_counter() - began) * 1000)
    return middle(found)


def _line(measure: str, value: float, sort: float, digests: str) -> Line:
    return Line(
        name="draw",
        measure=measure,
        value=value,
        unit="ms",
        limit="one sort of its keys",
        limit_value=sort,
        ratio=sort / value,
        goal=f"≤ {MOST_MILLISECONDS:,.0f} ms",
        met=value <= MOST_MILLISECONDS,
        note=f"{value / sort:,.0f} × the sort; {digests}",
    )
