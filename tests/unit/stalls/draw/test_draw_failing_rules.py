"""Two rules that look as good and are not: they must fail the properties that ours keeps."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from services.stalls.draw.choose import choose
from services.stalls.draw.order import line_up
from services.stalls.draw.plan import Applicant, Event, Instance, Line
from tests.unit.stalls.draw.instances import SEED, group, result

PAPAD, PICKLE = frozenset({"papad"}), frozenset({"pickle"})
SC = frozenset({"sc"})


def immediate(instance: Instance) -> dict[str, int]:
    """First choices first, and what is given stays given: the rank of what each gets, 99 for nothing."""
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
        for applicant in pool:
            (product,) = applicant.categories
            sold = sum(product in other.categories for other in taken)
            may = line.stage == "open" or line.stage in applicant.stages
            if may and applicant not in taken and sold < caps.get(product, 99):
                taken.append(applicant)
                break
    return taken


def three_grounds() -> tuple[Instance, Applicant]:
    """She wants ground 1, then 2; ground 1 goes to the better place, and ground 2 to who listed it first."""
    first, second, third = line_up(SEED, [group(number) for number in (1, 2, 3)])
    people = (replace(first, choices=(1,)), replace(second, choices=(1, 2)), replace(third, choices=(2,)))
    grounds = tuple(Event(number=number, lines=(Line(count=1),)) for number in (1, 2))
    return Instance(applicants=tuple(sorted(people, key=lambda i: i.ticket)), events=grounds), people[1]


def listing(instance: Instance, liar: Applicant, *choices: int) -> Instance:
    people = (replace(i, choices=choices) if i == liar else i for i in instance.applicants)
    return replace(instance, applicants=tuple(people))


def test_immediate_acceptance_rewards_a_lie() -> None:
    instance, she = three_grounds()
    assert she.ticket not in immediate(instance), "honest, she gets nothing"
    assert immediate(listing(instance, she, 2, 1))[she.ticket] == 2, "her second choice named first, she gets it"


def test_deferred_acceptance_gives_it_to_her_for_the_truth() -> None:
    instance, she = three_grounds()
    assert result(instance)[she.ticket] == 1


def test_immediate_acceptance_leaves_envy() -> None:
    instance, she = three_grounds()
    line = [applicant.ticket for applicant in line_up(SEED, instance.applicants)]
    (holder,) = [ticket for ticket, event in immediate(instance).items() if event == 2]
    assert line.index(holder) > line.index(she.ticket), "a worse place holds the ground she listed"


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
