"""What a rehearsal tells: figures by event. Whose they are it does not say, nor keep."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.stalls.calls.domain import Call
from services.stalls.draw.seed import dry_seed
from services.stalls.nonces.domain import require_frozen
from services.stalls.outcomes.domain import KeptInputs
from shared.places.area import require_area
from shared.scope import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Of an event: `given` of its `stalls`; `wanted`: applications that listed it; `waiting`: of those with none."""

    number: int
    stalls: int
    wanted: int
    given: int
    waiting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    call: Call
    label: str
    seed: str
    allotted: int
    waitlisted: int
    events: tuple[Given, ...]
    made_at: datetime


def require_closed(call: Call, by: Scope) -> None:
    """Raises OutsideArea, NotClosedYet."""
    require_area(by, call.district, call.block)
    require_frozen(call)


def label_of(call: Call) -> str:
    """What its seed is made of besides inputs and plan: the same each time, so nobody can shop for a nice one."""
    return f"rehearsal {call.id}"


def seed_of(call: Call, inputs: KeptInputs) -> str:
    return dry_seed(inputs.inputs_digest, inputs.plan_digest, label_of(call))


def counted(call: Call, choices: Iterable[str], outcome: Iterable[str]) -> tuple[Given, ...]:
    """From the lines of choices.csv and outcome.csv."""
    wanted: Counter[str] = Counter(row["event"] for row in csv.DictReader(choices))
    given: Counter[str] = Counter()
    waiting: Counter[str] = Counter()
    for row in csv.DictReader(outcome):
        given[row["event"]] += 1
        waiting.update(pair.partition(":")[0] for pair in row["waiting"].split())
    return tuple(
        Given(
            number=event.number,
            stalls=0 if event.struck is not None else event.stalls,
            wanted=wanted[str(event.number)],
            given=given[str(event.number)],
            waiting=waiting[str(event.number)],
        )
        for event in call.events
    )
