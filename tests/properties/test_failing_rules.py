"""Two rules that look as good and are not: they must fail the properties that ours keeps."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest

from services.stalls.draw.choose import choose
from services.stalls.draw.order import line_up
from services.stalls.draw.plan import Applicant, Event, Instance, Line
from tests.properties.subjects import SUBJECTS, Subject
from tests.properties.test_incentives import changed, lists
from tests.unit.stalls.draw.instances import PRODUCTS, SEED, group

PAPAD, PICKLE = frozenset({"papad"}), frozenset({"pickle"})
SC = frozenset({"sc"})
TRIED = 2000
subjects = pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.name)


def immediate(instance: Instance) -> dict[str, int]:
    """First choices first, and what is given stays given: who gets which event."""
    line = line_up(SEED, instance.applicants)
    left = {event.number: event.stalls for event in instance.events}
    got: dict[str, int] = {}
    for rank in range(max(len(applicant.choices) for applicant in line)):
        for applicant in line:
            wanted = applicant.choices[rank : rank + 1]
            if applicant.ticket not in got and wanted and left[wanted[0]]:
                left[wanted[0]] -= 1
                got[applicant.ticket] = wanted[0]
    return got


def counted(event: Event, pool: Sequence[Applicant], caps: dict[str, int]) -> list[Applicant]:
    """Stall by stall to the best place that may have it and breaks no counter."""
    taken: list[Applicant] = []
    for line in event.lines:
        for _ in range(line.count):
            for applicant in pool:
                over = any(
                    sum(p in other.categories for other in taken) >= caps.get(p, 99) for p in applicant.categories
                )
                may = line.stage == "open" or line.stage in applicant.stages
                if may and applicant not in taken and not over:
                    taken.append(applicant)
                    break
    return taken


def ours(event: Event, pool: Sequence[Applicant], caps: dict[str, int]) -> list[Applicant]:
    return list(choose(event, pool).holders)


def three_grounds() -> tuple[Instance, Applicant]:
    """She wants ground 1, then 2; ground 1 goes to the better place, and ground 2 to who listed it first."""
    first, second, third = line_up(SEED, [group(number) for number in (1, 2, 3)])
    people = (replace(first, choices=(1,)), replace(second, choices=(1, 2)), replace(third, choices=(2,)))
    grounds = tuple(Event(number=number, lines=(Line(count=1),)) for number in (1, 2))
    return Instance(applicants=tuple(sorted(people, key=lambda i: i.ticket)), events=grounds), people[1]


def test_immediate_acceptance_rewards_a_lie() -> None:
    instance, she = three_grounds()
    assert she.ticket not in immediate(instance), "honest, she gets nothing"
    lie = changed(instance, replace(she, choices=(2, 1)))
    assert immediate(lie)[she.ticket] == 2, "her second choice named first, she gets it"


@subjects
def test_deferred_acceptance_gives_it_to_her_for_the_truth(subject: Subject) -> None:
    instance, she = three_grounds()
    assert subject.result(instance, SEED)[she.ticket] == 1


def test_immediate_acceptance_leaves_envy() -> None:
    instance, she = three_grounds()
    line = [applicant.ticket for applicant in line_up(SEED, instance.applicants)]
    (holder,) = [ticket for ticket, event in immediate(instance).items() if event == 2]
    assert line.index(holder) > line.index(she.ticket), "a worse place holds the ground she listed"


def pays(instance: Instance, liar: Applicant) -> bool:
    """Whether some list brings her, by immediate acceptance, what she likes better than what the truth brings."""

    def rank(number: int | None) -> int:
        return liar.choices.index(number) if number in liar.choices else 99

    honest = rank(immediate(instance).get(liar.ticket))
    lies = lists([event.number for event in instance.events])
    return any(rank(immediate(changed(instance, replace(liar, choices=lie))).get(liar.ticket)) < honest for lie in lies)


def scarce(chance: random.Random) -> Instance:
    """Six groups want all of three grounds with one or two stalls each."""
    people = (group(number, *chance.sample((1, 2, 3), 3), tier=chance.randrange(3)) for number in range(1, 7))
    grounds = (Event(number=number, lines=(Line(count=chance.randint(1, 2)),)) for number in (1, 2, 3))
    return Instance(applicants=tuple(people), events=tuple(grounds))


def test_immediate_acceptance_fails_the_test_of_lists_on_random_draws() -> None:
    chance = random.Random(2026)
    paid = sum(pays(one, chance.choice(one.applicants)) for one in (scarce(chance) for _ in range(TRIED)))
    print(f"immediate acceptance: a lie pays in {paid} of {TRIED} draws")
    assert paid >= TRIED // 20


GENERAL_PAPAD = group(1, sells="papad")
GENERAL_PICKLE = group(2, sells="pickle")
SC_PAPAD = group(3, sells="papad", stages=SC)
SC_PICKLE = group(4, sells="pickle", stages=SC)
BEFORE, AFTER = [GENERAL_PICKLE, SC_PAPAD, SC_PICKLE], [GENERAL_PAPAD, GENERAL_PICKLE, SC_PAPAD, SC_PICKLE]


def test_a_counted_cap_chooses_whom_it_refused_when_another_comes() -> None:
    event = Event(number=1, lines=(Line(count=1), Line(stage="sc", count=1)))
    assert SC_PICKLE not in counted(event, BEFORE, {"papad": 1})
    assert SC_PICKLE in counted(event, AFTER, {"papad": 1}), "not substitutable"


@pytest.mark.parametrize("papad_at", ["open", "sc"])
def test_the_same_cap_written_into_the_plan_does_not(papad_at: str) -> None:
    masks = {stage: None if stage == papad_at else PICKLE for stage in ("open", "sc")}
    lines = tuple(Line(stage=stage, categories=masks[stage], fallback=masks[stage], count=1) for stage in masks)
    event = Event(number=1, lines=lines)
    before, after = choose(event, BEFORE).holders, choose(event, AFTER).holders
    refused = set(BEFORE) - set(before)
    assert refused.isdisjoint(after)
    for chosen in (before, after):
        assert sum(holder.categories >= PAPAD for holder in chosen) <= 1


def staged(chance: random.Random) -> tuple[Event, list[Applicant], dict[str, int]]:
    """An event with stalls for all and for `sc`, who asks there, and caps for two kinds of goods."""
    lines = [Line(stage=chance.choice(("open", "sc")), count=1) for _ in range(chance.randint(2, 4))]
    stages = (chance.choice((frozenset[str](), SC)) for _ in range(chance.randint(3, 6)))
    people = [group(n, sells=chance.choice(PRODUCTS), stages=held) for n, held in enumerate(stages, 1)]
    caps = {product: chance.randint(1, 2) for product in PRODUCTS[:2]}
    return Event(number=1, lines=tuple(lines)), list(line_up(SEED, people)), caps


def test_counted_caps_fail_the_test_of_substitutes_on_random_events_and_ours_does_not() -> None:
    """Counters broke it in 589 of 20,000 random events of a prototype: some three in a hundred."""
    chance = random.Random(2026)
    broken = Counter[str]()
    for _ in range(TRIED):
        event, line, caps = staged(chance)
        absent = chance.choice(line)
        fewer = [i for i in line if i != absent]
        for rule in (counted, ours):
            refused = set(fewer) - set(rule(event, fewer, caps))
            broken[rule.__name__] += not refused.isdisjoint(rule(event, line, caps))
    print(f"counted caps: {broken['counted']} of {TRIED} events")
    assert broken["ours"] == 0
    assert broken["counted"] >= TRIED // 100
