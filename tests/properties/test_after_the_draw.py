"""Sentences about the log of what follows a draw: whoever replays it has the state, and finds whatever was changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from services.stalls.draw.accept import Outcome, accept
from services.stalls.draw.chain import Live, Phase, Step, cancel, stand_by
from services.stalls.draw.chain_log import Entry, Kind, chained, phase_on, replay
from services.stalls.draw.plan import Instance
from tests.properties.dice import Dice
from tests.properties.draws import dices, instances
from tests.properties.proving import of_the_specification
from tests.properties.subjects import Subject
from tests.unit.stalls.draw.instances import SEED

FIRST, WEEK, ACTS = date(2026, 11, 2), 7, 6


@dataclass
class Story:
    """Who leaves and who stands at a ground, day after day, and the log of it."""

    instance: Instance
    outcome: Outcome
    live: Live
    first_days: dict[int, date]
    log: list[Entry]

    def phase(self, number: int, today: date) -> Phase:
        return phase_on(today, self.first_days[number], self.first_days[number] + timedelta(days=1), WEEK)

    def write(self, kind: Kind, ticket: str, step: Step, today: date) -> None:
        entry = Entry(
            number=len(self.log) + 1,
            at=datetime(today.year, today.month, today.day, 6, tzinfo=UTC).isoformat(),
            kind=kind,
            after=len(self.log) if kind is Kind.MOVED else 0,
            ticket=ticket,
            event=step.event,
            stall=step.stall,
            phase=self.phase(step.event, today),
            upgrades_from=(today + timedelta(days=WEEK)).isoformat(),
            taker=step.taker or "",
            from_event=step.source[0] if step.source else 0,
            from_stall=step.source[1] if step.source else 0,
        )
        self.log.append(replace(entry, digest=chained(self.log[-1].digest if self.log else "", entry)))

    def leave(self, ticket: str, today: date) -> None:
        event, _ = self.live.held[ticket]
        self.live.stand_on(event, today if self.phase(event, today) is Phase.STANDBY else None)
        for number, step in enumerate(cancel(self.live, ticket, lambda event: self.phase(event, today))):
            self.write(Kind.MOVED if number else Kind.LEFT, step.leaver or "", step, today)

    def stand(self, ticket: str, event: int, today: date) -> None:
        self.live.stand_on(event, today)
        steps = stand_by(self.live, ticket, event, lambda number: self.phase(number, today))
        for step in steps or [Step(leaver=None, event=event, stall=0)]:
            self.write(Kind.STANDS_BY, ticket, step, today)


def told(instance: Instance, dice: Dice) -> Story:
    outcome = accept(instance, SEED)
    first_days = {event.number: FIRST + timedelta(days=dice.below(21)) for event in instance.events}
    story = Story(instance, outcome, Live(instance, outcome), first_days, [])
    today = FIRST - timedelta(days=WEEK)
    for _ in range(ACTS):
        today += timedelta(days=dice.below(6))
        who = dice.of(instance.applicants)
        grounds = [number for number in who.choices if story.phase(number, today) is Phase.STANDBY]
        if who.ticket in story.live.held:
            story.leave(who.ticket, today)
        elif grounds:
            story.stand(who.ticket, dice.of(grounds), today)
    return story


def replayed(story: Story, log: Sequence[Entry]) -> tuple[Live, list[str]]:
    live = Live(story.instance, story.outcome)
    return live, replay(live, log, story.first_days)


@of_the_specification(instances, dices)
def test_replay_of_the_log_is_the_state(subject: Subject, instance: Instance, dice: Dice) -> None:
    story = told(instance, dice)
    live, wrong = replayed(story, story.log)
    assert wrong == []
    assert (live.held, live.out) == (story.live.held, story.live.out)


@of_the_specification(instances, dices)
def test_replay_finds_a_log_in_which_anything_was_changed(subject: Subject, instance: Instance, dice: Dice) -> None:
    story = told(instance, dice)
    if not story.log:
        return
    at = dice.below(len(story.log))
    entry = story.log[at]
    other = dice.of(
        (
            replace(entry, taker="" if entry.taker else instance.applicants[0].ticket),
            replace(entry, ticket=entry.ticket[::-1] if entry.ticket != entry.ticket[::-1] else "0" * 16),
            replace(entry, stall=entry.stall + 1),
            replace(entry, at=entry.at.replace("2026", "2027")),
        )
    )
    assert replayed(story, [*story.log[:at], other, *story.log[at + 1 :]])[1]
    if at + 1 < len(story.log):
        assert replayed(story, [*story.log[:at], *story.log[at + 1 :]])[1], "an entry left out"
