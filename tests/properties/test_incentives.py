"""Sentences about honesty and company: the truth is the best list, nothing is gained by hiding, nobody is hurt."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

from services.stalls.draw.plan import Applicant, Instance
from tests.properties.dice import Dice
from tests.properties.draws import dices, instances, seeds
from tests.properties.proving import holds
from tests.properties.subjects import Subject
from tests.unit.stalls.draw.instances import ranks, with_one_more


def changed(instance: Instance, applicant: Applicant) -> Instance:
    others = [applicant if other.ticket == applicant.ticket else other for other in instance.applicants]
    return replace(instance, applicants=tuple(others))


def lists(numbers: Sequence[int]) -> list[tuple[int, ...]]:
    """Every ordered choice of them."""
    return [lie for length in range(1, len(numbers) + 1) for lie in itertools.permutations(numbers, length)]


@holds(instances, seeds, dices, share=4)
def test_no_profitable_list_among_all_there_are(subject: Subject, instance: Instance, seed: str, dice: Dice) -> None:
    """Exhaustive for three events; what she did not list is worth less than nothing to her."""
    liar = dice.of(instance.applicants)
    honest = subject.result(instance, seed)[liar.ticket]
    for lie in lists([event.number for event in instance.events]):
        other = subject.drawn(changed(instance, replace(liar, choices=lie)), seed)
        assert ranks(other, {i.ticket: i.choices for i in instance.applicants})[liar.ticket] >= honest


@holds(instances, seeds, dices)
def test_hiding_a_tag_a_stage_or_a_district_never_helps(
    subject: Subject, instance: Instance, seed: str, dice: Dice
) -> None:
    hider = dice.of(instance.applicants)
    shown = replace(
        hider,
        tags=dice.some(sorted(hider.tags)),
        stages=dice.some(sorted(hider.stages)),
        district=dice.of((hider.district, "0")),
    )
    assert subject.result(changed(instance, shown), seed)[hider.ticket] >= subject.result(instance, seed)[hider.ticket]


@holds(instances, seeds, dices)
def test_an_extra_stall_hurts_nobody(subject: Subject, instance: Instance, seed: str, dice: Dice) -> None:
    event = dice.of(instance.events)
    if not event.lines:
        return
    grown = with_one_more(event, dice.below(len(event.lines)))
    larger = replace(instance, events=tuple(grown if e == event else e for e in instance.events))
    before = subject.result(instance, seed)
    assert all(rank <= before[ticket] for ticket, rank in subject.result(larger, seed).items())


@holds(instances, seeds, dices)
def test_a_departure_hurts_nobody(subject: Subject, instance: Instance, seed: str, dice: Dice) -> None:
    leaver = dice.of(instance.applicants)
    rest = replace(instance, applicants=tuple(i for i in instance.applicants if i != leaver))
    before = subject.result(instance, seed)
    if rest.applicants:
        assert all(rank <= before[ticket] for ticket, rank in subject.result(rest, seed).items())
