"""What happens after small draws: who leaves in which order, while one ground after the other comes to its day."""

import os
from dataclasses import dataclass, replace

from hypothesis import settings
from hypothesis import strategies as st

from services.stalls.draw.accept import Outcome, accept
from services.stalls.draw.chain import Live, Phase, PhaseOf, Step, cancel, stand_by
from services.stalls.draw.plan import Instance
from tests.unit.stalls.draw.instances import instances, seeds

OFTEN = settings(max_examples=int(os.environ.get("PROPERTY_EXAMPLES", "200")), deadline=None, derandomize=True)
ORDER = (Phase.UPGRADES, Phase.OFFERS, Phase.STANDBY, Phase.OVER)


@dataclass(frozen=True)
class Act:
    """`ticket` gives back or leaves the line; with an event she stands at its ground instead. `phases` by event."""

    ticket: str
    phases: dict[int, Phase]
    event: int | None = None

    @property
    def phase_of(self) -> PhaseOf:
        return self.phases.__getitem__


@dataclass(frozen=True)
class Story:
    instance: Instance
    outcome: Outcome
    outcome_seed: str
    acts: tuple[Act, ...]


def acted(live: Live, act: Act) -> list[Step]:
    if act.event is not None:
        return stand_by(live, act.ticket, act.event, act.phase_of)
    return cancel(live, act.ticket, act.phase_of)


def opting(instance: Instance, flags: list[bool]) -> Instance:
    people = (replace(one, upgrade=flag) for one, flag in zip(instance.applicants, flags, strict=True))
    return replace(instance, applicants=tuple(people))


@st.composite
def drawn(draw: st.DrawFn, most: int = 9, most_events: int = 4) -> tuple[Instance, Outcome, str]:
    instance = draw(instances(most=most, most_events=most_events))
    wish = st.sampled_from((True, True, False))
    instance = opting(instance, [draw(wish) for _ in instance.applicants])
    seed = draw(seeds)
    return instance, accept(instance, seed), seed


@st.composite
def stories(draw: st.DrawFn, last: Phase = Phase.OVER, most_acts: int = 7) -> Story:
    """Phases only go on, at most to `last`; on its day each may stand at a ground she wanted."""
    instance, outcome, seed = draw(drawn())
    phases = {event.number: Phase.UPGRADES for event in instance.events}
    acts = []
    for _ in range(draw(st.integers(1, most_acts))):
        for number, phase in phases.items():
            on = draw(st.sampled_from((0, 0, 0, 1, 1, 2)))
            phases[number] = ORDER[min(ORDER.index(phase) + on, ORDER.index(last))]
        who = draw(st.sampled_from(instance.applicants))
        today = [number for number in who.choices if phases[number] is Phase.STANDBY]
        event = draw(st.sampled_from([None, *today])) if today else None
        acts.append(Act(who.ticket, dict(phases), event))
    return Story(instance, outcome, seed, tuple(acts))
